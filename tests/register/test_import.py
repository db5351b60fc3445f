"""The register in from a spreadsheet and out to one, by the commands that other programs call."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Arrangement, Destination, SocialCare, Tier
from ehe_portal.core.csvfiles import read_sheet, tidy, write_sheet
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Address, Child, Episode, EpisodeChange, PossibleDouble
from ehe_portal.register.rules.rows import COLUMNS
from tests.conftest import NOON
from tests.pages import LintingClient
from tests.register.conftest import cells_of
from tests.village import Village

Run = Callable[..., Result]
Sheet = Callable[..., Path]
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def noon(clock: object, village: Village) -> None:
    """It is noon of a day in March, and the village is there; imports go to the second authority, which is small."""


def kept(work: Work, ref: str) -> Child:
    return work.session.scalars(select(Child).where(Child.authority_ref == ref)).one()


def take(flask: Run, path: Path, *more: str) -> Result:
    return flask("import", path, "--authority", "839", *more)


def test_a_file_is_kept_whole(flask: Run, sheet: Sheet, work: Work, village: Village) -> None:
    path = sheet(
        {"tier": "close", "social_care": "cp", "adviser_email": "Adviser@Mercia.example", "upn": "b801200005001"},
        {"arrangement": "flexi", "parent2_name": "Sam Byrne", "parent2_responsibility": "no", "protected": "yes"},
        {"closed_on": "31/12/2024", "destination": "school", "preferred_name": "Lil", "postcode": "ls14ap"},
    )
    done = take(flask, path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "3 children added; 0 here already" in done.stderr
    first, second, third = (kept(work, f"R-{number}") for number in range(3))
    assert first.authority_id == village.elsewhere.id
    assert (first.upn, first.age_starts, first.sort_name) == ("B801200005001", date(2019, 3, 31), "byrne  child 0")
    episode = first.episodes[0]
    assert (episode.tier, episode.social_care, episode.arrangement) == (Tier.CLOSE, SocialCare.CP, Arrangement.EHE)
    assert episode.adviser_id == village.stranger[village.adviser.role].id
    assert episode.team_since is None
    assert episode.accepted_at == NOON
    changes = work.session.scalars(select(EpisodeChange).where(EpisodeChange.episode_id == episode.id)).all()
    assert [(change.from_on, change.tier, change.social_care) for change in changes] == [
        (date(2024, 9, 1), Tier.CLOSE, SocialCare.CP)
    ]
    other = second.episodes[0]
    assert (other.service_name, other.review_on) == ("Elective home education team", date(2026, 9, 12))
    assert (other.adviser_id, other.team_since) == (None, TODAY)
    assert second.protected
    assert [(parent.position, parent.name, parent.address) for parent in second.parents] == [(2, "Sam Byrne", None)]
    assert third.episodes[0].destination is Destination.SCHOOL
    assert third.sort_name == "byrne  child 2 lil"
    address = third.addresses[0]
    assert (address.line, address.postcode, address.from_on) == ("1 Mill Lane, Leeds", "LS1 4AP", date(2024, 9, 1))


def test_open_home_education_gets_a_running_clock_and_nothing_else_does(flask: Run, sheet: Sheet, work: Work) -> None:
    take(flask, sheet({}, {"arrangement": "eotas"}, {"closed_on": "2025-01-01", "destination": "abroad"}))
    running = work.session.scalars(
        select(Child.authority_ref)
        .join(ContactClock, ContactClock.child_id == Child.id)
        .where(ContactClock.is_running, Child.authority_ref.like("R-%"))
    ).all()
    assert running == ["R-0"]


def test_ended_with_school_age_before_it_is_over_is_looked_at(
    flask: Run, sheet: Sheet, work: Work, village: Village, client_as: Callable[..., LintingClient]
) -> None:
    """What a file says stands; where the date of birth says otherwise an officer looks at it, and is told why."""
    closed = {"closed_on": "31/12/2024", "destination": "over-age"}
    assert take(flask, sheet(closed, closed | {"date_of_birth": "2008-02-02"})).exit_code == 0
    too_young, grown_up = (kept(work, f"R-{number}") for number in range(2))
    assert (too_young.episodes[0].to_review_since, grown_up.episodes[0].to_review_since) == (TODAY, None)
    manager = client_as(village.stranger[Role.EHE_MANAGER])
    assert too_young.legal_surname in manager.get("/my-day?kind=ended&whose=team").text
    page = " ".join(manager.get(f"/children/{too_young.reference}/episode/ended").text.split())
    assert "By the date of birth compulsory school age goes on until" in page


def test_what_happened_is_audited_for_each_child(flask: Run, sheet: Sheet, work: Work) -> None:
    take(flask, sheet({}, {"legal_forename": "Xu", "closed_on": "2025-01-01", "destination": "abroad"}))
    entries = work.session.execute(
        select(AuditEntry.kind, Child.authority_ref, AuditEntry.actor)
        .join(Child, Child.id == AuditEntry.child_id)
        .where(Child.authority_ref.like("R-%"))
        .order_by(AuditEntry.kind, Child.authority_ref)
    ).all()
    assert [tuple(entry) for entry in entries] == [
        ("EpisodeClosed", "R-1", "command"),
        ("EpisodeOpened", "R-0", "command"),
        ("EpisodeOpened", "R-1", "command"),
    ]


def test_importing_again_changes_nothing_and_says_so(flask: Run, sheet: Sheet, work: Work) -> None:
    path = sheet({"parent1_name": "Robin Byrne", "postcode": "ls14ap", "sex": "F"}, {"tier": "close"})
    take(flask, path)
    before = work.session.scalar(select(func.count(AuditEntry.id)))
    again = take(flask, path)
    assert (again.exit_code, again.stderr) == (0, "Nothing changed: 2 children in the file, here already.\n")
    assert work.session.scalar(select(func.count(AuditEntry.id))) == before


def test_new_rows_of_a_longer_file_are_added(flask: Run, sheet: Sheet, work: Work) -> None:
    take(flask, sheet({}))
    assert "1 child added; 1 here already" in take(flask, sheet({}, {})).stderr


def test_a_dry_run_keeps_nothing(flask: Run, sheet: Sheet, work: Work) -> None:
    done = take(flask, sheet({}, {}), "--dry-run")
    assert (done.exit_code, done.stderr) == (0, "2 children would be added; 0 here already. Nothing was kept.\n")
    assert work.session.scalar(select(func.count(Child.id)).where(Child.authority_ref.like("R-%"))) == 0


def test_every_bad_row_is_listed_and_nothing_is_kept(flask: Run, sheet: Sheet, work: Work) -> None:
    path = sheet(
        {},
        {"upn": "A801200005001", "tier": "tight", "adviser_email": "no@mercia.example"},
        {"adviser_email": "nobody@mercia.example"},
        {"child_ref": "R-0"},
        {"adviser_email": "adviser@wessex.example"},
        {"adviser_email": "cme-officer@mercia.example"},
    )
    done = take(flask, path)
    assert (done.exit_code, done.stdout) == (2, "")
    upn = "expected a UPN: 13 characters, the first of which is the right check letter"
    adviser = "expected the email address of an adviser of this authority"
    assert done.stderr.splitlines() == [
        f'line 3, column adviser_email: "no@mercia.example": {adviser}',
        'line 3, column tier: "tight": expected one of annual, half-yearly, close',
        f'line 3, column upn: "A801200005001": {upn}',
        f'line 4, column adviser_email: "nobody@mercia.example": {adviser}',
        'line 5, column child_ref: "R-0": expected each child once; line 2 has it too',
        f'line 6, column adviser_email: "adviser@wessex.example": {adviser}',
        f'line 7, column adviser_email: "cme-officer@mercia.example": {adviser}',
        "5 bad rows. Nothing was imported.",
    ]
    assert work.session.scalar(select(func.count(Child.id)).where(Child.authority_ref.like("R-%"))) == 0


def test_a_child_known_with_other_values_is_an_error_that_names_the_columns(flask: Run, sheet: Sheet) -> None:
    take(flask, sheet({"tier": "close"}))
    done = take(flask, sheet({"tier": "annual", "legal_surname": "Burn"}, {}))
    assert done.exit_code == 2
    assert 'line 2, column child_ref: "R-0": expected the values on the register' in done.stderr
    assert "different in legal_surname, tier" in done.stderr


def test_columns_that_a_file_does_not_have_are_not_compared(flask: Run, sheet: Sheet) -> None:
    take(flask, sheet({"tier": "close"}))
    without = [column for column in COLUMNS if column != "tier"]
    assert "Nothing changed" in take(flask, sheet({}, columns=without)).stderr


def test_someone_who_has_left_may_be_the_adviser_of_a_closed_episode_only(
    flask: Run, sheet: Sheet, village: Village, work: Work
) -> None:
    village.stranger[village.adviser.role].is_active = False
    work.session.flush()
    adviser = {"adviser_email": "adviser@mercia.example"}
    closed = {"closed_on": "2025-01-01", "destination": "school"}
    assert take(flask, sheet(adviser)).exit_code == 2
    assert take(flask, sheet({**adviser, **closed})).exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"child_ref,name\n", 'unknown columns: "name"'),
        (b"child_ref\n", "missing columns: legal_forename, legal_surname, date_of_birth, address, opened_on"),
    ],
)
def test_files_that_are_no_register(flask: Run, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    done = take(flask, path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_a_missing_file_a_folder_and_a_wrong_authority(flask: Run, sheet: Sheet, tmp_path: Path) -> None:
    assert "there is no such file" in take(flask, tmp_path / "none.csv").stderr
    assert "this is a folder" in take(flask, tmp_path).stderr
    path = sheet({})
    for authority in (("--authority", "999"), ()):
        done = flask("import", path, *authority)
        assert done.exit_code == 2
        assert "authority" in done.stderr


def test_a_header_alone_is_an_empty_register(flask: Run, sheet: Sheet) -> None:
    assert "Nothing changed" in take(flask, sheet()).stderr


def test_the_whole_village_goes_out_and_comes_back(flask: Run, work: Work, village: Village, tmp_path: Path) -> None:
    """What one authority takes out, another with the same staff takes in, and its file says the same."""
    out = tmp_path / "out.csv"
    assert flask("export", out, "--authority", "838").exit_code == 0
    rows = cells_of(out)
    assert [row["child_ref"] for row in rows] == sorted(child.authority_ref or "" for child in village.children.values()
                                                        if child.authority_id == village.authority.id)  # fmt: skip
    assert list(rows[0]) == list(COLUMNS)
    text = out.read_text(encoding="utf-8").replace("@wessex", "@mercia")
    there = tmp_path / "there.csv"
    there.write_text(text, encoding="utf-8", newline="")
    done = take(flask, there)
    assert done.exit_code == 0, done.stderr
    back = tmp_path / "back.csv"
    flask("export", back, "--authority", "839")
    zoe = village["Zoe"].authority_ref
    assert [row for row in cells_of(back) if row["child_ref"] != zoe] == cells_of(there)


def test_a_child_without_the_authoritys_reference_goes_out_under_the_portals(
    flask: Run, work: Work, village: Village, tmp_path: Path
) -> None:
    child = village["Ben"]
    child.authority_ref = None
    work.session.flush()
    out = tmp_path / "out.csv"
    flask("export", out, "--authority", "838")
    assert child.reference in [row["child_ref"] for row in cells_of(out)]
    assert "Nothing changed" in flask("import", out, "--authority", "838").stderr


def test_the_latest_episode_goes_out_and_a_duplicate_does_not(
    flask: Run, work: Work, village: Village, tmp_path: Path
) -> None:
    ben, hana = village["Ben"], village["Hana"]
    again = Episode(authority_id=hana.authority_id, child_id=hana.id, opened_on=TODAY, team_since=TODAY,
                    opened_under_id=hana.episodes[0].opened_under_id)  # fmt: skip
    work.session.add(again)
    ended = ben.episodes[0]
    ended.closed_on, ended.destination, ended.duplicate_of_id = TODAY, Destination.DUPLICATE, hana.id
    work.session.flush()
    out = tmp_path / "out.csv"
    flask("export", out, "--authority", "838")
    rows = {row["legal_forename"]: row for row in cells_of(out)}
    assert "Ben" not in rows
    assert (rows["Hana"]["opened_on"], rows["Hana"]["closed_on"]) == (TODAY.isoformat(), "")


NASTY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)
SPIKED = st.builds("".join, st.tuples(st.text("'", max_size=3), st.sampled_from("=+-@"), NASTY))
NAMES = (NASTY | SPIKED | st.sampled_from(['"', ",", "a,b", "''", "e\u0301", "'"])).map(tidy).filter(bool)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({"child_ref": NAMES, "legal_forename": NAMES, "legal_surname": NAMES,
                                       "address": NAMES, "parent1_name": NAMES, "parent2_address": st.just("")}),
                min_size=1, max_size=5, unique_by=lambda row: row["child_ref"]))  # fmt: skip
def test_out_and_in_is_the_identity(
    flask: Run, work: Work, village: Village, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    """Any words in any script, quotation marks, formulas, apostrophes before them."""
    so_far = work.session.scalar(select(func.count(Child.id)))
    for row in rows:
        row.update(date_of_birth="2014-03-05", opened_on="2024-09-01", child_ref=f"{row['child_ref']}/{so_far}")
    rows = [{name: tidy(value) for name, value in row.items()} for row in rows]
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    columns = list(rows[0])
    write_sheet(path, columns, ([row[name] for name in columns] for row in rows))
    done = take(flask, path)
    assert done.exit_code == 0, done.stderr
    flask("export", out, "--authority", "839")
    ours = {row["child_ref"] for row in rows}
    found = [{name: row[name] for name in columns} for row in read_back(out) if row["child_ref"] in ours]
    assert found == sorted(rows, key=lambda row: row["child_ref"])
    assert "Nothing changed" in take(flask, out).stderr


def read_back(path: Path) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(path, must=COLUMNS, may=()).rows]


def test_possible_doubles_become_tasks_and_hold_nothing_up(
    flask: Run, sheet: Sheet, work: Work, village: Village
) -> None:
    zoe = village["Zoe"]  # born 6 June 2014
    path = sheet(
        {"child_ref": "1", "legal_forename": "Zoë", "legal_surname": "Young", "date_of_birth": "2014-06-06"},
        {"child_ref": "2", "legal_forename": "Max", "date_of_birth": "2014-02-03"},
        {"child_ref": "3", "legal_forename": "Max", "date_of_birth": "2014-03-02"},
        {"child_ref": "4", "legal_forename": "Amy", "date_of_birth": "2014-03-02"},
    )
    assert "Possible doubles to look at: 2" in take(flask, path).stderr
    pairs = work.session.execute(select(PossibleDouble.child_id, PossibleDouble.other_child_id)).all()
    assert {tuple(pair) for pair in pairs} == {
        (kept(work, "1").id, zoe.id),
        (kept(work, "3").id, kept(work, "2").id),
    }


def test_a_thousand_children_come_in_with_progress_and_go_out_in_order(
    flask: Run, sheet: Sheet, work: Work, tmp_path: Path
) -> None:
    first = date(2010, 1, 1)
    rows = [
        {"child_ref": str(number), "legal_forename": f"Name{number}", "date_of_birth": str(first + timedelta(number))}
        for number in range(1200)
    ]
    done = take(flask, sheet(*rows))
    assert done.exit_code == 0
    for said in ("Reading: 1,200 of 1,200 rows", "Keeping 1,200 children", "Starting contact clocks"):
        assert said in done.stderr
    out = tmp_path / "out.csv"
    flask("export", out, "--authority", "839")
    references = [row["child_ref"] for row in cells_of(out)]
    assert references == sorted(references)
    assert len(references) == 1201
    assert work.session.scalar(select(func.count(Address.id)).where(Address.line == "1 Mill Lane, Leeds")) == 1200


def test_someone_else_importing_at_the_same_moment(work: Work, village: Village, sheet: Sheet) -> None:
    read = service.read_register(work, village.elsewhere.id, sheet({}))
    service.import_register(work, village.elsewhere.id, read.new, lambda _: None)
    with pytest.raises(Refusal, match="changed meanwhile"):
        service.import_register(work, village.elsewhere.id, read.new, lambda _: None)
    assert queries.ids_by_ref(work, village.authority.id, ["R-0"]) == {}
