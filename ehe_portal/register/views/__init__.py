"""Pages of the register: families registering and telling of changes, what officers check and decide."""

from ehe_portal.register.views import access, changes
from ehe_portal.register.views.doubles import pages as doubles
from ehe_portal.register.views.episode import pages as episode
from ehe_portal.register.views.family import pages as registration
from ehe_portal.register.views.keying import pages as keying
from ehe_portal.register.views.paper import pages as paper
from ehe_portal.register.views.people import pages as people
from ehe_portal.register.views.plan import pages as plan
from ehe_portal.register.views.registrations import pages as registrations

ALL_PAGES = (
    registration,
    paper,
    keying,
    registrations,
    doubles,
    episode,
    people,
    plan,
    changes.pages,
    changes.telling,
    access.pages,
    access.invited,
)
