"""The end of school age on an officer's day and in the story; whoever is of school age is in sight at every step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import marks, sight
from ehe_portal.casefile.queries import today as days
from ehe_portal.casefile.queries import zeros as zero_counts
from ehe_portal.casefile.rules.sight import Stand
from ehe_portal.contact import queries as contacts
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import ContactKind, ContactOutcome, Destination
from ehe_portal.core.work import Actor, Scope, Work
from ehe_portal.policy.models import TermDate, TermKind
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, Episode
from ehe_portal.schedule import SWEEP
from tests.conftest import Clock
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, a_child, an_account

ClientAs = Callable[[Account | None], LintingClient]
EARLIER, LATER = date(2025, 6, 27), date(2026, 6, 26)
WHY = "The term of the nearest schools began on 4 September 2025"
EDGE, ENDED = "/my-day?kind=school-age", "/my-day?kind=ended"


def read(client: LintingClient, url: str) -> str:
    return words_of(tree_of(client.get(url).text))


@pytest.fixture
def lia(work: Work, village: Village) -> Child:
    """Sixteen on 3 September 2025, and heard from lately."""
    return a_child(
        work, village.authority, "Lia", "Moss", date(2009, 9, 3), date(2024, 1, 10), adviser=village.adviser,
        contacts=((date(2026, 1, 15), ContactKind.HOME_VISIT, ContactOutcome.HELD),),
    )  # fmt: skip


def the_night(work: Work) -> None:
    """The jobs of an early morning that end episodes and let contacts lapse."""
    service.close_over_age(work, list(work.session.scalars(queries.over_age(work))))
    contact.lapse(work, list(work.session.scalars(contacts.overdue(work))))
    work.session.expire_all()


def of_the_village(work: Work, village: Village) -> Work:
    """The same work, as a manager of the village sees it."""
    manager = village.staff[Role.EHE_MANAGER]
    actor = Actor(manager.id, manager.role.value, manager.authority_id, manager.role.value)
    return replace(work, actor=actor, scope=Scope(authority_id=manager.authority_id))


def out_of_sight(work: Work, village: Village) -> int:
    """How many the doctor finds; the sight page and its counts that must be zero find the same."""
    here = of_the_village(work, village)
    found = sight.examine(here)
    counted = marks.tally(here)
    zeros = {one.zero.key: one.count for one in zero_counts.must_be_zero(here, counted, SWEEP)}
    drawn = sum(one.children for one in counted if one.stand is Stand.OUT)
    assert (zeros["no_state"], zeros["two_states"]) == (len(found.in_no_state), len(found.in_two_states))
    assert drawn == len(found.in_no_state)
    of_age = sum(one.children for one in counted if one.stand is not Stand.YOUNG)
    assert of_age == found.children, "the picture shows those whom the doctor examines"
    return found.out_of_sight


def stand_of(work: Work, village: Village, child: Child) -> Stand | None:
    """Where the picture has a child; None where it has not."""
    here = of_the_village(work, village)
    found = (
        select(marks.stands(here.today))
        .select_from(Child)
        .outerjoin(Episode, (Episode.child_id == Child.id) & sight.is_latest())
        .outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
        .where(Child.id == child.id, marks.in_picture(here.today))
    )
    code = work.session.scalar(found)
    return None if code is None else Stand(code)


# An officer's day


def test_an_officer_is_asked_with_both_days_and_why(lia: Child, village: Village, client_as: ClientAs) -> None:
    words = read(client_as(village.adviser), EDGE)
    assert "Lia Moss" in words
    assert "Say when school age ends: 27 June 2025 or 26 June 2026" in words
    assert "16 on 3 September 2025" in words
    assert f"/children/{lia.reference}/episode/school-age" in client_as(village.adviser).get("/my-day").text
    assert "Lia Moss" in read(client_as(village.staff[Role.EHE_MANAGER]), f"{EDGE}&whose=team")
    assert "Lia" not in client_as(village.stranger[Role.EHE_MANAGER]).get("/my-day?whose=team").text


def test_a_colleague_is_not_asked(work: Work, lia: Child, village: Village, client_as: ClientAs) -> None:
    colleague = an_account(work, village.authority, Role.ADVISER, "new@wessex.example", "Nia Wessex")
    assert "Of no child has anyone to say" in read(client_as(colleague), EDGE)


def test_it_stands_there_from_eight_weeks_before_until_someone_says(
    work: Work, village: Village, clock: Clock, client_as: ClientAs
) -> None:
    a_child(work, village.authority, "Max", "Nye", date(2010, 9, 7), date(2024, 1, 10), adviser=village.adviser)
    client, days_before = client_as(village.adviser), date(2026, 6, 26) - timedelta(days=56)
    clock.at = datetime(days_before.year, days_before.month, days_before.day, 12, tzinfo=UTC) - timedelta(days=1)
    assert "Max Nye" not in read(client_as(village.adviser), EDGE)
    clock.at += timedelta(days=1)
    client = client_as(village.adviser)
    assert "Say when school age ends: 26 June 2026 or 25 June 2027" in read(client, EDGE)
    clock.at += timedelta(days=200)
    client = client_as(village.adviser)
    assert "Max Nye" in read(client, EDGE), "the earlier day is past, and nobody has said"
    max_ = work.session.scalars(select(Child).where(Child.legal_forename == "Max")).one()
    answer = {"ends_on": "2027-06-25", "why": WHY}
    assert client.submit(f"/children/{max_.reference}/episode/school-age", answer).status_code == 302
    assert "Max Nye" not in read(client, EDGE)


def test_the_day_goes_by_the_term_dates_in_the_settings(
    work: Work, lia: Child, village: Village, client_as: ClientAs
) -> None:
    here = village.authority.id
    for first_on, name in ((date(2025, 9, 4), "Autumn"), (date(2026, 1, 5), "Spring")):
        last_on = first_on + timedelta(days=80)
        work.session.add(
            TermDate(authority_id=here, school_year=2025, kind=TermKind.TERM, name=name, first_on=first_on,
                     last_on=last_on)
        )  # fmt: skip
    work.session.flush()
    assert "Lia Moss" in read(client_as(village.adviser), EDGE), "the 3rd is before the 4th"
    work.session.execute(update(TermDate).where(TermDate.name == "Autumn").values(first_on=date(2025, 9, 3)))
    assert "Lia Moss" not in read(client_as(village.adviser), EDGE), "the school year begins with her birthday"


def test_one_day_more_is_one_question_for_the_edge(village: Village, work: Work) -> None:
    """The list of birthdays is asked for once, however many kinds a day has."""
    desk = days.desk(of_the_village(work, village), None)
    assert desk.births_asked == [date(2009, 9, day) for day in range(1, 8)]
    assert desk.said["births_asked"] is desk.births_asked


def test_what_ended_waits_for_a_look_on_the_day_of_whoever_had_it(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    the_night(work)
    words = read(client_as(village.adviser), ENDED)
    assert "Finn Gray" in words
    assert "Last day 27 June 2025" in words
    assert "Finn Gray" in read(client_as(village.staff[Role.HEAD_OF_SERVICE]), f"{ENDED}&whose=team")
    assert "Finn" not in client_as(village.stranger[Role.EHE_MANAGER]).get(f"{ENDED}&whose=team").text
    finn = village["Finn"].reference
    adviser = client_as(village.adviser)
    assert adviser.submit(f"/children/{finn}/episode/ended", {"found": "Nothing is open"}).status_code == 302
    assert "Finn Gray" not in read(client_as(village.adviser), ENDED)


def test_what_ended_with_the_team_or_with_someone_who_left_is_on_the_teams_day(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    the_night(work)
    village.adviser.is_active = False
    a_child(work, village.authority, "Moe", "Nash", date(2009, 2, 2), date(2024, 1, 10))
    the_night(work)
    words = read(client_as(village.staff[Role.EHE_MANAGER]), f"{ENDED}&whose=team")
    assert "Finn Gray" in words
    assert "Moe Nash" in words


# The story


def test_the_story_tells_who_said_it_who_looked_and_that_it_opened_again(
    lia: Child, work: Work, village: Village, client_as: ClientAs
) -> None:
    client, url = client_as(village.adviser), f"/children/{lia.reference}/episode"
    client.submit(f"{url}/school-age", {"ends_on": EARLIER.isoformat(), "why": WHY})
    the_night(work)
    client.submit(f"{url}/ended", {"found": "Nothing is open"})
    client.submit(f"{url}/school-age", {"ends_on": LATER.isoformat(), "why": "The term began on the 2nd"})
    words = read(client, f"/children/{lia.reference}/chronology")
    for title in (
        "End of school age said by an officer",
        "Episode closed",
        "End of school age looked at",
        "Episode open again: school age is not over",
    ):
        assert title in words, title
    assert "Ends: 27 June 2025" in words
    assert "Ends: 26 June 2026" in words
    assert village.adviser.name in words


# The invariant


def test_nobody_is_out_of_sight_at_any_step(
    lia: Child, work: Work, village: Village, new_work: Callable[..., Work], clock: Clock
) -> None:
    """From the flag to the end, with the answer changed on the way, whatever day it is."""
    before = out_of_sight(work, village)
    assert stand_of(work, village, lia) is not None
    service.say_age_ends(work, lia, EARLIER, WHY)
    assert out_of_sight(work, village) == before
    assert stand_of(work, village, lia) is None, "past school age, and no longer counted"
    the_night(work)
    assert out_of_sight(work, village) == before
    service.say_age_ends(work, lia, LATER, "It began on the 2nd after all")
    work.session.expire_all()
    assert out_of_sight(work, village) == before
    assert stand_of(work, village, lia) is not None
    clock.at = datetime(2026, 6, 27, 4, tzinfo=UTC)
    later = replace(work, at=clock.at)
    the_night(later)
    episode = work.session.scalars(select(Episode).where(Episode.child_id == lia.id)).one()
    assert (episode.closed_on, episode.destination) == (LATER, Destination.OVER_AGE)
    assert stand_of(later, village, lia) is None


def test_before_school_age_a_record_is_kept_and_not_counted_and_then_it_is(work: Work, village: Village) -> None:
    ivo = village["Ivo"]
    service.assign(work, ivo.episodes[0], village.adviser)
    assert stand_of(work, village, ivo) is Stand.YOUNG
    first_day = replace(work, at=datetime(2027, 3, 31, 12, tzinfo=UTC))
    assert stand_of(first_day, village, ivo) is Stand.SOON
    counted = sight.examine(of_the_village(first_day, village)).children
    assert (
        counted
        == sight.examine(of_the_village(replace(work, at=first_day.at - timedelta(days=1)), village)).children + 1
    )
