"""What advisers have begun to write and not finished: a visit noted at the door, a decision half made."""

from datetime import datetime, timedelta
from typing import Final

from ehe_portal.accounts.models import Account
from ehe_portal.contact import queries as contact
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.drafts import Place, Typed, keep
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.vault import Vault
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story

EACH: Final = 2
"""How many records each adviser has begun."""


def leave_unfinished(casework: Casework, vault: Vault, told: list[Story], now: datetime) -> None:
    """Leave a visit and a decision of each adviser half written, yesterday evening and the day before."""
    for number, adviser in enumerate(casework.advisers):
        own = [story for story in told if story.adviser == number and story.stage is Stage.DUE_SOON][:EACH]
        for story in own[:1]:
            begin_visit(casework, vault, adviser, story, now - timedelta(hours=19))
        for story in own[1:]:
            begin_decision(casework, vault, adviser, story, now - timedelta(hours=42))


def begin_visit(casework: Casework, vault: Vault, adviser: Account, story: Story, at: datetime) -> None:
    """A home visit of which the few things that are asked at the door are there, and no more."""
    child, on = casework.council.child(story.child_id), at.date()
    kind, outcome = ContactKind.HOME_VISIT, ContactOutcome.HELD
    typed = {
        "persons_present": casework.say(story, words("contact")["present"]["seen"]),
        "child_seen": ChildSeen.YES.value,
        "childs_words": casework.say(story, words("contact")["child"]["junior"]),
        "address_confirmed": "yes",
    }
    path = f"/children/{child.reference}/contact/record/{kind.value}/{outcome.value}/{on.isoformat()}"
    title = f"{kind.label} on {long_date(on)}"
    write(casework, vault, adviser, at, Place(path, "contact.describe", child.reference, title), typed)


def begin_decision(casework: Casework, vault: Vault, adviser: Account, story: Story, at: datetime) -> None:
    """A decision of which the first two parts are there."""
    child = casework.council.child(story.child_id)
    typed = {"efficient": "satisfied", "full_time": "satisfied"}
    for one in contact.heard(casework.council.work, child.id)[:1]:
        typed["efficient_relied"] = f"told-{one.reference}"
    path = f"/children/{child.reference}/evidence/assess"
    place = Place(path, "evidence.assess", child.reference, "Decision about the education")
    write(casework, vault, adviser, at, place, typed)


def write(
    casework: Casework, vault: Vault, adviser: Account, at: datetime, place: Place, typed: dict[str, str]
) -> None:
    """Keep a form as its page would."""
    keep(casework.council.work.session, vault, adviser.id, at, place, Typed(tuple(typed.items())))
