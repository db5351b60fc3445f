"""Reviews that are due: of the education, as the policy says, and of education, health and care plans, as the law
does. Neither is the clock of contact, and neither asks a family for anything."""

from sqlalchemy import and_, func, or_, select, union

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import (
    Desk,
    Found,
    Item,
    Kind,
    Terms,
    about,
    an_item,
    here,
    known_to_wait,
    written_out,
)
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.govuk.words import long_date
from ehe_portal.evidence.models import Assessment, EducationReview
from ehe_portal.evidence.queries import undecided
from ehe_portal.register.models import Child, EhcPlan, Episode


def find_reviews(terms: Terms) -> AnySelect:
    """The longest due first; not while a family is being asked, or a decision waits for a second person."""
    is_due = (
        here(terms, EducationReview.authority_id),
        EducationReview.ended_at.is_(None),
        EducationReview.due_on <= terms.today,
    )
    found = (
        about(
            terms, EducationReview.due_on, EducationReview.id, Assessment.outcome, Assessment.stands_since,
            EducationReview.told_on,
        )
        .join(EducationReview, EducationReview.child_id == Child.id)
        .join(Assessment, Assessment.id == EducationReview.assessment_id)
        .where(*is_due, undecided())
    )  # fmt: skip
    if terms.team:
        return found
    theirs = known_to_wait(terms, EducationReview.child_id, EducationReview.id, *is_due)
    return found.join(theirs, theirs.c.id == EducationReview.id)


def review(_desk: Desk, row: Found) -> Item:
    """What was decided last, and when; whether the managers have been told."""
    detail = f"Last decision: {row.outcome.label.lower()}, {long_date(row.stands_since)}"
    detail += f". The managers were told on {long_date(row.told_on)}" if row.told_on else ""
    return an_item(row, row.since, "Look at the education again", {"reference": row.child}, detail)


def find_plans(terms: Terms) -> AnySelect:
    """Plans whose review is due soon or late; and children who have a plan of which nobody has written down when."""
    due = func.coalesce(EhcPlan.due_on, Episode.opened_on)
    soon = and_(EhcPlan.ended_on.is_(None), EhcPlan.due_on <= terms.plans_until)
    has_a_plan = Child.sen_status == written_out(Child.sen_status, SenStatus.EHCP)
    found = (
        about(terms, due, Child.id, EhcPlan.due_on, EhcPlan.reviewed_on, EhcPlan.made_on)
        .outerjoin(EhcPlan, EhcPlan.child_id == Child.id)
        .where(or_(soon, and_(EhcPlan.id.is_(None), has_a_plan)))
    )
    # Both are few beside all children, and have an index each: the statement begins from them.
    few = union(
        select(known_to_wait(terms, EhcPlan.child_id, EhcPlan.child_id, here(terms, EhcPlan.authority_id), soon)),
        select(known_to_wait(terms, Child.id, Child.id, here(terms, Child.authority_id), has_a_plan)),
    ).subquery()
    return found.join(few, few.c.id == Child.id)


def plan(desk: Desk, row: Found) -> Item:
    """The last day by law, or that it is not known."""
    if row.due_on is None:
        why = "Write down when the EHC plan was made and last reviewed"
        return an_item(row, desk.today, why, {"reference": row.child}, "Its annual review cannot be counted until then")
    last = f"Last reviewed {long_date(row.reviewed_on)}" if row.reviewed_on else f"Made {long_date(row.made_on)}"
    return an_item(row, row.due_on, "Annual review of the EHC plan", {"reference": row.child}, last)


REVIEW = Kind(
    key="review",
    title="Reviews due",
    needs=Permission.EVIDENCE_ASSESS,
    page="reviews.begin",
    find=find_reviews,
    item=review,
    nothing="No review of the education is due.",
    date_word="Due",
    colour="blue",
)
PLAN = Kind(
    key="plan",
    title="EHC plans to be reviewed",
    needs=Permission.CHILD_CHANGE,
    page="plan.record",
    find=find_plans,
    item=plan,
    nothing="No EHC plan has to be reviewed soon.",
)
