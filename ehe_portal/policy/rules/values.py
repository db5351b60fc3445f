"""What an authority's values are called, in what they are counted and where they come from."""

from dataclasses import dataclass
from typing import Final

GUIDANCE = "The Department’s guidance of April 2019 asks councils to be in contact at least once a year"
CLOCK = "The portal’s own default; the council may set another"
PRACTICE = "Local practice: no section of the law gives a number of days"
A_YEAR: Final = 366
LARGEST: Final = 500
"""No value of any kind is larger."""

MOST_WITH_TEAM: Final = 5
"""Working days for which the team may hold a child without a named adviser, at most: whatever an authority sets, no
child is in sight for longer without a name."""

MOST_GIGABYTES: Final = 100
ALONE = "Local practice for people who work alone; no section of the law gives a number of minutes"
INFORMATION = "Local practice of 4 to 6 weeks; no section of the law gives a number"
TWO = (
    "1: the officer alone. 2: another person has to approve it. The portal’s own default; no section of the law asks it"
)
BY_ITSELF = (
    "1: nobody. 2: parents without an account here, and those who asked for paper. 3: every parent. It is about what "
    "is decided, asked and acknowledged. The portal’s own default"
)
CARE = "Local practice, with children’s social care; no section of the law gives a number of days"


@dataclass(frozen=True)
class Named:
    """One value in words: what it is, its unit, where the number comes from, and between which numbers it may be."""

    label: str
    unit: str
    source: str = PRACTICE
    most: int = A_YEAR
    least: int = 1


CONTACT, GRACE, FIRST, REPLIES, REMINDERS, DECISIONS, OFFICE, SAFETY, LADDER, FILES = (
    "How often to be in contact",
    "Days of grace after the due date",
    "A child who is new to the council",
    "Replies from families",
    "Reminders of the next contact",
    "Decisions about the education",
    "The council’s own work",
    "Coming and going safely",
    "When nobody answers an escalation",
    "Files that families upload",
)

GROUPS: Final[dict[str, dict[str, Named]]] = {
    CONTACT: {
        "interval_months_annual": Named("Annual tier", "months", GUIDANCE),
        "interval_months_half_yearly": Named("Half-yearly tier", "months", CLOCK),
        "interval_weeks_close": Named("Close tier", "weeks", CARE),
    },
    GRACE: {
        "grace_days_annual": Named("Annual tier", "working days", CLOCK),
        "grace_days_half_yearly": Named("Half-yearly tier", "working days", CLOCK),
        "grace_days_close": Named("Close tier", "working days", CARE),
    },
    FIRST: {
        "first_contact_days": Named("First contact is due after", "working days", PRACTICE),
        "first_contact_days_social_care": Named(
            "With a social worker, first contact is due after", "working days", CARE
        ),
        "first_contact_grace": Named("Days of grace after that", "working days", CLOCK),
    },
    REPLIES: {
        "reply_days": Named("A reply moves the due date by at most", "working days", CLOCK),
        "reply_days_cp": Named("With a child protection plan, by at most", "working days", CARE),
    },
    REMINDERS: {
        "remind_family_first_days": Named("The family is reminded", "days before", CLOCK),
        "remind_family_again_days": Named("The family is reminded again", "days before", CLOCK),
        "remind_adviser_days": Named("The adviser is reminded", "days before", CLOCK),
    },
    DECISIONS: {
        "information_weeks": Named(
            "A family that is asked for more information has", "weeks", INFORMATION, most=6, least=4
        ),
        "unsuitable_people": Named(
            "Before a family is told that the education appears not to be suitable, it is decided by", "people", TWO, 2
        ),
    },
    OFFICE: {
        "letters_by_itself": Named("Letters on paper are made by the portal itself for", "choice", BY_ITSELF, most=3),
        "acknowledge_days": Named("A registration is answered within", "working days", PRACTICE),
        "confirm_writing_days": Named("Writing from a family is read within", "working days", CLOCK),
        "team_queue_days": Named(
            "The team may hold a child without a named adviser for", "working days", CLOCK, MOST_WITH_TEAM
        ),
        "other_arrangement_review_months": Named("Other arrangements are reviewed after", "months", PRACTICE),
        "backlog_digest_over": Named("Alerts to one person become one list when there are more than", "alerts", CLOCK),
        "contacts_a_week": Named("One adviser can make in a week", "contacts", PRACTICE),
        "travel_minutes_near": Named("Between two visits in one postcode district", "minutes", CLOCK),
        "travel_minutes_far": Named("Between two visits elsewhere", "minutes", CLOCK),
    },
    SAFETY: {
        "check_in_minutes": Named("A colleague is told when someone is late back by", "minutes", ALONE),
        "check_in_manager_minutes": Named("The managers are told after another", "minutes", ALONE),
    },
    LADDER: {
        "unacknowledged_manager_days": Named("Not acknowledged: the CME manager is told after", "working days", CLOCK),
        "unacknowledged_head_days": Named("Not acknowledged: the head of service is told after", "working days", CLOCK),
        "undecided_days": Named("No decision: the CME manager is told after", "working days", CLOCK),
        "undecided_days_cp": Named(
            "No decision, with a child protection plan: the CME manager is told after", "working days", CARE
        ),
    },
    FILES: {
        "evidence_file_mb": Named("One file may have", "megabytes", CLOCK, LARGEST),
        "evidence_child_gb": Named("All files about one child may have", "gigabytes", CLOCK, MOST_GIGABYTES),
    },
}
NAMED: Final = {name: named for group in GROUPS.values() for name, named in group.items()}
