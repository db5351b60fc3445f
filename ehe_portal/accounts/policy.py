"""Who may do what: one table, to be read by people who answer for information governance."""

from collections.abc import Hashable
from enum import StrEnum

from ehe_portal.core.work import Actor


class Permission(StrEnum):
    """One thing that someone may do, as `<about>:<deed>`."""

    ACCOUNT_OWN = "account:own"
    ACCOUNT_CHANGE = "account:change"
    AUDIT_READ = "audit:read"
    CALENDAR_READ = "calendar:read"
    CHANGE_TAKE_UP = "change:take-up"
    CHILD_CHANGE = "child:change"
    CHILD_PROTECT = "child:protect"
    CHILD_READ = "child:read"
    CHILD_READ_PROTECTED = "child:read-protected"
    CLOCK_HOLD = "clock:hold"
    CLOCK_HOLD_AGAIN = "clock:hold-again"
    COMPLAINT_ANSWER = "complaint:answer"
    COMPLAINT_READ = "complaint:read"
    CONCERN_RAISE = "concern:raise"
    CONTACT_CONFIRM = "contact:confirm"
    CONTACT_OFFER = "contact:offer"
    CONTACT_RECORD = "contact:record"
    CONTACT_STRIKE_OUT = "contact:strike-out"
    EPISODE_ASSIGN = "episode:assign"
    EPISODE_SET_TIER = "episode:set-tier"
    ESCALATION_ANSWER = "escalation:answer"
    ESCALATION_READ = "escalation:read"
    EVIDENCE_APPROVE = "evidence:approve"
    EVIDENCE_ASSESS = "evidence:assess"
    EVIDENCE_KEY_IN = "evidence:key-in"
    EVIDENCE_READ = "evidence:read"
    FAMILY_ANSWER = "family:answer"
    FAMILY_COMPLAIN = "family:complain"
    FAMILY_MESSAGE = "family:message"
    FAMILY_READ = "family:read"
    FAMILY_REGISTER = "family:register"
    FAMILY_SEND_EVIDENCE = "family:send-evidence"
    HEALTH_READ = "health:read"
    LETTER_POST = "letter:post"
    LETTER_READ = "letter:read"
    LETTER_WRITE = "letter:write"
    MESSAGES_LIFT_STOP = "messages:lift-stop"
    MESSAGES_READ = "messages:read"
    MESSAGES_STOP = "messages:stop"
    MESSAGES_WRITE = "messages:write"
    MY_DAY_READ = "my-day:read"
    NOTE_WRITE = "note:write"
    ORDER_DECIDE = "order:decide"
    ORDER_PROPOSE = "order:propose"
    ORDER_READ = "order:read"
    PARENT_VERIFY = "parent:verify"
    REGISTER_EXPORT = "register:export"
    REGISTER_READ = "register:read"
    REGISTRATION_CHECK = "registration:check"
    REGISTRATION_KEY_IN = "registration:key-in"
    SAFEGUARDING_READ = "safeguarding:read"
    SEEN_REVIEW = "seen:review"
    SETTINGS_CHANGE = "settings:change"
    SETTINGS_READ = "settings:read"
    SIGHT_READ = "sight:read"
    STAFF_MANAGE = "staff:manage"
    STAFF_READ = "staff:read"
    STAFF_SET_HOURS = "staff:set-hours"


class Role(StrEnum):
    """What someone is here as; the values are those of `flask accounts add --role`."""

    ADVISER = "adviser"
    EHE_MANAGER = "ehe-manager"
    CME_OFFICER = "cme-officer"
    CME_MANAGER = "cme-manager"
    HEAD_OF_SERVICE = "head-of-service"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PARENT = "parent"

    @property
    def label(self) -> str:
        """The role as people say it."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.ADVISER: "EHE adviser",
    Role.EHE_MANAGER: "EHE manager",
    Role.CME_OFFICER: "CME officer",
    Role.CME_MANAGER: "CME manager",
    Role.HEAD_OF_SERVICE: "Head of service",
    Role.ADMINISTRATOR: "Administrator",
    Role.AUDITOR: "Auditor",
    Role.PARENT: "Parent or carer",
}

STAFF_ROLES = frozenset(Role) - {Role.PARENT}
P = Permission

READING = frozenset(
    {P.ACCOUNT_OWN, P.CHILD_READ, P.REGISTER_READ, P.ESCALATION_READ, P.EVIDENCE_READ, P.LETTER_READ, P.ORDER_READ}
)
CASEWORK = READING | {
    P.MY_DAY_READ,
    P.CALENDAR_READ,
    P.REGISTRATION_CHECK,
    P.REGISTRATION_KEY_IN,
    P.PARENT_VERIFY,
    P.CHANGE_TAKE_UP,
    P.CONTACT_OFFER,
    P.CONTACT_RECORD,
    P.CONTACT_CONFIRM,
    P.CONTACT_STRIKE_OUT,
    P.EVIDENCE_ASSESS,
    P.MESSAGES_READ,
    P.MESSAGES_WRITE,
    P.LETTER_WRITE,
    P.LETTER_POST,
    P.EVIDENCE_KEY_IN,
    P.CONCERN_RAISE,
    P.SAFEGUARDING_READ,
    P.CHILD_CHANGE,
    P.CHILD_READ_PROTECTED,
    P.NOTE_WRITE,
    P.REGISTER_EXPORT,
    P.MESSAGES_STOP,
    P.SEEN_REVIEW,
    P.ORDER_PROPOSE,
}
TRACING = READING | {
    P.MY_DAY_READ,
    P.CONTACT_RECORD,
    P.LETTER_WRITE,
    P.LETTER_POST,
    P.CONCERN_RAISE,
    P.SAFEGUARDING_READ,
    P.ESCALATION_ANSWER,
    P.CHILD_READ_PROTECTED,
    P.NOTE_WRITE,
    P.MESSAGES_STOP,
}
MANAGING = frozenset(
    {
        P.CALENDAR_READ,
        P.COMPLAINT_ANSWER,
        P.COMPLAINT_READ,
        P.EPISODE_ASSIGN,
        P.EPISODE_SET_TIER,
        P.HEALTH_READ,
        P.STAFF_READ,
        P.STAFF_SET_HOURS,
        P.CHILD_PROTECT,
        P.CHILD_READ_PROTECTED,
        P.NOTE_WRITE,
        P.REGISTER_EXPORT,
        P.SIGHT_READ,
        P.MESSAGES_STOP,
        P.MESSAGES_LIFT_STOP,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    # What is about them, once it was shared with them; nothing else (see complaints.queries).
    Role.ADVISER: CASEWORK | {P.EPISODE_SET_TIER, P.COMPLAINT_READ},
    Role.EHE_MANAGER: CASEWORK | MANAGING | {P.ESCALATION_ANSWER, P.CLOCK_HOLD, P.EVIDENCE_APPROVE, P.ORDER_DECIDE},
    Role.CME_OFFICER: TRACING | {P.COMPLAINT_READ},
    Role.CME_MANAGER: TRACING | MANAGING | {P.CLOCK_HOLD, P.CLOCK_HOLD_AGAIN},
    Role.HEAD_OF_SERVICE: READING
    | MANAGING
    | {P.MY_DAY_READ, P.MESSAGES_READ, P.SAFEGUARDING_READ, P.ESCALATION_ANSWER, P.EVIDENCE_APPROVE}
    | {P.ORDER_PROPOSE, P.ORDER_DECIDE},
    Role.ADMINISTRATOR: frozenset(
        {P.ACCOUNT_OWN, P.STAFF_READ, P.STAFF_MANAGE, P.SETTINGS_READ, P.SETTINGS_CHANGE, P.HEALTH_READ}
    ),
    Role.AUDITOR: READING | {P.AUDIT_READ, P.SIGHT_READ, P.STAFF_READ, P.SETTINGS_READ, P.HEALTH_READ},
    Role.PARENT: frozenset(
        {
            P.ACCOUNT_OWN,
            P.ACCOUNT_CHANGE,
            P.FAMILY_ANSWER,
            P.FAMILY_COMPLAIN,
            P.FAMILY_MESSAGE,
            P.FAMILY_READ,
            P.FAMILY_REGISTER,
            P.FAMILY_SEND_EVIDENCE,
        }
    ),
}


def permits(actor: Actor, needs: Hashable) -> bool:
    """Whether the actor's role has been granted this."""
    return actor.role is not None and needs in GRANTS[Role(actor.role)]
