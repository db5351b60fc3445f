"""What was decided about the child of which addresses tell, what was said of it, and what was written."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from ehe_portal.complaints.models import About, Complaint, ComplaintConcerned
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment, DecisionState, InformationRequest, Outcome, Statement
from ehe_portal.letters import service as letters
from ehe_portal.letters.models import LetterPosting
from ehe_portal.register.models import Child
from tests.village import Village


def decided(work: Work, village: Village) -> dict[str, str]:
    """Of Ada, a decision that waits for a second person, a request for information, a statement, a complaint."""
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ada"].id}
    made: dict[str, Any] = {"reasons": "Because.", "decided_at": work.at, "decided_by_id": village.adviser.id}
    waiting = Assessment(**keys, **made, outcome=Outcome.UNSUITABLE, state=DecisionState.WAITING)
    standing = Assessment(
        **keys, **made, outcome=Outcome.INSUFFICIENT, state=DecisionState.STANDS, stands_since=work.at
    )
    work.session.add_all([waiting, standing])
    work.session.flush()
    last_on = work.today + timedelta(weeks=5)
    asked = InformationRequest(
        **keys, assessment_id=standing.id, asked_at=work.at, asked_on=work.today, last_on=last_on
    )
    work.session.add(asked)
    work.session.flush()
    statement = Statement(
        **keys,
        account_id=village.parents["Ada"].id,
        asked_of="Gran",
        email="gran@home.example",
        at_once=False,
        asked_at=work.at,
        mailed_at=work.at,
        ends_at=work.at + timedelta(days=30),
    )
    complaint = Complaint(
        **keys,
        account_id=village.parents["Ada"].id,
        about=About.VISIT,
        words="It was short.",
        made_at=work.at,
        acknowledge_by=work.today,
        answer_by=work.today,
    )
    complaint.concerned.extend(
        ComplaintConcerned(authority_id=village.authority.id, account_id=one.id, shared_at=work.at)
        for one in (village.adviser, village.cme_officer)
    )
    work.session.add_all([statement, complaint])
    work.session.flush()
    return {
        "waiting": waiting.reference,
        "asked": asked.reference,
        "statement": statement.reference,
        "complaint": complaint.reference,
        "standing": standing.reference,
    }


def posted(work: Work, child: Child) -> dict[str, str]:
    """A letter to the child's first parent, that was posted, and the confirmation of it."""
    (letter,) = letters.write(work, "welcome", child, child.carers[:1], {}, goes=letters.Goes.POST)
    batch = letters.confirm_posted(work, [letter], work.today)
    # By a person: what GOV.UK Notify says is not put right by a form.
    work.session.execute(update(LetterPosting).values(confirmed_by_id=letter.parent.account_id))
    return {"letter": letter.reference, "batch": batch}
