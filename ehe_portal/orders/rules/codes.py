"""The codes of notices and orders, each with its words for people."""

from typing import Final

from ehe_portal.core.codes import Code


class Route(Code):
    """What a case is about."""

    ATTENDANCE = "attendance", "School attendance order"
    CONSENT = "consent", "Consent to withdraw from school"
    INFORMATION = "information", "Request for information"


class StepCode(Code):
    """Every step of every route, under whichever law; which may follow which stands in the files beside this one."""

    NOTICE = "notice", "Notice to satisfy the council"
    SATISFIED = "satisfied", "Satisfied: the education is suitable"
    NOT_SATISFIED = "not-satisfied", "Not satisfied within the time of the notice"
    EXPEDIENT = "expedient", "The child should go to school"
    NOT_EXPEDIENT = "not-expedient", "The child need not go to school"
    PLAN_NAMES_SCHOOL = "plan-names-school", "The EHC plan now names a school"
    CONSULT = "consult", "School consulted"
    TELL_SCHOOL = "tell-school", "School told that it is to be named"
    INTENTION = "intention", "Notice of intention to serve an order"
    PRELIMINARY = "preliminary", "Preliminary notice"
    CONDITIONS_MET = "conditions-met", "Conditions of the notice met"
    CONDITIONS_NOT_MET = "conditions-not-met", "Conditions of the notice not met in its time"
    SCHOOL_DECISION = "school-decision", "Decision sent to the school"
    NOMINATION = "nomination", "School nomination notice"
    DETERMINED = "determined", "School determined"
    ORDER = "order", "School attendance order"
    AMEND = "amend", "Order amended: another school"
    REVOKE = "revoke", "Order revoked"
    REFUSE_REVOCATION = "refuse-revocation", "Revocation refused"
    BREACH = "breach", "Order not complied with"
    SUPERVISION = "supervision", "Education supervision order considered first"
    PROSECUTE = "prosecute", "Decided to prosecute"
    NO_PROSECUTION = "no-prosecution", "Decided not to prosecute"
    APPLICATION = "application", "Application for consent received"
    CONSENT = "consent", "Consent given"
    REFUSE_CONSENT = "refuse-consent", "Consent refused"
    REQUEST = "request", "Information asked for"
    GIVEN = "given", "Information given"
    NOT_GIVEN = "not-given", "Information not given in time"


class StepState(Code):
    """Where a step stands: what is put forward has no effect until a person with the right role takes it."""

    PROPOSED = "proposed", "Put forward"
    RETURNED = "returned", "Returned"
    TAKEN = "taken", "Taken"


class Document(Code):
    """What is served: consent to electronic service is for one kind at a time (section 572)."""

    NOTICE = "notice", "Notices"
    ORDER = "order", "School attendance orders, their amendment and revocation"
    REQUEST = "request", "Requests for information"
    SCHOOL = "school", "Documents to a school"


class Method(Code):
    """How a document was served (section 572)."""

    BY_HAND = "by-hand", "Handed to the person"
    LEFT = "left", "Left at the usual or last known home"
    POST = "post", "Sent by prepaid post"
    ELECTRONIC = "electronic", "Sent electronically"
    OTHER = "other", "In another effective way"


class Whose(Code):
    """Whose time is running."""

    PARENT = "parent", "Family"
    SCHOOL = "school", "School"
    COUNCIL = "council", "Council"


class Closing(Code):
    """How a case ended."""

    DONE = "done", "By its last step"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Plan(Code):
    """Whether an education, health and care plan names a school."""

    NONE = "none", "There is no EHC plan"
    NAMED = "named", "There is a plan, and it names a school"
    UNNAMED = "unnamed", "There is a plan, and it names no school"


class Ground(Code):
    """On what a preliminary notice rests (section 436H)."""

    UNSUITABLE = "a", "A: it appears that the education is not suitable"
    CARE = (
        "b",
        "B: section 47 enquiries or action, now or in the last five years, and school is in the child’s best interests",
    )
    FIRST = "c", "C: what section 436D(1) asks of a child not yet registered was not given in time, or was not correct"
    LATER = "d", "D: what section 436D(2) asks of a registered child was not given in time, or was not correct"


class Condition(Code):
    """Why consent is needed (section 434A)."""

    SPECIAL = "a", "A: the council arranged the place, at a special or specialist independent school"
    CARE = "b", "B: section 47 enquiries or action, now or in the last five years"


class Refused(Code):
    """On what consent is refused (section 434A)."""

    BEST_INTERESTS = "best-interests", "School is in the child’s best interests"
    NO_ARRANGEMENTS = "no-arrangements", "No suitable arrangements have been made"


LONGEST_REASONS: Final = 5_000
LONGEST_SCHOOL: Final = 200
LONGEST_NOTE: Final = 1_000
