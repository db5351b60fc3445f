"""What a use-case says when it will not do what was asked."""


class Refusal(Exception):
    """A use-case will not do what was asked, for a reason that a person can act on.

    `message` is shown to them as it is; `field` is the name of the form field it belongs to, if it belongs to one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ChangedMeanwhile(Refusal):
    """Someone else changed the record between its being read and its being saved."""

    def __init__(self, what: str = "This record") -> None:
        super().__init__(
            f"{what} was changed by someone else while you were reading it. "
            "What it says now is shown first, and your words are kept below it. Check both, then save again."
        )
