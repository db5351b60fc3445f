"""Mails to managers about reviews that are late: of the education, and of education, health and care plans."""

from collections import Counter
from collections.abc import Sequence

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import AboutChild, mail_to

INSTEAD = (Role.EHE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who is told: the first of these roles that anybody has."""


def tell_reviews_late(work: Work, late: Sequence[AboutChild]) -> None:
    """Tell the managers, once for all, of how many children nobody has looked again at the education in time."""
    tell_managers(work, "reviews-late", late)


def tell_plan_reviews_late(work: Work, late: Sequence[AboutChild]) -> None:
    """Tell the managers, once for all, for how many children the annual review of the plan is past its last day."""
    tell_managers(work, "plan-reviews-late", late)


def tell_managers(work: Work, template: str, late: Sequence[AboutChild]) -> None:
    """One mail to each manager of each authority, with a number alone."""
    found = Counter(event.authority_id for event in late if event.authority_id is not None)
    rows = []
    for authority_id, how_many in sorted(found.items()):
        people = queries.staff_of(work, [authority_id], INSTEAD, work.today)
        role = next((one for one in INSTEAD if any(person.role is one for person in people)), None)
        rows += [
            mail_to(work, person, template, {"how_many": how_many}, new_reference())
            for person in people
            if person.role is role
        ]
    outbox.put(work, rows)
