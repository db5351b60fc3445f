"""What stands round every page: the gate, headers, pages for what went wrong, sittings that ended meanwhile."""

import logging
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from ehe_portal.core import db, drafts
from ehe_portal.core.caught import story
from ehe_portal.core.govuk.typed_text import HIDDEN
from ehe_portal.core.reference import new_reference
from ehe_portal.core.settings import Settings
from ehe_portal.core.vault import VaultError
from ehe_portal.core.web import Portal, portal

log = logging.getLogger(__name__)
csrf = CSRFProtect()
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
WORDS = {
    400: ("There is a problem with what was sent", "Go back, check what you entered and try again."),
    403: ("You cannot open this page", "Your account does not have access to it."),
    404: ("Page not found", "If you typed the web address, check it is correct."),
    405: ("Page not found", "If you typed the web address, check it is correct."),
    409: (
        "Someone else changed this record",
        "It was changed while you were reading it. Go back to keep your words, and reload the page to see the change.",
    ),
    413: (
        "That was too large",
        "Each file must be smaller than 500 MB, and all together smaller than 2 GB. Go back and choose smaller files.",
    ),
    429: ("Too many attempts", "Wait a few minutes, then try again."),
    500: ("Sorry, there is a problem with the service", "Nothing was saved. Try again in a few minutes."),
    503: ("Sorry, the service is unavailable", "Nothing was saved. Try again in a few minutes."),
}


def init_app(app: Flask, house: Portal) -> None:
    """Put the doors on the application."""
    settings = house.settings
    app.extensions["portal"] = house
    configure(app, settings)
    csrf.init_app(app)
    app.before_request(refuse_undeclared)
    app.before_request(refuse_hidden_characters)
    app.after_request(add_headers)
    app.context_processor(surroundings)
    app.register_error_handler(CSRFError, form_too_old)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(StaleDataError, lambda _: show(409))
    app.register_error_handler(OperationalError, show_unavailable)
    app.register_error_handler(NoConnectionFree, show_unavailable)
    app.register_error_handler(VaultError, show_unavailable)
    app.register_error_handler(Exception, show_failure)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.__dict__["wsgi_app"] = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)


def configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings, from ours."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-portal" if settings.secure else "portal",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the sitting: a slow reader's form is not refused
        WTF_CSRF_SSL_STRICT=False,  # it asks for a Referer, which our own policy leaves out
        MAIL_SERVER=settings.mail.server,
        MAIL_PORT=settings.mail.port,
        MAIL_USE_TLS=settings.mail.use_tls,
        MAIL_USERNAME=settings.mail.username,
        MAIL_PASSWORD=settings.mail.password,
        MAIL_DEFAULT_SENDER=settings.mail.default_sender,
        TESTING=settings.testing,
        MAIL_SUPPRESS_SEND=False,  # Flask-Mail would fall silent in tests, and ours read a real mail server
    )


def refuse_undeclared() -> None:
    """Close every route that was not declared through `Pages`; static files are public."""
    if request.endpoint is None or request.endpoint == "static":
        return
    if not hasattr(current_app.view_functions[request.endpoint], "access"):
        abort(403)


def refuse_hidden_characters() -> None:
    """No page has an address with NUL or its like in it, which PostgreSQL and HTML refuse; forms see to their own."""
    asked = (request.path, *(part for pair in request.args.items(multi=True) for part in pair))
    if any(HIDDEN.search(part) for part in asked):
        abort(404)


def add_headers(response: Response) -> Response:
    """Say what browsers may do with the answer. A view's own header, where it set one, is the stricter."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        # Not no-store: it would make browsers forget a half-filled form on the way back.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def surroundings() -> dict[str, Any]:
    """What every template may use: see the windows' `surroundings` in app.py."""
    house = portal()
    work = g.get("work")
    if work is None:
        return {"settings_demo": house.settings.demo}
    return {"settings_demo": house.settings.demo, **house.surroundings(work, g.get("thing"))}


def framed_here(response: Response) -> Response:
    """Let a page of ours stand in a frame of another page of ours, and of nobody else's."""
    response.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def show(code: int, reference: str | None = None) -> tuple[str, int]:
    """A page for what went wrong, drawn without the database."""
    g.pop("work", None)
    title, words = WORDS.get(code, WORDS[400 if code < 500 else 500])
    return render_template("core/error.html", code=code, title=title, words=words, reference=reference), code


def show_http(error: HTTPException) -> Any:
    """A page for an answer that was meant."""
    if error.code is None or error.code < 400:
        return error
    return show(error.code)


def show_failure(error: Exception) -> Any:
    """A page for a fault of ours, with a reference that is also in the log."""
    reference = new_reference()
    log.error("failure %s at %s: %s\n%s", reference, request.endpoint, type(error).__name__, story(error))
    return show(500, reference)


def show_unavailable(error: Exception) -> Any:
    """A page for a database, a vault or a disk that does not answer."""
    reference = new_reference()
    log.error("unavailable %s at %s: %s\n%s", reference, request.endpoint, type(error).__name__, story(error))
    return show(503, reference)


def form_too_old(_error: CSRFError) -> Any:
    """A form from a sitting that has ended: its words are kept, and its page is opened again."""
    house = portal()
    actor, _ = house.identify()
    if not actor.signed_in or actor.account_id is None:
        return house.turn_away()
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(request.path, "GET"):
        return show(400)
    with db.new_session(writing=True) as session:
        drafts.park(session, house.vault, actor.account_id, house.now())
        session.commit()
    return redirect(request.path)
