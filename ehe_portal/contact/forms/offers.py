"""What is asked when a visit is offered, changed or withdrawn, and of a family that answers or comments."""

from ehe_portal.contact import service
from ehe_portal.contact.forms.welfare import FOR_EXAMPLE
from ehe_portal.contact.models import OtherWay, VisitReply
from ehe_portal.contact.rules import WRITING
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.govuk import (
    Choice,
    DateField,
    Form,
    RadiosField,
    Required,
    TextAreaField,
    TextField,
    TimeField,
    VersionField,
)


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
