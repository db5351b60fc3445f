"""Reviews of the education that are still to be done; notes against pages; what was sent about brothers and sisters."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, literal, not_, or_, select
from sqlalchemy.orm import aliased, selectinload

from ehe_portal.core.work import Work
from ehe_portal.evidence.models import (
    Assessment,
    DecisionState,
    EducationReview,
    Evidence,
    EvidenceFile,
    InformationRequest,
    KeptNote,
    PageNote,
)
from ehe_portal.evidence.queries.records import may_be_told, mine
from ehe_portal.register.models import Child, Episode, HouseholdVerdict
from ehe_portal.register.queries import others_of

MOST_OF_FAMILY = 20
"""How many sendings about brothers and sisters are offered: the latest."""


def open_reviews(work: Work, child_ids: Sequence[int], *, hold: bool = False) -> list[EducationReview]:
    """Reviews of children that are still to be done, that of the latest decision last. Not scoped, as above.

    With `hold` nobody else can end them until this work ends.
    """
    found = select(EducationReview).where(EducationReview.child_id.in_(child_ids), EducationReview.ended_at.is_(None))
    found = found.join(Assessment, Assessment.id == EducationReview.assessment_id)
    found = found.order_by(EducationReview.child_id, Assessment.stands_since, EducationReview.id)
    return list(work.session.scalars(found.with_for_update(of=EducationReview) if hold else found))


def review_of(work: Work, child: Child) -> EducationReview | None:
    """The review of a child's education that is still to be done. The child has been found in scope."""
    reviews = open_reviews(work, [child.id])
    return reviews[-1] if reviews else None


def undecided() -> ColumnElement[bool]:
    """Reviews of which nothing else says that someone decides: no family is being asked, no decision waits."""
    # Of a name of its own: whoever asks this may have joined the decision that a review follows.
    decision = aliased(Assessment)
    asked = exists().where(
        InformationRequest.child_id == EducationReview.child_id, InformationRequest.ended_at.is_(None)
    )
    waits = exists().where(
        decision.child_id == EducationReview.child_id,
        decision.state == literal(DecisionState.WAITING, Assessment.state.type, literal_execute=True),
    )
    return not_(or_(asked, waits))


def late_reviews(work: Work) -> Select[int]:
    """Which reviews of children with an open episode are past their day, with no manager told, the oldest first."""
    found = (
        select(EducationReview.id)
        .join(Episode, and_(Episode.child_id == EducationReview.child_id, Episode.closed_on.is_(None)))
        .where(
            EducationReview.ended_at.is_(None),
            EducationReview.due_on < work.today,
            EducationReview.told_on.is_(None),
            undecided(),
        )
    )
    return found.order_by(EducationReview.due_on, EducationReview.id)


def held_late_reviews(work: Work, ids: Sequence[int]) -> list[EducationReview]:
    """Those of `ids` that still are; nobody can end them until this work ends."""
    found = late_reviews(work).where(EducationReview.id.in_(ids)).with_only_columns(EducationReview)
    return list(work.session.scalars(found.with_for_update(of=EducationReview, skip_locked=True)))


def sent_about_family(work: Work, child: Child) -> list[Evidence]:
    """What a parent of this child sent about its brothers and sisters, the latest first.

    Only what came from somebody who cares for this child too: what one parent sent is never another's to know of.
    """
    accounts = [one.account_id for one in child.carers if one.account_id is not None]
    names = [one.name for one in child.carers]
    on_paper = and_(Evidence.account_id.is_(None), Evidence.from_whom.in_(names))
    found = select(Evidence).where(
        Evidence.child_id.in_(others_of(child.id, HouseholdVerdict.LINKED)),
        or_(Evidence.account_id.in_(accounts), on_paper),
        mine(work),
    )
    found = found.options(selectinload(Evidence.files), selectinload(Evidence.child))
    return list(work.session.scalars(found.order_by(Evidence.sent_on.desc(), Evidence.id.desc()).limit(MOST_OF_FAMILY)))


def notes_on(work: Work, file: EvidenceFile) -> list[PageNote]:
    """Notes against the pages of one file, which has been found in scope."""
    found = select(PageNote).where(PageNote.file_id == file.id)
    return list(work.session.scalars(found.order_by(PageNote.page, PageNote.id)))


def notes_to_decide(work: Work, child_id: int, sent: Sequence[Evidence]) -> list[PageNote]:
    """Of the notes against what was sent, those that no decision about this child, waiting or standing, has yet."""
    kept = exists().where(
        KeptNote.note_id == PageNote.id,
        KeptNote.assessment_id == Assessment.id,
        Assessment.child_id == child_id,
        Assessment.state != DecisionState.RETURNED,
    )
    found = (
        select(PageNote)
        .join(EvidenceFile, EvidenceFile.id == PageNote.file_id)
        .where(EvidenceFile.evidence_id.in_([one.id for one in sent]), ~kept)
    )
    return list(work.session.scalars(found.order_by(PageNote.file_id, PageNote.page, PageNote.id)))


def last_decisions(work: Work, child_id: int, most: int = 2) -> list[Assessment]:
    """The last decisions about a child's education that stand, the latest first."""
    found = select(Assessment).where(
        Assessment.child_id == child_id, Assessment.state == DecisionState.STANDS, may_be_told(work)
    )
    return list(work.session.scalars(found.order_by(Assessment.stands_since.desc(), Assessment.id.desc()).limit(most)))
