"""One of each thing in the village that an address can name, for crawling the URL map."""

import io
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from ehe_portal.casefile.models import SavedList
from ehe_portal.contact.models import Contact, Visit
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason
from ehe_portal.evidence.models import Evidence, EvidenceFile
from ehe_portal.register.models import PossibleDouble, Registration
from tests.village import Village


def a_picture() -> bytes:
    """A small real PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Things:
    """References by the parameter that takes them; `reference` means another thing on each blueprint."""

    child: str
    staff: str
    registration: str
    escalation: str
    contact: str
    visit: str
    evidence: str
    file: str
    other_child: str
    kept_list: str

    def arguments(self, rule: Rule) -> dict[str, Any]:
        """What to put into one route's address."""
        blueprint = rule.endpoint.partition(".")[0]
        own = {
            "staff": self.staff,
            "registrations": self.registration,
            "registration": self.registration,
            "queue": self.escalation,
            "escalation": self.escalation,
        }
        known = {
            "reference": own.get(blueprint, self.child),
            "contact_reference": self.contact,
            "visit_reference": self.visit,
            "evidence_reference": self.evidence,
            "file_reference": self.file,
            "other_reference": self.other_child,
            "list_reference": self.kept_list,
            "token": "not-a-token",
            "kind": "home-visit",
            "outcome": "held",
            "happened_on": "2026-03-11",
        }
        return {name: known[name] for name in rule.arguments}


def things_of(app: Flask, work: Work, village: Village) -> Things:
    """Everything is about Ada, whose parent has an account here."""
    ada, parent = village["Ada"], village.parents["Ada"]
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": ada.id}
    registration = Registration(**keys, account_id=parent.id, answers={}, submitted_at=work.at)
    escalation = Escalation(
        **keys, episode_id=None, reason=Reason.CONCERN, raised_on=work.today, raised_at=work.at, words="A worry"
    )
    written = Contact(
        **keys,
        happened_on=work.today - timedelta(days=1),
        kind=ContactKind.WRITTEN_REPORT,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
    )
    visit = Visit(
        **keys,
        kind=ContactKind.HOME_VISIT,
        on_date=work.today + timedelta(days=9),
        at_time=time(10, 30),
        adviser_id=village.adviser.id,
        offered_at=work.at,
    )
    sent = Evidence(**keys, account_id=parent.id, sent_at=work.at, sent_on=work.today, written_account="We read.")
    double = PossibleDouble(**keys, other_child_id=village["Ben"].id, score=90, found_on=work.today)
    kept_list = SavedList(
        authority_id=village.authority.id, account_id=village.adviser.id, name="Overdue", asked={"due": "overdue"}
    )
    work.session.add_all([registration, escalation, written, visit, sent, double, kept_list])
    work.session.flush()
    kept = app.extensions["portal"].vault
    file = EvidenceFile(
        authority_id=village.authority.id,
        evidence_id=sent.id,
        stored_as=f"{village.authority.id}/{new_reference()}",
        filename="leaf.png",
        media_type="image/png",
        size=0,
        sha256="",
    )
    with kept.writer(file.stored_as) as writer:
        writer.write(a_picture())
        stored = writer.finish()
    file.size, file.sha256 = stored.size, stored.sha256
    work.session.add(file)
    work.session.flush()
    contact = work.session.scalars(select(Contact).where(Contact.id == written.id)).one()
    return Things(
        child=ada.reference,
        staff=village.adviser.reference,
        registration=registration.reference,
        escalation=escalation.reference,
        contact=contact.reference,
        visit=visit.reference,
        evidence=sent.reference,
        file=file.reference,
        other_child=village["Ben"].reference,
        kept_list=kept_list.reference,
    )
