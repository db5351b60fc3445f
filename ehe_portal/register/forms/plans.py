"""What an officer is asked about an education, health and care plan."""

from ehe_portal.core.govuk import DateField, Form, Required, VersionField
from ehe_portal.register.forms.officers import FOR_EXAMPLE


class PlanForm(Form):
    """When a plan was made, and last reviewed."""

    version = VersionField()
    made_on = DateField(
        "When was the plan first made?",
        [Required("Enter the date on which the plan was first made")],
        what="the date on which the plan was first made",
        hint=FOR_EXAMPLE,
    )
    reviewed_on = DateField(
        "When was it last reviewed?",
        what="the date of the last review",
        hint=f"Leave this empty where it has not been reviewed yet. {FOR_EXAMPLE}",
    )


class PlanReviewForm(Form):
    """A review of a plan was held."""

    version = VersionField()
    reviewed_on = DateField(
        "When was the review held?",
        [Required("Enter the date on which the review was held")],
        what="the date on which the review was held",
        hint=FOR_EXAMPLE,
    )


class PlanEndForm(Form):
    """The authority keeps a plan no longer."""

    version = VersionField()
    ended_on = DateField(
        "Since when is the plan not kept any longer?",
        [Required("Enter the date from which the plan is not kept")],
        what="the date from which the plan is not kept",
        hint=FOR_EXAMPLE,
    )
