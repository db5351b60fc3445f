"""What stands round every page: navigation by permission, and the header of pages on a child."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_login import current_user

from ehe_portal.accounts.policy import STAFF_ROLES, Permission, Role, permits
from ehe_portal.casefile import rules
from ehe_portal.casefile.queries import child as queries
from ehe_portal.casefile.queries import people
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.govuk import ClockStrip
from ehe_portal.core.govuk.words import days_away
from ehe_portal.core.school_age import year_group, year_group_name
from ehe_portal.core.work import Work
from ehe_portal.orders.models import Whose
from ehe_portal.register.models import Child

CHILD_PAGES = {"child", "contact", "offers", "evidence", "messages", "episode", "concerns", "people", "notes"}
EVIDENCE_PAGES = {"evidence", "decisions", "reviews", "page_notes"}
ORDER_PAGES = {"orders", "serving", "proofs"}
CHILD_PAGES |= {"letters", "changes", "access", "chronology", "going", "clock", "stops", "plan"}
CHILD_PAGES |= EVIDENCE_PAGES | ORDER_PAGES
SETTINGS_PAGES = {"settings", "policy", "terms", "wordings", "letter_wordings"}
# Words, endpoint, permission, and the blueprints whose pages belong to it.
NAVIGATION = (
    ("My day", "my_day.today", Permission.MY_DAY_READ, {"my_day", "registrations", "keying", "check_ins"}),
    ("Calendar", "calendar.show", Permission.CALENDAR_READ, {"calendar", "rounds", "hours"}),
    ("Register", "register.children", Permission.REGISTER_READ, {"register", "doubles", *CHILD_PAGES}),
    ("Escalations", "queue.escalations", Permission.ESCALATION_READ, {"queue", "escalation"}),
    ("Complaints", "complaints.list_complaints", Permission.COMPLAINT_ANSWER, {"complaints"}),
    ("Orders", "order_clocks.running", Permission.ORDER_READ, {"order_clocks"}),
    ("In sight", "sight.in_sight", Permission.SIGHT_READ, {"sight"}),
    ("Post", "post.to_post", Permission.LETTER_POST, {"post"}),
    ("Team", "team.load", Permission.EPISODE_ASSIGN, {"team"}),
    ("Staff", "staff.list_staff", Permission.STAFF_READ, {"staff", "leaving"}),
    ("Settings", "settings.overview", Permission.SETTINGS_READ, SETTINGS_PAGES),
    ("Running", "running.everything", Permission.HEALTH_READ, {"running"}),
    ("Audit", "audit.trail", Permission.AUDIT_READ, {"audit"}),
)
FAMILY_PAGES = {"family", "family_contact", "family_changes", "family_evidence", "family_messages", "family_letters"}
FAMILY_PAGES |= {"family_statements", "family_decisions", "family_complaints", "complaining"}
FAMILY_PAGES |= {"invitation", "registration"}
FAMILY_NAVIGATION = (("Your children", "family.home", Permission.FAMILY_READ, FAMILY_PAGES),)
# Words, endpoint, permission, and the blueprints whose other pages belong to it.
SIDE = (
    ("Overview", "child.overview", Permission.CHILD_READ, {"episode", "plan"}),
    ("Chronology", "chronology.show", Permission.CHILD_READ, {"chronology"}),
    ("Contact", "contact.history", Permission.CHILD_READ, {"contact", "offers", "going", "clock"}),
    ("Messages", "messages.conversations", Permission.MESSAGES_READ, {"messages", "stops"}),
    ("Letters", "letters.list_letters", Permission.LETTER_READ, {"letters"}),
    ("Evidence", "evidence.list_evidence", Permission.EVIDENCE_READ, EVIDENCE_PAGES),
    ("Notices and orders", "orders.list_cases", Permission.ORDER_READ, ORDER_PAGES),
    ("Concerns", "concerns.list_concerns", Permission.ESCALATION_READ, {"concerns"}),
    ("People and addresses", "child.people", Permission.CHILD_READ, {"people", "child.protected_address"}),
    ("Notes", "notes.list_notes", Permission.CHILD_READ, {"notes"}),
    ("Reported changes", "changes.list_changes", Permission.CHILD_READ, {"changes"}),
    ("Sharing and access", "access.list_access", Permission.CHILD_READ, {"access"}),
)


@dataclass(frozen=True)
class Frame:
    """The header of every page on a child (see templates/core/child.html)."""

    reference: str
    name: str
    preferred_name: str | None
    age: int
    school_year: str
    status_label: str
    status_colour: str
    due_on: date | None
    due_words: str | None
    held_until: date | None
    last_contact_on: date | None
    last_seen_words: str
    adviser_name: str
    warnings: list[str]
    order: tuple[str, str] | None
    clock: ClockStrip | None
    nav: list[tuple[str, str, str | None]]
    today: date


class LazyFrame:
    """The frame, worked out when a template first asks for it: most pages are not on a child."""

    def __init__(self, work: Work, child: Child, standing: queries.Standing | None) -> None:
        self._work = work
        self._child = child
        self._standing = standing
        self._frame: Frame | None = None

    def __getattr__(self, name: str) -> Any:
        if self._frame is None:
            self._frame = frame(self._work, self._standing or queries.standing(self._work, self._child))
        return getattr(self._frame, name)


def links(work: Work, offered: tuple[tuple[str, str, Permission, set[str]], ...]) -> list[tuple[str, str, bool]]:
    """Navigation as (words, address, whether this page belongs to it), by permission."""
    here = request.blueprint
    return [
        (words, url_for(endpoint), here in belonging)
        for words, endpoint, needs, belonging in offered
        if permits(work.actor, needs)
    ]


def surroundings(work: Work, thing: Any) -> dict[str, Any]:
    """What every template may use: who is here, where they can go, and the child's header where there is a child."""
    role = Role(work.actor.role) if work.actor.role else None
    # Whoever found out who is asking has found this too.
    here = getattr(current_user, "here", None) or people.who_and_where(work)
    found: dict[str, Any] = {
        "authority_name": here.council,
        "contact_email": here.email,
        "contact_phone": here.phone,
        "contact_address": here.address,
        "opening_hours": here.hours,
        "brand_mark": f"{here.brand_colour}{here.brand_text_colour}".replace("#", "") if here.brand_colour else None,
        "logo_mark": here.logo_mark,
        "signed_in_name": here.name,
        "actor": work.actor,
        "role": role,
        "is_staff": role in STAFF_ROLES,
        "today": work.today,
        "can": lambda needs: permits(work.actor, Permission(needs)),
        "navigation": links(work, FAMILY_NAVIGATION if role is Role.PARENT else NAVIGATION),
    }
    child = thing if isinstance(thing, Child) else getattr(thing, "child", None)
    if isinstance(child, Child) and role in STAFF_ROLES:
        found["frame"] = LazyFrame(work, child, thing if isinstance(thing, queries.Standing) else None)
    return found


def strip(clock: Any, today: date) -> ClockStrip | None:
    """The picture of a running clock: of a `ContactClock`, or of a row with the columns that it needs."""
    if clock is None:
        return None
    contacted = clock.last_contact_on is not None and clock.last_contact_on >= clock.starts_on
    return ClockStrip(
        today=today,
        since=clock.last_contact_on if contacted and clock.last_contact_on else clock.starts_on,
        due_on=clock.due_on,
        grace_ends=clock.grace_ends,
        contacted=contacted,
        lapsed=clock.lapsed_on is not None,
        held_until=rules.held_now(clock.held_until, today),
    )


def current(endpoint: str, belonging: set[str]) -> str | None:
    """What `aria-current` says of a page's link: `page` on the page itself, `true` on one that belongs to it."""
    if request.endpoint == endpoint:
        return "page"
    return "true" if {request.blueprint, request.endpoint} & belonging else None


def order_line(work: Work, now: queries.Standing) -> tuple[str, str] | None:
    """What runs or is in force towards a school attendance order, and the case's address, for those who may read it."""
    case = now.order
    if case is None or not permits(work.actor, Permission.ORDER_READ):
        return None
    familys_until = case.clock_on if case.clock_whose is Whose.PARENT else None
    said = rules.order_words(ordered=case.ordered, familys_until=familys_until, today=work.today)
    if said is None:
        return None
    return said, url_for("orders.one", reference=now.child.reference, case_reference=case.reference)


def frame(work: Work, now: queries.Standing) -> Frame:
    """The header of a child's pages."""
    child, episode, clock = now.child, now.episode, now.clock
    running = clock if clock is not None and clock.is_running else None
    badge = rules.badge_of(episode, lapsed=running is not None and running.lapsed_on is not None, enquiry=now.enquiry)
    return Frame(
        reference=child.reference,
        name=child.name,
        preferred_name=child.preferred_name,
        age=rules.age(child.date_of_birth, work.today),
        school_year=year_group_name(year_group(child.date_of_birth, work.today)),
        status_label=badge.words,
        status_colour=badge.colour,
        due_on=running.due_on if running else None,
        due_words=days_away(running.due_on, work.today) if running else None,
        held_until=rules.held_now(running.held_until, work.today) if running else None,
        last_contact_on=clock.last_contact_on if clock else now.in_contact_on,
        last_seen_words=rules.seen_words(now.seen.on, now.seen.kind, now.seen.by) if now.seen else "Not yet",
        adviser_name=now.adviser or "With the team",
        warnings=rules.warnings(
            protected=child.protected,
            social_care=episode.social_care if episode else SocialCare.UNKNOWN,
            open_escalations=len(now.escalations),
            nobody_knows_where=now.nobody_knows_where,
            social_worker=episode.social_worker_name if episode else None,
            messages_stopped=child.messages_stopped_at is not None,
        ),
        order=order_line(work, now),
        clock=strip(running, work.today),
        nav=[
            (words, url_for(endpoint, reference=child.reference), current(endpoint, belonging))
            for words, endpoint, needs, belonging in SIDE
            if permits(work.actor, needs)
        ],
        today=work.today,
    )
