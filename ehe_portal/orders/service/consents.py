"""Parents who agreed in writing to be served electronically (section 572), and who no longer do."""

from datetime import date

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.orders.events import ServiceConsentRecorded, ServiceConsentWithdrawn
from ehe_portal.orders.models import Document, ServiceConsent
from ehe_portal.register.models import Child


def record_consent(
    work: Work, child: Child, parent_reference: str, document: Document, address: str, given_on: date
) -> ServiceConsent:
    """Write down that a parent agreed in writing to be served with one kind of document at one address. Raises
    `Refusal`."""
    parent = next((one for one in child.carers if one.reference == parent_reference), None)
    if parent is None:
        raise Refusal("Select a parent or carer of this child", "parent")
    if document is Document.SCHOOL:
        raise Refusal("Select a kind of document that is served on parents", "document")
    if not address.strip():
        raise Refusal("Enter the address at which they agreed to be served", "address")
    if given_on > work.today:
        raise Refusal("Enter a date that is not in the future", "given_on")
    consent = ServiceConsent(
        authority_id=child.authority_id,
        parent_id=parent.id,
        document=document,
        address=address.strip(),
        given_on=given_on,
        recorded_at=work.at,
        recorded_by_id=work.actor.account_id,
    )
    work.session.add(consent)
    work.session.flush()
    work.publish(
        ServiceConsentRecorded(
            authority_id=child.authority_id,
            child_id=child.id,
            consent_id=consent.id,
            document=document,
            given_on=given_on,
        )
    )
    return consent


def withdraw_consent(work: Work, consent: ServiceConsent) -> None:
    """From today a parent no longer agrees to be served electronically. Raises `Refusal`."""
    if consent.withdrawn_on is not None:
        raise Refusal("This consent has been withdrawn already")
    consent.withdrawn_on, consent.withdrawn_by_id = work.today, work.actor.account_id
    work.session.flush()
    work.publish(
        ServiceConsentWithdrawn(
            authority_id=consent.authority_id,
            child_id=consent.child.id,
            consent_id=consent.id,
            document=consent.document,
        )
    )
