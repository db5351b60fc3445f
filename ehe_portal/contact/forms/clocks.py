"""What is asked when a clock is held, when someone else saw the child, and when not having been seen is looked into."""

from ehe_portal.contact import service
from ehe_portal.contact.forms.welfare import FOR_EXAMPLE
from ehe_portal.contact.rules import LONGEST_HOLD, HoldReason, SeenBy
from ehe_portal.core.govuk import DateField, Form, RadiosField, Required, TextAreaField

LONGEST = 2000


class HoldForm(Form):
    """Until when a clock is held, and why."""

    reason = RadiosField("Why?", [Required("Select why the clock is held")], choices=HoldReason)
    words = TextAreaField(
        "What is known, and from whom?",
        [Required("Enter what is known, and from whom")],
        rows=3,
        max_length=LONGEST,
        hint="For officers only. For example, who confirmed the address abroad, and when they come back",
    )
    until_on = DateField(
        "Until which day?",
        [Required("Enter the last day of the hold")],
        what="the last day of the hold",
        hint=f"{LONGEST_HOLD} days from today at most. {FOR_EXAMPLE}",
    )

    def holding(self) -> service.Holding:
        """What was filled in, once it is valid."""
        if self.until_on.data is None:
            raise ValueError("a hold has a last day")
        return service.Holding(self.until_on.data, self.reason.data, self.words.data)


class EndHoldForm(Form):
    """Why a hold ends early."""

    why = TextAreaField("Why does it end?", [Required("Enter why the hold ends")], rows=3, max_length=LONGEST)


class SightingForm(Form):
    """That another professional saw the child."""

    seen_by = RadiosField("Who saw the child?", [Required("Select who saw the child")], choices=SeenBy)
    source = TextAreaField(
        "Their name and post, and how we know",
        [Required("Enter who saw the child, and how we know")],
        rows=3,
        max_length=LONGEST,
        hint="For example, the school nurse at Poole, who rang on 3 March",
    )
    seen_on = DateField(
        "On which day?",
        [Required("Enter the day on which the child was seen")],
        what="the day on which the child was seen",
        hint=FOR_EXAMPLE,
    )

    def seen(self) -> service.Seen:
        """What was filled in, once it is valid."""
        if self.seen_on.data is None:
            raise ValueError("a child is seen on a day")
        return service.Seen(self.seen_on.data, self.seen_by.data, self.source.data)


class StrikeOutSightingForm(Form):
    """Why a sighting is struck out."""

    why = TextAreaField(
        "Why was it recorded in error?", [Required("Enter why it was recorded in error")], rows=3, max_length=LONGEST
    )


class ReviewForm(Form):
    """What was checked about a child who has not been seen, and what is decided."""

    health = TextAreaField(
        "Health: who was asked, and what did they say?",
        rows=3,
        max_length=LONGEST,
        hint="For example, the GP’s surgery or the school nurse. Leave empty what was not checked",
    )
    social_care = TextAreaField("Social care: who was asked, and what did they say?", rows=3, max_length=LONGEST)
    schools = TextAreaField(
        "Schools of brothers and sisters: who was asked, and what did they say?", rows=3, max_length=LONGEST
    )
    decision = TextAreaField(
        "What do you decide, and why?",
        [Required("Enter what you decided, and why")],
        rows=4,
        max_length=LONGEST,
        hint="A parent may lawfully decline that the child is seen: that alone is no reason for concern",
    )
    next_review_on = DateField(
        "When is it next looked at?",
        [Required("Enter the day of the next review")],
        what="the day of the next review",
        hint=f"Within the next 12 months. {FOR_EXAMPLE}",
    )

    def review(self) -> service.Review:
        """What was filled in, once it is valid."""
        if self.next_review_on.data is None:
            raise ValueError("a review names the day of the next")
        return service.Review(
            decision=self.decision.data,
            next_review_on=self.next_review_on.data,
            health=self.health.data or "",
            social_care=self.social_care.data or "",
            schools=self.schools.data or "",
        )
