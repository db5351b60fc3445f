"""A family registers a child; an officer checks it, accepts it, or finds that the child is known already."""

from sqlalchemy import delete

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Destination, PreviousSchoolType, PrimaryReason, SocialCare, Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Event, Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries
from ehe_portal.register.events import (
    ChildRegistered,
    EpisodeAssigned,
    EpisodeClosed,
    EpisodeOpened,
    RecordsJoined,
    RegistrationAccepted,
)
from ehe_portal.register.models import (
    Address,
    Child,
    DoubleVerdict,
    Episode,
    EpisodeChange,
    Parent,
    Registration,
    RegistrationDraft,
    RegistrationState,
)
from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.service.doubles import decided, find_doubles, is_duplicate
from ehe_portal.register.service.episodes import closed, give_to
from ehe_portal.register.service.joining import move_parents, take_over_address, without_undecided
