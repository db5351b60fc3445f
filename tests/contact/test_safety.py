"""Coming and going safely: set, arrived, back, longer; missed, and who is told, once each."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import CheckIn, CheckInAlarm, Visit
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.contact.stories import d
from tests.desks import waits
from tests.pages import LintingClient
from tests.village import Village, an_account

NewWork = Callable[..., Work]
BACK_BY = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)


@pytest.fixture
def colleague(work: Work, village: Village) -> Account:
    return an_account(work, village.authority, Role.ADVISER, "nia@wessex.example", "Nia Wessex")


@pytest.fixture
def adviser(village: Village, new_work: NewWork) -> Work:
    return new_work(village.adviser)


@pytest.fixture
def booked(adviser: Work, village: Village) -> Visit:
    ada = adviser.session.get_one(Child, village["Ada"].id)
    return service.offer_visit(
        adviser, ada, Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-03-12"), at_time=time(13))
    )


@pytest.fixture
def expected(adviser: Work, booked: Visit, colleague: Account) -> CheckIn:
    return service.set_check_in(adviser, booked, BACK_BY, colleague)


@pytest.fixture
def minutes(clock: Clock, new_work: NewWork) -> Callable[[int], Work]:
    """The jobs at work so many minutes after somebody was expected; what is due is done."""

    def later(after: int) -> Work:
        clock.at = BACK_BY + timedelta(minutes=after)
        jobs = new_work()
        service.miss(jobs, jobs.session.scalars(queries.check_ins_due(jobs)).all())
        return jobs

    return later


def told(work: Work) -> list[str]:
    found = select(OutgoingMessage).where(OutgoingMessage.template == "check-in-missed").order_by(OutgoingMessage.id)
    return [one.to_address for one in work.session.scalars(found)]


def test_the_colleague_then_the_manager_are_told_once_each(
    expected: CheckIn, minutes: Callable[[int], Work], village: Village, colleague: Account
) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    assert told(minutes(9)) == [], "ten minutes of grace"
    assert told(minutes(10)) == [colleague.email]
    assert told(minutes(11)) == [colleague.email], "once"
    assert told(minutes(24)) == [colleague.email]
    assert told(minutes(25)) == [colleague.email, manager.email], "15 minutes later"
    assert told(minutes(300)) == [colleague.email, manager.email]


def test_the_mail_says_nothing_about_the_child(
    expected: CheckIn, minutes: Callable[[int], Work], village: Village
) -> None:
    work = minutes(10)
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "check-in-missed")).one()
    assert mail.context == {"reference": expected.reference, "again": False}


def test_they_see_it_on_their_day_in_red(
    expected: CheckIn, minutes: Callable[[int], Work], village: Village, colleague: Account, new_work: NewWork,
    client_as: Callable[[Account | None], LintingClient],
) -> None:  # fmt: skip
    manager = village.staff[Role.EHE_MANAGER]

    def day(account: Account) -> list[str]:
        return [row.child_name for row in waits(new_work(account), "not-back", account.id)]

    minutes(10)
    assert (day(colleague), day(manager), day(village.adviser)) == ([village.adviser.name], [], [])
    assert [row.child_name for row in waits(new_work(manager), "not-back")] == [village.adviser.name]
    minutes(25)
    assert day(manager) == [village.adviser.name]
    page = client_as(colleague).get("/my-day").get_data(as_text=True)
    assert "govuk-tag--red" in page
    assert f"/check-ins/{expected.reference}" in page
    what_to_do = client_as(colleague).get(f"/check-ins/{expected.reference}").get_data(as_text=True)
    assert "Call 999" in what_to_do
    assert "3 Mill Lane" in what_to_do
    assert client_as(colleague).submit(f"/check-ins/{expected.reference}", button="They are safe").location == "/my-day"
    assert day(colleague) == day(manager) == []


def test_who_says_that_they_are_back_is_not_missed(
    adviser: Work, expected: CheckIn, minutes: Callable[[int], Work]
) -> None:
    service.arrive(adviser, expected)
    service.come_back(adviser, expected)
    adviser.session.flush()
    assert told(minutes(60)) == []
    for deed in (service.arrive, service.come_back):
        with pytest.raises(Refusal, match="all is well"):
            deed(adviser, expected)


def test_more_time_puts_it_off_and_begins_anew(
    adviser: Work, expected: CheckIn, minutes: Callable[[int], Work], colleague: Account, village: Village
) -> None:
    service.extend(adviser, expected, 30)
    assert expected.back_by_at == BACK_BY + timedelta(minutes=30)
    assert told(minutes(39)) == []
    assert told(minutes(40)) == [colleague.email]
    adviser.session.refresh(expected)
    adviser.at = BACK_BY + timedelta(minutes=45)
    service.extend(adviser, expected, 15)
    assert expected.back_by_at == BACK_BY + timedelta(minutes=60), "from now on, where the time has passed"
    assert told(minutes(70)) == [colleague.email, colleague.email], "in a new round they are told anew"
    with pytest.raises(Refusal):
        service.extend(adviser, expected, 241)


@pytest.mark.parametrize("why", ["away", "gone"])
def test_a_colleague_who_cannot_be_told_is_passed_over(
    expected: CheckIn, minutes: Callable[[int], Work], village: Village, colleague: Account, work: Work, why: str
) -> None:
    if why == "away":
        colleague.away_from = date(2026, 3, 12)
    else:
        colleague.is_active = False
    work.session.flush()
    assert told(minutes(10)) == [village.staff[Role.EHE_MANAGER].email]
    assert told(minutes(60)) == [village.staff[Role.EHE_MANAGER].email]


def test_two_processes_tell_once(expected: CheckIn, clock: Clock, new_work: NewWork, colleague: Account) -> None:
    clock.at = BACK_BY + timedelta(minutes=10)
    first, second = new_work(), new_work()
    ids = first.session.scalars(queries.check_ins_due(first)).all()
    service.miss(first, ids)
    service.miss(second, ids)
    assert told(second) == [colleague.email]
    alarms = second.session.scalars(select(CheckInAlarm)).all()
    assert [(one.account_id, one.round, one.rung) for one in alarms] == [(colleague.id, 1, 1)]


def test_the_alarm_is_one_row_by_the_database(expected: CheckIn, minutes: Callable[[int], Work]) -> None:
    work = minutes(10)
    (alarm,) = work.session.scalars(select(CheckInAlarm)).all()
    values: dict[str, Any] = {
        name: getattr(alarm, name)
        for name in ("authority_id", "check_in_id", "account_id", "round", "rung", "raised_at")
    }
    with pytest.raises(IntegrityError):
        work.session.add(CheckInAlarm(**values))
        work.session.flush()


def test_whoever_is_told_is_somebody_else_who_can_be_told(
    adviser: Work, booked: Visit, village: Village, colleague: Account
) -> None:
    for wrong in (
        village.adviser,
        village.stranger[Role.ADVISER],
        village.parents["Ada"],
        village.staff[Role.ADMINISTRATOR],
    ):
        with pytest.raises(Refusal) as refused:
            service.set_check_in(adviser, booked, BACK_BY, wrong)
        assert refused.value.field == "colleague", wrong.role
    with pytest.raises(Refusal) as refused:
        service.set_check_in(adviser, booked, adviser.at, colleague)
    assert refused.value.field == "back_by"


def test_a_visit_that_is_cancelled_or_moved_takes_it_along(
    adviser: Work, booked: Visit, expected: CheckIn, minutes: Callable[[int], Work]
) -> None:
    moved = Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-03-13"), at_time=time(13))
    service.change_offer(adviser, booked, moved, version=booked.version)
    assert expected.back_by_at == BACK_BY + timedelta(days=1)
    service.withdraw_offer(adviser, booked, "", version=booked.version)
    assert expected.next_alarm_at is None
    assert told(minutes(60 * 48)) == []


def test_the_buttons(
    village: Village,
    booked: Visit,
    adviser: Work,
    colleague: Account,
    client_as: Callable[[Account | None], LintingClient],
    clock: Clock,
) -> None:
    adviser.session.flush()
    officer = client_as(village.adviser)
    url = f"/children/{village['Ada'].reference}/offers/{booked.reference}/coming-and-going"
    assert officer.get(url).location == f"{url}/set-up"
    assert "Select the colleague" in officer.submit(f"{url}/set-up", {"back_by": "2:30pm"}).get_data(as_text=True)
    sent = officer.submit(f"{url}/set-up", {"back_by": "2:30pm", "colleague": colleague.reference})
    assert sent.location == url
    page = officer.get(url).get_data(as_text=True)
    assert "I have arrived" in page
    assert officer.submit(url, button="I have arrived").location == url
    assert officer.submit(url, {"minutes": "30"}, button="I need longer").location == url
    kept = adviser.session.scalars(select(CheckIn), execution_options={"populate_existing": True}).one()
    assert (kept.arrived_at, kept.back_by_at) == (clock.at, BACK_BY + timedelta(minutes=30))
    assert officer.submit(url, button="I am back").location == url
    assert "Nobody is told" in officer.get(url).get_data(as_text=True)
    assert client_as(village.stranger[Role.ADVISER]).get(f"/check-ins/{kept.reference}").status_code == 404
