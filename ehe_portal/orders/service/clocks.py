"""Whose time runs in a case, written down with each change, so that lists need not work it out."""

from ehe_portal.core.work import Work
from ehe_portal.orders import queries, rules
from ehe_portal.orders.models import OrderCase


def reckon(work: Work, case: OrderCase) -> rules.Story:
    """Work out a case's clock anew; where the case stands now."""
    story = queries.story_of(case, queries.schools_of(work, case.authority_id))
    clock = rules.running(story, ended=case.ended_at is not None)
    case.clock_on = clock.last_on if clock else None
    case.clock_whose = clock.whose if clock else None
    work.session.flush()
    return story
