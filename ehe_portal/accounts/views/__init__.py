"""Signing in and out, links from mails, one's own account, staff."""

from ehe_portal.accounts.views import doors, own, staff
from ehe_portal.accounts.views.sittings import identify, init_app, may_upload, turn_away

ALL_PAGES = (doors.pages, staff.pages)

__all__ = ["ALL_PAGES", "identify", "init_app", "may_upload", "own", "turn_away"]
