"""The windows: pages that read every room."""

from ehe_portal.casefile.views import (
    calendar,
    child,
    chronology,
    complaining,
    effect,
    family,
    leaving,
    my_day,
    public,
    queue,
    register,
    rounds,
    stops,
    team,
    trail,
)
from ehe_portal.casefile.views.frame import surroundings
from ehe_portal.casefile.views.running import running_pages
from ehe_portal.casefile.views.sight import sight_pages

ALL_PAGES = (
    public.pages,
    my_day.pages,
    calendar.pages,
    rounds.pages,
    register.pages,
    team.pages,
    leaving.pages,
    queue.pages,
    child.pages,
    chronology.pages,
    stops.pages,
    effect.pages,
    family.pages,
    complaining.pages,
    trail.pages,
)

__all__ = ["ALL_PAGES", "running_pages", "sight_pages", "surroundings"]
