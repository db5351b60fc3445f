"""The letter that is made of a step, one to each parent: typeset with its reasons, its section and the last day."""

from datetime import date
from typing import Final

from ehe_portal.core.work import Work
from ehe_portal.letters import service as letters
from ehe_portal.orders import rules
from ehe_portal.orders.models import Method, OrderCase, OrderStep
from ehe_portal.register.models import Parent

ACT: Final = "of the Education Act 1996"


def make(work: Work, case: OrderCase, kept: OrderStep, step: rules.Step) -> None:
    """Make a step's letters, where it has any: to everyone on whom it is served, or who was told of the case when it
    began. Raises `Refusal` where nothing may be sent to the family."""
    to = [one.parent_id for one in kept.sendings if one.parent_id is not None] or told_before(case, step)
    if not step.letter or not to:
        return
    made = letters.write(work, step.letter, case.child, to, facts(work, case, kept, step))
    by_parent = {letter.parent_id: letter.id for letter in made}
    for sending in kept.sendings:
        sending.letter_id = by_parent.get(sending.parent_id or 0)
    work.session.flush()


def told_before(case: OrderCase, step: rules.Step) -> list[int | Parent]:
    """Of a step that is served on nobody, those carers of today on whom the first one was served."""
    if "parents" in step.served:
        return []
    first = {one.parent_id for one in case.taken[0].sendings}
    return [parent for parent in case.child.carers if parent.id in first]


def facts(work: Work, case: OrderCase, kept: OrderStep, step: rules.Step) -> dict[str, str | date | list[str]]:
    """What the letter says: of its time, as it is if it is posted today."""
    found: dict[str, str | date | list[str]] = {"section": f"{step.section} {ACT}", "reasons": kept.reasons}
    if "school" in kept.said:
        found["school"] = kept.said["school"]
    if "grounds" in kept.said:
        grounds = [rules.Ground(one) for one in kept.said["grounds"].split(",")]
        found["conditions"] = [rules.CONDITIONS[one] for one in grounds]
        found["what to show"] = rules.to_show(grounds, case.child.known_as)
    others = [one.strip() for one in kept.said.get("alternatives", "").splitlines() if one.strip()]
    if others:
        found["other schools"] = others
    if step.answer is not None:
        served_on = rules.deemed_served(rules.LAWS[case.profile], Method.POST, work.today)
        last_on = rules.last_day(step.answer, served_on, rules.Schools())
        found |= {
            "time section": step.answer.section,
            "period": step.answer.words,
            "posted on": work.today,
            "served on": served_on,
        }
        found |= {"last day": last_on} if last_on is not None else {}
    return found
