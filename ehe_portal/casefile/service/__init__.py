"""What spans rooms: the daily look at the invariant, handing work over."""

from ehe_portal.casefile.service.handing_over import InHand, in_hand, leave, move
from ehe_portal.casefile.service.sight import report_out_of_sight

__all__ = ["InHand", "in_hand", "leave", "move", "report_out_of_sight"]
