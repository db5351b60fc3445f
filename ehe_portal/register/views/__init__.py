"""Pages of the register: a family registering and telling of changes, the list, what officers check and decide."""

from ehe_portal.register.views import access, changes
from ehe_portal.register.views.doubles import pages as doubles
from ehe_portal.register.views.episode import pages as episode
from ehe_portal.register.views.family import pages as registration
from ehe_portal.register.views.listing import pages as register
from ehe_portal.register.views.registrations import pages as registrations

ALL_PAGES = (
    registration,
    register,
    registrations,
    doubles,
    episode,
    changes.pages,
    changes.telling,
    access.pages,
    access.invited,
)
