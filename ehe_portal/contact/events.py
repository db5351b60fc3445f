"""What happens between a family and the authority."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.contact.rules import Section
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class VisitOffered(Event):
    """An adviser offered a visit, meeting or call."""

    visit_id: int
    on_date: date
    kind: ContactKind


@dataclass(frozen=True, kw_only=True)
class VisitHandedOver(Event):
    """A visit or call that is offered will be made by someone else; by nobody yet where `adviser_id` is None."""

    visit_id: int
    adviser_id: int | None


@dataclass(frozen=True, kw_only=True)
class VisitChanged(Event):
    """An adviser changed what is offered; `round` is unlike that of any other change of the same offer."""

    visit_id: int
    on_date: date
    kind: ContactKind
    round: int


@dataclass(frozen=True, kw_only=True)
class VisitWithdrawn(Event):
    """An adviser took an offer back."""

    visit_id: int
    on_date: date
    kind: ContactKind


@dataclass(frozen=True, kw_only=True)
class VisitAnswered(Event):
    """A parent answered an offer. What they wrote is kept with the answer."""

    visit_id: int
    answer_id: int
    answer: str


@dataclass(frozen=True, kw_only=True)
class AnswersRead(Event):
    """An officer has read what a family answered to an offer."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class RecordCommented(Event):
    """A parent said something about the record of a contact. What they wrote is kept with the contact."""

    contact_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class ContactRecorded(Event):
    """A contact, or an attempt at one, was recorded."""

    contact_id: int
    happened_on: date
    kind: ContactKind
    outcome: ContactOutcome


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
