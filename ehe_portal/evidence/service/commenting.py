"""What a parent says of a decision: added beside it, and never changed."""

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence.events import DecisionCommented
from ehe_portal.evidence.models import Assessment, DecisionComment


def comment(work: Work, assessment: Assessment, words: str) -> DecisionComment:
    """Add what a parent says to a decision; the decision itself stays as it is. Raises `Refusal`."""
    account_id = work.actor.account_id
    if not words.strip():
        raise Refusal("Enter what you would like to add", "words")
    if account_id is None:
        raise Refusal("Sign in again to send this comment")
    said = DecisionComment(
        authority_id=assessment.authority_id,
        assessment_id=assessment.id,
        account_id=account_id,
        words=words.strip(),
        said_at=work.at,
    )
    work.session.add(said)
    work.session.flush()
    work.publish(
        DecisionCommented(
            authority_id=assessment.authority_id,
            child_id=assessment.child_id,
            assessment_id=assessment.id,
            comment_id=said.id,
        )
    )
    return said
