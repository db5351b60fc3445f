"""Notices and orders about one child, for officers; and the clocks that run."""

from ehe_portal.orders.views import cases, clocks, serving

ALL_PAGES = (cases.pages, serving.pages, clocks.pages)
