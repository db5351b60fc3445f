"""Letters: on a child's pages, in the pile for the post, in settings, and on a parent's own pages."""

from ehe_portal.letters.views import family, post, staff, wordings

ALL_PAGES = (staff.pages, post.pages, wordings.pages, family.pages)
