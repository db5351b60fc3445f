"""The windows: pages that read every room."""

from ehe_portal.casefile.views import child, family, my_day, public, queue, register
from ehe_portal.casefile.views.frame import surroundings

ALL_PAGES = (public.pages, my_day.pages, register.pages, queue.pages, child.pages, family.pages)

__all__ = ["ALL_PAGES", "surroundings"]
