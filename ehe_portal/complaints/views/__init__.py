"""Complaints: for the parent who made them; for those who answer them."""

from ehe_portal.complaints.views import family, staff

ALL_PAGES = (family.pages, staff.pages)
