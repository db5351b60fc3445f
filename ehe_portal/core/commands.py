"""What every `flask` command shares: a piece of work of its own, plain complaints on standard error, exit codes."""

import json
import logging
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import click
from flask.cli import ScriptInfo
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from ehe_portal.core import db
from ehe_portal.core.days import LONDON
from ehe_portal.core.errors import Refusal
from ehe_portal.core.health import Checkup, Found, database
from ehe_portal.core.jobs import Job, run
from ehe_portal.core.jobs.runner import DatabaseInTrouble
from ehe_portal.core.jobs.scheduler import Serving
from ehe_portal.core.jobs.standing import Standing, standing
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import portal
from ehe_portal.core.work import COMMAND, Scope, Work

REFUSED = 2
OTHER_SCHEMA = "The database does not have the schema of this version. Run: flask db upgrade"
ENDING = (signal.SIGTERM, signal.SIGINT)
log = logging.getLogger(__name__)
JSON = click.option("--json", "in_json", is_flag=True, help="One JSON array on standard output.")


@contextmanager
def command_work(*, writing: bool) -> Iterator[Work]:
    """The work of one command, over every authority, in one transaction; nothing is kept if it fails.

    A `Refusal` becomes its message on standard error and exit code 2. For use inside an application context, which
    Flask gives to every command.
    """
    try:
        work = portal().work(COMMAND, Scope(everything=True), writing=writing)
        with transaction(work, may_write=writing):
            yield work
    except Refusal as refusal:
        complain(refusal.message)
        sys.exit(REFUSED)
    except UnicodeEncodeError:  # bytes on the command line that are no text, which no database takes
        complain("Enter words that are UTF-8 text")
        sys.exit(REFUSED)
    except (OperationalError, ProgrammingError):
        need_schema()
        raise


def complain(message: str) -> None:
    """A line for people on standard error."""
    click.echo(message, err=True)


def schema_is_current(engine: Engine) -> bool:
    """Whether the database has the schema that this version of the portal needs."""
    return db.alembic.is_current(engine)


def as_json(rows: Any) -> None:
    """One JSON value on standard output, and nothing else."""
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def need_schema(code: int = REFUSED) -> None:
    """End with a plain complaint where the database is out of reach, or older or newer than this version."""
    try:
        current = schema_is_current(db.db.engine)
    except OperationalError:
        complain("The database cannot be reached")
        sys.exit(code)
    if not current:
        complain(OTHER_SCHEMA)
        sys.exit(code)


def jobs_group(jobs: Sequence[Job], checkup: Checkup) -> click.Group:
    """`flask jobs ...`. `checkup` is what the watch asks."""
    group = click.Group("jobs", help="What the portal does by itself.")
    by_name = {job.name: job for job in jobs}
    group.add_command(list_command(jobs))
    group.add_command(run_command(by_name))
    group.add_command(status_command(jobs))
    group.add_command(serve_command(jobs))
    group.add_command(watch_command(checkup))
    return group


def list_command(jobs: Sequence[Job]) -> click.Command:
    """`flask jobs list`."""

    @click.command("list", help="The jobs, and when each is due.")
    @JSON
    def list_jobs(in_json: bool) -> None:
        if in_json:
            as_json([{"name": job.name, "schedule": str(job.schedule)} for job in jobs])
            return
        for job in jobs:
            click.echo(f"{job.name:<24}  {job.schedule}")

    return list_jobs


def run_command(by_name: Mapping[str, Job]) -> click.Command:
    """`flask jobs run`."""

    @click.command("run", help="Run one job now, whatever the hour; exit 1 if a case failed.")
    @click.argument("name", type=click.Choice(list(by_name)))
    def run_job(name: str) -> None:
        need_schema()
        try:
            report = run(by_name[name], portal())
        except (OperationalError, DatabaseInTrouble) as trouble:
            complain(f"{name} broke off: {type(trouble).__name__}. What was done before it stands. Run it again")
            sys.exit(1)
        complain(f"{name}: {report.done} done, {report.failed} failed")
        if report.failed:
            complain(f"The latest failure: {report.problem}. The log says where")
            sys.exit(1)

    return run_job


def status_command(jobs: Sequence[Job]) -> click.Command:
    """`flask jobs status`."""

    @click.command("status", help="Last run, next run, how late, and what failed, for each job.")
    @JSON
    def status(in_json: bool) -> None:
        with command_work(writing=False) as work:
            standings = [standing(work.session, job, work.at) for job in jobs]
        if in_json:
            as_json([each.as_json() for each in standings])
            return
        for each in standings:
            click.echo(describe(each))

    return status


def serve_command(jobs: Sequence[Job]) -> click.Command:
    """`flask jobs serve`."""

    @click.command("serve", help="Run the jobs as they come due. Several may run: one leads, the others stand by.")
    @click.pass_context
    def serve(context: click.Context) -> None:
        need_schema()
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        # Blocked here and so in every thread: the signals wait until this one asks for them.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        serving = Serving(context.ensure_object(ScriptInfo).load_app(), portal(), jobs)
        serving.start()
        signal.sigwait(ENDING)
        log.info("stopping after the batch under way")
        serving.stop()

    return serve


def watch_command(checkup: Checkup) -> click.Command:
    """`flask jobs watch`."""

    @click.command("watch", help="Say what is wrong and what to do. Exit 1 where the main job is in danger.")
    def watch() -> None:
        try:
            work = portal().work(COMMAND, Scope(everything=True), writing=False)
            with transaction(work, may_write=False):
                found = checkup(work)
        except SQLAlchemyError:
            found = Found([database(answers=False)], portal().now())
        for each in found.complaints:
            complain(each)
        if found.alarms:
            sys.exit(1)

    return watch


def describe(job: Standing) -> str:
    """Where a job stands, for people; times are London's."""
    last = "never" if job.last_run_at is None else in_london(job.last_run_at)
    late = f"{job.late // timedelta(minutes=1)} minutes late" if job.late >= timedelta(minutes=1) else "on time"
    said = f"{job.name:<24}  last run {last}, next run {in_london(job.next_run_at)}, {late}, {job.failed} failed"
    return said if job.problem is None else f"{said} ({job.problem})"


def in_london(moment: datetime) -> str:
    """A moment as people in London write it."""
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y %H:%M}"
