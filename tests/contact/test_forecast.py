"""The forecast: who lapses by when, if nobody is in contact from now on."""

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import Result
from sqlalchemy import delete, select

from ehe_portal.contact import queries, rules, service
from ehe_portal.contact.models import Contact, ContactClock, PlannedContact
from ehe_portal.core.codes import ContactKind, ContactOutcome, Destination, SocialCare, Tier
from ehe_portal.core.reference import new_reference
from ehe_portal.core.school_age import compulsory_school_age
from ehe_portal.core.work import Work
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.models import Episode, EpisodeChange
from tests.village import Village, a_child

Forecast = Callable[..., list[list[str]]]


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def forecast(contact_command: Callable[..., Result], tmp_path: Path) -> Forecast:
    """The rows of a forecast, without the header."""

    def run(*options: str) -> list[list[str]]:
        file = tmp_path / f"{new_reference()}.csv"
        said = contact_command("forecast", *options, "--csv", file)
        assert (said.exit_code, said.stdout) == (0, ""), said.stderr
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        assert header == ["child_ref", "due_on", "grace_ends", "lapses_on"]
        return rows

    return run


# The village on 12 March 2026. Ben's grace ended on 29 January, Cleo's ends on 19 March, Esi's on 14 April, Ada's on
# 15 December; Ivo comes of age on 31 March 2027; Finn is past school age; the others have no clock.

BEN = ["W-Ben", "2026-01-15", "2026-01-29", "2026-01-30"]
CLEO = ["W-Cleo", "2026-03-05", "2026-03-19", "2026-03-20"]
ESI = ["W-Esi", "2026-04-07", "2026-04-14", "2026-04-15"]
ADA = ["W-Ada", "2026-12-01", "2026-12-15", "2026-12-16"]
IVO = ["W-Ivo", "2027-04-14", "2027-04-21", "2027-04-22"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--until", "2027-12-31"), [CLEO, ESI, ADA, IVO]),
        (("--until", "2027-12-31", "--from", "2026-01-30"), [BEN, CLEO, ESI, ADA, IVO]),
        (("--until", "2026-04-15"), [CLEO, ESI]),
        (("--until", "15/04/2026", "--from", "15/04/2026"), [ESI]),
        (("--until", "2026-04-14"), [CLEO]),
        (("--until", "2026-04-14", "--from", "2026-03-21"), []),
        (("--until", "2026-03-11"), []),
        (("--until", "2026-02-28", "--as-of", "2026-01-30"), [BEN]),
        (("--until", "2026-02-28", "--as-of", "2026-01-31"), []),
    ],
)
def test_the_window(village: Village, forecast: Forecast, options: tuple[str, ...], expected: list[list[str]]) -> None:
    assert forecast(*options) == expected


def test_a_lapse_that_was_raised_is_listed_like_any_other(village: Village, work: Work, forecast: Forecast) -> None:
    service.lapse(work, list(work.session.scalars(queries.overdue(work))))
    assert BEN in forecast("--until", "2026-12-31", "--from", "2026-01-01")


def test_what_came_later_is_left_out_of_account(village: Village, work: Work, forecast: Forecast) -> None:
    """On 1 March 2025 Cleo's last contact, of the 5th, had not been, nor Esi's episode begun."""
    rows = forecast("--until", "2027-12-31", "--as-of", "2025-03-01", "--from", "2024-01-01")
    by_ref = {row[0]: row for row in rows}
    assert by_ref["W-Cleo"] == ["W-Cleo", "2024-01-24", "2024-01-31", "2024-02-01"]
    assert by_ref["W-Ben"] == BEN
    assert "W-Esi" not in by_ref
    assert "W-Ivo" not in by_ref


def test_closing_later_is_ignored(village: Village, forecast: Forecast) -> None:
    """Hana's episode closed on 3 September 2025: it is foreseen up to the day before."""
    window = ("--until", "2027-12-31", "--from", "2024-01-01")
    assert "W-Hana" in {row[0] for row in forecast(*window, "--as-of", "2025-09-02")}
    assert "W-Hana" not in {row[0] for row in forecast(*window, "--as-of", "2025-09-03")}


def test_school_age(village: Village, forecast: Forecast) -> None:
    """Finn's ended on 27 June 2025: asked on that day he is there, the day after he is not."""
    window = ("--until", "2027-12-31", "--from", "2023-01-01")
    assert "W-Finn" in {row[0] for row in forecast(*window, "--as-of", "2025-06-27")}
    assert "W-Finn" not in {row[0] for row in forecast(*window, "--as-of", "2025-06-28")}


def test_nobody_is_foreseen_to_lapse_after_school_age(village: Village, work: Work, forecast: Forecast) -> None:
    """Born in September 2010, of age until 25 June 2027: one lapses on that day, the other the day after."""
    for forename, heard in (("Una", "2026-06-10"), ("Uri", "2026-06-11")):
        held = (d(heard), ContactKind.MEETING, ContactOutcome.HELD)
        a_child(work, village.authority, forename, "Quill", d("2010-09-30"), d("2025-01-06"), contacts=(held,))
    rows = forecast("--until", "2028-12-31", "--as-of", "2026-06-12", "--from", "2027-06-01")
    assert [row for row in rows if row[0] in ("W-Una", "W-Uri")] == [
        ["W-Una", "2027-06-10", "2027-06-24", "2027-06-25"]
    ]


def test_order_and_guard(village: Village, work: Work, forecast: Forecast) -> None:
    for forename, ref in (("Una", "a-1"), ("Uri", "+2"), ("Ugo", "B"), ("Ulf", "é")):
        child = a_child(work, village.authority, forename, "Quill", d("2014-06-06"), d("2026-03-09"))
        child.authority_ref = ref
    work.session.flush()
    rows = forecast("--until", "2026-04-01", "--from", "2026-03-21")
    assert [row[0] for row in rows] == ["'+2", "B", "a-1", "é"]
    assert {tuple(row[1:]) for row in rows} == {("2026-03-23", "2026-03-30", "2026-03-31")}


def test_questions_that_cannot_be_answered(
    village: Village, contact_command: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "out.csv"
    for options in (
        ("--until", "soon", "--csv", file),
        ("--until", "2026-02-30", "--csv", file),
        ("--csv", file),
        ("--until", "2026-04-01"),
        ("--until", "2026-04-01", "--from", "2026-04-02", "--csv", file),
    ):
        said = contact_command("forecast", *options)
        assert (said.exit_code, said.stdout, file.exists()) == (2, "", False)
    assert contact_command("forecast", "--until", "2026-04-01", "--csv", tmp_path / "no" / "out.csv").exit_code == 2


# The clocks that are kept, the forecast and the rules say the same of any history

KINDS = [
    (kind, outcome) for kind in ContactKind for outcome in ContactOutcome if rules.valid_combination(kind, outcome)
]
KINDS += [(kind, ContactOutcome.HELD) for kind in ContactKind if kind not in rules.WRITING] * 2
TODAY = d("2026-03-12")


class Drawn(NamedTuple):
    """A contact that was drawn by lot."""

    happened_on: date
    kind: ContactKind
    outcome: ContactOutcome
    substantive: bool | None
    agreed_next_on: date | None


class Story(NamedTuple):
    """An episode's history that was drawn by lot: changes of tier and status, contacts, plans."""

    opened_on: date
    born: date
    changes: list[tuple[date, Tier, SocialCare]]
    contacts: list[Drawn]
    plans: list[tuple[date, date]]


class Chance:
    """Draws lots for one episode's history."""

    def __init__(self, seed: int) -> None:
        self.lots = random.Random(seed)

    def day(self, earliest: date, latest: date) -> date:
        return earliest + timedelta(days=self.lots.randint(0, max(0, (latest - earliest).days)))

    def story(self) -> Story:
        opened_on = self.day(date(2023, 1, 1), TODAY)
        born = self.day(date(2009, 6, 1), date(2022, 6, 1))
        contacts = [self.contact(opened_on) for _ in range(self.lots.randint(0, 5))]
        return Story(opened_on, born, self.changes(opened_on), contacts, self.plans(opened_on))

    def changes(self, opened_on: date) -> list[tuple[date, Tier, SocialCare]]:
        days = {opened_on} | {self.day(opened_on, TODAY) for _ in range(self.lots.choice((0, 0, 1, 2)))}
        return [(day, self.lots.choice(list(Tier)), self.lots.choice(list(SocialCare))) for day in sorted(days)]

    def contact(self, opened_on: date) -> Drawn:
        kind, outcome = self.lots.choice(KINDS)
        happened_on = self.day(opened_on - timedelta(days=60), TODAY)
        substantive = self.lots.choice((True, False, None)) if outcome is ContactOutcome.RECEIVED else None
        agreed = None
        if self.lots.random() < 0.3 and (outcome is ContactOutcome.HELD or substantive):
            agreed = self.day(happened_on + timedelta(days=1), date(2027, 12, 31))
        return Drawn(happened_on, kind, outcome, substantive, agreed)

    def plans(self, opened_on: date) -> list[tuple[date, date]]:
        if self.lots.random() < 0.8:
            return []
        decided = self.day(opened_on, TODAY)
        return [(decided, self.day(decided + timedelta(days=1), decided + timedelta(days=200)))]


def expected(policies: list[tuple[date, PolicyValues]], story: Story, as_of: date) -> rules.ClockAnswer:
    """The rules' answer to the story as it was drawn, without a database."""
    settings = []
    for day in sorted({change[0] for change in story.changes} | {since for since, _ in policies}):
        _, tier, status = [change for change in story.changes if change[0] <= day or change is story.changes[0]][-1]
        _, values = [version for version in policies if version[0] <= day][-1]
        settings.append(rules.Setting(day, tier, status, queries.clock_values(values)))
    heard = [
        rules.Heard(
            contact.happened_on,
            contact.outcome is ContactOutcome.HELD or contact.substantive is True,
            contact.agreed_next_on,
        )
        for contact in story.contacts
        if contact.outcome in (ContactOutcome.HELD, ContactOutcome.RECEIVED)
    ]
    planned = [rules.Planned(*plan) for plan in story.plans]
    return rules.clock(story.opened_on, story.born, settings, heard, planned, as_of)


def keep(work: Work, village: Village, forename: str, story: Story) -> Episode:
    """Put a drawn history into the database; the clock is left as it was before there was any."""
    child = a_child(work, village.authority, forename, "Quill", story.born, story.opened_on)
    episode = work.session.scalars(select(Episode).where(Episode.child_id == child.id)).one()
    work.session.execute(delete(EpisodeChange).where(EpisodeChange.episode_id == episode.id))
    about: dict[str, Any] = {"authority_id": child.authority_id}
    for day, tier, status in story.changes:
        work.session.add(EpisodeChange(**about, episode_id=episode.id, from_on=day, tier=tier, social_care=status))
    for contact in story.contacts:
        work.session.add(Contact(**about, child_id=child.id, recorded_at=work.at, **contact._asdict()))
    for decided_on, due_on in story.plans:
        work.session.add(PlannedContact(**about, episode_id=episode.id, decided_on=decided_on, due_on=due_on))
    work.session.flush()
    return episode


def test_kept_clock_forecast_and_rules_agree(village: Village, work: Work) -> None:
    own = PolicyValues(interval_months_annual=9, grace_days_annual=5, reply_days=10)
    policies = [(date(1900, 1, 1), PolicyValues()), (TODAY, own)]
    policy.set_values(work, village.authority.id, own, TODAY)
    stories = {f"Random{seed:03}": Chance(seed).story() for seed in range(150)}
    episodes = {forename: keep(work, village, forename, story) for forename, story in stories.items()}
    service.settle(work, [episode.id for episode in episodes.values()])
    ever = {"since": date(1990, 1, 1), "until": date(2040, 1, 1)}
    for as_of in (TODAY, d("2025-06-01"), d("2024-02-29")):
        foreseen = {one.child_ref: one for one in service.forecast(work, village.authority.id, as_of=as_of, **ever)}
        for forename, story in stories.items():
            answer = expected(policies, story, as_of)
            _, age_ends = compulsory_school_age(story.born)
            one = foreseen.get(f"W-{forename}")
            assert (one is not None) is (story.opened_on <= as_of and max(as_of, answer.lapses_on) <= age_ends), (
                forename
            )
            assert one is None or (one.due_on, one.grace_ends) == (answer.due_on, answer.grace_ends), forename
    for forename, story in stories.items():
        answer = expected(policies, story, TODAY)
        kept = queries.clock_of(work, episodes[forename].child_id)
        assert kept is not None
        assert (kept.due_on, kept.grace_ends, kept.tier) == (answer.due_on, answer.grace_ends, answer.tier), forename
        assert (kept.starts_on, kept.basis) == (answer.starts_on, answer.basis.value)
        assert (kept.last_contact_on, kept.last_reply_on) == (answer.last_contact_on, answer.last_reply_on)


def test_closed_episodes_have_no_say_in_the_clocks_that_run(village: Village, work: Work) -> None:
    """A child who came back to home education starts afresh from the new opening."""
    hana = village["Hana"]
    again = Episode(
        authority_id=hana.authority_id,
        child_id=hana.id,
        opened_on=d("2026-03-02"),
        team_since=d("2026-03-02"),
        opened_under_id=hana.episodes[0].opened_under_id,
    )
    work.session.add(again)
    work.session.flush()
    work.session.add(
        EpisodeChange(
            authority_id=hana.authority_id,
            episode_id=again.id,
            from_on=again.opened_on,
            tier=Tier.ANNUAL,
            social_care=SocialCare.NONE,
        )
    )
    work.session.flush()
    foreseen = service.forecast(work, hana.authority_id, as_of=TODAY, since=date(2020, 1, 1), until=date(2030, 1, 1))
    assert [one.due_on for one in foreseen if one.child_ref == "W-Hana"] == [d("2026-03-16")]
    assert work.session.scalars(select(ContactClock).where(ContactClock.child_id == hana.id)).all() == []
    assert village["Hana"].episodes[0].destination is Destination.SCHOOL
