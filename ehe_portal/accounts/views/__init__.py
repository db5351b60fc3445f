"""Signing in and out, links from mails, one's own account, staff, their hours, the authority's settings, its look."""

from ehe_portal.accounts.views import doors, feed, hours, look, own, settings, staff
from ehe_portal.accounts.views.sittings import identify, init_app, may_upload, turn_away

ALL_PAGES = (doors.pages, feed.pages, hours.pages, look.pages, settings.pages, staff.pages)

__all__ = ["ALL_PAGES", "identify", "init_app", "may_upload", "own", "turn_away"]
