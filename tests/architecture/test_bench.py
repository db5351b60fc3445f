"""The benches write rows by bare SQL: what they write still fits the tables."""

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ehe_portal.contact.models import ContactClock
from ehe_portal.register.models import Address, Child, Parent
from tests import postgres
from tests.bench.portals import Ground
from tests.conftest import SERVER

CHILDREN = 1200  # so many that of a busy authority there is something of every kind


@pytest.mark.parametrize("busy", [False, True])
def test_a_portal_is_filled(request: pytest.FixtureRequest, tmp_path: Path, busy: bool) -> None:
    if request.config.getoption("--database") == "sqlite":
        pytest.skip("the benches run on PostgreSQL")
    here = Ground(os.environ[SERVER], tmp_path, date(2026, 3, 12))
    site = here.site(CHILDREN, 4, busy=busy)
    try:
        with site.app.app_context(), site.engine.connect() as connection:
            for table in (Child, Address, Parent, ContactClock):
                assert connection.scalar(select(func.count()).select_from(table)) == CHILDREN
    finally:
        here.close()
        postgres.drop_database(os.environ[SERVER], site.database)
