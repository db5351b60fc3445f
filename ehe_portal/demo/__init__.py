"""the demonstration authority (in `make demo` only)"""

from flask import Flask

from ehe_portal.demo.commands import demo
from ehe_portal.demo.views import pages


def init_app(app: Flask) -> None:
    """Add the demonstration's pages and its commands."""
    app.register_blueprint(pages)
    app.cli.add_command(demo)
