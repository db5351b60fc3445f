"""The one engine, the one declarative base, and the column types that every table uses."""

import enum
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from typing import Any, ClassVar, Literal

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Enum, FromClause, Integer, MetaData, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    Session,
    declared_attr,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from ehe_portal.core.migrations import Migrations
from ehe_portal.core.reference import new_reference
from ehe_portal.core.settings import Settings

BUSY_MILLISECONDS = 30_000
"""How long a statement waits for another's lock before it gives up, on either database."""

CONNECT_SECONDS = 10
"""How long a server that does not answer is waited for."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; SQLite forgets the zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must know its time zone")
        return value.astimezone(UTC)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def coded(codes: type[enum.StrEnum], name: str | None = None) -> Enum:
    """A column of codes: stored by value, and held to its list by a check constraint.

    The second column with the same codes in one table needs a `name` of its own.
    """
    return Enum(
        codes,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=name or codes.__name__.lower(),
        values_callable=lambda listed: [code.value for code in listed],
    )


# SQLite counts up only an INTEGER primary key by itself.
BIG = BigInteger().with_variant(Integer, "sqlite")


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True, repr=False, eq=False):
    """Every table: a bigint key, names for its constraints, and no `repr` that could carry a name into a log.

    A table of housekeeping (see core.transaction) says why in `__housekeeping__`.
    """

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment(), int: BIG}

    id: Mapped[int] = mapped_column(BIG, primary_key=True, init=False)


class Versioned(MappedAsDataclass, kw_only=True):
    """A row that several people may change: a change to what has changed meanwhile is refused, not lost."""

    __table__: ClassVar[FromClause]

    version: Mapped[int] = mapped_column(Integer, init=False, insert_default=1, nullable=False)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}


class Referenced(MappedAsDataclass, kw_only=True):
    """A row that has an address of its own: known to people by a random reference, never by its number."""

    reference: Mapped[str] = mapped_column(unique=True, insert_default=new_reference, default_factory=new_reference)


ONLY_READS = "ehe_portal.only_reads"
# A statement's parameters hold names: they stay out of every error and log.
db = SQLAlchemy(engine_options={"hide_parameters": True})
alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)


def absolute(settings: Settings) -> URL:
    """The database's address; a relative SQLite path is taken from the checkout."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        path = settings.root / url.database
        path.parent.mkdir(parents=True, exist_ok=True)
        url = url.set(database=str(path))
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    return url


def init_app(app: Flask, settings: Settings) -> None:
    """Connect the application to its database and its migrations."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": absolute(settings)}
    app.config["ALEMBIC"] = {
        "script_location": str(settings.root / "migrations"),
        "version_locations": [],
        "file_template": "%%(slug)s",
    }
    app.config["ALEMBIC_CONTEXT"] = {"compare_type": True, "render_as_batch": True, "render_item": render_plainly}
    db.init_app(app)
    # After each request the extension would close asynchronous sessions, in a thread made for it; there are none.
    app.teardown_appcontext_funcs[:] = [one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)]
    alembic.init_app(app)
    with app.app_context():
        prepare(db.engine)


def render_plainly(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write a moment into a migration as what it is in the database, so that migrations need nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


def prepare(engine: Engine) -> None:
    """Make a SQLite engine durable and honest about transactions; let PostgreSQL compile nothing and wait for no lock
    for ever."""
    if engine.dialect.name != "sqlite":

        @event.listens_for(engine, "connect")
        def set_limits(connection: Any, _record: Any) -> None:
            # Our pages read a few indexed rows from large tables. The planner takes the tables' size for the work's,
            # and compiling one statement takes longer than all of a page's statements together.
            connection.execute("SET jit = off")
            # Whoever waits for a lock for ever holds a worker, and the next one behind it.
            connection.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
            connection.commit()

        return

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own, late BEGIN would hide what we read
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"busy_timeout = {BUSY_MILLISECONDS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read that turns into a write fails at once if another wrote meanwhile, so writing says so at the start.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def new_session(*, writing: bool | None) -> Session:
    """A session whose transaction, when it begins, is one that reads (False), one that writes (True), or one that
    reads and may write in the end (None), so that nobody waits for it meanwhile.

    What only reads cannot write by any way on PostgreSQL: so it may end with a commit, where the driver would throw
    its prepared statements away at a rollback. Rows inserted in bulk share one statement whichever of their values
    are None, instead of one for each pattern.
    """
    only_reads = writing is False and db.engine.dialect.name == "postgresql"
    session = db.sessionmaker(
        autoflush=True,
        expire_on_commit=False,
        execution_options={"render_nulls": True},
        info={ONLY_READS: only_reads},
        **({"bind": db.engine.execution_options(postgresql_readonly=True)} if only_reads else {}),
    )
    if writing:
        session.connection(execution_options={"writing": True})
    return session


def end_reading(session: Session) -> None:
    """End a transaction that was to read: nothing that it changed is kept."""
    if session.info.get(ONLY_READS):
        session.expunge_all()
        session.commit()
    else:
        session.rollback()
