"""What happens to evidence."""

from dataclasses import dataclass
from datetime import date, datetime

from ehe_portal.core.work import Event
from ehe_portal.evidence.rules import SEALED, Outcome, Scan


@dataclass(frozen=True, kw_only=True)
class EvidenceSubmitted(Event):
    """A family sent a written account, files, or both. What an officer keyed in has no account, but `came_by` a way.
    `at_once` is what somebody whom a parent asked wrote, where it did not wait for the parent."""

    evidence_id: int
    account_id: int | None
    sent_on: date
    came_by: str | None = None
    at_once: bool = False


@dataclass(frozen=True, kw_only=True)
class EducationAssessed(Event):
    """An officer decided about a child's education, with reasons."""

    assessment_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class EducationPutForward(Event):
    """An officer decided what another person has to approve before it stands and the family is told."""

    assessment_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class EducationApproved(Event):
    """Another person approved a decision, so that it stands. Their reasons, if any, are kept with it."""

    assessment_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class EducationReturned(Event):
    """Another person did not approve a decision; it never stood. Why is kept with it."""

    assessment_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class DecisionCommented(Event):
    """A parent said something of a decision; the words stand beside it."""

    assessment_id: int
    comment_id: int


@dataclass(frozen=True, kw_only=True)
class InformationAsked(Event):
    """A family was asked for more information about the education, to be given in any way until a last day."""

    request_id: int
    assessment_id: int
    last_on: date


@dataclass(frozen=True, kw_only=True)
class InformationAnswered(Event):
    """A family answered: with something it sent, or at a contact."""

    request_id: int
    evidence_id: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class InformationTimeGiven(Event):
    """A family has until a later day to answer. Why is kept with the request, where an officer gave the time."""

    request_id: int
    last_on: date


@dataclass(frozen=True, kw_only=True)
class InformationWithdrawn(Event):
    """A family was told that the information is not wanted any more. Why is kept with the request."""

    request_id: int


@dataclass(frozen=True, kw_only=True)
class ServiceProofAdded(Event):
    """An officer added a file that shows how a document of a notice or order was served."""

    proof_id: int
    sending_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class ServiceProofStruckOut(Event):
    """A file that was to show how a document was served was struck out. Why is kept with it."""

    proof_id: int
    sending_id: int


@dataclass(frozen=True, kw_only=True)
class UnsentFileThrownAway(Event):
    """A file that a family uploaded and never sent was removed."""

    account_id: int


@dataclass(frozen=True, kw_only=True)
class FileScanned(Event):
    """The virus scanner has said what it makes of a file; `account_id` sent it, or keyed it in."""

    file_id: int
    account_id: int | None
    keyed_in: bool
    scan: Scan

    @property
    def sealed(self) -> bool:
        """Whether nobody may open it."""
        return self.scan in SEALED


@dataclass(frozen=True, kw_only=True)
class FilesScannedAgain(Event):
    """Files that could not be scanned wait to be scanned once more."""

    how_many: int


@dataclass(frozen=True, kw_only=True)
class ScanningDelayed(Event):
    """Files of an authority wait to be scanned, the oldest since `since`, for the scanner does not do its part."""

    since: datetime
    trouble: str


@dataclass(frozen=True, kw_only=True)
class StrayFilesRemoved(Event):
    """Files of which no row knew, left in the vault by something that was killed, were removed; how many."""

    files: int


@dataclass(frozen=True, kw_only=True)
class EducationReviewDue(Event):
    """A decision stands, and a person is to look again at the education on a day."""

    assessment_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class EducationReviewLate(Event):
    """A review is late by more than the authority's days: the managers are told, once. The family is told nothing."""

    review_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class EvidencePageNoted(Event):
    """An officer wrote a note against a page of a file. Its words are kept with the file."""

    note_id: int
    file_id: int
    page: int


@dataclass(frozen=True, kw_only=True)
class StatementAsked(Event):
    """A parent asked somebody to say something about the education of a child; or wrote to them again.

    None of these has the child as its own: what a parent asks for and keeps back is no part of the child's story, as
    officers read it, before it is sent.
    """

    statement_id: int
    of_child_id: int
    account_id: int
    mails: int


@dataclass(frozen=True, kw_only=True)
class StatementTakenBack(Event):
    """A parent took back a link to somebody who had not written yet."""

    statement_id: int
    account_id: int


@dataclass(frozen=True, kw_only=True)
class StatementOpened(Event):
    """Somebody opened the link that they were sent."""

    statement_id: int


@dataclass(frozen=True, kw_only=True)
class StatementWritten(Event):
    """Somebody wrote what they were asked for; it goes on to the council at once, or waits for the parent."""

    statement_id: int
    of_child_id: int
    account_id: int
    at_once: bool


@dataclass(frozen=True, kw_only=True)
class StatementSentOn(Event):
    """What somebody wrote went to the council, as evidence."""

    statement_id: int
    account_id: int
    evidence_id: int


@dataclass(frozen=True, kw_only=True)
class StatementKeptBack(Event):
    """A parent kept back what somebody wrote: its words and files are gone."""

    statement_id: int
    account_id: int
