"""Who is asking: sittings that begin with signing in and end by themselves, with signing out or a new password.

A sitting is Flask-Login's signed cookie with the account's number and epoch; whoever raises the epoch ends them all.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import STAFF_ROLES, Permission, Role
from ehe_portal.core import db, drafts
from ehe_portal.core.web import PAGES_SESSION, READING, portal
from ehe_portal.core.work import VISITOR, Actor, Scope

# In the request's own environment: `g` may outlive a request where tests push a context around several.
IDENTIFIED = "ehe_portal.identified"
LAPSED = "ehe_portal.lapsed_account"
SENDS_FILES = (
    Permission.FAMILY_SEND_EVIDENCE,
    Permission.EVIDENCE_KEY_IN,
    Permission.SETTINGS_CHANGE,
    Permission.ORDER_PROPOSE,
)
NOTED_EVERY = timedelta(minutes=1)

HOMES = {
    Role.PARENT: "family.home",
    Role.ADMINISTRATOR: "staff.list_staff",
    Role.AUDITOR: "audit.trail",
    Role.CME_OFFICER: "queue.escalations",
    Role.CME_MANAGER: "queue.escalations",
}
HOME_OF_OTHERS = "my_day.today"


@dataclass(frozen=True)
class Sitter(UserMixin):
    """Whom Flask-Login knows: an account, the epoch in which it signed in, and what pages say of it."""

    account_id: int
    epoch: int
    role: Role
    authority_id: int
    here: queries.Here | None = None

    def get_id(self) -> str:
        """What the cookie says."""
        return f"{self.account_id}.{self.epoch}"


login_manager = LoginManager()


def init_app(app: Flask) -> None:
    """Let the application know who is signed in."""
    # It would end a sitting whenever a telephone changes networks.
    app.config["SESSION_PROTECTION"] = None
    login_manager.user_loader(sitter_of)
    login_manager.init_app(app, add_context_processor=False)


def sitter_of(user_id: str) -> Sitter | None:
    """Who holds this cookie, if their sitting has not ended."""
    account_id, _, epoch = user_id.partition(".")
    pages_session = request.environ.get(PAGES_SESSION)
    if pages_session is not None:
        found = queries.sitting(pages_session, int(account_id))
    else:
        with db.new_session(writing=False) as reading:
            found = queries.sitting(reading, int(account_id))
    if found is None:
        return None
    at = portal().now()
    since, seen = noted("since"), noted("seen")
    if str(found.epoch) != epoch or rules.sitting_is_over(since, seen, at):
        request.environ[LAPSED] = int(account_id)
        return None
    if at - seen > NOTED_EVERY:
        session["seen"] = int(at.timestamp())
    return Sitter(int(account_id), found.epoch, found.role, found.authority_id, found.here)


def noted(name: str) -> datetime:
    """A moment that the cookie remembers."""
    return datetime.fromtimestamp(session.get(name, 0), UTC)


def begin_sitting(account: Account) -> None:
    """Sign this browser in, in a cookie that has nothing of the visitor's."""
    session.clear()
    session["sitting"] = secrets.token_urlsafe(12)
    session["since"] = session["seen"] = int(portal().now().timestamp())
    login_user(Sitter(account.id, account.epoch, account.role, account.authority_id))


def identify() -> tuple[Actor, Scope]:
    """Who is asking, and whose records they may see."""
    known: tuple[Actor, Scope] | None = request.environ.get(IDENTIFIED)
    if known is None:
        g.pop("_login_user", None)
        known = request.environ[IDENTIFIED] = seen_as(current_user)
    return known


def seen_as(user: Any) -> tuple[Actor, Scope]:
    """A sitter as the house sees them."""
    if not user.is_authenticated:
        return VISITOR, Scope()
    actor = Actor(user.account_id, user.role.value, user.authority_id, user.role.value)
    if user.role in STAFF_ROLES:
        return actor, Scope(authority_id=user.authority_id)
    return actor, Scope(account_id=user.account_id)


def home_of(role: str | None) -> str:
    """Where someone of this role begins."""
    return url_for(HOME_OF_OTHERS if role is None else HOMES.get(Role(role), HOME_OF_OTHERS))


def turn_away() -> Any:
    """Answer someone who may not come in: a visitor may sign in and go on from there, others are told no."""
    actor, _ = portal().identify()
    if actor.signed_in:
        abort(403)
    target: str | None = request.full_path.rstrip("?")
    if request.method not in READING:
        adapter = current_app.create_url_adapter(request)
        target = request.path if adapter is not None and adapter.test(request.path, "GET") else None
        if target is not None and keep_words():
            flash("You were signed out before this was sent. Sign in again: what you typed has been kept.", "notice")
    return redirect(url_for("accounts.sign_in", next=rules.safe_next(target)))


def keep_words() -> bool:
    """Keep what was typed for someone whose sitting has just ended; whether there was such a person."""
    account_id = request.environ.get(LAPSED)
    if account_id is None:
        return False
    house = portal()
    with db.new_session(writing=True) as own:
        drafts.park(own, house.vault, account_id, house.now())
        own.commit()
    return True


def may_upload() -> bool:
    """Whether this visitor's files are taken in: a family's, those that officers key in or that show how something was
    served, an authority's logo, and those of one whose sitting has just ended.

    The latter's are thrown away, but the words that came with them are kept (see `turn_away`).
    """
    house = portal()
    actor, _ = house.identify()
    sends = any(house.permits(actor, one) for one in SENDS_FILES)
    return sends or request.environ.get(LAPSED) is not None
