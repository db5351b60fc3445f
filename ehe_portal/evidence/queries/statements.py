"""What others were asked to say about a child, and said: each for the parent who asked alone, until it is sent on."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Statement, StatementState, WaitingFile
from ehe_portal.register.models import Child, Parent


def own_child(work: Work, reference: str) -> Child | None:
    """A child of whom this account is a verified parent."""
    if work.scope.account_id is None:
        return None
    return work.session.scalar(
        select(Child).where(
            Child.reference == reference,
            exists().where(
                Parent.child_id == Child.id,
                Parent.account_id == work.scope.account_id,
                Parent.verified_at.is_not(None),
            ),
        )
    )


def own_statements(work: Work, child: Child) -> list[Statement]:
    """What this account asked of others about a child, the latest first."""
    found = select(Statement).where(Statement.child_id == child.id, Statement.account_id == work.scope.account_id)
    return list(work.session.scalars(found.order_by(Statement.asked_at.desc(), Statement.id.desc())))


def own_statement(work: Work, reference: str, statement_reference: str) -> Statement | None:
    """One of them."""
    child = own_child(work, reference)
    if child is None:
        return None
    found = select(Statement).where(
        Statement.reference == statement_reference,
        Statement.child_id == child.id,
        Statement.account_id == work.scope.account_id,
    )
    return work.session.scalar(found.options(selectinload(Statement.files)))


def held(work: Work, statement: Statement) -> Statement:
    """A statement in scope as it is now; nobody else can change it until this work ends."""
    found = select(Statement).where(Statement.id == statement.id).with_for_update()
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def unanswered(work: Work, child: Child) -> int:
    """How many this account has asked about a child whose link still works and who have not written."""
    return work.session.scalars(
        select(func.count(Statement.id)).where(
            Statement.child_id == child.id,
            Statement.account_id == work.actor.account_id,
            Statement.state == StatementState.ASKED,
            Statement.ends_at > work.at,
        )
    ).one()


def asked_since(work: Work, moment: datetime) -> int:
    """How many this account has asked since a moment, about any child."""
    return work.session.scalars(
        select(func.count(Statement.id)).where(
            Statement.account_id == work.actor.account_id, Statement.asked_at > moment
        )
    ).one()


def behind_link(work: Work, statement_id: int, mails: int) -> Statement | None:
    """The statement that a mail's link is about. Not scoped: nobody can make up a link, which `statement_id` is of."""
    return work.session.scalar(
        select(Statement)
        .where(Statement.id == statement_id, Statement.mails == mails)
        .options(selectinload(Statement.files))
    )


def still_asked(work: Work, statement: Statement) -> bool:
    """Whether who asked is a verified parent of the child yet."""
    found = select(Parent.id).where(
        Parent.child_id == statement.child_id,
        Parent.account_id == statement.account_id,
        Parent.verified_at.is_not(None),
    )
    return work.session.scalar(found.order_by(Parent.id).limit(1)) is not None


def files_of(work: Work, statement: Statement) -> list[WaitingFile]:
    """The files that came with a statement, whole; nobody else can send or remove them until this work ends."""
    found = select(WaitingFile).where(WaitingFile.statement_id == statement.id, WaitingFile.sha256.is_not(None))
    return list(work.session.scalars(found.order_by(WaitingFile.id).with_for_update()))
