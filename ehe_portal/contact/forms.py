"""What is asked when a visit is offered, a contact recorded, writing judged or a contact struck out."""

from datetime import date
from typing import Any, Final

from ehe_portal.contact import service
from ehe_portal.contact.models import OtherWay, Visit, VisitReply
from ehe_portal.contact.rules import WRITING
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.govuk import (
    YES_NO,
    Choice,
    DateField,
    Form,
    HiddenField,
    RadiosField,
    Required,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)

FOR_EXAMPLE: Final = "For example, 3 9 2026"


class OfferForm(Form):
    """A visit, meeting or call to offer."""

    kind = RadiosField(
        "What do you want to offer?",
        [Required("Select what you want to offer")],
        choices=[kind for kind in ContactKind if kind not in WRITING],
    )
    on_date = DateField("Date", [Required("Enter the date")], hint=FOR_EXAMPLE)
    at_time = TimeField("Time", [Required("Enter the time, like 2:30pm")], hint="For example, 10am or 2:30pm")
    place = TextField(
        "Place",
        max_length=200,
        hint="Where you would meet. You can leave this empty for a call, or for a visit to the family’s home. "
        "If two parents have accounts both read this: do not write one parent’s address here.",
    )
    note = TextAreaField(
        "A few words to the family", rows=3, max_length=2000, hint="They read this beside the offer on their own page."
    )

    def offer(self) -> service.Offer:
        """What was filled in, once it is valid."""
        if self.on_date.data is None or self.at_time.data is None:
            raise ValueError("an offer has a date and a time")
        return service.Offer(
            kind=self.kind.data,
            on_date=self.on_date.data,
            at_time=self.at_time.data,
            place=self.place.data or None,
            note=self.note.data or None,
        )


class ChangeOfferForm(OfferForm):
    """Another offer in place of one."""

    version = VersionField()


class WithdrawForm(Form):
    """Taking an offer back."""

    version = VersionField()
    note = TextAreaField(
        "A few words to the family",
        rows=3,
        max_length=2000,
        hint="For example: I am sorry, I am not at work that week. They read this on their own page.",
    )


class ReadForm(Form):
    """Nothing but a button: what the family answered has been read."""

    version = VersionField()


class AnswerForm(Form):
    """What a parent answers to an offer."""

    version = VersionField()
    reply = RadiosField(
        "What would suit you?",
        [Required("Select what would suit you")],
        choices=[
            Choice(VisitReply.ACCEPTED, "This suits us"),
            Choice(VisitReply.ANOTHER_TIME, "Another time would be better", reveals=("times",)),
            Choice(VisitReply.ANOTHER_WAY, "Another way would be better", reveals=("way",)),
            Choice(
                VisitReply.DECLINED,
                "No, thank you",
                "You do not have to say why, and nobody will hold it against you. You can tell us about the education "
                "in another way.",
            ),
        ],
    )
    times = TextAreaField(
        "Which days or times would suit you?",
        [Required("Enter the days or times that would suit you")],
        rows=3,
        max_length=2000,
        hint="For example: Tuesday or Thursday afternoons, or any day after 20 May",
    )
    way = RadiosField(
        "Which way would suit you?",
        [Required("Select the way that would suit you")],
        choices=[
            Choice(OtherWay.WRITING, "In writing", "A letter, a report or samples of work, in your own time"),
            Choice(OtherWay.PHONE, "A phone call"),
            Choice(OtherWay.VIDEO, "A video call"),
            Choice(OtherWay.ELSEWHERE, "Meeting somewhere else", "For example a library or a café"),
        ],
    )
    words = TextAreaField(
        "Anything you would like to add",
        rows=4,
        max_length=5000,
        hint="Only the council’s officers read this. Another parent who uses this service does not see it.",
    )

    def answer(self) -> service.Answer:
        """What was filled in, once it is valid."""
        typed = [self.times.data, self.words.data]
        return service.Answer(
            reply=self.reply.data, way=self.way.data, words="\n\n".join(words for words in typed if words) or None
        )


class CommentForm(Form):
    """What a parent says of a record."""

    words = TextAreaField(
        "What would you like to add?",
        [Required("Enter what you would like to add")],
        rows=6,
        max_length=5000,
        hint="For example, if you remember something differently, or something is missing",
    )


class FirstForm(Form):
    """What happened, in three answers; what is asked next follows from them."""

    kind = RadiosField(
        "What kind of contact was it?", [Required("Select what kind of contact it was")], choices=ContactKind
    )
    outcome = RadiosField(
        "What came of it?",
        [Required("Select what came of it")],
        choices=[
            Choice(ContactOutcome.HELD, "It took place", "You spoke with the child, or with someone caring for them"),
            Choice(ContactOutcome.NO_ANSWER, "There was no answer"),
            Choice(ContactOutcome.NO_ACCESS, "You came, but the visit or meeting did not go ahead"),
            Choice(ContactOutcome.CANCELLED_BY_FAMILY, "The family cancelled it"),
            Choice(ContactOutcome.CANCELLED_BY_AUTHORITY, "We cancelled it"),
            Choice(ContactOutcome.RECEIVED, "It came from the family", "For a report, letter or email"),
            Choice(ContactOutcome.SENT, "We sent it", "For a report, letter or email"),
        ],
    )
    happened_on = DateField("When was it?", [Required("Enter the date of the contact")], hint=FOR_EXAMPLE)
    visit = HiddenField()


class Asked(Form):
    """The second page of recording a contact: whatever the first three answers ask for."""

    visit = HiddenField()

    def happened(
        self, kind: ContactKind, outcome: ContactOutcome, happened_on: date, visit: Visit | None
    ) -> service.Happened:
        """All that was filled in on both pages, once it is valid."""
        return service.Happened(
            kind=kind,
            outcome=outcome,
            happened_on=happened_on,
            substantive=self["substantive"].data if "substantive" in self else None,
            child_seen=self.answer("child_seen"),
            agreed_next_on=self.answer("agreed_next_on"),
            summary=self.answer("summary"),
            check=self.check(),
            observation=self.observation(),
            visit=visit,
        )

    def check(self) -> service.Check | None:
        """The welfare check, where one is asked for."""
        if "persons_present" not in self:
            return None
        return service.Check(
            persons_present=self.answer("persons_present") or "",
            childs_words=self.answer("childs_words"),
            education_seen=self.answer("education_seen"),
            address_confirmed={"yes": True, "no": False}.get(self.answer("address_confirmed")),
        )

    def answer(self, name: str) -> Any:
        """The answer of a field, None where it is empty or not asked here."""
        return self[name].data or None if name in self else None

    def observation(self) -> service.Observation | None:
        """The safeguarding observation, if there is one."""
        if not any(self.answer(name) for name in ("fact", "opinion", "source")):
            return None
        return service.Observation(
            fact=self.answer("fact") or "", opinion=self.answer("opinion"), source=self.answer("source")
        )


# The order in which these are written is the order of the page, and of its error summary.


class WelfareQuestions:
    """What is asked of a contact that took place."""

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
            Choice(ChildSeen.YES, "Yes"),
            Choice(ChildSeen.NO, "No"),
            Choice(
                ChildSeen.DECLINED,
                "No: the parent chose another way",
                "A parent may choose this. It counts as contact all the same.",
            ),
        ],
    )
    childs_words = TextAreaField("What the child said, in their own words", rows=4)
    education_seen = TextAreaField("What you saw or heard of the education", rows=5)
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


class NextDate:
    """What may be agreed at an effective contact."""

    agreed_next_on = DateField(
        "Date agreed for the next contact",
        what="the date agreed",
        hint=f"Leave empty if none was agreed. {FOR_EXAMPLE}",
    )


class SummaryAndWorries:
    """What may be said of any contact: for the family to read, and for safeguarding alone."""

    summary = TextAreaField(
        "Summary for the family", rows=5, hint="What happened and what comes next. The family may read this."
    )
    fact = TextAreaField("What was seen or heard", rows=4, hint="Facts only, without what you think of them")
    opinion = TextAreaField("What you make of it", rows=3)
    source = TextField("Where this comes from", max_length=200, hint="For example: I saw it myself; the neighbour said")


class HeldForm(WelfareQuestions, NextDate, SummaryAndWorries, Asked):
    """A contact that took place: the welfare check."""


class ReceivedForm(WritingQuestions, NextDate, SummaryAndWorries, Asked):
    """Writing received from the family."""


class ShortForm(SummaryAndWorries, Asked):
    """An attempt, or something that the authority sent."""


def form_for(outcome: ContactOutcome) -> type[Asked]:
    """The second page's form."""
    if outcome is ContactOutcome.HELD:
        return HeldForm
    return ReceivedForm if outcome is ContactOutcome.RECEIVED else ShortForm


class ConfirmForm(Form):
    """Whether writing received tells about the child's education."""

    version = VersionField()
    substantive = RadiosField(
        "Does it tell about this child’s education?",
        [Required("Select whether it tells about this child’s education")],
        choices=YES_NO,
        hint="It need not be long, or in any set form.",
    )


class StrikeOutForm(Form):
    """Why a contact was recorded in error."""

    version = VersionField()
    why = TextAreaField(
        "Why was it recorded in error?",
        [Required("Enter why it was recorded in error")],
        rows=4,
        max_length=2000,
        hint="For example: this was about another child",
    )
