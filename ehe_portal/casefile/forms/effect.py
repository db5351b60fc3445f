"""What is asked before other values hold: nothing but a button."""

from ehe_portal.core.govuk import Form


class ConfirmForm(Form):
    """A button, once it has been read what the values would mean."""
