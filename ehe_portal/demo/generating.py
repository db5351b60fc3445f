"""Makes the demonstration: a council with so many children, as they stand today."""

import random
import time as clock
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import select, update

from ehe_portal.accounts import queries as accounts_queries
from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import StaffChange
from ehe_portal.contact.service import Offer
from ehe_portal.core.codes import Arrangement, ContactKind, SocialCare
from ehe_portal.core.days import LONDON, add_working_days, roll_forward
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.demo import ages, clocks, letters, office, reviews, spreadsheets, timing
from ehe_portal.demo import council as councils
from ehe_portal.demo.alarms import Alarms
from ehe_portal.demo.answers import FamiliesAnswer
from ehe_portal.demo.arriving import leave_half_arrived
from ehe_portal.demo.casework import TIMES, Casework
from ehe_portal.demo.council import Council
from ehe_portal.demo.desks import plan_desks
from ehe_portal.demo.diaries import plan_diaries
from ehe_portal.demo.families import Planner
from ehe_portal.demo.orders import Orders
from ehe_portal.demo.papers import Press
from ehe_portal.demo.phrases import words
from ehe_portal.demo.pictures import Sketchbook
from ehe_portal.demo.records import Records
from ehe_portal.demo.sendings import Sendings
from ehe_portal.demo.sightings import meet, plan_sightings
from ehe_portal.demo.stages import WITH_ACCOUNT, Stage
from ehe_portal.demo.stories import Story
from ehe_portal.demo.threads import Threads
from ehe_portal.demo.turns import Turns
from ehe_portal.demo.unfinished import leave_unfinished
from ehe_portal.demo.visiting import Visiting
from ehe_portal.demo.ways import OtherWays
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import Episode

CHILDREN: Final = 600
SEED: Final = 1944  # the year of the Education Act that first spoke of education "at school or otherwise"
VISITS_TODAY: Final = 4
VISITS_SOON: Final = 10
SOCIAL_WORKERS: Final = ("Olu Hartley", "Megan Price")


def is_empty(work: Work) -> bool:
    """Whether there is no authority yet."""
    return not accounts_queries.authorities(work)


def generate(work: Work, children: int, tell: Callable[[str], None]) -> list[Story]:
    """Make a council with so many children; gives their stories. `tell` is given a line for each stage."""
    began = clock.monotonic()
    chance = random.Random(SEED)
    tell(f"Making up {children:,} children and their families")
    planner = Planner(chance, work.today)
    told = planner.stories(children)
    meet(told, work.today)
    opening = datetime.combine(planner.begins, time(9), LONDON)
    council = councils.found(work, chance, opening)
    reviews.own_values(council, opening + timedelta(minutes=10))
    casework = Casework(council, planner.begins, planner.last)
    tell("Taking in the council's spreadsheets")
    known = [story for story in told if not story.is_online]
    advisers = [adviser.email for adviser in casework.advisers]
    arrived = replace(work, at=opening + timedelta(minutes=30))
    spreadsheets.bring(arrived, council.authority.id, known, advisers, chance)
    arrange(work, known, chance)
    name_social_workers(arrived, told)
    tell("Living through the months since: contacts, visits, evidence, escalations")
    plan(council, casework, told)
    council.live(planner.begins + timedelta(days=1), planner.last)
    note_sent(work, datetime.combine(planner.last, time(0), LONDON))
    leave_unfinished(casework, portal().vault, told, work.at)
    leave_half_arrived(casework, portal().vault, told, work.at)
    tell(f"The demonstration was made in {clock.monotonic() - began:.0f} seconds")
    return told


def plan(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Plan all that has happened since the council got the portal."""
    house = portal()
    alarms = Alarms(casework, council.work.today)
    layouts = house.settings.root / "templates" / "demo"
    sendings = Sendings(casework, Press(layouts, council.chance), Sketchbook(council.chance), house.vault)
    for story in told:
        casework.plan(story)
        alarms.plan(story)
    sendings.plan(told)
    reviews.plan(casework, sendings, told)
    Threads(casework).plan(told)
    OtherWays(casework, house.vault).plan(told)
    Records(casework).plan(told)
    plan_doubles(council, casework, told)
    plan_visits(council, casework, told)
    plan_mistake(council, casework, told)
    office.plan(council, casework)
    letters.plan(council, casework, told)
    FamiliesAnswer(casework).plan(told)
    plan_desks(council, casework, told)
    Visiting(casework, council.work.at).plan(told)
    Turns(casework).plan(told)
    plan_diaries(council, casework, told)
    plan_sightings(casework, told)
    clocks.plan(casework, told)
    ages.plan(casework, told)
    Orders(casework, house.vault).plan(told)
    council.plan(casework.hour(timing.working_days_before(casework.last, 4)), partial(send_away, council))


def arrange(work: Work, known: Sequence[Story], chance: random.Random) -> None:
    """Give those under other arrangements the services that teach them, which a spreadsheet has no column for."""
    services = words("decisions")["services"]
    for story in known:
        if story.arrangement is Arrangement.EHE:
            continue
        episode = work.session.scalars(select(Episode).where(Episode.child_id == story.child_id)).one()
        episode.service_name = chance.choice(services[story.arrangement.value])
        episode.review_on = roll_forward(work.today + timedelta(days=chance.randint(12, 170)))


def name_social_workers(work: Work, told: Sequence[Story]) -> None:
    """Write down the social workers of most children with a protection plan; of every third nobody has asked yet."""
    planned = [one for one in told if one.social_care is SocialCare.CP and one.child_id]
    for number, story in enumerate(planned):
        episode = register_queries.open_episode(work, story.child_id)
        if number % 3 < len(SOCIAL_WORKERS) and episode is not None:
            name = SOCIAL_WORKERS[number % 3]
            email = f"{name.lower().replace(' ', '.')}@aldermere-care.example"
            register.name_social_worker(work, episode, register.SocialWorker(name, email))


def plan_doubles(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Parents register children whom the council has known for long: some were joined, some wait to be looked at."""
    joined = [story for story in told if story.stage is Stage.JOINED]
    for number, story in enumerate(joined):
        on = timing.working_days_before(casework.last, 6 + 9 * number)
        council.plan(timing.evening(council.chance, on), partial(casework.submit, story, typed(story, number)))
        council.plan(casework.hour(add_working_days(on, 1)), partial(casework.join, story))
    for number, story in enumerate(one for one in told if one.stage is Stage.DOUBLED):
        before = timing.working_days_before(casework.last, 1)
        council.plan(timing.evening(council.chance, before), partial(casework.submit, story, typed(story, number)))


def typed(story: Story, number: int) -> dict[str, Any]:
    """What a parent typed otherwise than the council has it: a slip in the forename, day and month swapped."""
    kid = story.kid
    if number % 2 and kid.born.day <= 12:
        return {"date_of_birth": date(kid.born.year, kid.born.day, kid.born.month)}
    return {"legal_forename": kid.forename + kid.forename[-1]}


def plan_visits(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Offer visits and calls: today, in the next days, and one yesterday of which nothing has been recorded yet."""
    first = roll_forward(council.work.today)
    stages = (Stage.DUE_SOON, Stage.HALF_YEARLY, Stage.FIRST_DUE, Stage.WELCOMED)
    near = sorted((one for one in told if one.stage in stages and not one.person), key=lambda one: one.adviser)
    shown = [story for story in told if story.person and story.stage is Stage.WELCOMED][:1]
    at_once = near[::2][: 1 + VISITS_TODAY]
    later = sorted((one for one in near if one not in at_once), key=lambda one: one.stage not in WITH_ACCOUNT)
    near = [*at_once, *shown, *later]
    # The next working day is left free, so that there is room in it for a round.
    soon = [add_working_days(first, 2 + number // 2) for number in range(VISITS_SOON)]
    days = [casework.last, *[first] * VISITS_TODAY, *soon]
    for number, (story, on) in enumerate(zip(near, days, strict=False)):
        kind = (ContactKind.HOME_VISIT, ContactKind.MEETING, ContactKind.VIDEO_CALL, ContactKind.HOME_VISIT)[number % 4]
        offer = Offer(kind=kind, on_date=on, at_time=TIMES[number % len(TIMES)], place=casework.place(kind))
        if kind is ContactKind.VIDEO_CALL:
            offer = replace(offer, minutes=30)
        offered_on = timing.working_days_before(casework.last, 1)
        council.plan(casework.hour(offered_on), partial(casework.offer, story, offer, None))


def plan_mistake(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """One contact is recorded for a brother or sister by mistake, and struck out."""
    for story, sibling in pairwise(told):
        wrong = story.household is sibling.household and sibling.stage is Stage.ORDINARY
        recent = [line for line in story.lines if line.on >= casework.begins and line.seen is not None]
        if wrong and recent and not sibling.is_online:
            at = datetime.combine(recent[-1].on, time(18), LONDON)
            council.plan(at, partial(casework.mistake, sibling, replace(recent[-1])))
            return


def send_away(council: Council, at: datetime) -> None:
    """The administrator marks the officer who is away."""
    work = council.acting(council.of_role(Role.ADMINISTRATOR)[0], at)
    officer = council.of_role(Role.CME_OFFICER)[-1]
    until = council.work.today + timedelta(days=10)
    accounts.change_staff(work, officer, StaffChange(officer.role, True, work.today, until), officer.version)


def note_sent(work: Work, before: datetime) -> None:
    """What was written long ago has long been sent; only what is new goes to the mailbox."""
    work.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.created_at < before)
        .values(sent_at=OutgoingMessage.created_at, attempts=1)
    )
