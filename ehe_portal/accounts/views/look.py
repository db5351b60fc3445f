"""The authority's colours and logo, as every page of it has them.

Their address carries a mark of what they are, so that a browser keeps them until they change.
"""

from typing import Any

from flask import Response, render_template, request

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.models import Authority, AuthorityLogo
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import Work

pages = Pages("look", __name__)
KEPT = "private, max-age=31536000, immutable"
LOCKED_DOWN = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin"}


@pages.page("/brand.css", needs=Anyone)
def brand(work: Work) -> Any:
    """The authority's colours as custom properties; nothing where it has none of its own."""
    authority = queries.authority_shown(work)
    own = authority if authority is not None and authority.brand_colour else None
    edge = rules.edge_of(own.brand_colour) if own is not None and own.brand_colour else ""
    sheet = render_template("accounts/brand.css", authority=own, edge=edge)
    return kept(Response(sheet, mimetype="text/css"), mark_of(own))


@pages.page("/brand/logo", needs=Anyone, on=queries.logo_shown)
def logo(work: Work, logo: AuthorityLogo) -> Any:
    """The authority's logo, which is a picture of our own making."""
    response = Response(logo.jpeg, mimetype="image/jpeg", headers=LOCKED_DOWN)
    response.headers["Content-Disposition"] = "inline"
    return kept(response, logo.mark)


def mark_of(authority: Authority | None) -> str:
    """What tells these colours from others."""
    if authority is None:
        return "none"
    return f"{authority.brand_colour}{authority.brand_text_colour}".replace("#", "")


def kept(response: Response, mark: str) -> Any:
    """Let browsers keep what the address names by its mark; ask again each time for what it does not."""
    response.set_etag(mark)
    if request.args.get("v") == mark:
        response.headers["Cache-Control"] = KEPT
    return response.make_conditional(request)
