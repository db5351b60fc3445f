"""What happens between a family and the authority."""

from dataclasses import dataclass
from datetime import date, time

from ehe_portal.contact.rules import HoldReason, Reminder, Section, SeenBy
from ehe_portal.core.codes import ContactKind, ContactOutcome, ContactWay
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class InCalendars:
    """What every event says about a visit that stands in people's calendars: how its entry is from now on.

    Of a visit about several children each has an event. `round` is greater than that of anything that happened to the
    same visit before; `adviser_id` is who makes it. With `choice` there are several times to pick from, of which
    `on_date` is the last: it stands in no calendar. `stood` says whether it stood in calendars until now.
    """

    visit_id: int
    reference: str
    adviser_id: int | None
    kind: ContactKind
    on_date: date
    at_time: time
    minutes: int
    status: Status
    round: int
    choice: bool = False
    stood: bool = True


@dataclass(frozen=True, kw_only=True)
class VisitOffered(InCalendars, Event):
    """An adviser offered a visit, meeting or call."""


@dataclass(frozen=True, kw_only=True)
class VisitHandedOver(InCalendars, Event):
    """A visit or call that is offered will be made by someone else; by nobody yet where `adviser_id` is None.

    `former_adviser_id` is who was to make it.
    """

    former_adviser_id: int | None


@dataclass(frozen=True, kw_only=True)
class VisitChanged(InCalendars, Event):
    """An adviser changed what is offered."""


@dataclass(frozen=True, kw_only=True)
class VisitAgreed(InCalendars, Event):
    """An adviser took up a time that the family had suggested: the visit is confirmed."""


@dataclass(frozen=True, kw_only=True)
class VisitWithdrawn(InCalendars, Event):
    """An adviser took an offer back, or cancelled a visit. Why is kept with it."""


@dataclass(frozen=True, kw_only=True)
class VisitAnswered(InCalendars, Event):
    """A parent answered an offer, or cancelled what was confirmed. What they wrote is kept with the answer."""

    answer_id: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class AnswersRead(Event):
    """An officer has read what a family answered to an offer."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class VisitRecorded(Event):
    """What came of a visit was recorded, of one of its children."""

    visit_id: int
    contact_id: int
    on_date: date
    outcome: ContactOutcome


@dataclass(frozen=True, kw_only=True)
class VisitPlaceDoubted(Event):
    """The address of a child changed: the place of a visit at home has to be confirmed."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class VisitPlaceConfirmed(InCalendars, Event):
    """An adviser said where a visit is, after the address changed."""


@dataclass(frozen=True, kw_only=True)
class VisitParted(InCalendars, Event):
    """A child of a visit that was about several has one of their own now."""

    from_visit_id: int


@dataclass(frozen=True, kw_only=True)
class VisitLeft(InCalendars, Event):
    """A child is no longer part of a visit, which is about those who stay, by row; without any it does not take place.

    `told` says whether the families of those who stay hear of it by another event.
    """

    staying: tuple[int, ...]
    told: bool


@dataclass(frozen=True, kw_only=True)
class FamilyToldOtherwise(Event):
    """Somebody told a family by other means than mail what has become of a visit. How is kept with it."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class CheckInSet(Event):
    """Somebody said by when whoever makes a visit is expected back, and whom to tell."""

    visit_id: int
    check_in_id: int


@dataclass(frozen=True, kw_only=True)
class CheckInExtended(Event):
    """Whoever makes a visit asked for more time."""

    visit_id: int
    check_in_id: int


@dataclass(frozen=True, kw_only=True)
class ArrivedAtVisit(Event):
    """Whoever makes a visit said that they have arrived."""

    visit_id: int
    check_in_id: int


@dataclass(frozen=True, kw_only=True)
class BackFromVisit(Event):
    """Whoever made a visit said that they are back and well, or it was said for them."""

    visit_id: int
    check_in_id: int


@dataclass(frozen=True, kw_only=True)
class CheckInMissed(Event):
    """Somebody did not say in time that they are back; the holder of an account is told. `rung`: 1 the colleague who
    was named, 2 the managers. It says nothing about a child.
    """

    visit_id: int
    check_in_id: int
    account_id: int
    reference: str
    round: int
    rung: int


@dataclass(frozen=True, kw_only=True)
class RecordAddedTo(Event):
    """An officer added to a signed record. What was added is kept with the record."""

    contact_id: int
    addendum_id: int


@dataclass(frozen=True, kw_only=True)
class ConcernMarked(Event):
    """An officer noted a worry at a contact, and that it cannot wait. What it is stands in the observation."""

    contact_id: int
    observation_id: int


@dataclass(frozen=True, kw_only=True)
class RecordCommented(Event):
    """A parent said something about the record of a contact. What they wrote is kept with the contact."""

    contact_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class ContactRecorded(Event):
    """A contact, or an attempt at one, was recorded; of writing, whether it tells about the education, if known."""

    contact_id: int
    happened_on: date
    kind: ContactKind
    outcome: ContactOutcome
    substantive: bool | None = None


@dataclass(frozen=True, kw_only=True)
class WelfareCheckChanged(Event):
    """A section of a welfare check was written or changed, which takes away its signature."""

    contact_id: int
    section: Section


@dataclass(frozen=True, kw_only=True)
class WelfareCheckSigned(Event):
    """An officer signed a welfare check: it is what they saw and were told. The family may read its copy now."""

    contact_id: int


@dataclass(frozen=True, kw_only=True)
class ObservationNoted(Event):
    """A safeguarding observation was added to a contact."""

    contact_id: int


@dataclass(frozen=True, kw_only=True)
class ContactsImported(Event):
    """Contacts of one child arrived in a file."""

    count: int


@dataclass(frozen=True, kw_only=True)
class WritingConfirmed(Event):
    """An officer said whether writing received, by a message where `message_id` says so, tells about the education."""

    contact_id: int
    substantive: bool
    message_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContactStruckOut(Event):
    """A contact was struck out: it was recorded in error. Why is kept with the contact."""

    contact_id: int


@dataclass(frozen=True, kw_only=True)
class ContactLapsed(Event):
    """Nothing was heard by the end of the grace days, or the contact that answered a lapse was none after all.

    `lapses_on` is the first day on which it could be found, `last_attempt_on` the authority's latest attempt since the
    date came near, None if it made none.
    """

    episode_id: int
    due_on: date
    lapses_on: date
    last_attempt_on: date | None


@dataclass(frozen=True, kw_only=True)
class LapseAnswered(Event):
    """An effective contact answered a lapse; `due_on` is the due date that had lapsed."""

    episode_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LapseMoved(Event):
    """The due date of a clock that is still lapsed moved, to `due_on`."""

    episode_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class PolicyFollowed(Event):
    """Clocks of an authority were worked out anew because other values of its own came into force."""

    clocks: int


@dataclass(frozen=True, kw_only=True)
class ClockHeld(Event):
    """A manager held a clock until a day. What more they wrote is kept with the hold."""

    episode_id: int
    hold_id: int
    until_on: date
    reason: HoldReason


@dataclass(frozen=True, kw_only=True)
class HoldEnded(Event):
    """A manager ended a hold early: this is its last day."""

    episode_id: int
    hold_id: int
    last_on: date


@dataclass(frozen=True, kw_only=True)
class ContactReminded(Event):
    """Someone is reminded of the day by which we would like to hear from a family.

    Where the family would not be written to, `way` says how it would like to be reached: its adviser is asked to.
    """

    episode_id: int
    kind: Reminder
    by_on: date
    way: ContactWay | None


@dataclass(frozen=True, kw_only=True)
class RemindersPassedOver(Event):
    """Reminders fell due for some clocks of an authority that nobody is to get: for now, or any more."""

    clocks: int


@dataclass(frozen=True, kw_only=True)
class SightingRecorded(Event):
    """Another professional saw the child. Who that was is kept with the sighting."""

    sighting_id: int
    seen_on: date
    seen_by: SeenBy


@dataclass(frozen=True, kw_only=True)
class SightingStruckOut(Event):
    """A sighting was struck out: it was recorded in error."""

    sighting_id: int


@dataclass(frozen=True, kw_only=True)
class SeenReviewed(Event):
    """An officer looked into a child not having been seen, and decided. What they wrote is kept with the review."""

    episode_id: int
    review_id: int
    next_review_on: date
