"""A button pressed twice does its work once; the words of a form whose sitting had ended are kept for its owner."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, after_this_request, g, redirect, request
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from ehe_portal.core.db import BIG, Base
from ehe_portal.core.vault import Vault
from ehe_portal.core.work import Work

KEPT_FOR = timedelta(hours=24)
COOKIE = "words_kept"
NEVER_KEPT = {"csrf_token", "once", "password", "new_password", "current_password"}


class HandledForm(Base):
    """A form that has done its work: its hidden `once` value with what it said, and the page it led to."""

    __tablename__ = "handled_form"
    __housekeeping__ = "only tells a second press from a first"

    once: Mapped[str] = mapped_column(unique=True)
    location: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class ParkedForm(Base):
    """What someone had typed when their sitting ended, sealed, for them alone, for a day."""

    __tablename__ = "parked_form"
    __housekeeping__ = "words typed but not yet saved"

    account_id: Mapped[int] = mapped_column(BIG, index=True)
    path: Mapped[str]
    sealed: Mapped[bytes]
    at: Mapped[datetime] = mapped_column(index=True)


def fingerprint(work: Work) -> str | None:
    """The form's `once` value together with what it says: after back and a correction it is another form."""
    once = request.form.get("once", "")
    if not once:
        return None
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    files = sorted((name, file.filename or "") for name, file in request.files.items(multi=True))
    whole = json.dumps([work.actor.account_id, request.path, said, files])
    return hashlib.sha256(whole.encode()).hexdigest()


def led_to(work: Work) -> Any | None:
    """Where this very form led the first time, if it has been handled."""
    print_ = fingerprint(work)
    if print_ is None:
        return None
    location = work.session.scalar(select(HandledForm.location).where(HandledForm.once == print_))
    return None if location is None else redirect(location)


def remember(work: Work, response: Response) -> None:
    """Note, in the deed's own transaction, where this form led; of two at the same moment the second fails whole."""
    print_ = fingerprint(work)
    if print_ is not None and response.location:
        work.session.execute(insert(HandledForm).values(once=print_, location=response.location, at=work.at))


def park(session: Session, vault: Vault, account_id: int, at: datetime) -> None:
    """Keep what this request's form says for its owner, sealed; the last one for each page is kept.

    `session` is one that writes, in a transaction of its own. The browser is told to ask for the words (COOKIE).
    """
    said = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT]
    path = request.path
    session.execute(delete(ParkedForm).where(ParkedForm.account_id == account_id, ParkedForm.path == path))
    sealed = vault.seal(json.dumps(said).encode(), purpose=f"parked-form:{account_id}")
    session.execute(insert(ParkedForm).values(account_id=account_id, path=path, sealed=sealed, at=at))

    @after_this_request
    def say_so(response: Response) -> Response:
        response.set_cookie(COOKIE, "1", max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=request.is_secure)
        return response


def bring_back(work: Work, vault: Vault) -> None:
    """Give the page being opened the words that were kept for it; they are thrown away once shown."""
    if work.actor.account_id is None or COOKIE not in request.cookies:
        return
    found = work.session.scalar(
        select(ParkedForm).where(
            ParkedForm.account_id == work.actor.account_id,
            ParkedForm.path == request.path,
            ParkedForm.at > work.at - KEPT_FOR,
        )
    )
    if found is None:
        return
    opened = vault.open_sealed(found.sealed, purpose=f"parked-form:{found.account_id}")
    g.parked_form = MultiDict([(name, value) for name, value in json.loads(opened)])
    spent = delete(ParkedForm).where(ParkedForm.id == found.id)

    def throw_away(session: Session) -> None:
        session.execute(spent)

    work.afterwards(throw_away)


def handled_long_ago(work: Work) -> Select[int]:
    """Which marks of handled forms no second press can need any more."""
    return select(HandledForm.id).where(HandledForm.at < work.at - KEPT_FOR).order_by(HandledForm.id)


def forget_handled(work: Work, ids: Sequence[int]) -> None:
    """Throw these marks away."""
    work.session.execute(delete(HandledForm).where(HandledForm.id.in_(ids)))


def parked_long_ago(work: Work) -> Select[int]:
    """Which kept words nobody came back for."""
    return select(ParkedForm.id).where(ParkedForm.at < work.at - KEPT_FOR).order_by(ParkedForm.id)


def forget_parked(work: Work, ids: Sequence[int]) -> None:
    """Throw these words away."""
    work.session.execute(delete(ParkedForm).where(ParkedForm.id.in_(ids)))
