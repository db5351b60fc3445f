"""Who is here, and at which council."""

from sqlalchemy import select

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.queries import COUNCIL, Here
from ehe_portal.core.work import Work


def who_and_where(work: Work) -> Here:
    """A visitor sees the council where there is only one."""
    council = select(*COUNCIL)
    if work.actor.account_id is not None:
        found = council.add_columns(Account.name).join(Account, Account.authority_id == Authority.id)
        return Here(*work.session.execute(found.where(Account.id == work.actor.account_id)).one())
    rows = work.session.execute(council.order_by(Authority.id).limit(2)).all()
    return Here(*rows[0]) if len(rows) == 1 else Here()
