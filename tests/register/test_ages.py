"""The end of school age: an officer says which of two days it is, looks at what ended by itself; nothing is deleted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import queries as contacts
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Arrangement, ContactKind, ContactOutcome, Destination
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy.models import TermDate, TermKind
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child, DetailChange, Episode, Nature, Subject
from ehe_portal.register.rules import ages as rules
from ehe_portal.register.service import Closing, Turn
from tests.pages import LintingClient
from tests.register.conftest import As, Told, child_of, clock_of, episode_of, kinds
from tests.register.test_people import details_of
from tests.village import Village, a_child, an_account

ClientAs = Callable[[Account | None], LintingClient]
EARLIER, LATER = date(2025, 6, 27), date(2026, 6, 26)
WHY = "The legal team: the term of the nearest schools began on 4 September 2025"
WRONG = Turn(Nature.CORRECTION, why="A slip of the pen")


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def a_term(work: Work, village: Village, first_on: date, **more: object) -> None:
    """A term of the village's authority."""
    last_on = first_on.replace(month=first_on.month + 1)
    term = TermDate(
        authority_id=village.authority.id, school_year=first_on.year if first_on.month >= 9 else first_on.year - 1,
        kind=TermKind.TERM, name="Term", first_on=first_on, last_on=last_on,
    )  # fmt: skip
    for name, value in more.items():
        setattr(term, name, value)
    work.session.add(term)
    work.session.flush()


def born_on_the_edge(work: Work, village: Village) -> Child:
    """Lia, sixteen on 3 September 2025; heard from lately, so that nothing is due before her school age is over."""
    return a_child(
        work, village.authority, "Lia", "Moss", date(2009, 9, 3), date(2024, 1, 10), adviser=village.adviser,
        contacts=((date(2026, 1, 15), ContactKind.HOME_VISIT, ContactOutcome.HELD),),
    )  # fmt: skip


@pytest.fixture
def lia(work: Work, village: Village) -> Child:
    """Sixteen on 3 September 2025."""
    return born_on_the_edge(work, village)


# Rules


@pytest.mark.parametrize(
    ("today", "years"),
    [
        # In May and June two years' children are asked about: those whose earlier day comes, and those whose later.
        ("2026-04-30", [2025]),
        ("2026-05-01", [2025, 2026]),
        ("2026-06-26", [2025, 2026]),
        ("2026-06-27", [2026]),
        ("2026-11-26", [2026]),
        ("2027-01-05", [2026]),
    ],
)
def test_it_is_asked_from_eight_weeks_before_the_earlier_day_until_the_later(today: str, years: list[int]) -> None:
    assert rules.years_asked(date.fromisoformat(today)) == years


def test_whose_edge_is_asked_is_who_was_born_on_it() -> None:
    assert rules.births_of(2026, None) == [date(2010, 9, day) for day in range(1, 8)]
    assert rules.births_of(2026, date(2026, 9, 3)) == [date(2010, 9, 1), date(2010, 9, 2)]
    assert rules.births_of(2026, date(2026, 9, 1)) == []
    for born in rules.births_of(2026, None):
        edge = rules.edge(born, None)
        assert edge is not None
        asked = (date(2026, 4, 30), date(2026, 5, 1), date(2027, 6, 25), date(2027, 6, 26))
        assert [edge.is_asked(day) for day in asked] == [False, True, True, False]


def test_what_was_said_can_be_changed_though_the_term_dates_have() -> None:
    assert rules.edge(date(2010, 9, 3), date(2026, 9, 2)) is None
    kept = rules.edge(date(2010, 9, 3), date(2026, 9, 2), said=True)
    assert kept == rules.Edge(date(2026, 9, 3), date(2026, 6, 26), date(2027, 6, 25), date(2026, 9, 2))


@pytest.mark.parametrize(
    ("ends_on", "why", "said", "field"),
    [
        (EARLIER, WHY, False, None),
        (LATER, WHY, False, None),  # what holds by itself may be said too, with reasons
        (date(2027, 6, 25), WHY, False, "ends_on"),
        (EARLIER, " ", False, "why"),
        (LATER, WHY, True, "ends_on"),
        (EARLIER, WHY, True, None),
    ],
)
def test_what_may_be_said(ends_on: date, why: str, said: bool, field: str | None) -> None:
    edge = rules.edge(date(2009, 9, 3), None)
    problem = rules.saying_problem(edge, ends_on, LATER, why, said=said)
    assert (problem.field if problem else None) == field
    assert rules.saying_problem(None, ends_on, LATER, why, said=said) is not None


# Who is asked about


def test_without_term_dates_the_first_week_of_september_is_the_edge(
    as_account: As, village: Village, work: Work
) -> None:
    mine = as_account(village.adviser)
    assert queries.births_asked(mine, village.authority.id) == [date(2009, 9, day) for day in range(1, 8)]
    a_term(work, village, date(2025, 9, 10), authority_id=village.elsewhere.id)
    a_term(work, village, date(2026, 1, 5))  # says nothing of the autumn
    assert len(queries.births_asked(mine, village.authority.id)) == 7


def test_the_authoritys_own_autumn_term_is_where_the_edge_ends(
    as_account: As, village: Village, work: Work, lia: Child
) -> None:
    a_term(work, village, date(2025, 11, 3))
    a_term(work, village, date(2025, 9, 4), kind=TermKind.HOLIDAY)
    assert queries.edge_of(work, lia) == rules.Edge(date(2025, 9, 3), EARLIER, LATER)
    a_term(work, village, date(2025, 9, 4))
    edge = queries.edge_of(work, lia)
    assert edge is not None
    assert edge.autumn_begins == date(2025, 9, 4)
    assert queries.births_asked(work, village.authority.id)[-1] == date(2009, 9, 3)
    a_term(work, village, date(2025, 9, 3))
    assert queries.edge_of(work, lia) is None, "the school year began with her birthday"
    assert queries.births_asked(work, village.authority.id)[-1] == date(2009, 9, 2)


def test_most_children_are_on_no_edge(work: Work, village: Village) -> None:
    assert [name for name, child in village.children.items() if queries.edge_of(work, child)] == []


# Saying which day it is


def test_until_someone_says_so_it_is_1_september(work: Work, lia: Child) -> None:
    assert (lia.age_ends, lia.age_ends_said_on) == (LATER, None)
    assert clock_of(work, lia).age_ends == LATER


def test_an_officers_answer_is_kept_with_reasons_and_the_clock_follows(
    adviser: Work, lia: Child, village: Village, told: Told
) -> None:
    mine = child_of(adviser, lia)
    service.say_age_ends(adviser, mine, EARLIER, f" {WHY} ", mine.version)
    assert (mine.age_ends, mine.age_ends_said_on) == (EARLIER, adviser.today)
    assert clock_of(adviser, mine).age_ends == EARLIER
    kept = adviser.session.scalars(select(DetailChange).where(DetailChange.child_id == lia.id)).one()
    assert (kept.subject, kept.before, kept.why) == (Subject.SCHOOL_AGE, {"age_ends": LATER.isoformat()}, WHY)
    assert (kept.by_id, kept.at) == (village.adviser.id, adviser.at)
    assert kinds(told) == ["SchoolAgeEndSaid"]
    entry = adviser.session.scalars(select(AuditEntry).where(AuditEntry.kind == "SchoolAgeEndSaid")).one()
    assert (entry.child_id, entry.actor_id) == (lia.id, village.adviser.id)
    assert entry.details["ends_on"] == EARLIER.isoformat()
    assert WHY not in str(entry.details), "free text is not audited"


def test_what_holds_by_itself_may_be_said_too(adviser: Work, lia: Child) -> None:
    mine = child_of(adviser, lia)
    service.say_age_ends(adviser, mine, LATER, WHY)
    assert (mine.age_ends, mine.age_ends_said_on) == (LATER, adviser.today)
    assert episode_of(adviser, mine).id not in list(adviser.session.scalars(queries.over_age(adviser)))


def test_nobody_lapses_after_the_day_that_was_said(work: Work, village: Village) -> None:
    """Two silent young people of one birthday: of one an officer says the earlier day, before it comes."""
    born, opened_on = date(2010, 9, 2), date(2025, 1, 15)
    heard = ((date(2025, 5, 1), ContactKind.HOME_VISIT, ContactOutcome.HELD),)  # due 1 May 2026
    said, unsaid = (
        a_child(work, village.authority, name, "Moss", born, opened_on, adviser=village.adviser, contacts=heard)
        for name in ("Lia", "Max")
    )
    work.at = at_noon(date(2026, 5, 4))
    service.say_age_ends(work, said, date(2026, 6, 26), WHY)
    # Grace ends before the earlier day: both lapse, and the fact that the end is near excuses nobody.
    late = replace(work, at=at_noon(date(2026, 6, 26)))
    assert {clock_of(work, said).id, clock_of(work, unsaid).id} <= set(work.session.scalars(contacts.overdue(late)))
    after = replace(work, at=at_noon(date(2026, 6, 27)))
    found = set(work.session.scalars(contacts.overdue(after)))
    assert clock_of(work, unsaid).id in found
    assert clock_of(work, said).id not in found


@pytest.mark.parametrize("name", ["Ada", "Finn", "Hana"])
def test_of_others_there_is_nothing_to_say(adviser: Work, village: Village, name: str) -> None:
    child = child_of(adviser, village[name])
    with pytest.raises(Refusal, match="only one day"):
        service.say_age_ends(adviser, child, child.age_ends, WHY)


def test_two_at_once_do_not_both_say(adviser: Work, lia: Child) -> None:
    mine = child_of(adviser, lia)
    seen = mine.version
    service.say_age_ends(adviser, mine, EARLIER, WHY, seen)
    with pytest.raises(ChangedMeanwhile):
        service.say_age_ends(adviser, mine, LATER, WHY, seen)
    with pytest.raises(Refusal, match="other day"):
        service.say_age_ends(adviser, mine, EARLIER, WHY)


def test_an_episode_that_ended_otherwise_is_left_alone(adviser: Work, lia: Child) -> None:
    mine = child_of(adviser, lia)
    closing = Closing(Destination.SCHOOL, adviser.today, "Hillside School", confirmed=True)
    service.close_episode(adviser, episode_of(adviser, mine), closing)
    with pytest.raises(Refusal, match="ended for another reason"):
        service.say_age_ends(adviser, mine, EARLIER, WHY)
    assert mine.age_ends == LATER


def test_a_date_of_birth_put_right_undoes_what_was_said_of_another(adviser: Work, lia: Child) -> None:
    mine = child_of(adviser, lia)
    service.say_age_ends(adviser, mine, EARLIER, WHY)
    service.change_details(adviser, mine, details_of(mine, preferred_name="Lee"), WRONG, mine.version)
    assert (mine.age_ends, mine.age_ends_said_on) == (EARLIER, adviser.today), "a name changes nothing of it"
    service.change_details(adviser, mine, details_of(mine, date_of_birth=date(2010, 9, 3)), WRONG, mine.version)
    assert (mine.age_ends, mine.age_ends_said_on) == (date(2027, 6, 25), None)
    assert clock_of(adviser, mine).age_ends == date(2027, 6, 25)


# What ends by itself


def ended(work: Work, child: Child) -> Episode:
    """The episode of a child whose school age is over, once the night's job has been."""
    service.close_over_age(work, list(work.session.scalars(queries.over_age(work))))
    work.session.expire_all()
    return work.session.scalars(select(Episode).where(Episode.child_id == child.id)).one()


def test_an_earlier_day_ends_the_episode_by_itself_and_everything_can_be_read(
    adviser: Work, work: Work, lia: Child
) -> None:
    service.say_age_ends(adviser, child_of(adviser, lia), EARLIER, WHY)
    episode = ended(work, lia)
    assert (episode.closed_on, episode.destination) == (EARLIER, Destination.OVER_AGE)
    assert episode.to_review_since == work.today
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == lia.id)).one()
    assert (clock.is_running, clock.last_contact_on) == (False, date(2026, 1, 15)), "kept, and stopped"
    assert queries.visible_child(adviser, lia.reference) is not None


def test_other_arrangements_end_with_school_age_too(work: Work, village: Village) -> None:
    child = a_child(
        work, village.authority, "Moe", "Nash", date(2009, 2, 2), date(2024, 1, 10), adviser=village.adviser,
        arrangement=Arrangement.COLLEGE_14_16, service_name="Hill College", review_on=date(2026, 9, 1),
    )  # fmt: skip
    assert ended(work, child).destination is Destination.OVER_AGE


def test_what_ended_by_itself_is_looked_at_once(work: Work, village: Village, as_account: As) -> None:
    finn = village["Finn"]
    ended(work, finn)
    manager = as_account(village.staff[Role.EHE_MANAGER])
    episode = queries.episode_to_review(manager, finn)
    assert episode is not None
    with pytest.raises(Refusal, match="what you looked at"):
        service.review_end(manager, episode, " ")
    with pytest.raises(ChangedMeanwhile):
        service.review_end(manager, episode, "Nothing is open", episode.version + 1)
    service.review_end(manager, episode, "Nothing is open; the 16 to 18 team knows", episode.version)
    assert (episode.to_review_since, episode.destination) == (None, Destination.OVER_AGE)
    assert episode.destination_confirmed_by_id == village.staff[Role.EHE_MANAGER].id
    assert episode.destination_note == "Nothing is open; the 16 to 18 team knows"
    assert not episode.is_open
    entry = manager.session.scalars(select(AuditEntry).where(AuditEntry.kind == "SchoolAgeEndReviewed")).one()
    assert (entry.child_id, entry.actor_id) == (finn.id, village.staff[Role.EHE_MANAGER].id)
    with pytest.raises(Refusal, match="does not wait"):
        service.review_end(manager, episode, "Again")
    assert queries.episode_to_review(manager, finn) is None


def test_what_people_close_and_what_files_bring_closed_is_not_looked_at(work: Work, village: Village) -> None:
    manager_closed = episode_of(work, village["Ada"])
    closing = Closing(Destination.SCHOOL, work.today, "Hillside School", confirmed=True)
    service.close_episode(work, manager_closed, closing)
    waiting = select(Episode.id).where(Episode.to_review_since.is_not(None))
    assert work.session.scalars(waiting).all() == []


def test_saying_the_later_day_after_all_opens_the_episode_again(
    adviser: Work, work: Work, lia: Child, told: Told
) -> None:
    mine = child_of(adviser, lia)
    service.say_age_ends(adviser, mine, EARLIER, WHY)
    episode = ended(work, lia)
    mine = child_of(adviser, lia)
    told.clear()
    service.say_age_ends(adviser, mine, LATER, "The term began on 2 September after all", mine.version)
    assert kinds(told) == ["SchoolAgeEndSaid", "EpisodeReopened"]
    work.session.refresh(episode)
    assert (episode.closed_on, episode.destination, episode.to_review_since) == (None, None, None)
    assert episode.adviser_id == lia.episodes[0].adviser_id is not None
    clock = clock_of(adviser, lia)
    assert (clock.is_running, clock.age_ends, clock.last_contact_on) == (True, LATER, date(2026, 1, 15))
    assert clock.remind_on is not None
    assert len(adviser.session.scalars(select(DetailChange).where(DetailChange.child_id == lia.id)).all()) == 2


def test_a_date_of_birth_put_right_opens_again_what_school_age_had_closed(
    adviser: Work, work: Work, village: Village
) -> None:
    """Two years younger than was written down: not past school age at all, and in sight again at once."""
    finn = village["Finn"]
    ended(work, finn)
    mine = child_of(adviser, finn)
    service.change_details(adviser, mine, details_of(mine, date_of_birth=date(2011, 2, 2)), WRONG, mine.version)
    assert episode_of(adviser, finn).is_open
    assert clock_of(adviser, finn).is_running
    late = list(adviser.session.scalars(contacts.overdue(adviser)))
    assert clock_of(adviser, finn).id in late, "the sweep judges: he has never been heard from"


def test_one_that_came_closed_in_a_file_gets_its_first_clock(adviser: Work, work: Work, village: Village) -> None:
    child = a_child(
        work, village.authority, "Ned", "Orr", date(2008, 2, 2), date(2023, 1, 10), adviser=village.adviser,
        closed_on=date(2024, 6, 28), destination=Destination.OVER_AGE,
    )  # fmt: skip
    mine = child_of(adviser, child)
    service.change_details(adviser, mine, details_of(mine, date_of_birth=date(2012, 2, 2)), WRONG, mine.version)
    clock = clock_of(adviser, child)
    assert (clock.is_running, clock.age_ends) == (True, date(2028, 6, 30))


def test_whoever_left_meanwhile_does_not_get_the_child_back(adviser: Work, work: Work, village: Village) -> None:
    gone = an_account(work, village.authority, Role.ADVISER, "gone@wessex.example", "Gwen Wessex")
    finn = village["Finn"]
    service.assign(work, episode_of(work, finn), gone)
    ended(work, finn)
    gone.is_active = False
    work.session.flush()
    mine = child_of(adviser, finn)
    service.change_details(adviser, mine, details_of(mine, date_of_birth=date(2011, 2, 2)), WRONG, mine.version)
    episode = episode_of(adviser, finn)
    assert (episode.adviser_id, episode.team_since) == (None, adviser.today)
    assert clock_of(adviser, finn).adviser_id is None


def test_an_episode_that_ended_otherwise_is_not_opened_again(adviser: Work, village: Village) -> None:
    hana = child_of(adviser, village["Hana"])
    service.change_details(adviser, hana, details_of(hana, date_of_birth=date(2014, 1, 9)), WRONG, hana.version)
    assert hana.episodes[0].destination is Destination.SCHOOL


# The beginning


def test_school_age_begins_by_itself(work: Work, village: Village) -> None:
    """Nobody does anything: before that day nothing is due, ten working days after it the first contact is."""
    ivo = village["Ivo"]
    service.assign(work, episode_of(work, ivo), village.adviser)
    clock = clock_of(work, ivo)
    first_due = add_working_days(ivo.age_starts, 10)
    assert (ivo.age_starts, clock.starts_on, clock.due_on) == (date(2027, 3, 31), date(2027, 3, 31), first_due)
    in_grace = replace(work, at=at_noon(clock.grace_ends))
    assert clock.id not in list(work.session.scalars(contacts.overdue(in_grace)))
    over = replace(work, at=at_noon(date.fromordinal(clock.grace_ends.toordinal() + 1)))
    assert clock.id in list(work.session.scalars(contacts.overdue(over)))
