"""A button pressed twice does its work once."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Response, redirect, request
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import Base
from ehe_portal.core.work import Work

KEPT_FOR = timedelta(hours=24)
NOT_SAID = {"csrf_token", "draft"}  # what a page carries, not what someone says


class HandledForm(Base):
    """A form that has done its work: its hidden `once` value with what it said, and the page it led to."""

    __tablename__ = "handled_form"
    __housekeeping__ = "only tells a second press from a first"

    once: Mapped[str] = mapped_column(unique=True)
    location: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


def fingerprint(work: Work) -> str | None:
    """The form's `once` value together with what it says: after back and a correction it is another form."""
    once = request.form.get("once", "")
    if not once:
        return None
    said = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_SAID)
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


def handled_long_ago(work: Work) -> Select[int]:
    """Which marks of handled forms no second press can need any more."""
    return select(HandledForm.id).where(HandledForm.at < work.at - KEPT_FOR).order_by(HandledForm.id)


def forget_handled(work: Work, ids: Sequence[int]) -> None:
    """Throw these marks away."""
    work.session.execute(delete(HandledForm).where(HandledForm.id.in_(ids)))
