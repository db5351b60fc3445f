"""What parents say of decisions: all of it for officers; for a parent what they said themselves."""

from collections.abc import Collection

from sqlalchemy import select, true

from ehe_portal.accounts.models import Account
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries
from ehe_portal.evidence.models import Assessment, DecisionComment
from ehe_portal.register.models import Child

Comments = dict[int, list[tuple[DecisionComment, str]]]


def of_decisions(work: Work, assessment_ids: Collection[int]) -> Comments:
    """The comments on decisions in scope, each with whose it is, by decision and in their order."""
    own = true() if work.scope.account_id is None else DecisionComment.account_id == work.scope.account_id
    found = (
        select(DecisionComment, Account.name)
        .join(Account, Account.id == DecisionComment.account_id)
        .where(DecisionComment.assessment_id.in_(assessment_ids), own)
    )
    comments: Comments = {}
    for comment, name in work.session.execute(found.order_by(DecisionComment.id)):
        comments.setdefault(comment.assessment_id, []).append((comment, name))
    return comments


def told_decision(work: Work, reference: str, assessment_reference: str) -> Assessment | None:
    """A decision as a verified parent may know of it."""
    found = (
        select(Assessment)
        .join(Child, Child.id == Assessment.child_id)
        .where(Child.reference == reference, Assessment.reference == assessment_reference)
    )
    return work.session.scalar(found.where(queries.may_be_told(work), queries.told(Assessment.child_id)))
