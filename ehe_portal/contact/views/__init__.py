"""Pages about contact: for officers; and for families, to answer offers and to comment on their record."""

from ehe_portal.contact.views import clocks, family, offers, safety, staff

ALL_PAGES = (staff.pages, offers.pages, clocks.pages, safety.going, safety.pages, family.pages)
