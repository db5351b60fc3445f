"""Every page of every role, at the widths of a phone, a tablet and a screen: for eyes, ears and fingers.

Name a folder in SCREENSHOTS to have a picture of each.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from werkzeug.routing import Rule

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import GRANTS, Role
from ehe_portal.complaints import service as complaints
from ehe_portal.core.codes import Destination
from ehe_portal.core.links import sign_visitor_link
from ehe_portal.core.school_age import school_leaving_date
from ehe_portal.core.web import Access, Anyone, SignedIn
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.events import EducationPutForward
from ehe_portal.evidence.models import Assessment, DecisionState, InformationRequest, Outcome
from ehe_portal.evidence.queries import latest_assessment
from ehe_portal.evidence.service import statements
from ehe_portal.letters import service as letters
from ehe_portal.orders import service as orders
from ehe_portal.orders.models import Document, Method, OrderSending, Route, StepCode
from ehe_portal.policy.rules.profiles import PROFILES
from ehe_portal.register.models import Child
from ehe_portal.register.rules.questions import CHILD_PAGES, FAMILY_PAGES
from ehe_portal.register.service import record_plan
from tests import browser as chromium
from tests.journeys.cast import PASSWORD, today
from tests.journeys.running import RunningPortal
from tests.journeys.stage import Stage, appears_unsuitable, registrations_are_begun
from tests.journeys.walker import PHONE, SCREEN, Walker
from tests.village import a_child

NO_PAGES = {
    "static",
    "health.healthz",
    "evidence.download",
    "evidence.picture",
    "family_evidence.download",
    "look.brand",
    "look.logo",
    "paper.registration_form",
    "sight.counts_csv",
    "calendar.feed",
    "letters.as_pdf",
    "letters.in_large_print",
    "family_letters.as_pdf",
    "family_letters.in_large_print",
    "letter_wordings.example",
    "post.pile",
}
VISITOR = "visitor"
MODES = [VISITOR, *sorted(Role)]

# Forms that ask for nothing, or come with every answer filled in.
DONE_AT_ONCE = {"registration.check_answers"} | {
    f"registration.{page.name.replace('-', '_')}"
    for page in (*CHILD_PAGES.values(), *FAMILY_PAGES.values())
    if not PROFILES["ea1996"].required & set(page.questions) and page.name != "other"
}
DONE_AT_ONCE |= {"staff.change_staff", "episode.set_tier", "episode.assign", "leaving.hand_over", "settings.colours"}
DONE_AT_ONCE |= {
    "offers.withdraw",
    "reviews.begin",
    "letters.set_wishes",
    "family_letters.set_wishes",
    "accounts.choose_texts",
}

# What a part of a page is made of: its elements with their classes, roles and states, without a word.
BONES = """part => Array.from(document.querySelectorAll(`${part} *`), one =>
    one.tagName + ["class", "role", "type", "aria-current", "aria-hidden"].map(name => one.getAttribute(name)).join()
).join("\\n")"""

# Rows of a table in which a cell was left out, so that those after it stand under the wrong heads.
SHIFTED = """() => Array.from(document.querySelectorAll("table")).flatMap(table => {
    const cells = row => Array.from(row.cells).filter(cell => getComputedStyle(cell).display === "table-cell")
        .reduce((sum, cell) => sum + cell.colSpan, 0);
    const heads = table.tHead && table.tHead.rows.length === 1 ? cells(table.tHead.rows[0]) : 0;
    const rows = Array.from(table.tBodies).flatMap(body => Array.from(body.rows)).filter(row =>
        getComputedStyle(row).display === "table-row");
    return heads ? rows.filter(row => cells(row) !== heads).map(row => row.innerText.slice(0, 40)) : [];
})"""
TABLET = 768
WIDTHS = (PHONE, TABLET, SCREEN)


@dataclass
class Look:
    """What has been looked at, so that pages made of the same parts are examined once."""

    widths: tuple[int, ...] = WIDTHS
    bones: set[tuple[int, str]] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def at(self, page: Page, name: str, folder: Path | None) -> None:
        """Look at a page at each width."""
        for width in self.widths:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                self.troubles.append(f"{name} at {width}: {wide} px wider than the screen")
            self.troubles += [f"{name} at {width}: cells missing in {row!r}" for row in page.evaluate(SHIFTED)]
            bones = {(width, page.evaluate(BONES, part)) for part in ("header", "main")}
            if not bones <= self.bones and width != TABLET:
                self.bones |= bones
                self.troubles += [f"{name} at {width}: {one}" for one in chromium.axe_violations(page)]
            if folder is not None:
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


@pytest.fixture(scope="module")
def stage(stage: Stage) -> Stage:
    """The council at work, where registrations have been begun too."""
    registrations_are_begun(stage)
    someone_is_grown_up(stage)
    decisions_wait(stage)
    a_plan_is_kept(stage)
    others_say(stage)
    letters_are_made(stage)
    orders_are_made(stage)
    return stage


def a_plan_is_kept(stage: Stage) -> None:
    """Ada has an education, health and care plan."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        ada = work.session.scalars(select(Child).where(Child.reference == stage.children["Ada"])).one()
        record_plan(work, ada, work.today - timedelta(days=320), None, 0)


def others_say(stage: Stage) -> None:
    """About Ada, a statement whose link has been opened; and a complaint that everyone who works on cases may read."""
    with stage.deed(stage.staff[Role.PARENT]) as work:
        ada = work.session.scalars(select(Child).where(Child.reference == stage.children["Ada"])).one()
        asked = statements.ask(work, ada, statements.Wanted("Gran", "gran@home.example", at_once=False))
        statements.note_opened(work, asked)
        link = sign_visitor_link(stage.house.settings.secret_key, asked.id, asked.mails)
        officers = [stage.staff[one].id for one in (Role.ADVISER, Role.CME_OFFICER)]
        said = complaints.Wanted(complaints.About.VISIT, "Nobody rang.")
        made = complaints.make(work, ada, said, officers)
        for one in made.concerned:
            one.shared_at = work.at
        decided = latest_assessment(work, ada.id)
        assert decided is not None
        stage.references["decided"] = decided.reference
        stage.references |= {"statement": asked.reference, "complaint": made.reference, "link": link}


def orders_are_made(stage: Stage) -> None:
    """About Ada a notice, served on one parent and not yet on another; about Ben one put forward; about Dilan none."""
    adviser, manager = stage.staff[Role.ADVISER], stage.staff[Role.EHE_MANAGER]
    for forename in ("Ada", "Ben", "Dilan"):
        appears_unsuitable(stage, forename)
    with stage.deed(manager) as work:
        ada = work.session.scalars(select(Child).where(Child.reference == stage.children["Ada"])).one()
        case = orders.begin(work, ada, Route.ATTENDANCE, a_notice(ada))
        wrong = case.taken[0].sendings[0]
        orders.serve(work, wrong, orders.Serving(Method.BY_HAND, work.today))
        other = OrderSending(authority_id=ada.authority_id, step_id=case.taken[0].id, parent_id=wrong.parent_id)
        work.session.add(other)
        parent = ada.carers[0].reference
        given = orders.record_consent(work, ada, parent, Document.NOTICE, "a@home.example", work.today)
        work.session.flush()
        stage.references |= {"case": case.reference, "served": wrong.reference, "to serve": other.reference}
        stage.references["consent"] = given.reference
        receipt = evidence.expect_proof(work, ada, "receipt.png", "image/png", 1)
        evidence.note_kept(work, [stage.house.vault.store(receipt.stored_as, [b"0"])])
        stage.references["proof"] = evidence.add_proof(work, wrong, receipt.reference).reference
    with stage.deed(adviser) as work:
        ben = work.session.scalars(select(Child).where(Child.reference == stage.children["Ben"])).one()
        case = orders.begin(work, ben, Route.ATTENDANCE, a_notice(ben))
        stage.references["put forward"] = case.steps[0].reference


def a_notice(child: Child) -> orders.Wanted:
    """A notice to each of a child's parents."""
    carers = tuple(one.reference for one in child.carers)
    return orders.Wanted(StepCode.NOTICE, "A few pages from last spring.", {}, carers)


def letters_are_made(stage: Stage) -> None:
    """To Ada's first parent, one letter that was posted and one that waits."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        ada = work.session.scalars(select(Child).where(Child.reference == stage.children["Ada"])).one()
        sent, _ = (letters.write(work, "welcome", ada, ada.carers[:1], {}, goes=letters.Goes.POST)[0] for _ in range(2))
        batch = letters.confirm_posted(work, [sent], work.today)
        stage.references |= {"letter": sent.reference, "batch": batch}


def decisions_wait(stage: Stage) -> None:
    """About Cleo, a decision that waits for a second person, and one with which her family was asked for more."""
    adviser = stage.staff[Role.ADVISER]
    with stage.deed(adviser) as work:
        cleo = work.session.scalars(select(Child).where(Child.reference == stage.children["Cleo"])).one()
        keys: dict[str, Any] = {"authority_id": cleo.authority_id, "child_id": cleo.id}
        made: dict[str, Any] = {**keys, "reasons": "Because.", "decided_at": work.at, "decided_by_id": adviser.id}
        waiting = Assessment(**made, outcome=Outcome.UNSUITABLE, state=DecisionState.WAITING)
        told = Assessment(**made, outcome=Outcome.INSUFFICIENT, state=DecisionState.STANDS, stands_since=work.at)
        work.session.add_all([waiting, told])
        work.session.flush()
        asked = InformationRequest(
            **keys, assessment_id=told.id, asked_at=work.at, asked_on=work.today,
            last_on=work.today + timedelta(weeks=5),
        )  # fmt: skip
        work.session.add(asked)
        work.session.flush()
        work.publish(EducationPutForward(**keys, assessment_id=waiting.id, outcome=waiting.outcome))
        stage.references |= {"undecided": cleo.reference, "waiting": waiting.reference, "asked": asked.reference}


def someone_is_grown_up(stage: Stage) -> None:
    """A young person whose episode ended with school age, on the earlier of the two days that the law leaves."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        adviser = work.session.get_one(Account, stage.staff[Role.ADVISER].id)
        authority = work.session.get_one(Authority, adviser.authority_id)
        year = work.today.year - (work.today.month < 9)
        ended, opened_on = school_leaving_date(year), date(year - 1, 11, 2)
        una = a_child(
            work, authority, "Una", "Vale", date(year - 16, 9, 1), opened_on, adviser=adviser, closed_on=ended,
            destination=Destination.OVER_AGE, to_review_since=work.today,
        )  # fmt: skip
        una.age_ends, una.age_ends_said_on = ended, work.today
        stage.references["grown up"] = una.reference


@pytest.fixture(scope="module")
def look(request: pytest.FixtureRequest) -> Look:
    """How a page looks is not up to the database: with PostgreSQL each is opened, and its form sent empty."""
    return Look(widths=WIDTHS if request.config.getoption("--database") == "sqlite" else ())


@pytest.fixture
def folder() -> Path | None:
    """Where pictures go."""
    named = os.environ.get("SCREENSHOTS")
    if named is None:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)


def pages_of(stage: Stage, role: str) -> Iterator[tuple[str, str]]:
    """The endpoint and address of every page that this role may open."""
    for rule in sorted(stage.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if rule.endpoint in NO_PAGES or "GET" not in (rule.methods or ()):
            continue
        access: Access = vars(stage.app.view_functions[rule.endpoint])["access"]
        if opens(access.needs, role):
            with stage.app.test_request_context():
                yield rule.endpoint, stage.app.url_for(rule.endpoint, **arguments(stage, rule, role))


def opens(needs: object, role: str) -> bool:
    """Whether someone may open what needs this; everyone's pages are looked at as a visitor sees them."""
    if needs is Anyone or role == VISITOR:
        return needs is Anyone and role == VISITOR
    return needs is SignedIn or needs in GRANTS[Role(role)]


def arguments(stage: Stage, rule: Rule, role: str) -> dict[str, Any]:
    """What to put into one route's address."""
    known = stage.references
    own = {"staff": "staff", "registrations": "registration", "registration": "registration"}
    own |= {"leaving": "staff", "terms": "term", "hours": "adviser"}
    own |= {"queue": "escalation", "escalation": "escalation", "decisions": "undecided"}
    blueprint = rule.endpoint.partition(".")[0]
    if rule.endpoint == "stops.let_go":
        return {"reference": known["stopped"]}
    if rule.endpoint in {"episode.say_age_ends", "episode.review_end"}:
        return {"reference": known["grown up"]}
    if rule.endpoint in ("orders.answer", "orders.answer_draft"):
        return {"reference": stage.children["Ben"], "step_reference": known["put forward"]}
    if rule.endpoint.startswith("orders.begin"):
        return {"reference": stage.children["Dilan"], "route": "attendance"}
    named = {
        "case_reference": known["case"],
        "step": "satisfied",
        "sending_reference": known["served" if rule.endpoint in ("serving.strike_out", "proofs.add") else "to serve"],
        "consent_reference": known["consent"],
        "proof_reference": known["proof"],
        "reference": known[own[blueprint]] if blueprint in own else stage.children["Ada"],
        "contact_reference": known["contact"],
        "check_reference": known["visited"],
        "section": "visit",
        "evidence_reference": known["evidence"],
        "file_reference": known["file"],
        "assessment_reference": known["decided" if blueprint == "family_decisions" else "waiting"],
        "request_reference": known["asked"],
        "other_reference": known["other"],
        "child_key": known.get(f"draft of {role}"),
        "submission_reference": known["keyed in" if blueprint == "keying" else "sent"],
        "account_reference": known["family"],
        "message_reference": known["message"],
        "address_reference": known["address"],
        "parent_reference": known["parent"],
        "note_reference": known["note"],
        "visit_reference": known["visit"],
        "change_reference": known["change"],
        "change_kind": "address",
        "invitation_reference": known["invitation of Ben"],
        "list_reference": "NOTHERE000",
        "hold_reference": known["hold"],
        "sighting_reference": known["sighting"],
        "check_in_reference": known["check-in"],
        "since": known["since"],
        "leave_reference": known["leave"],
        "token": known["link"] if blueprint == "statements" else "not-a-token",
        "statement_reference": known["statement"],
        "complaint_reference": known["complaint"],
        "message": "visit-offered",
        "letter_reference": known["letter"],
        "letter_kind": "visit-offer",
        "batch": known["batch"],
        "kind": "home-visit",
        "outcome": "held",
        "happened_on": today().isoformat(),
    }
    return {name: named[name] for name in rule.arguments}


@pytest.mark.parametrize("role", MODES)
def test_every_page(walkers: Callable[..., Walker], stage: Stage, look: Look, folder: Path | None, role: str) -> None:
    walker = walkers()
    if role != VISITOR:
        walker.signs_in(stage.address_of(Role(role)), PASSWORD)
    look.troubles.clear()
    for endpoint, path in pages_of(stage, role):
        answer = walker.page.goto(walker.home + path)
        assert answer is not None
        assert answer.status == 200, (endpoint, answer.status)
        expect(walker.page.locator("h1")).to_have_count(1)
        first = endpoint not in look.opened
        look.opened.add(endpoint)
        look.at(walker.page, f"{role}-{endpoint}", folder)
        if first and endpoint not in DONE_AT_ONCE:
            with_nothing_filled_in(walker.page, f"{role}-{endpoint}", look, folder)
    assert look.troubles == []


def with_nothing_filled_in(page: Page, name: str, look: Look, folder: Path | None) -> None:
    """The same page with everything it asks for missing: a summary that leads to each question."""
    empties = page.locator("main form[method=post]:has(.govuk-form-group) button:visible:not([name=later])")
    if not empties.count():
        return
    for box in page.locator("main :is(input[type=text], textarea)").all():
        if box.is_visible():
            box.fill("")
    empties.last.click()
    page.wait_for_load_state()
    summary = page.locator(".govuk-error-summary")
    if not summary.count():
        look.troubles.append(f"{name}: nothing is said of what is missing; {page.url}")
        return
    for link in summary.get_by_role("link").all():
        target = page.locator(f'[id="{(link.get_attribute("href") or "#")[1:]}"]')
        if not target.is_visible():
            look.troubles.append(f"{name}: “{link.inner_text()}” leads to nothing that can be seen")
    look.at(page, f"{name}-empty", folder)


def test_all_pages_are_looked_at(stage: Stage) -> None:
    """There is no page that nobody opens above."""
    there = {rule.endpoint for rule in stage.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    opened = {endpoint for role in MODES for endpoint, _ in pages_of(stage, role)}
    assert there - NO_PAGES == opened


def test_what_went_wrong(
    walkers: Callable[..., Walker], stage: Stage, portal: RunningPortal, folder: Path | None
) -> None:
    """The pages for what is not there, is not allowed or has run out; and a link's own pages."""
    look = Look()
    visitor, auditor = walkers(), walkers()
    visitor.goes_to("/no-such-page")
    look.at(visitor.page, "error-404", folder)
    auditor.signs_in(stage.address_of(Role.AUDITOR), PASSWORD)
    auditor.goes_to("/my-day")
    look.at(auditor.page, "error-403", folder)
    link = portal.link_mailed("invited@wessex.example", "Your account")
    visitor.goes_to(link)
    look.at(visitor.page, "visitor-link", folder)
    visitor.presses("Save password")
    visitor.sees("There is a problem", "Enter a password")
    look.at(visitor.page, "visitor-link-empty", folder)
    visitor.page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    visitor.presses("Save password")
    assert re.search("/my-day$", visitor.page.url)
    visitor.goes_to(link)
    visitor.sees("This link has been used already")
    look.at(visitor.page, "visitor-link-used", folder)
    assert look.troubles == []
