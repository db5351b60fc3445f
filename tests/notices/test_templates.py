"""No message leaves that no test has read."""

from ehe_portal.core.settings import ROOT
from tests.notices.test_answers import SEEN_AMONG_ANSWERS
from tests.notices.test_ladder import SEEN_ON_THE_LADDER
from tests.notices.test_reminders import SEEN_AMONG_REMINDERS


def test_every_template_has_been_seen_by_some_test() -> None:
    """Their names are those that the services ask for."""
    made = {path.stem for path in (ROOT / "templates" / "notices").glob("*.txt")} - {"_end"}
    assert made - SEEN_AMONG_ANSWERS - SEEN_AMONG_REMINDERS - SEEN_ON_THE_LADDER == {
        "children-handed-over",
        "education-assessed",
        "escalation-raised",
        "evidence-received",
        "file-not-opened",
        "file-sealed",
        "plan-reviews-late",
        "reviews-late",
        "complaint-late",
        "complaint-made",
        "complaint-news",
        "complaint-received",
        "complaint-shared",
        "scanning-delayed",
        "file-damaged",
        "statement-asked",
        "statement-written",
        "known-address",
        "password-chosen",
        "link-invitation",
        "link-reset",
        "link-sign-up",
        "out-of-sight",
        "registration-accepted",
        "registration-received",
        "visit-offered",
        "visit-parted",
        "visits-of-yours",
        "link-new-email",
        "new-email-taken",
        "new-email-asked",
        "email-changed",
        "account-closed",
        "letter-written",
        "message-sent",
        "message-received",
        "text-to-read",
    }
