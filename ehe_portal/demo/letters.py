"""Letters of the last weeks: written by advisers, posted by the team on working days, one of them put down wrongly."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import choose_texts
from ehe_portal.core.days import LONDON, add_working_days, london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.demo import cast, timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.council import Council
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.letters import queries, service
from ehe_portal.letters.models import Letter
from ehe_portal.letters.rules.printing import POSTED
from ehe_portal.letters.service import by_notify

LAPSED: Final = (Stage.RAISED, Stage.ACKNOWLEDGED, Stage.TRIAGED, Stage.UNDECIDED, Stage.LAPSING, Stage.GRACE)
LARGE_PRINT, MISTAKEN_AGO, POSTED_UNTIL = 7, 6, 2
GIVEN = 4
MOBILE: Final = "07700 900 982"
"""One of the numbers that are kept for stories (Ofcom)."""

ABOVE: Final = "# How to reach us"
OWN_WORDS: Final = (
    "Our drop-in mornings are in Weir House, on the first Tuesday of the month. You need no appointment, and your "
    "children are welcome."
)


def plan(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Plan who writes to whom, and when what waits goes to the post."""
    days_ago = partial(timing.working_days_before, casework.last)
    council.plan(casework.hour(days_ago(28)), partial(word, council))
    plan_wishes(council, casework, told)
    silent = [story for story in told if story.stage in LAPSED and not story.is_online and story.child_id]
    for number, story in enumerate(silent[::2]):
        council.plan(casework.hour(days_ago(1 + number % 9)), partial(remind, casework, story))
    welcomed = [story for story in told if story.stage is Stage.WELCOMED]
    welcomed.sort(key=lambda story: story.person is None)
    for number, story in enumerate(welcomed[:8]):
        on = max(days_ago(12 - number), add_working_days(casework.accepted_on(story), 1))
        if on <= casework.last:
            council.plan(casework.hour(on), partial(write, casework, story, "welcome", {}))
    for story in welcomed[:2]:
        facts = {"what": "a meeting at the library in Aldermere, or a video call", "times": times(casework.last)}
        council.plan(casework.hour(casework.last), partial(write, casework, story, "visit-offer", facts))
    for ago in range(30, POSTED_UNTIL - 1, -1):
        council.plan(datetime.combine(days_ago(ago), time(16, 40), LONDON), partial(post, council))
    council.plan(datetime.combine(days_ago(1), time(17, 5), LONDON), partial(give, council))
    council.plan(datetime.combine(casework.last, time(8, 30), LONDON), partial(printed, council))
    council.plan(datetime.combine(days_ago(MISTAKEN_AGO - 1), time(9, 5), LONDON), partial(put_right, council))


def times(last: date) -> list[str]:
    """Some times to meet in the weeks to come."""
    return [f"{day:%A} {day.day} {day:%B}, {hour}" for day, hour in zip(
        (add_working_days(last, count) for count in (7, 9, 12)), ("10am", "2pm", "11:30am"), strict=True)]  # fmt: skip


def plan_wishes(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Some parents would like large print, and one with an account paper."""
    known = [story for story in told if not story.is_online and story.child_id]
    at = casework.hour(timing.working_days_before(casework.last, 25))
    for story in known[:: len(known) // LARGE_PRINT or 1]:
        council.plan(at, partial(wish, casework, story, by_post=False))
    council.plan(casework.hour(timing.working_days_before(casework.last, 2)), partial(ask_for_texts, council))
    for story in [one for one in told if one.stage is Stage.WELCOMED and one.person is None][:1]:
        late = casework.hour(add_working_days(casework.accepted_on(story), 1))
        council.plan(late, partial(wish, casework, story, by_post=True))


def ask_for_texts(council: Council, at: datetime) -> None:
    """A parent would like a text when there is something to read."""
    account = accounts.account_by_email(council.work, cast.ACCEPTED.email)
    if account is not None:
        choose_texts(council.acting(account, at), account, MOBILE)


def word(council: Council, at: datetime) -> None:
    """The administrator words the first letter to families who were not heard from, for the council's own mornings."""
    work = council.acting(council.of_role(Role.ADMINISTRATOR)[0], at)
    kind = service.kinds()["contact-lapsed"]
    own = service.own_words(work, council.authority.id, kind)
    body = own.words.body.replace(ABOVE, f"{OWN_WORDS}\n\n{ABOVE}")
    service.set_wording(work, council.authority.id, kind, service.Words(own.words.title, body), own.number)


def wish(casework: Casework, story: Story, at: datetime, *, by_post: bool) -> None:
    """The adviser puts down what a parent said on the phone."""
    work = casework.council.acting(casework.adviser(story), at)
    parent = casework.council.child(story.child_id).carers[0]
    service.set_wishes(work, parent, large_print=True, by_post=by_post)


def write(casework: Casework, story: Story, kind: str, facts: dict[str, Any], at: datetime) -> None:
    """The adviser writes to the first parent. A family to which nothing may be sent, or that has moved, gets none."""
    work = casework.council.acting(casework.adviser(story), at)
    child = casework.council.child(story.child_id)
    with suppress(Refusal):
        service.write(work, kind, child, child.carers[:1], facts)


def remind(casework: Casework, story: Story, at: datetime) -> None:
    """The adviser writes to a family of which nothing was heard."""
    today = london_date(at)
    facts = {"due on": today - timedelta(days=21), "answer by": add_working_days(today, 10)}
    write(casework, story, "contact-lapsed", facts, at)


def post(council: Council, at: datetime) -> None:
    """What has been made before today is posted in the afternoon."""
    work = council.acting(council.of_role(Role.EHE_MANAGER)[0], at)
    waiting = [one for one in queries.to_post(work) if london_date(one.made_at) < work.today]
    if waiting:
        service.confirm_posted(work, waiting, work.today)


def give(council: Council, at: datetime) -> None:
    """Some of what waits is given to GOV.UK Notify."""
    work = council.acting(council.of_role(Role.EHE_MANAGER)[0], at)
    if waiting := queries.to_post(work):
        by_notify.give(work, waiting[:GIVEN], first_class=False)


def printed(council: Council, at: datetime) -> None:
    """On the next day it has printed and posted them but for one, which somebody cancelled there."""
    work = council.acting(None, at)
    posted: dict[date, list[Letter]] = {}
    for number, one in enumerate(queries.with_notify(work)):
        one.status = by_notify.made_ready(work, one) or ("cancelled" if number == 0 else POSTED)
        one.status_on = work.today
        if one.status == POSTED:
            by_notify.take_as_posted(work, one, posted)
        else:
            by_notify.take_back(work, one)
    for day, letters in posted.items():
        service.confirm_posted(work, letters, day)


def put_right(council: Council, at: datetime) -> None:
    """One letter of the last pile was left on the desk: it was not posted after all."""
    work = council.acting(council.of_role(Role.EHE_MANAGER)[0], at)
    if done := queries.batches(work):
        standing = [one.letter for one in queries.postings_in(work, done[0].batch) if one.struck_out_at is None]
        service.correct_posting(work, standing[:1], None)
