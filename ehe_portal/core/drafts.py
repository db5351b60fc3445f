"""What someone is writing, kept as they write it: sealed, for them alone, until the form is sent or thrown away.

A page declared with `drafts=` keeps its form at the press of "Save and finish later", and while it is being typed
where scripts run. Any other form is kept, for a day, when it arrives after its sitting has ended. Either way it comes
back when its page is opened again, on whatever device, and goes in the transaction of the deed that it asked for.

A page that is open in two tabs has two writers. Each sends along which draft it goes on from, as `REFERENCE.VERSION`;
where another page has saved that one since, the words are kept beside it as another copy, never over it.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from flask import Response, after_this_request, flash, g, jsonify, redirect, request
from sqlalchemy import ColumnElement, Index, Integer, Select, and_, delete, false, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from ehe_portal.core import reference as references
from ehe_portal.core.db import BIG, Base, Referenced
from ehe_portal.core.vault import Vault, VaultDamaged
from ehe_portal.core.vault_rows import Sealed
from ehe_portal.core.work import Work

KEPT_FOR: Final = timedelta(days=30)
PARKED_FOR: Final = timedelta(hours=24)
MOST_COPIES: Final = 10
COOKIE: Final = "words_kept"
SUFFIX: Final = "/draft"
NEVER_KEPT: Final = {"csrf_token", "once", "draft", "later", "password", "new_password", "current_password"}

_TOKEN: Final = re.compile(rf"({references.PATTERN.pattern})\.([0-9]{{1,9}})")

Titled = Callable[[Any], str]
"""Says what a form is about, for a list of what is unfinished: a kind and a date, never a name."""


class FormDraft(Referenced, Base):
    """The words of a form that was not sent yet. Of one address there may be several copies, from several tabs.

    `form` is the endpoint of a page that keeps drafts, `about` the reference that its address begins with; both are
    None where the words were only kept because a sitting had ended. `typed_in` tells which page wrote it last.
    """

    __tablename__ = "form_draft"
    __housekeeping__ = "words typed but not yet saved"
    __table_args__ = (Index("ix_form_draft_account_path", "account_id", "path", "saved_at"),)

    account_id: Mapped[int] = mapped_column(BIG)
    path: Mapped[str]
    sealed: Mapped[bytes]
    began_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    kept_until: Mapped[datetime] = mapped_column(index=True)
    form: Mapped[str | None] = mapped_column(default=None)
    about: Mapped[str | None] = mapped_column(default=None)
    title: Mapped[str | None] = mapped_column(default=None)
    typed_in: Mapped[str | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(Integer, default=1)


@dataclass(frozen=True)
class Copy:
    """A draft, opened."""

    token: str
    reference: str
    began_at: datetime
    saved_at: datetime
    words: MultiDict[str, str]


@dataclass(frozen=True)
class Kept:
    """What was kept for the page being opened: the copy that its form shows, and others. `parked`: for a day only."""

    shown: Copy
    others: tuple[Copy, ...]
    parked: bool


@dataclass(frozen=True)
class Place:
    """Which form it is: its address, and for a page that keeps drafts its endpoint, reference and title."""

    path: str
    form: str | None = None
    about: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Typed:
    """What a form says, which draft it goes on from (`REFERENCE.VERSION`), and a mark of the page it was typed in."""

    words: tuple[tuple[str, str], ...]
    token: str = ""
    page: str | None = None


def typed_here() -> Typed:
    """What the form of this request says, and under which names the files that came along with it are kept
    (`g.came_along`, as words of the form)."""
    said = tuple((name, value) for name, value in request.form.items(multi=True) if name not in NEVER_KEPT)
    said += g.get("came_along", ())
    once = request.form.get("once", "")
    return Typed(said, request.form.get("draft", ""), sha256(once.encode()).hexdigest() if once else None)


# Keeping


def keep(session: Session, vault: Vault, account_id: int, at: datetime, place: Place, typed: Typed) -> str:
    """Keep what a form says for its owner; the token with which its page goes on.

    `session` is one that writes. Words that another page has saved since are left as they are.
    """
    values: dict[str, Any] = {
        "sealed": vault.seal(json.dumps(typed.words).encode(), purpose(account_id)),
        "saved_at": at,
        "kept_until": at + (KEPT_FOR if place.form else PARKED_FOR),
        "form": place.form,
        "about": place.about,
        "title": place.title,
        "typed_in": typed.page,
    }
    gone_on = session.execute(
        update(FormDraft)
        .where(FormDraft.account_id == account_id, FormDraft.path == place.path, gone_on_from(typed))
        .values(version=FormDraft.version + 1, **values)
        .returning(FormDraft.reference, FormDraft.version),
        execution_options={"synchronize_session": False},
    ).first()
    if gone_on is not None:
        return f"{gone_on.reference}.{gone_on.version}"
    make_room(session, account_id, place.path)
    named = references.new_reference()
    beginning = {"account_id": account_id, "path": place.path, "reference": named, "began_at": at, "version": 1}
    session.execute(insert(FormDraft).values(**beginning, **values))
    return f"{named}.1"


def make_room(session: Session, account_id: int, path: str) -> None:
    """Let the oldest copies of one form go where somebody has opened it again and again."""
    found = select(FormDraft.id).where(FormDraft.account_id == account_id, FormDraft.path == path)
    surplus = session.scalars(found.order_by(FormDraft.saved_at.desc(), FormDraft.id.desc()).offset(MOST_COPIES - 1))
    if ids := surplus.all():
        session.execute(delete(FormDraft).where(FormDraft.id.in_(ids)))


def park(session: Session, vault: Vault, account_id: int, at: datetime) -> None:
    """Keep the words of a form whose sitting had ended. The browser is told to ask for them (COOKIE)."""
    keep(session, vault, account_id, at, Place(request.path), typed_here())

    @after_this_request
    def say_so(response: Response) -> Response:
        response.set_cookie(COOKIE, "1", max_age=PARKED_FOR, httponly=True, samesite="Lax", secure=request.is_secure)
        return response


def gone_on_from(typed: Typed) -> ColumnElement[bool]:
    """The draft that a form goes on from: the version that it names, or what the same page wrote last."""
    same = FormDraft.typed_in == typed.page if typed.page else false()
    named = _TOKEN.fullmatch(typed.token)
    if named is None:
        return same
    return or_(same, and_(FormDraft.reference == named[1], FormDraft.version == int(named[2])))


def purpose(account_id: int) -> str:
    """What the drafts of one account are sealed for."""
    return f"form-draft:{account_id}"


SEALED: Final = Sealed(FormDraft, purpose)


# Bringing back


def bring_back(work: Work, vault: Vault, *, declared: bool) -> None:
    """Give the page being opened what was kept for it: the copy that its address asks for, or the latest."""
    g.keeps_drafts, g.kept_words = declared, None
    if work.actor.account_id is None or not (declared or COOKIE in request.cookies):
        return
    found = work.session.scalars(
        select(FormDraft)
        .where(
            FormDraft.account_id == work.actor.account_id,
            FormDraft.path == request.path,
            FormDraft.kept_until > work.at,
        )
        .order_by(FormDraft.saved_at.desc(), FormDraft.id.desc())
    ).all()
    copies = [copy for copy in (opened(draft, vault) for draft in found) if copy is not None]
    if copies:
        asked = request.args.get("draft")
        shown = next((copy for copy in copies if copy.reference == asked), copies[0])
        others = tuple(copy for copy in copies if copy is not shown and copy.words != shown.words)
        g.kept_words = Kept(shown, others, parked=not declared)


def opened(draft: FormDraft, vault: Vault) -> Copy | None:
    """A draft's words; None where they cannot be opened any more, as under another master key."""
    try:
        said = json.loads(vault.open_sealed(draft.sealed, purpose(draft.account_id)))
    except VaultDamaged:
        return None
    token = f"{draft.reference}.{draft.version}"
    return Copy(
        token, draft.reference, draft.began_at, draft.saved_at, MultiDict((name, value) for name, value in said)
    )


# Pages that keep drafts (see core.web)


def place_of(endpoint: str, title: str, path: str) -> Place:
    """The place of a page that keeps drafts."""
    return Place(path, endpoint, (request.view_args or {}).get("reference"), title)


def put_down(work: Work, vault: Vault, title: str) -> None:
    """Keep the words of the form that was sent: to be finished later, or to be checked before they are sent."""
    if work.actor.account_id is not None:
        place = place_of(request.endpoint or "", title, request.path)
        keep(work.session, vault, work.actor.account_id, work.at, place, typed_here())


def set_aside(work: Work, vault: Vault, title: str) -> Any:
    """Answer "Save and finish later": the words are kept, and the page comes back with them."""
    put_down(work, vault, title)
    flash(f"Saved. You can finish this later, on any device: it is kept for {KEPT_FOR.days} days, for you alone.")
    return redirect(request.path)


def throw_away(work: Work) -> Any:
    """Answer "Throw this away": one copy goes, unless another page has saved it since."""
    gone: Any = work.session.execute(delete(FormDraft).where(of_this_form(work)))
    flash("Thrown away." if gone.rowcount else "Nothing was thrown away: it was saved again meanwhile.", "notice")
    return redirect(request.path)


def autosave(work: Work, vault: Vault, endpoint: str, title: str) -> Any:
    """Answer a page that saves by itself: the token with which it goes on. The time is its own to say."""
    if work.actor.account_id is None:
        return "", 403
    place = place_of(endpoint, title, request.path.removesuffix(SUFFIX))
    return jsonify(draft=keep(work.session, vault, work.actor.account_id, work.at, place, typed_here()))


def forget_sent(work: Work) -> None:
    """In the transaction of a deed that was done: the draft whose words it has goes. Newer words of others stay."""
    if "draft" in request.form:
        work.session.execute(delete(FormDraft).where(of_this_form(work)))


def of_this_form(work: Work) -> ColumnElement[bool]:
    """The draft that this request's form goes on from."""
    mine = and_(FormDraft.account_id == work.actor.account_id, FormDraft.path == request.path)
    return and_(mine, gone_on_from(typed_here()))


# Pages on which the words of another are checked before they are sent


def latest(work: Work, vault: Vault, path: str) -> Copy | None:
    """What the actor saved last of the form at `path`."""
    found = select(FormDraft).where(
        FormDraft.account_id == work.actor.account_id, FormDraft.path == path, FormDraft.kept_until > work.at
    )
    draft = work.session.scalar(found.order_by(FormDraft.saved_at.desc(), FormDraft.id.desc()).limit(1))
    return None if draft is None else opened(draft, vault)


def let_go(work: Work, copy: Copy) -> None:
    """In the transaction of the deed that its words asked for: a draft goes. Newer words of its form stay."""
    reference, _, version = copy.token.partition(".")
    work.session.execute(delete(FormDraft).where(FormDraft.reference == reference, FormDraft.version == int(version)))


# Forgetting


def kept_too_long(work: Work) -> Select[int]:
    """Which drafts nobody came back for."""
    return select(FormDraft.id).where(FormDraft.kept_until <= work.at).order_by(FormDraft.id)


def forget(work: Work, ids: Sequence[int]) -> None:
    """Throw these drafts away."""
    work.session.execute(delete(FormDraft).where(FormDraft.id.in_(ids), FormDraft.kept_until <= work.at))
