"""What an officer is asked about registrations and episodes."""

from datetime import date
from typing import Any, Final

from wtforms.validators import ValidationError

from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.govuk import (
    CheckboxField,
    Choice,
    DateField,
    EmailField,
    Form,
    RadiosField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionField,
)
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.reference import tidy_reference
from ehe_portal.register import service
from ehe_portal.register.models import Via
from ehe_portal.register.rules.ages import Edge
from ehe_portal.register.rules.closing import AWAITED, PROOF
from ehe_portal.register.rules.rows import LINE_LENGTH, NAME_LENGTH

FOR_EXAMPLE: Final = "For example, 3 9 2026"
"""An example of a date, as it is typed."""


class SubmitForm(Form):
    """Nothing but the button that sends a registration."""


class SourceForm(Form):
    """How a registration came that no parent sent here. `today` is the London date that its date is judged by."""

    via = RadiosField(
        "How did it come?",
        [Required("Select how it came")],
        choices=[via for via in Via if via is not Via.PORTAL],
    )
    said_by = TextField(
        "Who told us?",
        [Required("Enter who told us")],
        max_length=NAME_LENGTH,
        width="two-thirds",
        hint="For example, the child’s mother, or the head of Hillside School",
    )
    received_on = DateField(
        "Date received",
        [Required("Enter the date it was received")],
        what="the date it was received",
        hint="The day on which the council first knew. The contact clock starts on it. For example, 3 9 2026",
    )

    def __init__(self, today: date, **known: Any) -> None:
        self.today = today
        super().__init__(**known)

    def validate_received_on(self, field: DateField) -> None:
        """What has not come yet cannot be keyed in."""
        if field.data is not None and field.data > self.today:
            raise ValidationError("Enter a date that is today or earlier")


class AdviserForm(Form):
    """Choosing an adviser; the choices are set by the view."""

    version = VersionField()
    adviser = SelectField("Adviser", [Required("Select an adviser")])


class AcceptForm(AdviserForm):
    """Accepting a registration."""

    satisfied = CheckboxField(
        "I am satisfied who the parent is and that they care for this child",
        [Required("Select that you are satisfied who the parent is")],
        hint="Until you say so they see only what they typed themselves.",
    )


class JoinForm(Form):
    """Finding a registered child to be one already known. The view removes what does not apply."""

    version = VersionField()
    adviser = SelectField("Adviser", [Required("Select an adviser")])
    take_address = CheckboxField(
        "The child now lives at the address that the parent gave",
        hint="The address on the earlier record is kept as an earlier one.",
    )
    satisfied = CheckboxField(
        "I am satisfied who the parent is and that they care for this child",
        [Required("Select that you are satisfied who the parent is")],
        hint="They will see the record that stays as one of their children.",
    )


class LookUpForm(Form):
    """Finding another record by its reference, to look at the two side by side."""

    other = TextField(
        "Reference of the other record",
        [Required("Enter the reference of the other record")],
        width="10",
        max_length=20,
        hint="It stands under the child’s name, for example 7K2MXQ0R4T.",
    )

    @property
    def reference(self) -> str:
        """The reference that was meant."""
        return tidy_reference(self.other.data)


class ButtonForm(Form):
    """Nothing but a button."""


class AssignForm(Form):
    """Giving an episode to someone."""

    version = VersionField()
    adviser = RadiosField("Who should have this child?", [Required("Select an adviser, or the team")])


class TierForm(Form):
    """How often contact is planned, and what is known of social care."""

    version = VersionField()
    social_care = RadiosField(
        "Social care status",
        [Required("Select the social care status")],
        choices=[
            Choice(SocialCare.NONE, "None"),
            Choice(SocialCare.PAST, "In the past"),
            Choice(SocialCare.CIN, "Child in need", "Contact at least half-yearly"),
            Choice(
                SocialCare.CP,
                "Child protection plan",
                "Contact at the close tier",
                reveals=("social_worker_name", "social_worker_email"),
            ),
            Choice(SocialCare.LAC, "Looked after", "Contact at least half-yearly"),
            Choice(SocialCare.UNKNOWN, "Not known"),
        ],
    )
    social_worker_name = TextField(
        "Name of the allocated social worker",
        max_length=NAME_LENGTH,
        width="two-thirds",
        hint="Leave it empty if you do not know it",
    )
    social_worker_email = EmailField(
        "Their email address",
        hint="They are told when an escalation rises: our reference and whom to ring, never the child’s name",
    )
    tier = RadiosField("Tier", [Required("Select the tier")], choices=Tier)

    def social_worker(self) -> service.SocialWorker:
        """Who was named, once it is valid; nobody where there is no protection plan."""
        if self.social_care.data is not SocialCare.CP:
            return service.SocialWorker()
        return service.SocialWorker(self.social_worker_name.data or "", self.social_worker_email.data or "")


NOTE_FIELDS: Final[dict[Destination, str]] = {
    Destination.SCHOOL: "school",
    Destination.OTHER_AUTHORITY: "other_authority",
    Destination.ABROAD: "abroad",
    Destination.DIED: "died",
    Destination.OTHER_ARRANGED: "other_arranged",
    Destination.RECORDED_IN_ERROR: "recorded_in_error",
}
"""The question that goes with each destination."""


def needed(destination: Destination) -> list[Required]:
    """The check of the words that a destination rests on."""
    return [Required(PROOF[destination].note)]


class CloseForm(Form):
    """How an episode ends. The view offers the destinations that the actor may confirm."""

    version = VersionField()
    destination = RadiosField("Where did the child go?", [Required("Select where the child went")])
    school = TextField("Name of the school", needed(Destination.SCHOOL), max_length=LINE_LENGTH)
    on_roll = CheckboxField(
        "The school has confirmed that the child is on roll: an offered place is not enough",
        [Required(PROOF[Destination.SCHOOL].confirmed)],
    )
    other_authority = TextField("Name of the authority", needed(Destination.OTHER_AUTHORITY), max_length=LINE_LENGTH)
    handed_over = CheckboxField(
        "The other authority has accepted the hand-over", [Required(PROOF[Destination.OTHER_AUTHORITY].confirmed)]
    )
    abroad = TextAreaField(
        "What shows that the child lives abroad?",
        needed(Destination.ABROAD),
        max_length=2000,
        hint="For example, a letter from the school there, or what border records say",
    )
    died = TextAreaField("How is this known?", needed(Destination.DIED), max_length=2000)
    other_arranged = TextAreaField(
        "What is the arrangement, and who provides it?", needed(Destination.OTHER_ARRANGED), max_length=2000
    )
    recorded_in_error = TextAreaField(
        "Why was it recorded in error?", needed(Destination.RECORDED_IN_ERROR), max_length=2000
    )
    closed_on = DateField(
        "Last day of the episode",
        [Required("Enter the last day of the episode")],
        what="the last day of the episode",
        hint=FOR_EXAMPLE,
    )

    def offer(self, *, manager: bool) -> None:
        """Offer the destinations that the actor may confirm."""
        extra = {Destination.SCHOOL: ("on_roll",), Destination.OTHER_AUTHORITY: ("handed_over",)}
        self.destination.choices = [
            Choice(code, code.label, reveals=(NOTE_FIELDS[code], *extra.get(code, ())))
            for code, proof in PROOF.items()
            if manager or not proof.managers_only
        ]
        for name in set(NOTE_FIELDS.values()) - {choice.reveals[0] for choice in self.destination.choices}:
            del self[name]

    def closing(self) -> service.Closing:
        """What was filled in, once it is valid."""
        if self.closed_on.data is None:
            raise ValueError("an episode ends on a day")
        destination = self.destination.data
        return service.Closing(
            destination=destination,
            closed_on=self.closed_on.data,
            note=self[NOTE_FIELDS[destination]].data,
            confirmed=bool(self.on_roll.data or self.handed_over.data),
        )


class PendingForm(Form):
    """Where the child is said to be going, who finds out more, and by when. The view offers the people."""

    version = VersionField()
    destination = RadiosField(
        "Where is the child said to be going?",
        [Required("Select where the child is said to be going")],
        choices=[Choice(code, words) for code, words in AWAITED.items()],
    )
    known = TextAreaField(
        "What is known, and from whom?",
        [Required("Enter what is known, and from whom")],
        rows=3,
        max_length=2000,
        hint="For example, Hillside School has offered a place from 8 September",
    )
    owner = SelectField("Who finds out more?", [Required("Select who finds out more")])
    next_on = DateField(
        "By when?", [Required("Enter the day by which more is found out")], what="the day", hint=FOR_EXAMPLE
    )


class GiveUpForm(Form):
    """Why a destination came to nothing."""

    why = TextAreaField(
        "Why did it come to nothing?", [Required("Enter why it came to nothing")], rows=3, max_length=2000
    )


class SchoolAgeForm(Form):
    """With which of two days school age ends, and why. The view offers the days."""

    version = VersionField()
    ends_on = RadiosField(
        "Which is the last day of compulsory school age?", [Required("Select the last day of compulsory school age")]
    )
    why = TextAreaField(
        "Reasons",
        [Required("Enter your reasons")],
        rows=4,
        max_length=2000,
        hint="For example, what the legal team advised, or when the term of the nearest schools began",
    )

    def offer(self, edge: Edge) -> None:
        """Offer the two days."""
        before, after = "The 16th birthday comes before the school year begins", "The school year begins first"
        self.ends_on.choices = [
            Choice(edge.earlier.isoformat(), long_date(edge.earlier), before),
            Choice(edge.later.isoformat(), long_date(edge.later), after),
        ]


class ReviewEndForm(Form):
    """What someone found who looked at an episode that ended by itself."""

    version = VersionField()
    found = TextAreaField(
        "What did you look at?",
        [Required("Enter what you looked at")],
        rows=3,
        max_length=2000,
        hint="For example, the date of birth is right and nothing is open; the 16 to 18 team knows of them",
    )


ADVISERS_TEAM: Final = "team"
"""The choice of those whom nobody has yet."""
