"""What an authority's values are called, in what they are counted and where they come from."""

from dataclasses import dataclass
from typing import Final

GUIDANCE = "The Department’s guidance of April 2019 asks councils to be in contact at least once a year"
CLOCK = "The portal’s own default; the council may set another"
PRACTICE = "Local practice: no section of the law gives a number of days"
CARE = "Local practice, with children’s social care; no section of the law gives a number of days"


@dataclass(frozen=True)
class Named:
    """One value in words: what it is, its unit, and where the number comes from."""

    label: str
    unit: str
    source: str = PRACTICE


CONTACT, GRACE, FIRST, REPLIES, OFFICE = (
    "How often to be in contact",
    "Days of grace after the due date",
    "A child who is new to the council",
    "Replies from families",
    "The council’s own work",
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
    OFFICE: {
        "acknowledge_days": Named("A registration is answered within", "working days", PRACTICE),
        "confirm_writing_days": Named("Writing from a family is read within", "working days", CLOCK),
        "team_queue_days": Named("The team may hold a child without a named adviser for", "working days", CLOCK),
        "other_arrangement_review_months": Named("Other arrangements are reviewed after", "months", PRACTICE),
        "backlog_digest_over": Named("Alerts to one person become one list when there are more than", "alerts", CLOCK),
    },
}
NAMED: Final = {name: named for group in GROUPS.values() for name, named in group.items()}
