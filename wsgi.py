"""The portal, for a web server and for the `flask` command."""

import sys

import config
from ehe_portal.app import create_app
from ehe_portal.core.settings import BadSettings

try:
    app = create_app(config.read())
except BadSettings as bad:
    sys.exit(str(bad))
