"""What happens to notices and orders. What was written down stays with the case; events name steps, ways and days."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event
from ehe_portal.orders.rules import Closing, Document, Method, Route, StepCode


@dataclass(frozen=True, kw_only=True)
class OrderCaseBegun(Event):
    """A case was begun under a profile of the law, with its first step."""

    case_id: int
    route: Route
    profile: str


@dataclass(frozen=True, kw_only=True)
class OrderStepProposed(Event):
    """An officer put a step forward; it has no effect until a person with the right role takes it."""

    case_id: int
    step_id: int
    step: StepCode


@dataclass(frozen=True, kw_only=True)
class OrderStepReturned(Event):
    """A step that was put forward was not taken. Why is kept with it."""

    case_id: int
    step_id: int
    step: StepCode


@dataclass(frozen=True, kw_only=True)
class OrderStepTaken(Event):
    """A person with the right role took a step."""

    case_id: int
    step_id: int
    step: StepCode


@dataclass(frozen=True, kw_only=True)
class DocumentServed(Event):
    """It was written down how a document was served, and from when it counts as served."""

    case_id: int
    sending_id: int
    step: StepCode
    method: Method
    served_on: date
    last_on: date | None


@dataclass(frozen=True, kw_only=True)
class DocumentServedStruckOut(Event):
    """What was written down about the service of a document was wrong, and was struck out."""

    case_id: int
    sending_id: int
    step: StepCode


@dataclass(frozen=True, kw_only=True)
class OrderCaseEnded(Event):
    """A case ended: by its last step, or because it was withdrawn. Why is kept with it."""

    case_id: int
    closing: Closing


@dataclass(frozen=True, kw_only=True)
class ServiceConsentRecorded(Event):
    """A parent agreed in writing to be served electronically, with one kind of document at one address."""

    consent_id: int
    document: Document
    given_on: date


@dataclass(frozen=True, kw_only=True)
class ServiceConsentWithdrawn(Event):
    """A parent no longer agrees to be served electronically."""

    consent_id: int
    document: Document
