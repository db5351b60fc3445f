"""Pages of the register: registering, the list, registrations to check, doubles, one child's episode and people."""

from ehe_portal.register.views.doubles import pages as doubles
from ehe_portal.register.views.episode import pages as episode
from ehe_portal.register.views.family import pages as registration
from ehe_portal.register.views.keying import pages as keying
from ehe_portal.register.views.listing import pages as register
from ehe_portal.register.views.paper import pages as paper
from ehe_portal.register.views.people import pages as people
from ehe_portal.register.views.registrations import pages as registrations

ALL_PAGES = (registration, paper, register, keying, registrations, doubles, episode, people)
