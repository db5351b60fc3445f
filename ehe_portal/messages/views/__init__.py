"""Messages, for families and for staff."""

from ehe_portal.messages.views import family, staff

ALL_PAGES = (family.pages, staff.pages)
