"""Builds the application from the parts below."""

from flask import Flask

from ehe_portal import demo, schedule
from ehe_portal.accounts import commands as accounts_commands
from ehe_portal.accounts import policy
from ehe_portal.accounts import views as accounts
from ehe_portal.audit.service import damage, note_key_change
from ehe_portal.casefile import commands as casefile_commands
from ehe_portal.casefile import views as casefile
from ehe_portal.casefile.queries import sight
from ehe_portal.complaints import views as complaints
from ehe_portal.contact import commands as contact_commands
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import views as contact
from ehe_portal.core import commands as core_commands
from ehe_portal.core import db, doors, drafts, govuk, mail, uploads, vault_commands, web
from ehe_portal.core.health import Checkup, health_pages
from ehe_portal.core.scanner import Scanner
from ehe_portal.core.settings import Settings
from ehe_portal.core.vault import Vault
from ehe_portal.escalation import commands as escalation_commands
from ehe_portal.escalation import views as escalation
from ehe_portal.evidence import commands as evidence_commands
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence_service
from ehe_portal.evidence import views as evidence
from ehe_portal.letters import service as letters_service
from ehe_portal.letters import views as letters
from ehe_portal.messages import views as messages
from ehe_portal.notes import views as notes
from ehe_portal.notices import views as notices
from ehe_portal.orders import queries as orders_queries
from ehe_portal.orders import views as orders
from ehe_portal.policy import views as policy_pages
from ehe_portal.reactions import REACTIONS
from ehe_portal.register import commands as register_commands
from ehe_portal.register import views as register
from ehe_portal.register.service import drafts as registration_drafts

PAGES = (
    *accounts.ALL_PAGES,
    *policy_pages.ALL_PAGES,
    *register.ALL_PAGES,
    *letters.ALL_PAGES,
    *contact.ALL_PAGES,
    *evidence.ALL_PAGES,
    *messages.ALL_PAGES,
    *escalation.ALL_PAGES,
    *notices.ALL_PAGES,
    *notes.ALL_PAGES,
    *complaints.ALL_PAGES,
    *orders.ALL_PAGES,
    *casefile.ALL_PAGES,
)

SEALED = (drafts.SEALED, registration_drafts.SEALED, letters_service.SEALED)
"""Every table with values that the vault sealed."""


def create_app(settings: Settings) -> Flask:
    """The portal, ready to serve. Reads nothing but its settings."""
    root = settings.root
    app = Flask(
        "ehe_portal", root_path=str(root), template_folder="templates", static_folder="static", instance_path=str(root)
    )
    house = web.Portal(
        settings=settings,
        vault=Vault.from_url(settings.vault_url, settings.vault_key, root, settings.vault_other_keys),
        reactions=REACTIONS,
        permits=policy.permits,
        identify=accounts.identify,
        turn_away=accounts.turn_away,
        surroundings=casefile.surroundings,
        heard=contact_queries.heard,
        document=orders_queries.sending_on,
        proofs=evidence_queries.proofs_about,
        scanner=Scanner(settings.clamd) if settings.clamd else None,
    )
    doors.init_app(app, house)
    uploads.init_app(app, house.vault.incoming, lambda: accounts.may_upload() or evidence.may_attach())
    db.init_app(app, settings)
    govuk.init_app(app)
    mail.init_app(app)
    accounts.init_app(app)
    further = [evidence_service.scanner_check, damage.files_check]
    checkup = Checkup(schedule.JOBS, schedule.SWEEP.name, sight.in_sight, further)
    looking = health_pages(checkup), casefile.running_pages(checkup), casefile.sight_pages(schedule.SWEEP)
    for pages in (*PAGES, *looking):
        app.register_blueprint(pages)
    for group in (
        vault_commands.ready_command(SEALED),
        vault_commands.vault_group(schedule.KEPT, SEALED, note_key_change, damage.forget_mended),
        core_commands.jobs_group(schedule.JOBS, checkup),
        *accounts_commands.GROUPS,
        *register_commands.GROUPS,
        *contact_commands.GROUPS,
        *escalation_commands.GROUPS,
        *evidence_commands.GROUPS,
        *casefile_commands.GROUPS,
    ):
        app.cli.add_command(group)
    if settings.demo:
        demo.init_app(app)
    return app
