"""The portal's health, for monitors."""

from typing import Any

from flask import jsonify

from ehe_portal.casefile.queries import sight
from ehe_portal.core import health
from ehe_portal.core.web import Anyone, Pages
from ehe_portal.core.work import Scope, Work

pages = Pages("health", __name__)


@pages.page("/healthz", needs=Anyone)
def healthz(work: Work) -> Any:
    """Whether all is well: 200, or 503 and why. Counts and dates only."""
    work.scope = Scope(everything=True)
    report = health.report(work, sight.how_many_out_of_sight)
    return jsonify(report.as_json()), 200 if report.is_well else 503
