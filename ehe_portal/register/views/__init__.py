"""Pages of the register: a family registering, registrations to check, doubles, one child's episode."""

from ehe_portal.register.views.doubles import pages as doubles
from ehe_portal.register.views.episode import pages as episode
from ehe_portal.register.views.family import pages as registration
from ehe_portal.register.views.registrations import pages as registrations

ALL_PAGES = (registration, registrations, doubles, episode)
