"""The register as a list: filtered, in columns that an officer chose, turned by key in one of three orders."""

from ehe_portal.casefile.queries.register.columns import BEGINS_WITH, COLUMNS, NAME_COLUMNS, Column
from ehe_portal.casefile.queries.register.filters import ANYONE, DUE_WINDOWS, SINCE, STANDS, STATES, Wanted
from ehe_portal.casefile.queries.register.listing import PAGE, SORTS, how_many, lines, orders
from ehe_portal.casefile.queries.register.saved import MOST_LISTS, own_list, own_lists
from ehe_portal.register.queries import TEAM

__all__ = [
    "ANYONE",
    "BEGINS_WITH",
    "COLUMNS",
    "DUE_WINDOWS",
    "MOST_LISTS",
    "NAME_COLUMNS",
    "PAGE",
    "SINCE",
    "SORTS",
    "STANDS",
    "STATES",
    "TEAM",
    "Column",
    "Wanted",
    "how_many",
    "lines",
    "orders",
    "own_list",
    "own_lists",
]
