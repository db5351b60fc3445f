"""GOV.UK Notify: a second channel for mail, and the one for texts and for letters that it prints and posts.

Each message has a reference of its own, by which Notify knows it: before a message is handed over again, Notify is
asked whether it has it already. What Notify answers is kept by class and code only, for its words may quote an address.
"""

import io
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from notifications_python_client.errors import APIError, InvalidResponse
from notifications_python_client.notifications import NotificationsAPIClient

from ehe_portal.core.settings import NotifySettings

STEP_SECONDS = 10
"""How long any one question to Notify may take."""

PATIENCE_SECONDS = 200
FAILURES_IN_A_ROW = 3
"""As with the mail server (core/mail.py): so long, and so often in vain, before the rest of a round is put off."""

OWN_FAULTS: Final = ("Template", "Missing personalisation")
"""How Notify begins what is wrong with the council's own settings there: put right, the same message can go."""

# It would log each failure with Notify's words.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


class Unanswered(Exception):
    """Notify did not take it, or did not say whether it did; `problem` is fit to be kept."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Refused(Unanswered):
    """Notify will not take it, however often it is asked; `words` are Notify's own, for a decision only."""

    def __init__(self, problem: str, words: str) -> None:
        super().__init__(problem)
        self.words = words


class Unknown(Unanswered):
    """Notify knows no such message: it never did, or its days of keeping it are over."""


@dataclass(frozen=True)
class Standing:
    """How far a message has come at Notify: its id and status there, and when that was final, if it says so."""

    id: str
    status: str
    completed_at: datetime | None


class Notify:
    """One round of handing messages to Notify, one after another over one connection."""

    def __init__(self, settings: NotifySettings) -> None:
        self.settings = settings
        self.client = NotificationsAPIClient(settings.key, settings.url, timeout=STEP_SECONDS)
        self.began = time.monotonic()
        self.failures = 0

    @property
    def elapsed(self) -> float:
        """Seconds since this round began."""
        return time.monotonic() - self.began

    @property
    def gives_up(self) -> bool:
        """Whether the rest of the round is better put off."""
        return self.elapsed > PATIENCE_SECONDS or self.failures >= FAILURES_IN_A_ROW

    def send_email(self, to: str, subject: str, body: str, reference: str) -> str:
        """Hand over a mail; Notify's id for it. Raises `Unanswered`, `Refused`."""
        said = {"subject": subject, "body": body}
        return str(self._asked("send_email_notification", to, self.settings.email_template, said, reference)["id"])

    def send_text(self, to: str, body: str, reference: str) -> str:
        """Hand over a text message; Notify's id for it. Raises `Unanswered`, `Refused`."""
        template = self.settings.text_template
        return str(self._asked("send_sms_notification", to, template, {"body": body}, reference)["id"])

    def send_letter(self, pdf: bytes, reference: str, *, first_class: bool) -> str:
        """Hand over a letter as it is to be printed; Notify's id for it. Raises `Unanswered`, `Refused`."""
        postage = "first" if first_class else "second"
        send = "send_precompiled_letter_notification"
        return str(self._asked(send, reference, io.BytesIO(pdf), postage)["id"])

    def known(self, reference: str) -> str | None:
        """Notify's id for what it has under a reference; None if it has nothing. Raises `Unanswered`."""
        found = self._asked("get_all_notifications", reference=reference)["notifications"]
        return str(found[0]["id"]) if found else None

    def standing(self, notify_id: str) -> Standing:
        """How far a message has come. Raises `Unanswered`, `Unknown`."""
        told = self._asked("get_notification_by_id", notify_id)
        completed = told.get("completed_at")
        return Standing(notify_id, str(told["status"]), datetime.fromisoformat(completed) if completed else None)

    def close(self) -> None:
        """End the connection."""
        self.client.request_session.close()

    def _asked(self, what: str, *given: Any, **named: Any) -> Any:
        try:
            answer = getattr(self.client, what)(*given, **named)
        except APIError as error:
            raise self._unanswered(error) from None
        except OSError as trouble:  # the answer broke off
            self.failures += 1
            raise Unanswered(f"Notify {type(trouble).__name__}") from None
        self.failures = 0
        return answer

    def _unanswered(self, error: APIError) -> Unanswered:
        """What went wrong, by code; of several errors the first."""
        answer: Any = error.response
        if answer is None or isinstance(error, InvalidResponse):
            self.failures += 1
            return Unanswered("Notify did not answer")
        code = error.status_code
        first = error.message[0] if isinstance(error.message, list) and error.message else {}
        problem = f"Notify {code} {first.get('error', '')}".strip()
        words = str(first.get("message", ""))
        if code == 400:
            self.failures = 0
            return Unanswered(problem) if words.startswith(OWN_FAULTS) else Refused(problem, words)
        if code == 404:
            return Unknown(problem)
        self.failures += 1
        return Unanswered(problem)
