"""The windows: pages that read every room."""

from ehe_portal.casefile.views import child, family, leaving, my_day, public, queue, register, team
from ehe_portal.casefile.views.frame import surroundings

ALL_PAGES = (
    public.pages,
    my_day.pages,
    register.pages,
    team.pages,
    leaving.pages,
    queue.pages,
    child.pages,
    family.pages,
)

__all__ = ["ALL_PAGES", "surroundings"]
