"""The questions of a welfare check, and the form of one section of it.

The order in which these are written is the order of the page, and of its error summary: what is asked at the door
comes first, all the rest may wait for the desk.
"""

from collections.abc import Mapping
from typing import Any, Final

from ehe_portal.contact import service
from ehe_portal.contact.rules import Alone, Section, Told
from ehe_portal.core.codes import ChildSeen, ContactKind, EducationStyle, PrimaryReason
from ehe_portal.core.govuk import (
    YES_NO,
    CheckboxesField,
    CheckboxField,
    Choice,
    DateField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)

FOR_EXAMPLE: Final = "For example, 3 9 2026"
OF_A_SEEN_CHILD: Final = ("spoken_to", "alone", "childs_words")
FOR_THE_FAMILY: Final = "The family may read this."
FOR_THE_TEAM: Final = "This stays with the team."
ADDRESS: Final = {"yes": True, "no": False}
NOT_ASKED: Final = ("as_read", "csrf_token")


class AtTheDoor:
    """What is asked first, on a phone at the door."""

    persons_present = TextField(
        "Who was there?",
        [Required("Enter who was there")],
        max_length=500,
        hint="For example: Ada, her mother and her brother",
    )
    child_seen = RadiosField(
        "Did you see the child?",
        [Required("Select whether you saw the child")],
        choices=[
            Choice(ChildSeen.YES, "Yes", reveals=OF_A_SEEN_CHILD),
            Choice(ChildSeen.NO, "No"),
            Choice(
                ChildSeen.DECLINED,
                "No: the parent chose another way",
                "A parent may choose this. It counts as contact all the same.",
            ),
        ],
    )
    spoken_to = RadiosField("Did you speak with the child? (optional)", choices=YES_NO, inline=True)
    alone = RadiosField(
        "Did you speak with the child alone? (optional)",
        choices=Alone,
        hint="Only with the parent’s permission. Nobody is obliged to agree, and to stay together says nothing "
        "about a family.",
    )
    childs_words = TextAreaField(
        "What the child said, in their own words", rows=4, hint=f"Their words, not yours. {FOR_THE_TEAM}"
    )
    education_seen = TextAreaField("What you saw or heard of the education", rows=5, hint=FOR_THE_FAMILY)
    address_confirmed = RadiosField(
        "Do they live at the address we have? (optional)",
        choices=[
            Choice("yes", "Yes, it was confirmed"),
            Choice("no", "No, or it is not certain"),
            Choice("not-asked", "We did not talk about it"),
        ],
    )


class WritingQuestions:
    """What is asked of writing received."""

    substantive = RadiosField(
        "Does it tell about this child’s education?",
        [Required("Select whether it tells about this child’s education")],
        choices=[
            Choice(True, "Yes", "It counts as contact from the day it came.", reveals=("agreed_next_on",)),
            Choice(
                False,
                "No",
                "For example “please write instead”. It counts as a reply, which gives the family some more time.",
            ),
        ],
    )


class WhatComesNext:
    """What may be agreed at an effective contact."""

    agreed_next_on = DateField(
        "Date agreed for the next contact",
        what="the date agreed",
        hint=f"Leave empty if none was agreed. {FOR_EXAMPLE}",
    )


class InShort:
    """What may be said of any contact, for the family to read."""

    summary = TextAreaField(
        "Summary for the family", rows=5, hint="What happened and what comes next. The family may read this."
    )


class AtTheDesk:
    """What may be added later: none of it has to be there."""

    at_time = TimeField("What time did it begin?", hint="For example, 10am or 2:30pm")
    minutes = NumberField("How many minutes did it take?", least=1, most=1440)
    place = TextField("Where was it?", max_length=200, hint=f"For example: at home; the library. {FOR_THE_TEAM}")
    first_visit = RadiosField("Was this the first visit? (optional)", choices=YES_NO, inline=True)
    styles = CheckboxesField("How does the family educate?", choices=EducationStyle, hint="As many as fit, or none")
    environment = TextAreaField("Where and with what the child learns", rows=4, hint=FOR_THE_FAMILY)
    progress = TextAreaField("How the child is getting on", rows=4, hint=f"Attainment and progress. {FOR_THE_FAMILY}")
    aspirations = TextAreaField("What the child thinks of it and hopes for", rows=4, hint=FOR_THE_FAMILY)
    social = TextAreaField("Time with other people", rows=3, hint=FOR_THE_FAMILY)
    conclusion = TextAreaField(
        "Conclusion",
        rows=4,
        hint=f"What you make of it. A decision about suitability is recorded on its own page. {FOR_THE_FAMILY}",
    )
    recommendations = TextAreaField(
        "Recommendations", rows=4, hint=f"Suggestions, which the family may follow or not. {FOR_THE_FAMILY}"
    )
    discussed_with_school = RadiosField(
        "Was home education talked over with the school before? (optional)", choices=Told
    )
    school_suggested = RadiosField("Did the school suggest it? (optional)", choices=Told)
    otherwise_considered = RadiosField(
        "Would they have thought of it otherwise? (optional)", choices=Told, hint="If the school suggested it"
    )
    reasons = CheckboxesField("All the reasons they gave", choices=PrimaryReason, hint=FOR_THE_TEAM)
    main_reason = SelectField("The main one", choices=PrimaryReason, hint="As they put it, not as you see it")
    sen = TextAreaField("Special educational needs, or a plan", rows=3, hint=FOR_THE_TEAM)
    health = TextAreaField("Health", rows=3, hint=f"Only what they wished to say. {FOR_THE_TEAM}")
    support = TextAreaField("Support they would like", rows=3, hint=FOR_THE_FAMILY)
    exams = TextAreaField("Exams, and plans for after 16", rows=3, hint=FOR_THE_FAMILY)
    next_kind = SelectField(
        "Way agreed for the next contact", choices=ContactKind, blank="None was agreed", hint="The family chooses"
    )
    referrals = TextAreaField("Referrals made, with their agreement or without", rows=3, hint=FOR_THE_TEAM)


class Worries:
    """For safeguarding alone: fact, opinion and source apart, and what was done."""

    fact = TextAreaField("What was seen or heard", rows=4, hint="Facts only, without what you think of them")
    opinion = TextAreaField("What you make of it", rows=3)
    source = TextField("Where this comes from", max_length=200, hint="For example: I saw it myself; the neighbour said")
    consulted = TextField("Whom you have spoken to about it", max_length=200, hint="For example: my manager")
    action = TextAreaField("What you did", rows=3)
    done_time = TimeField("At what time", hint="For example, 10am or 2:30pm")
    cannot_wait = CheckboxField(
        "This cannot wait: tell the CME team now",
        hint="If a child is in danger at this moment, call 999 first. The team is told as soon as you save.",
    )


class Signature:
    """The last thing asked: whether the record is finished."""

    signed = CheckboxField(
        "This record is finished: sign it",
        hint="It is what I saw and was told. Your name and today’s date are put under it, and the family may read "
        "its copy. You can sign later.",
    )


WORRIES: Final = ("fact", "opinion", "source", "consulted", "action", "done_time", "cannot_wait")


def observation_of(form: Form) -> service.Observation | None:
    """The safeguarding observation that a form holds, if there is one."""
    said: dict[str, Any] = {name: form[name].data or None for name in WORRIES}
    if not any(said.values()):
        return None
    return service.Observation(**{**said, "fact": said["fact"] or "", "cannot_wait": bool(said["cannot_wait"])})


class ObservationForm(Worries, Form):
    """A safeguarding observation about a contact recorded before."""


class SectionForm(AtTheDoor, WhatComesNext, InShort, AtTheDesk, Form):
    """One section of a welfare check: the questions of the others are taken out."""

    as_read = HiddenField()

    def keep_only(self, section: Section, names: tuple[str, ...], kind: ContactKind) -> None:
        """Ask for these fields."""
        for name in list(self._fields):
            if name not in (*names, *NOT_ASKED):
                del self[name]
        if section is Section.CHILD:
            fit_kind(self, kind)
        if section is Section.VISIT and "first_visit" not in names:
            nobody_need_be_there(self)

    def answers(self) -> dict[str, Any]:
        """What was filled in, once it is valid."""
        return answers_of(self, (field.short_name for field in self if field.short_name not in NOT_ASKED))


def answers_of(form: Form, names: Any) -> dict[str, Any]:
    """The answers of these fields, None where one is empty or not asked here."""
    said: dict[str, Any] = {}
    for name in names:
        value = form[name].data if name in form else None
        if name == "address_confirmed":
            value = ADDRESS.get(value or "")
        elif name in ("styles", "reasons"):
            value = tuple(value or ())
        said[name] = None if value == "" else value
    return said


def known_answers(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a check says, as its form shows it."""
    known = dict(said)
    if "address_confirmed" in known:
        known["address_confirmed"] = {True: "yes", False: "no"}.get(known["address_confirmed"])
    if "styles" in known:
        known["styles"] = [EducationStyle(one) for one in known["styles"]]
    if "reasons" in known:
        known["reasons"] = [PrimaryReason(one) for one in known["reasons"]]
    return known


def fit_kind(form: Any, kind: ContactKind) -> None:
    """On the telephone a child is heard without being seen: then what they said is asked for whatever was seen."""
    if kind is ContactKind.PHONE_CALL:
        choices = form.child_seen.choices
        form.child_seen.choices = [Choice(one.value, one.label, one.hint) for one in choices]


def nobody_need_be_there(form: Any) -> None:
    """At a door where nobody came in, there may have been nobody."""
    form.persons_present.validators = []
    form.persons_present.required = False
    form.persons_present.label.text = "Who came to the door?"
    form.persons_present.hint = "For example: a neighbour; nobody"
