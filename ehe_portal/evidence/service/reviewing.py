"""Looking again at a child's education: when, who is told where that is late, which notes are kept for it.

A review is an officer's own reminder. It asks a family for nothing, and the clock of contact knows nothing of it.
"""

from collections.abc import Sequence

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import EducationReviewDue, EducationReviewLate, EvidencePageNoted
from ehe_portal.evidence.models import Assessment, EducationReview, EvidenceFile, PageNote
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import RecordsJoined


def plan_review(work: Work, assessment: Assessment) -> None:
    """A decision stands from today: it is the review that was due, and the next one is due as the policy says."""
    end_reviews(work, queries.open_reviews(work, [assessment.child_id], hold=True))
    values = policy.in_force(work, assessment.authority_id, work.today).values
    due_on = rules.review_on(assessment.outcome, work.today, values)
    work.session.add(
        EducationReview(
            authority_id=assessment.authority_id,
            child_id=assessment.child_id,
            assessment_id=assessment.id,
            due_on=due_on,
        )
    )
    work.session.flush()
    work.publish(
        EducationReviewDue(
            authority_id=assessment.authority_id,
            child_id=assessment.child_id,
            assessment_id=assessment.id,
            due_on=due_on,
        )
    )


def end_reviews(work: Work, reviews: Sequence[EducationReview]) -> None:
    """These are not to be done any more."""
    for review in reviews:
        review.ended_at = work.at


def keep_one_review(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: the review of its latest decision is the one that stands."""
    for event in joined:
        if event.child_id is not None:
            end_reviews(work, queries.open_reviews(work, [event.child_id], hold=True)[:-1])


def report_late_reviews(work: Work, ids: Sequence[int]) -> None:
    """Say once of each of these reviews that it is late, where it is by the values in force today."""
    late: list[Event] = []
    days: dict[int, int] = {}
    for review in queries.held_late_reviews(work, ids):
        if review.authority_id not in days:
            values = policy.in_force(work, review.authority_id, work.today).values
            days[review.authority_id] = values.review_overdue_days
        if not rules.review_is_late(review.due_on, work.today, days[review.authority_id]):
            continue
        review.told_on = work.today
        late.append(
            EducationReviewLate(
                authority_id=review.authority_id, child_id=review.child_id, review_id=review.id, due_on=review.due_on
            )
        )
    if late:
        work.session.flush()
        work.publish(*late)


def write_page_note(work: Work, file: EvidenceFile, page: int, pages: int, words: str) -> PageNote:
    """Write a note against one of the `pages` pages of a file; it is signed, and never changed. Raises `Refusal`."""
    problem = rules.note_problem(words.strip(), page, pages)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    note = PageNote(
        authority_id=file.authority_id,
        file_id=file.id,
        page=page,
        words=words.strip(),
        written_at=work.at,
        written_by_id=work.actor.account_id,
    )
    work.session.add(note)
    work.session.flush()
    work.publish(
        EvidencePageNoted(
            authority_id=file.authority_id, child_id=file.child.id, note_id=note.id, file_id=file.id, page=page
        )
    )
    return note
