"""One child's notices and orders: cases, their route as a picture, and a page for each step."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.audit.service import note_reading
from ehe_portal.core.errors import Refusal
from ehe_portal.core.web import Pages, portal
from ehe_portal.core.work import Work
from ehe_portal.orders import queries, rules, service
from ehe_portal.orders.forms import CONSIDERED, TAKE, AnswerForm, StepForm, WhyForm
from ehe_portal.orders.models import OrderCase, OrderStep, Route, StepState
from ehe_portal.register.models import Child
from ehe_portal.register.queries import visible_child

pages = Pages("orders", __name__, url_prefix="/children/<string:reference>/orders")
CALLED = {
    "school": "School",
    "alternatives": "Other schools that the parent may choose",
    "plan": "EHC plan",
    "grounds": "Grounds",
    "considered": "Considered",
    "condition": "Why consent is needed",
    "refusal": "What the refusal rests on",
    "appeared_on": "Appeared so on",
    "determined_on": "School determined on",
    "applied_on": "Application came on",
}
CODES: dict[str, Any] = {
    "plan": rules.Plan,
    "grounds": rules.Ground,
    "condition": rules.Condition,
    "refusal": rules.Refused,
}


def to_case(case: OrderCase) -> Any:
    """Back to the case's own page."""
    return redirect(url_for("orders.one", reference=case.child.reference, case_reference=case.reference))


@pages.page("", needs=Permission.ORDER_READ, on=visible_child)
def list_cases(work: Work, child: Child) -> Any:
    """Every case about the child; what may be begun; who agreed to be served electronically."""
    note_reading(work, "orders", authority_id=child.authority_id, child_id=child.id)
    law = queries.law_in_force(work, child.authority_id)
    return render_template(
        "orders/list_cases.html",
        child=child,
        cases=[(case, queries.way_of(case)) for case in queries.cases_about(work, child.id)],
        finding=queries.finding_of(work, child.id),
        ways=[(way, cannot_begin(work, child, way)) for way in law.ways.values()],
        consents=queries.consents_about(work, child.id),
        asking=service.asking(work, child),
    )


def cannot_begin(work: Work, child: Child, way: rules.Way) -> str:
    """Why no case of a route can be begun today; empty where one can."""
    try:
        service.way_to_begin(work, child, way.code)
    except Refusal as refusal:
        return refusal.message
    if way.rests_on == "finding" and queries.finding_of(work, child.id) is None:
        return rules.UNFOUNDED
    return ""


@pages.page(
    "/new/<string:route>",
    methods=["GET", "POST"],
    needs=Permission.ORDER_PROPOSE,
    on=lambda work, reference, route: visible_child(work, reference) if route in set(Route) else None,
    drafts=lambda _child: "First step of a case",
)
def begin(work: Work, child: Child) -> Any:
    """Begin a case with its first step."""
    route = Route((request.view_args or {})["route"])
    way = queries.law_in_force(work, child.authority_id).ways.get(route)
    why = "The law in force does not have this step." if way is None else cannot_begin(work, child, way)
    if way is None or (why and request.method == "GET"):
        return render_template("orders/not_now.html", child=child, route=route, why=why)
    step = way.steps[way.begins]
    form = StepForm(parents=[one.reference for one in child.carers], version=0)
    form.ask(step, child)
    if form.validate_on_submit():
        with form.refusals():
            case = service.begin(work, child, route, form.wanted(step))
            flash(said_of(case.steps[-1]))
            return to_case(case)
    return render_template(
        "orders/step.html",
        form=form,
        child=child,
        step=step,
        way=way,
        possible=rules.Possible(step),
        back_url=url_for("orders.list_cases", reference=child.reference),
        issues=permits(work.actor, Permission.ORDER_DECIDE),
    )


def said_of(step: OrderStep) -> str:
    """What is said once a step is written down."""
    if step.state is StepState.TAKEN:
        served = " Write down next how it was served: its time runs from then." if step.sendings else ""
        return f"Done: {step.code.label}.{served}"
    return "Put forward. It has no effect until an EHE manager or the head of service takes it."


@pages.page("/<string:case_reference>", needs=Permission.ORDER_READ, on=queries.case_on)
def one(work: Work, case: OrderCase) -> Any:
    """One case: its route as a picture, where it is, what is possible and by when, and all that was done."""
    note_reading(work, "orders", authority_id=case.authority_id, child_id=case.child_id)
    story = queries.story_of(case, queries.schools_of(work, case.authority_id))
    ended, past_age = case.ended_at is not None, story.is_past_age(work.today)
    ahead = [] if ended else rules.possible(story, work.today)
    people = [account for step in case.steps for account in (step.written_by_id, step.taken_by_id)]
    people += [one.recorded_by_id for step in case.steps for one in step.sendings]
    proofs = portal().proofs(work, case.child_id)
    people += [account for of in proofs.values() for one in of for account in (one.added_by_id, one.struck_out_by_id)]
    finding = queries.finding_of(work, case.child_id)
    return render_template(
        "orders/one.html",
        case=case,
        child=case.child,
        way=story.way,
        law=rules.LAWS[case.profile],
        picture=rules.drawn(story, ahead, ended=ended or past_age),
        ahead=ahead,
        answer_by=rules.answer_by(story, story.taken[-1]) if story.taken else None,
        past_age=past_age and not ended,
        ordered=ordered(story),
        holds=story.order_holds(work.today),
        doubtful=finding is None and not (ended or past_age or ordered(story)) and story.way.rests_on == "finding",
        names=accounts.names_of(work, [*people, case.begun_by_id, case.ended_by_id]),
        said_rows=said_rows,
        proofs=proofs,
        states=StepState,
        marks=rules.Mark,
    )


def ordered(story: rules.Story) -> bool:
    """Whether an order has been made: from then on it no longer rests on the finding alone."""
    return any(one.code is rules.StepCode.ORDER for one in story.taken)


def said_rows(step: OrderStep) -> list[tuple[str, str]]:
    """What a step says besides its reasons, each with its question in short."""
    return [(words, said_words(name, step.said[name])) for name, words in CALLED.items() if name in step.said]


def said_words(name: str, answer: str) -> str:
    """An answer as people read it."""
    if name == "considered":
        labels = dict(CONSIDERED)
        return "; ".join(labels.get(key, key) for key in answer.split(","))
    if name in CODES:
        return "; ".join(str(CODES[name](key).label) for key in answer.split(","))
    return rules.long_day(answer) if name.endswith("_on") else answer


@pages.page(
    "/<string:case_reference>/steps/<string:step>",
    methods=["GET", "POST"],
    needs=Permission.ORDER_PROPOSE,
    on=lambda work, reference, case_reference, step: (
        queries.case_on(work, reference, case_reference) if step in set(rules.StepCode) else None
    ),
    drafts=lambda _case: "Step of a case",
)
def take(work: Work, case: OrderCase) -> Any:
    """Take a step, or put it forward."""
    code = rules.StepCode((request.view_args or {})["step"])
    way = queries.way_of(case)
    step = way.steps.get(code) or abort(404)
    story = queries.story_of(case, queries.schools_of(work, case.authority_id))
    ahead = rules.possible(story, work.today) if case.ended_at is None else []
    found = next((one for one in ahead if one.step is step), None)
    if request.method == "GET" and (found is None or case.proposed is not None):
        return to_case(case)
    known: dict[str, Any] = {name: story.said(name) for name in ("school", "alternatives")}
    form = StepForm(version=case.version, parents=[one.reference for one in case.child.carers], **known)
    form.ask(step, case.child)
    if form.validate_on_submit():
        with form.refusals():
            kept = service.put_down(work, case, form.wanted(step), form.version.data or 0)
            flash(said_of(kept))
            return to_case(case)
    return render_template(
        "orders/step.html",
        form=form,
        child=case.child,
        step=step,
        way=way,
        possible=found or rules.Possible(step),
        back_url=url_for("orders.one", reference=case.child.reference, case_reference=case.reference),
        issues=permits(work.actor, Permission.ORDER_DECIDE),
    )


@pages.page(
    "/steps/<string:step_reference>/answer",
    methods=["GET", "POST"],
    needs=Permission.ORDER_DECIDE,
    on=queries.step_on,
    drafts=lambda _step: "Answer to a step that waits",
)
def answer(work: Work, step: OrderStep) -> Any:
    """Take a step that someone put forward, or return it."""
    if request.method == "GET" and step.state is not StepState.PROPOSED:
        return to_case(step.case)
    form = AnswerForm()
    if form.validate_on_submit():
        with form.refusals():
            if form.verdict.data == TAKE:
                service.issue(work, step, form.answer.data)
                flash(said_of(step))
            else:
                service.return_step(work, step, form.answer.data)
                flash("Returned. Whoever put it forward sees why.")
            return to_case(step.case)
    return render_template(
        "orders/answer.html",
        form=form,
        child=step.child,
        step=step,
        known=queries.way_of(step.case).steps[step.code],
        parents=[one for one in step.child.carers if one.reference in step.parents],
        names=accounts.names_of(work, [step.written_by_id]),
        said_rows=said_rows(step),
        back_url=url_for("orders.one", reference=step.child.reference, case_reference=step.case.reference),
    )


@pages.page(
    "/<string:case_reference>/withdraw",
    methods=["GET", "POST"],
    needs=Permission.ORDER_DECIDE,
    on=queries.case_on,
)
def withdraw(work: Work, case: OrderCase) -> Any:
    """End a case at any time."""
    form = WhyForm(version=case.version)
    if form.validate_on_submit():
        with form.refusals():
            service.withdraw(work, case, form.why.data, form.version.data or 0)
            flash(
                "The case is over. What was served stays on record: tell the family that nothing more is asked of it."
            )
            return to_case(case)
    return render_template("orders/withdraw.html", form=form, child=case.child, case=case)
