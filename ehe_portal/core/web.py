"""Pages: a route cannot exist without saying who may open it, and keeps a change only if it answers with a redirect.

`@pages.page(rule, needs=..., on=...)` wraps a view so that

1. a visitor without the permission is turned away (to sign in, or with 403),
2. the thing the page is on is found *within the actor's scope* by `on(work, **url)`, or the answer is 404,
3. the view gets the work and the thing, in one transaction,
4. a POST is kept only if the view redirects; a GET may not write at all,
5. a second press of the same button on the same form leads to where the first one led.

`@pages.program` is the same for programs (autosave, upload parts): a change is kept on 2xx.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ehe_portal.core import db, presses
from ehe_portal.core.settings import Settings
from ehe_portal.core.transaction import transaction
from ehe_portal.core.vault import Vault
from ehe_portal.core.work import Actor, Reactions, Scope, Work

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_KEY = 2**63 - 1
PAGES_SESSION = "ehe_portal.pages_session"
View = Callable[..., Any]


class Anyone:
    """No sign-in needed: said aloud."""


class SignedIn:
    """Anyone who has signed in, whatever their role."""


@dataclass(frozen=True)
class Access:
    """Who may open a route, what finds the thing it is on, and which answers keep a change."""

    needs: Any
    on: Callable[..., Any] | None
    keeps: range


@dataclass
class Portal:
    """What `app.py` puts together for the pages: the house's wiring, reachable as `portal()`.

    `identify` says who is asking, `turn_away` answers whoever may not come in, `surroundings` gives templates what
    stands round every page (navigation, the child's header).
    """

    settings: Settings
    vault: Vault
    reactions: Reactions
    permits: Callable[[Actor, Any], bool]
    identify: Callable[[], tuple[Actor, Scope]]
    turn_away: Callable[[], Any]
    surroundings: Callable[[Work, Any], dict[str, Any]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def work(self, actor: Actor, scope: Scope, *, writing: bool, session: Session | None = None) -> Work:
        """A new piece of work, with a session of its own unless it gets one."""
        return Work(session or db.new_session(writing=writing), actor, self.now(), scope, self.reactions)


def portal() -> Portal:
    """The running portal."""
    found: Portal = current_app.extensions["portal"]
    return found


class Pages(Blueprint):
    """A slice's pages."""

    def page(
        self, rule: str, *, needs: Any, on: View | None = None, methods: Sequence[str] = ("GET",), **options: Any
    ) -> Callable[[View], View]:
        """Declare a page for people: a change is kept when it redirects."""
        return self._declare(rule, Access(needs, on, range(300, 400)), methods, options)

    def program(
        self, rule: str, *, needs: Any, on: View | None = None, methods: Sequence[str] = ("POST",), **options: Any
    ) -> Callable[[View], View]:
        """Declare an address for programs: a change is kept on 2xx."""
        return self._declare(rule, Access(needs, on, range(200, 300)), methods, options)

    def _declare(
        self, rule: str, access: Access, methods: Sequence[str], options: dict[str, Any]
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            @wraps(view)
            def opened(**url: Any) -> Any:
                return open_page(view, access, url)

            opened.__dict__["access"] = access
            self.add_url_rule(rule, view.__name__, opened, methods=list(methods), **options)
            return opened

        return declare


def open_page(view: View, access: Access, url: dict[str, Any]) -> Any:
    """Let one request through the door: see the top of this file."""
    if request.method not in READING:
        return let_in(view, access, url, None)
    with db.new_session(writing=False) as session:
        # Who is asking is found out in the page's own transaction, which saves every page some ways to the database.
        request.environ[PAGES_SESSION] = session
        return let_in(view, access, url, session)


def let_in(view: View, access: Access, url: dict[str, Any], reading: Session | None) -> Any:
    """Find out who is asking, and answer them; `reading` is the session of a request that writes nothing."""
    house = portal()
    actor, scope = house.identify()
    if not may_open(house, actor, access.needs):
        return house.turn_away()
    writing = reading is None
    try:
        return answer(house.work(actor, scope, writing=writing, session=reading), view, access, url, writing)
    except IntegrityError:
        # Two presses at the same moment: the second meets the first one's mark once that is saved.
        again = presses.led_to(house.work(actor, scope, writing=False)) if writing else None
        if again is None:
            raise
        return again


def answer(work: Work, view: View, access: Access, url: dict[str, Any], writing: bool) -> Any:
    """Find the thing, run the view, and keep what it did or not."""
    g.work, g.thing = work, None
    with transaction(work, may_write=writing):
        if access.on is not None:
            g.thing = access.on(work, **url) or abort(404)
        if not writing:
            presses.bring_back(work, portal().vault)
        elif (again := presses.led_to(work)) is not None:
            work.abandoned = True
            return again
        response: Response = make_response(view(work, g.thing) if access.on else view(work, **url))
        work.abandoned = writing and response.status_code not in access.keeps
        if writing and not work.abandoned:
            presses.remember(work, response)
    return response


def may_open(house: Portal, actor: Actor, needs: Any) -> bool:
    """Whether this actor has what a page needs."""
    if needs is Anyone:
        return True
    return actor.signed_in and (needs is SignedIn or house.permits(actor, needs))


def key_asked(name: str) -> int | None:
    """The row's number that the address asks for; None where it asks for none, or for one that no row can have."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found <= LARGEST_KEY else None
