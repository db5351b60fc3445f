"""Who is here, and at which council."""

from sqlalchemy import select

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.core.work import Work


def who_and_where(work: Work) -> tuple[str | None, str | None]:
    """The council's name and the signed-in person's. A visitor sees the council where there is only one."""
    if work.actor.account_id is not None:
        row = work.session.execute(
            select(Authority.name, Account.name)
            .join(Account, Account.authority_id == Authority.id)
            .where(Account.id == work.actor.account_id)
        ).one()
        return row[0], row[1]
    names = work.session.scalars(select(Authority.name).order_by(Authority.id).limit(2)).all()
    return (names[0] if len(names) == 1 else None), None
