"""Sending evidence, for families; reading and assessing it, for officers."""

from ehe_portal.evidence.views import decisions, family, looking, reviews, staff

ALL_PAGES = (family.pages, staff.pages, decisions.pages, reviews.pages, looking.pages)
