"""Beginning a case, taking its steps, serving its documents, ending it: by people with the right role."""

from ehe_portal.orders.rules import Wanted
from ehe_portal.orders.service.cases import Asking, asking, begin, issue, put_down, return_step, way_to_begin, withdraw
from ehe_portal.orders.service.consents import record_consent, withdraw_consent
from ehe_portal.orders.service.following import move_to_joined, note_assessed
from ehe_portal.orders.service.serving import Serving, serve, strike_out

__all__ = [
    "Asking",
    "Serving",
    "Wanted",
    "asking",
    "begin",
    "issue",
    "move_to_joined",
    "note_assessed",
    "put_down",
    "record_consent",
    "return_step",
    "serve",
    "strike_out",
    "way_to_begin",
    "withdraw",
    "withdraw_consent",
]
