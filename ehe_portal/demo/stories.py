"""What a story is made of: one child's, from the day on which the council first knew."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ehe_portal.core.codes import (
    Arrangement,
    ChildSeen,
    ContactKind,
    ContactOutcome,
    Destination,
    PreviousSchoolType,
    PrimaryReason,
    SocialCare,
    Tier,
)
from ehe_portal.demo import cast
from ehe_portal.demo.people import Household, Kid
from ehe_portal.demo.stages import Stage

STEP: Final = {Tier.ANNUAL: 345, Tier.HALF_YEARLY: 165, Tier.CLOSE: 35}
"""Days between contacts in the past, a little less than they might be."""

KINDS: Final = {
    ContactKind.HOME_VISIT: 34,
    ContactKind.PHONE_CALL: 20,
    ContactKind.MEETING: 12,
    ContactKind.VIDEO_CALL: 9,
    ContactKind.WRITTEN_REPORT: 20,
    ContactKind.EMAIL: 5,
}
SEEN: Final = {
    ContactKind.HOME_VISIT: (80, 6, 14),
    ContactKind.MEETING: (60, 30, 10),
    ContactKind.PHONE_CALL: (0, 100, 0),
    ContactKind.VIDEO_CALL: (65, 30, 5),
}
REASONS: Final = {
    PrimaryReason.UNKNOWN: 14,
    PrimaryReason.MENTAL_HEALTH: 17,
    PrimaryReason.NO_REASON_GIVEN: 11,
    PrimaryReason.PHILOSOPHICAL_OR_PREFERENTIAL: 12,
    PrimaryReason.DISSATISFACTION_GENERAL: 9,
    PrimaryReason.DISSATISFACTION_SEND: 9,
    PrimaryReason.DISSATISFACTION_BULLYING: 6,
    PrimaryReason.LIFESTYLE: 6,
    PrimaryReason.RELIGIOUS: 3,
    PrimaryReason.RISK_OF_EXCLUSION: 2,
    PrimaryReason.NOT_PREFERRED_SCHOOL: 3,
    PrimaryReason.DIFFICULTY_ACCESSING_PLACE: 2,
    PrimaryReason.DID_NOT_APPLY: 2,
    PrimaryReason.PHYSICAL_HEALTH: 2,
    PrimaryReason.OTHER: 2,
}
LEFT_FOR: Final = {
    Destination.SCHOOL: 50,
    Destination.OTHER_AUTHORITY: 16,
    Destination.OVER_AGE: 18,
    Destination.ABROAD: 7,
    Destination.OTHER_ARRANGED: 6,
    Destination.RECORDED_IN_ERROR: 2,
    Destination.DIED: 1,
}
LEAVING_FOR: Final = {
    Destination.SCHOOL: 50,
    Destination.OTHER_AUTHORITY: 20,
    Destination.ABROAD: 10,
    Destination.OTHER_ARRANGED: 14,
    Destination.RECORDED_IN_ERROR: 6,
}
"""Where children went: before the council had the portal, and since."""


@dataclass
class Line:
    """One contact, or one attempt. `offered`: it came of a visit that was offered before."""

    on: date
    kind: ContactKind
    outcome: ContactOutcome
    seen: ChildSeen | None = None
    substantive: bool | None = None
    agreed_next_on: date | None = None
    offered: bool = False


@dataclass
class Story:
    """One child's. `ref` is the council's reference; a child registered online has none, and `opened_on` is that day.

    `adviser` is the place of the adviser among the council's. `grace_ends` is the last day before a planned lapse,
    `turns_on` the day on which something else happens: a closer tier, or leaving for `destination`. `child_id` is known
    once the child is on the register.
    """

    kid: Kid
    household: Household
    stage: Stage
    adviser: int
    opened_on: date
    year_group: int
    reason: PrimaryReason
    school: PreviousSchoolType
    ref: str | None = None
    tier: Tier = Tier.ANNUAL
    social_care: SocialCare = SocialCare.NONE
    arrangement: Arrangement = Arrangement.EHE
    closed_on: date | None = None
    destination: Destination | None = None
    grace_ends: date | None = None
    turns_on: date | None = None
    protected: bool = False
    person: cast.Person | None = None
    lines: list[Line] = field(default_factory=list)
    child_id: int = 0

    @property
    def is_online(self) -> bool:
        """Whether the family registered through the portal."""
        return self.ref is None

    @property
    def parent(self) -> str:
        """Who writes to the council, by forename."""
        return self.household.adults[0].name.split()[0]
