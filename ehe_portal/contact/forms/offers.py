"""What is asked when a visit is offered, changed or cancelled, and of a family that answers or comments."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

from ehe_portal.contact import service
from ehe_portal.contact.forms.welfare import FOR_EXAMPLE
from ehe_portal.contact.models import OtherWay, Visit, VisitReply, VisitSlot, VisitState
from ehe_portal.contact.rules import LONGEST_MINUTES, SHORTEST_MINUTES, USUAL_MINUTES, WRITING, Caution, Warned
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk import (
    CheckboxesField,
    Choice,
    DateField,
    Form,
    HiddenField,
    NumberField,
    RadiosField,
    Required,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)
from ehe_portal.core.govuk.words import clock_time, long_date
from ehe_portal.register.models import Child

MORE_TIMES: Final = (1, 2, 3)
SUGGESTED: Final = (1, 2, 3)
DAYS: Final = tuple(f"{part}_{number}" for number in SUGGESTED for part in ("day", "time"))
ANY_DAY: Final = "You can leave the time empty"


class OfferForm(Form):
    """A visit, meeting or call to offer, at one time or at several for the family to pick from."""

    kind = RadiosField(
        "What do you want to offer?",
        [Required("Select what you want to offer")],
        choices=[kind for kind in ContactKind if kind not in WRITING],
    )
    on_date = DateField("Date", [Required("Enter the date")], hint=FOR_EXAMPLE)
    at_time = TimeField("Time", [Required("Enter the time, like 2:30pm")], hint="For example, 10am or 2:30pm")
    or_on_1 = DateField("Or: second date", what="the second date")
    or_at_1 = TimeField("Time on the second date")
    or_on_2 = DateField("Or: third date", what="the third date")
    or_at_2 = TimeField("Time on the third date")
    or_on_3 = DateField("Or: fourth date", what="the fourth date")
    or_at_3 = TimeField("Time on the fourth date")
    along = CheckboxesField("Who else of the family is this about?")
    minutes = NumberField(
        "How long will it take?",
        [Required("Enter how many minutes it will take")],
        least=SHORTEST_MINUTES,
        most=LONGEST_MINUTES,
        default=USUAL_MINUTES,
        hint="In minutes",
    )
    place = TextField(
        "Place",
        max_length=200,
        hint="Where you would meet. You can leave this empty for a call, or for a visit to the family’s home. "
        "If two parents have accounts both read this: do not write one parent’s address here.",
    )
    note = TextAreaField(
        "A few words to the family", rows=3, max_length=2000, hint="They read this beside the offer on their own page."
    )
    heard = HiddenField()

    def hears(self, warned: Sequence[Warned]) -> bool:
        """Whether these very warnings about this very offer were on the page that was sent; from now on they are."""
        told = [caution for caution in Caution if caution in {one.caution for one in warned}]
        offer = self.offer()
        times = [f"{on} {at}" for on, at in offer.times]
        now = " ".join([*times, f"{offer.minutes}", offer.kind, *told]) if told else ""
        before, self.heard.data, self.heard.typed = self.heard.data or "", now, None
        return now in ("", before)

    def for_children(self, others: Sequence[Child]) -> None:
        """Ask about the other children of the family who may be visited together with this one, if there are any."""
        if others:
            self.along.choices = [Choice(one.reference, one.name) for one in others]
        else:
            del self["along"]

    def offer(self) -> service.Offer:
        """What was filled in, once it is valid. Raises `Refusal` for a date without a time, or a time without one."""
        if self.on_date.data is None or self.at_time.data is None:
            raise ValueError("an offer has a date and a time")
        return service.Offer(
            kind=self.kind.data,
            on_date=self.on_date.data,
            at_time=self.at_time.data,
            place=self.place.data or None,
            note=self.note.data or None,
            or_at=self.more_times(),
            along=tuple(self["along"].data) if "along" in self else (),
            minutes=self.minutes.data or USUAL_MINUTES,
        )

    def more_times(self) -> tuple[tuple[date, time], ...]:
        """The other times that were filled in."""
        found = []
        for number in MORE_TIMES:
            on, at = self[f"or_on_{number}"].data, self[f"or_at_{number}"].data
            if (on is None) != (at is None):
                field, what = (f"or_at_{number}", "time") if on else (f"or_on_{number}", "date")
                raise Refusal(f"Enter both a date and a time: the {what} is missing", field)
            if on is not None:
                found.append((on, at))
        return tuple(found)

    def first(self) -> list[Any]:
        """The questions that every offer answers."""
        return [self.kind, self.on_date, self.at_time]

    def others(self) -> list[Any]:
        """The questions about other times."""
        return [self[f"or_{part}_{number}"] for number in MORE_TIMES for part in ("on", "at")]

    def rest(self) -> list[Any]:
        """The questions after those about times."""
        return [self.minutes, *([self["along"]] if "along" in self else []), self.place, self.note]


class ChangeOfferForm(OfferForm):
    """Another offer in place of one."""

    version = VersionField()


def on_offer(visit: Visit, slots: Sequence[VisitSlot], day: date | None, child: Child) -> dict[str, Any]:
    """What a form that changes an offer begins with: what is on offer, or a day that the family suggested; and whom it
    is about beside this child.
    """
    known: dict[str, Any] = {"kind": visit.kind, "place": visit.place or "", "note": visit.note or ""}
    known["minutes"] = visit.minutes
    known["along"] = [part.child.reference for part in visit.children if part.child_id != child.id]
    times = [(one.on_date, one.at_time) for one in slots] or [(visit.on_date, visit.at_time)]
    if day is not None:
        times = [(day, None)]
    known["on_date"], known["at_time"] = times[0]
    for number, (on, at) in enumerate(times[1 : 1 + len(MORE_TIMES)], start=1):
        known[f"or_on_{number}"], known[f"or_at_{number}"] = on, at
    return known


class AgreeForm(Form):
    """A day and a time that the family suggested: a button for each."""

    version = VersionField()


class ToldForm(Form):
    """How the family was told of what mail could not tell."""

    version = VersionField()
    how = TextAreaField(
        "How did you tell the family?",
        [Required("Enter how you told the family")],
        rows=3,
        max_length=1000,
        hint="For example: a letter of 3 March; I rang and spoke with the father",
    )


class PlaceForm(Form):
    """Where a visit is after the address changed."""

    version = VersionField()
    where = RadiosField("Where will you meet?", [Required("Select where you will meet")])
    place = TextField(
        "Place",
        [Required("Enter where you will meet")],
        max_length=200,
        hint="If two parents have accounts both read this: do not write one parent’s address here.",
    )

    def offer_home(self, home: str | None) -> None:
        """Offer the child's home as it is written down now, where one is."""
        elsewhere = Choice("elsewhere", "Somewhere else", reveals=("place",))
        self.where.choices = [*([Choice("home", "At the child’s home now", home)] if home else []), elsewhere]


class WithdrawForm(Form):
    """Cancelling a visit, or taking an offer back."""

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
            Choice(VisitReply.ACCEPTED, "This suits us", reveals=("picked",)),
            Choice(VisitReply.ANOTHER_TIME, "Another time would be better", reveals=("times", *DAYS)),
            Choice(VisitReply.ANOTHER_WAY, "Another way would be better", reveals=("way",)),
            Choice(
                VisitReply.DECLINED,
                "No, thank you",
                "You do not have to say why, and nobody will hold it against you. You can tell us about the education "
                "in another way.",
            ),
            Choice(
                VisitReply.CANCELLED,
                "We have to cancel",
                "Plans change. You do not have to say why, and nobody will hold it against you.",
            ),
        ],
    )
    picked = RadiosField("Which of these times?", [Required("Select the time that suits you")])
    times = TextAreaField(
        "Which days or times would suit you?",
        rows=3,
        max_length=2000,
        hint="For example: Tuesday or Thursday afternoons, or any day after 20 May. Or enter some days below.",
    )
    day_1 = DateField("A day that would suit you", what="the day")
    time_1 = TimeField("Time on that day", hint=ANY_DAY)
    day_2 = DateField("Or another day", what="the second day")
    time_2 = TimeField("Time on the second day", hint=ANY_DAY)
    day_3 = DateField("Or a third day", what="the third day")
    time_3 = TimeField("Time on the third day", hint=ANY_DAY)
    way = RadiosField(
        "Which way would suit you?",
        [Required("Select the way that would suit you")],
        choices=[
            Choice(OtherWay.WRITING, "In writing", "A report or samples of work on this page, in your own time"),
            Choice(OtherWay.PHONE, "A phone call"),
            Choice(OtherWay.VIDEO, "A video call"),
            Choice(OtherWay.ELSEWHERE, "Meeting somewhere else", "For example a library or a café"),
            Choice(OtherWay.PAPER, "On paper, by post", "We send you a letter, and you can answer on paper"),
        ],
    )
    words = TextAreaField(
        "Anything you would like to add",
        rows=4,
        max_length=5000,
        hint="Only the council’s officers read this. Another parent who uses this service does not see it.",
    )

    def fit(self, visit: Visit, slots: Sequence[VisitSlot]) -> None:
        """Ask what fits where the visit stands: which of several times; and to cancel only what is confirmed."""
        several = bool(slots)
        if several:
            self.picked.choices = [
                Choice(time_key(one), f"{long_date(one.on_date)} at {clock_time(one.at_time)}")
                for one in slots
                if one.at_time is not None
            ]
        else:
            del self["picked"]
        left_out = () if visit.state is VisitState.ACCEPTED else (VisitReply.CANCELLED,)
        suits = Choice(VisitReply.ACCEPTED, "One of these times suits us", reveals=("picked",))
        plain = Choice(VisitReply.ACCEPTED, "This suits us")
        others = [one for one in self.reply.choices if one.value not in (VisitReply.ACCEPTED, *left_out)]
        self.reply.choices = [suits if several else plain, *others]

    def answer(self) -> service.Answer:
        """What was filled in, once it is valid. Raises `Refusal` for a time without its day, or no day at all."""
        if self.reply.data is VisitReply.ANOTHER_TIME and not (self.times.data or self.suggested()):
            raise Refusal("Enter the days or times that would suit you", "times")
        typed = [self.times.data, self.words.data]
        return service.Answer(
            reply=self.reply.data,
            way=self.way.data,
            words="\n\n".join(words for words in typed if words) or None,
            picked=read_time_key(self["picked"].data) if "picked" in self else None,
            suggested=self.suggested(),
        )

    def suggested(self) -> tuple[tuple[date, time | None], ...]:
        """The days that were filled in, each with its time if it has one."""
        found: list[tuple[date, time | None]] = []
        for number in SUGGESTED:
            on, at = self[f"day_{number}"].data, self[f"time_{number}"].data
            if on is None and at is not None:
                raise Refusal("Enter the day to which this time belongs", f"day_{number}")
            if on is not None:
                found.append((on, at))
        return tuple(found)


def time_key(slot: VisitSlot) -> str:
    """How one of several times travels in a form."""
    return f"{slot.on_date.isoformat()}T{slot.at_time:%H:%M}"


def read_time_key(key: str | None) -> tuple[date, time] | None:
    """The time that a key says; it is one of those that were offered."""
    if not key:
        return None
    on, _, at = key.partition("T")
    return date.fromisoformat(on), time.fromisoformat(at)


class CommentForm(Form):
    """What a parent says of a record."""

    words = TextAreaField(
        "What would you like to add?",
        [Required("Enter what you would like to add")],
        rows=6,
        max_length=5000,
        hint="For example, if you remember something differently, or something is missing",
    )
