"""What granian serves in the benches: a portal over a database that is there already, or the bytes of one page."""

import os
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from ehe_portal.app import create_app
from tests.bench import bare_day as bare_day_of
from tests.bench.portals import settings

DATABASE, FOLDER, PAGE = "BENCH_DATABASE", "BENCH_FOLDER", "BENCH_PAGE"


def portal() -> Flask:
    """The portal, as production serves it."""
    return create_app(settings(os.environ[DATABASE], Path(os.environ[FOLDER])))


def bare() -> Flask:
    """Flask with one page, whose bytes are those of the file named in the environment."""
    app = Flask(__name__)
    page = Path(os.environ[PAGE]).read_bytes()

    @app.get("/")
    def show() -> Response:
        return Response(page, mimetype="text/html")

    return app


def bare_save() -> Flask:
    """Flask with one form, whose file it saves; it says how large that is."""
    app = Flask(__name__)
    place = Path(os.environ[FOLDER], "saved")

    @app.post("/")
    def save() -> str:
        request.files["file"].save(place)
        return str(place.stat().st_size)

    return app


def bare_day() -> Flask:
    """Flask with one page that asks what *My day* asks, and writes its bytes."""
    return bare_day_of.app(os.environ[DATABASE], Path(os.environ[PAGE]).read_bytes())


def django() -> Any:
    """Django's admin over the portal's own tables."""
    from tests.bench.django_admin import application

    return application(os.environ[DATABASE])
