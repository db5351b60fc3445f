"""Pure decisions of the policy slice."""

from ehe_portal.policy.rules.calendars import COLUMNS, Line, new_lines, read_calendar
from ehe_portal.policy.rules.terms import (
    LONGEST_TERM_NAME,
    Stretch,
    TermKind,
    school_year_name,
    school_year_of,
    stretch_problem,
)
from ehe_portal.policy.rules.values import GROUPS, LARGEST, MOST_WITH_TEAM, NAMED, Named

__all__ = [
    "COLUMNS",
    "GROUPS",
    "LARGEST",
    "LONGEST_TERM_NAME",
    "MOST_WITH_TEAM",
    "NAMED",
    "Line",
    "Named",
    "Stretch",
    "TermKind",
    "new_lines",
    "read_calendar",
    "school_year_name",
    "school_year_of",
    "stretch_problem",
]
