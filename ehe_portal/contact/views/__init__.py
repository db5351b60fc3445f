"""Pages about contact: for officers; and for families, to answer offers and to comment on their record."""

from ehe_portal.contact.views import family, offers, staff

ALL_PAGES = (staff.pages, offers.pages, family.pages)
