"""The code lists that several slices, the files and the Department's return share, each with its words for people.

A code's value is what files and the database hold (formats.md of the import: `home-visit`, `no-answer`); its `label`
is what a page shows. Labels stay neutral: they are read by families too.
"""

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A code with its plain-English label; members are written as `NAME = "value", "Label"`."""

    _value_: str
    label: str

    # The label has a default only so that looking a code up by its value, `Tier("annual")`, type-checks.
    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class Tier(Code):
    """How often the authority plans to be in contact, set by an officer; how long each lasts is a policy value."""

    ANNUAL = "annual", "Annual"
    HALF_YEARLY = "half-yearly", "Half-yearly"
    CLOSE = "close", "Close"


class SocialCare(Code):
    """What is known of a child's status with children's social care."""

    NONE = "none", "None known"
    PAST = "past", "In the past"
    CIN = "cin", "Child in need"
    CP = "cp", "Child protection plan"
    LAC = "lac", "Looked after"
    UNKNOWN = "unknown", "Not known"


class Arrangement(Code):
    """How a child known to the portal is educated; only `ehe` has a contact clock."""

    EHE = "ehe", "Elective home education"
    FLEXI = "flexi", "Flexi-schooling"
    EOTAS = "eotas", "Education otherwise than at school"
    SECTION_19 = "section-19", "Section 19 provision"
    COLLEGE_14_16 = "college-14-16", "College, aged 14 to 16"


class ContactKind(Code):
    """The way in which a contact was made or tried."""

    HOME_VISIT = "home-visit", "Home visit"
    MEETING = "meeting", "Meeting"
    PHONE_CALL = "phone-call", "Phone call"
    VIDEO_CALL = "video-call", "Video call"
    WRITTEN_REPORT = "written-report", "Written report"
    LETTER = "letter", "Letter"
    EMAIL = "email", "Email"


class ContactOutcome(Code):
    """What came of a contact."""

    HELD = "held", "Took place"
    RECEIVED = "received", "Received from the family"
    NO_ANSWER = "no-answer", "No answer"
    NO_ACCESS = "no-access", "Visited, but the visit did not go ahead"
    CANCELLED_BY_FAMILY = "cancelled-by-family", "Cancelled by the family"
    CANCELLED_BY_AUTHORITY = "cancelled-by-authority", "Cancelled by the authority"
    SENT = "sent", "Sent by the authority"


class ChildSeen(Code):
    """Whether the child was seen at a contact; a parent may lawfully choose another way."""

    YES = "yes", "Seen"
    NO = "no", "Not seen"
    DECLINED = "declined", "Not seen: parent chose another way"


class Sex(Code):
    """As the Department's return counts it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNKNOWN = "U", "Not known"


class SenStatus(Code):
    """Special educational needs on record."""

    NONE = "none", "No special educational needs on record"
    SUPPORT = "support", "Special educational needs support"
    EHCP = "ehcp", "Education, health and care plan"
    UNKNOWN = "unknown", "Not known"


class PrimaryReason(Code):
    """The main reason for home education, in the order of the Department's list.

    "No reason given" is the parent's answer, "Not known" the authority's gap: the return counts them apart.
    """

    MENTAL_HEALTH = "mental-health", "Mental health"
    PHYSICAL_HEALTH = "physical-health", "Physical health"
    COVID_19_CONCERNS = "covid-19-concerns", "Health concerns related to COVID-19"
    DISSATISFACTION_GENERAL = "dissatisfaction-general", "Dissatisfaction with school: general"
    DISSATISFACTION_SEND = "dissatisfaction-send", "Dissatisfaction with school: special educational needs"
    DISSATISFACTION_BULLYING = "dissatisfaction-bullying", "Dissatisfaction with school: bullying"
    LIFESTYLE = "lifestyle", "Lifestyle"
    PHILOSOPHICAL_OR_PREFERENTIAL = "philosophical-or-preferential", "Philosophical or preferential"
    RELIGIOUS = "religious", "Religious"
    RISK_OF_EXCLUSION = "risk-of-exclusion", "Risk of school exclusion"
    PERMANENT_EXCLUSION = "permanent-exclusion", "Permanent exclusion"
    NOT_PREFERRED_SCHOOL = "not-preferred-school", "Did not get the school preferred"
    DIFFICULTY_ACCESSING_PLACE = "difficulty-accessing-place", "Difficulty getting a suitable school place"
    OFFERED_PLACE_NOT_ACCEPTED = "offered-place-not-accepted", "School place offered but not yet accepted"
    DID_NOT_APPLY = "did-not-apply", "Did not apply for a school place at compulsory school age"
    SCHOOL_SUGGESTION = "school-suggestion", "Suggested by the school"
    OTHER = "other", "Another reason"
    NO_REASON_GIVEN = "no-reason-given", "Parent gave no reason"
    UNKNOWN = "unknown", "Not known to the authority"


class PreviousSchoolType(Code):
    """Where the child was taught before this episode."""

    EARLY_YEARS = "early-years", "Early years setting"
    NONE = "none", "No earlier school"
    LA_MAINTAINED = "la-maintained", "School maintained by a local authority"
    ACADEMY = "academy", "Academy"
    FREE_SCHOOL = "free-school", "Free school"
    INDEPENDENT = "independent", "Independent school"
    SPECIAL = "special", "Special school"
    ALTERNATIVE_PROVISION = "alternative-provision", "Alternative provision"
    PRU = "pru", "Pupil referral unit"
    EHE_ELSEWHERE = "ehe-elsewhere", "Home education in another authority"
    ELSEWHERE_OR_UNKNOWN = "elsewhere-or-unknown", "Elsewhere, or not known"


class Destination(Code):
    """Where a child went when an episode closed; someone confirms each, but for `over-age`, which is computed."""

    SCHOOL = "school", "On roll at a school"
    OTHER_AUTHORITY = "other-authority", "Handed over to another authority"
    OVER_AGE = "over-age", "Past compulsory school age"
    ABROAD = "abroad", "Living abroad"
    DIED = "died", "Died"
    CME_ENQUIRY = "cme-enquiry", "Enquiry opened to find the child"
    OTHER_ARRANGED = "other-arranged", "Educated under another arrangement"
    DUPLICATE = "duplicate", "Duplicate of another record"
    RECORDED_IN_ERROR = "recorded-in-error", "Recorded in error"


class Responsibility(Code):
    """Whether an adult has parental responsibility."""

    YES = "yes", "Has parental responsibility"
    NO = "no", "Does not have parental responsibility"
    UNKNOWN = "unknown", "Not known"


class Ethnicity(Code):
    """What a family says of a child's ethnic group: the groups of the census of England and Wales."""

    BRITISH = "white-british", "White: English, Welsh, Scottish, Northern Irish or British"
    IRISH = "white-irish", "White: Irish"
    GYPSY_TRAVELLER = "white-gypsy-or-irish-traveller", "White: Gypsy or Irish Traveller"
    ROMA = "white-roma", "White: Roma"
    OTHER_WHITE = "white-other", "White: any other background"
    WHITE_BLACK_CARIBBEAN = "mixed-white-black-caribbean", "Mixed: White and Black Caribbean"
    WHITE_BLACK_AFRICAN = "mixed-white-black-african", "Mixed: White and Black African"
    WHITE_ASIAN = "mixed-white-asian", "Mixed: White and Asian"
    OTHER_MIXED = "mixed-other", "Mixed: any other background"
    INDIAN = "asian-indian", "Asian: Indian"
    PAKISTANI = "asian-pakistani", "Asian: Pakistani"
    BANGLADESHI = "asian-bangladeshi", "Asian: Bangladeshi"
    CHINESE = "asian-chinese", "Asian: Chinese"
    OTHER_ASIAN = "asian-other", "Asian: any other background"
    AFRICAN = "black-african", "Black: African"
    CARIBBEAN = "black-caribbean", "Black: Caribbean"
    OTHER_BLACK = "black-other", "Black: any other background"
    ARAB = "arab", "Arab"
    OTHER = "other", "Any other ethnic group"
    NOT_SAID = "not-said", "Would rather not say"


class EducationStyle(Code):
    """How an education at home is arranged; a family may mix them."""

    AUTONOMOUS = "autonomous", "Led by the child"
    STRUCTURED = "structured", "Structured, with lessons"
    ONLINE = "online", "Online or distance learning"
    PROJECT = "project", "Projects and topics"
    EXAMS = "exams", "Working towards exams"
    CAREER = "career", "Working towards a trade or career"
    RELIGION = "religion", "Based on a religion or belief"
    WORKBOOK = "workbook", "Workbooks or a bought programme"
    OTHER = "other", "Another way"


class ContactWay(Code):
    """A way in which a family would like to be in contact."""

    WRITING = "writing", "In writing"
    PHONE = "phone", "By phone"
    VIDEO = "video", "By video call"
    HOME_VISIT = "home-visit", "A visit at home"
    MEETING = "meeting", "A meeting somewhere else"
