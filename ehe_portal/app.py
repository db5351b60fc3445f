"""Builds the application from the parts below."""

from flask import Flask

from ehe_portal import demo, schedule
from ehe_portal.accounts import commands as accounts_commands
from ehe_portal.accounts import policy
from ehe_portal.accounts import views as accounts
from ehe_portal.audit import views as audit
from ehe_portal.casefile import commands as casefile_commands
from ehe_portal.casefile import views as casefile
from ehe_portal.casefile.queries import sight
from ehe_portal.contact import commands as contact_commands
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import views as contact
from ehe_portal.core import commands as core_commands
from ehe_portal.core import db, doors, govuk, mail, uploads, web
from ehe_portal.core.health import health_pages
from ehe_portal.core.settings import Settings
from ehe_portal.core.vault import Vault
from ehe_portal.escalation import commands as escalation_commands
from ehe_portal.escalation import views as escalation
from ehe_portal.evidence import views as evidence
from ehe_portal.messages import views as messages
from ehe_portal.notes import views as notes
from ehe_portal.notices import views as notices
from ehe_portal.policy import views as policy_pages
from ehe_portal.reactions import REACTIONS
from ehe_portal.register import commands as register_commands
from ehe_portal.register import views as register

PAGES = (
    *accounts.ALL_PAGES,
    *audit.ALL_PAGES,
    *policy_pages.ALL_PAGES,
    *register.ALL_PAGES,
    *contact.ALL_PAGES,
    *evidence.ALL_PAGES,
    *messages.ALL_PAGES,
    *escalation.ALL_PAGES,
    *notices.ALL_PAGES,
    *notes.ALL_PAGES,
    *casefile.ALL_PAGES,
)


def create_app(settings: Settings) -> Flask:
    """The portal, ready to serve. Reads nothing but its settings."""
    root = settings.root
    app = Flask(
        "ehe_portal", root_path=str(root), template_folder="templates", static_folder="static", instance_path=str(root)
    )
    house = web.Portal(
        settings=settings,
        vault=Vault.from_url(settings.vault_url, settings.vault_key, root),
        reactions=REACTIONS,
        permits=policy.permits,
        identify=accounts.identify,
        turn_away=accounts.turn_away,
        surroundings=casefile.surroundings,
        heard=contact_queries.heard,
    )
    doors.init_app(app, house)
    uploads.init_app(app, house.vault.incoming, accounts.may_upload)
    db.init_app(app, settings)
    govuk.init_app(app)
    mail.init_app(app)
    accounts.init_app(app)
    for pages in (*PAGES, health_pages(schedule.SWEEP, sight.how_many_out_of_sight)):
        app.register_blueprint(pages)
    for group in (
        core_commands.ready,
        core_commands.jobs_group(schedule.JOBS, sweep=schedule.SWEEP.name, out_of_sight=sight.how_many_out_of_sight),
        *accounts_commands.GROUPS,
        *register_commands.GROUPS,
        *contact_commands.GROUPS,
        *escalation_commands.GROUPS,
        *casefile_commands.GROUPS,
    ):
        app.cli.add_command(group)
    if settings.demo:
        demo.init_app(app)
    return app
