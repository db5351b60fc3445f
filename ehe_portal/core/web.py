"""Pages: a route cannot exist without saying who may open it, and keeps a change only if it answers with a redirect.

`@pages.page(rule, needs=..., on=...)` wraps a view so that

1. a visitor without the permission is turned away (to sign in, or with 403),
2. the thing the page is on is found *within the actor's scope* by `on(work, **url)`, or the answer is 404,
3. the view gets the work and the thing, in one transaction,
4. a POST is kept only if the view redirects; a GET may not write at all,
5. a second press of the same button on the same form leads to where the first one led.

`@pages.program` is the same for programs (upload parts): a change is kept on 2xx. A page declared with `drafts=` keeps
its form while it is being written (see core.drafts), and has an address of its own for that, ending in /draft.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ehe_portal.core import db, drafts, presses
from ehe_portal.core.drafts import Titled
from ehe_portal.core.scanner import Scanner
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
    """Who may open a route, what finds its thing, which answers keep a change, what a draft of its form is called."""

    needs: Any
    on: Callable[..., Any] | None
    keeps: range
    drafts: Titled | None = None


@dataclass
class Portal:
    """What `app.py` puts together for the pages: the house's wiring, reachable as `portal()`.

    `identify` says who is asking, `turn_away` answers whoever may not come in, `surroundings` gives templates what
    stands round every page (navigation, the child's header), `heard` the contacts at which something was shown or told
    about a child, for the room where that is weighed; `document` a document of a notice or order, for the room where
    files are kept, and `proofs` the files that show how such documents about a child were served; `scanner` looks for
    viruses, where there is one.
    """

    settings: Settings
    vault: Vault
    reactions: Reactions
    permits: Callable[[Actor, Any], bool]
    identify: Callable[[], tuple[Actor, Scope]]
    turn_away: Callable[[], Any]
    surroundings: Callable[[Work, Any], dict[str, Any]]
    heard: Callable[[Work, int], Sequence[Any]]
    document: Callable[[Work, str, str], Any]
    proofs: Callable[[Work, int], Mapping[int, Sequence[Any]]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    scanner: Scanner | None = None

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
        self,
        rule: str,
        *,
        needs: Any,
        on: View | None = None,
        methods: Sequence[str] = ("GET",),
        drafts: Titled | None = None,
        **options: Any,
    ) -> Callable[[View], View]:
        """Declare a page for people: a change is kept when it redirects. `drafts` says what its unfinished form is."""
        declare = self._declare(rule, Access(needs, on, range(300, 400), drafts), methods, options)
        return declare if drafts is None else self._keeping_drafts(rule, needs, on, drafts, declare)

    def program(
        self, rule: str, *, needs: Any, on: View | None = None, methods: Sequence[str] = ("POST",), **options: Any
    ) -> Callable[[View], View]:
        """Declare an address for programs: a change is kept on 2xx."""
        return self._declare(rule, Access(needs, on, range(200, 300)), methods, options)

    def _keeping_drafts(
        self, rule: str, needs: Any, on: View | None, title: Titled, declare: Callable[[View], View]
    ) -> Callable[[View], View]:
        """Beside a page, the address at which its form is saved while it is being typed."""

        def declare_both(view: View) -> View:
            def save(work: Work, thing: Any = None, **_url: Any) -> Any:
                return drafts.autosave(work, portal().vault, f"{self.name}.{view.__name__}", title(thing))

            self.program(f"{rule}{drafts.SUFFIX}", needs=needs, on=on, endpoint=f"{view.__name__}_draft")(save)
            return declare(view)

        return declare_both

    def _declare(
        self, rule: str, access: Access, methods: Sequence[str], options: dict[str, Any]
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            @wraps(view)
            def opened(**url: Any) -> Any:
                return open_page(view, access, url)

            opened.__dict__["access"] = access
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(rule, endpoint, opened, methods=list(methods), **options)
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
    if reading is not None:
        return answer(house.work(actor, scope, writing=False, session=reading), view, access, url)
    try:
        response = answer(house.work(actor, scope, writing=True), view, access, url)
    except (IntegrityError, StaleDataError, HTTPException):
        if (led := led_meanwhile(house, actor, scope)) is None:
            raise
        return led
    return response if response.status_code in access.keeps else led_meanwhile(house, actor, scope) or response


def led_meanwhile(house: Portal, actor: Actor, scope: Scope) -> Any | None:
    """Of two presses at the same moment: where the first one led, which is why the second one failed or was refused."""
    with db.new_session(writing=False) as session:
        return presses.led_to(house.work(actor, scope, writing=False, session=session))


def answer(work: Work, view: View, access: Access, url: dict[str, Any]) -> Any:
    """Find the thing, run the view, and keep what it did or not."""
    g.work, g.thing = work, None
    writing = request.method not in READING
    with transaction(work, may_write=writing):
        if access.on is not None:
            g.thing = access.on(work, **url) or abort(404)
        if not writing:
            drafts.bring_back(work, portal().vault, declared=access.drafts is not None)
        elif (again := presses.led_to(work)) is not None:
            work.abandoned = True
            return again
        response: Response = make_response(
            put_off(work, access) or (view(work, g.thing) if access.on else view(work, **url))
        )
        work.abandoned = writing and response.status_code not in access.keeps
        if writing and not work.abandoned:
            presses.remember(work, response)
    return response


def put_off(work: Work, access: Access) -> Any | None:
    """The answer to a form that is to be finished later, or thrown away; None to one that is to be done now.

    What is done now takes its draft with it, should it be kept.
    """
    g.keeps_drafts = access.drafts is not None
    later = request.form.get("later") if request.method == "POST" else None
    if later == "throw-away":
        return drafts.throw_away(work)
    if later == "keep" and access.drafts is not None:
        return drafts.set_aside(work, portal().vault, access.drafts(g.thing))
    if request.method not in READING:
        drafts.forget_sent(work)
    return None


def may_open(house: Portal, actor: Actor, needs: Any) -> bool:
    """Whether this actor has what a page needs."""
    if needs is Anyone:
        return True
    return actor.signed_in and (needs is SignedIn or house.permits(actor, needs))


def key_asked(name: str) -> int | None:
    """The row's number that the address asks for; None where it asks for none, or for one that no row can have."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found <= LARGEST_KEY else None
