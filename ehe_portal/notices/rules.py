"""Which messages an authority may word for itself, with which placeholders, and what makes a wording fit. Pure.

A wording is plain text with placeholders written `((date))`. Putting in their values is plain substitution: nothing
else in the text means anything. No placeholder is a name or what someone wrote, so that no message can carry one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ehe_portal.core import wordings
from ehe_portal.core.wordings import tidy, used, written

TEXT_TO_READ: Final = "text-to-read"
"""The one text that there is. It says that there is something to read, and nothing else; nobody words it anew."""

TEXTED: Final = frozenset(
    {
        "message-sent", "letter-written", "education-assessed", "contact-soon", "contact-passed",
        "visit-offered", "visit-changed", "visit-times", "visit-agreed", "visit-withdrawn", "visit-place",
    }
)  # fmt: skip
"""The mails to a parent of which a text tells too, where the parent asked for texts: what waits to be read or answered,
and reminders. Receipts and news of an account are not among them.
"""

LONGEST_SUBJECT: Final = 150
LONGEST_BODY: Final = 4000


class Shown(StrEnum):
    """How a placeholder's value is found and said."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    CHILDREN = "children"
    LIST = "list"
    PAGE = "page"
    LINK = "link"
    VISITOR_LINK = "visitor-link"


ADDRESSES: Final = frozenset({Shown.PAGE, Shown.LINK, Shown.VISITOR_LINK})


@dataclass(frozen=True)
class Placeholder:
    """One value that a message may carry.

    `source` is the name of the value in the message's context, or the endpoint of the page that it leads to, whose
    arguments are named in `arguments` as (argument, name in the context), as are those of a link that takes several.
    """

    name: str
    shown: Shown
    source: str
    example: str
    required: bool = False
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Message:
    """One kind of message: what it is called on the settings page, who gets it and what it may carry."""

    key: str
    title: str
    to: str
    placeholders: tuple[Placeholder, ...]

    def named(self, name: str) -> Placeholder | None:
        """A placeholder by its name, however it is spelled."""
        return next((one for one in self.placeholders if one.name == tidy(name)), None)


def page(name: str, endpoint: str, example: str, *arguments: tuple[str, str]) -> Placeholder:
    """The address of a page, without which its reader could not act."""
    return Placeholder(name, Shown.PAGE, endpoint, example, required=True, arguments=arguments)


FAMILY_CHILD = page("link", "family.child", "/family/children/7K2MXQ0R4T", ("reference", "child_reference"))
FAMILY_HOME = page("link", "family.home", "/family")
FAMILY_OFFERS = page("link", "family.offers", "/family/children/7K2MXQ0R4T/visits", ("reference", "child_reference"))
FAMILY_RECORDS = page("link", "family.records", "/family/children/7K2MXQ0R4T/records", ("reference", "child_reference"))
FAMILY_MESSAGES = page(
    "link",
    "family_messages.conversation",
    "/family/children/7K2MXQ0R4T/messages",
    ("reference", "child_reference"),
)
FAMILY_LETTERS = page(
    "link", "family_letters.list_letters", "/family/children/7K2MXQ0R4T/letters", ("reference", "child_reference")
)
STAFF_MESSAGE = page(
    "link",
    "messages.find",
    "/children/7K2MXQ0R4T/messages/4T7K2MXQ0R",
    ("reference", "child_reference"),
    ("message_reference", "message_reference"),
)
VISIT_DATE = Placeholder("date", Shown.DATE, "on_date", "17 March 2027")
CONTACT_DATE = Placeholder("date", Shown.DATE, "on_date", "17 March 2027", required=True)
STAFF_CHILD = page("link", "child.overview", "/children/7K2MXQ0R4T", ("reference", "child_reference"))
STAFF_EVIDENCE = page(
    "link", "evidence.list_evidence", "/children/7K2MXQ0R4T/evidence", ("reference", "child_reference")
)
ADVISER = "The child’s adviser, or the EHE managers while nobody is named or here"
OWNER = "The owner of an account"
REFERENCE = Placeholder("reference", Shown.TEXT, "reference", "7K2MXQ0R4T")
# One for each child that was registered in one go.
REFERENCES = Placeholder("reference", Shown.LIST, "references", "7K2MXQ0R4T")
ANSWER_BY = Placeholder("answer date", Shown.DATE, "answer_by", "10 March 2027")
ONE_TIME_LINK = Placeholder("link", Shown.LINK, "link_id", "/link/one-time-link", required=True)
EXPIRES = Placeholder("expiry", Shown.MOMENT, "expires_at", "10 March 2027 at 9:15am")
ASKED_LINK = Placeholder(
    "link",
    Shown.VISITOR_LINK,
    "statement_id",
    "/statement/one-time-link",
    required=True,
    arguments=(("row_id", "statement_id"), ("mails", "mails")),
)
STATEMENTS = page(
    "link", "family_statements.list_statements", "/family/children/7K2MXQ0R4T/statements",
    ("reference", "child_reference"),
)  # fmt: skip
OWN_COMPLAINT = page(
    "link", "family_complaints.one", "/family/children/7K2MXQ0R4T/complaints/2R4T7K2MXQ",
    ("reference", "child_reference"), ("complaint_reference", "complaint_reference"),
)  # fmt: skip
COMPLAINT = page(
    "link", "complaints.one", "/complaints-to-us/2R4T7K2MXQ", ("complaint_reference", "complaint_reference")
)
FAMILIES = "Parents whom an officer has verified"
MANAGERS = "The EHE managers, or the heads of service where there are none"
MANY = Placeholder("children", Shown.CHILDREN, "how_many", "12 children")
TEAMS_DAY = page("link", "my_day.today", "/my-day")
SIGN_IN = page("sign-in page", "accounts.sign_in", "/sign-in")
NEW_PASSWORD = page("password page", "accounts.forgotten_password", "/forgotten-password")

MESSAGES: Final = {
    message.key: message
    for message in (
        Message("registration-received", "Registration received", "The parent who registered",
                (REFERENCES, ANSWER_BY, FAMILY_HOME)),
        Message("registration-accepted", "Registration checked", "The parent who registered",
                (REFERENCE, FAMILY_HOME)),
        Message("visit-offered", "Invitation to a visit, meeting or call", FAMILIES,
                (VISIT_DATE, FAMILY_CHILD)),
        Message("visit-changed", "Changed invitation", FAMILIES, (VISIT_DATE, FAMILY_OFFERS)),
        Message("visit-times", "Invitation with several times to choose from", FAMILIES, (FAMILY_OFFERS,)),
        Message("visit-agreed", "A time that a family suggested is taken", FAMILIES, (VISIT_DATE, FAMILY_OFFERS)),
        Message("visit-confirmed", "A visit, meeting or call is confirmed", FAMILIES, (FAMILY_OFFERS,)),
        Message("visit-cancelled", "A family cancelled", FAMILIES, (FAMILY_OFFERS,)),
        Message("visit-place", "The place is confirmed after an address changed", FAMILIES,
                (VISIT_DATE, FAMILY_OFFERS)),
        Message("visit-recorded", "What came of a visit is written down", FAMILIES, (VISIT_DATE, FAMILY_RECORDS)),
        Message("visit-answered", "An answer to an invitation", FAMILIES, (VISIT_DATE, FAMILY_OFFERS)),
        Message("visit-parted", "Brothers and sisters are visited apart, or one no longer", FAMILIES,
                (VISIT_DATE, FAMILY_OFFERS)),
        Message("visit-withdrawn", "Invitation taken back", FAMILIES, (VISIT_DATE, FAMILY_OFFERS)),
        Message("contact-soon", "Reminder: we would like to hear from you", FAMILIES, (CONTACT_DATE, FAMILY_CHILD)),
        Message("contact-passed", "Reminder: the day has passed", FAMILIES, (CONTACT_DATE, FAMILY_CHILD)),
        Message("adviser-contact-soon", "Contact falls due", ADVISER, (CONTACT_DATE, STAFF_CHILD)),
        Message("adviser-contact-passed", "A contact’s day has passed", ADVISER, (CONTACT_DATE, STAFF_CHILD)),
        Message("remind-by-phone", "A family to be reminded by phone or video call", ADVISER,
                (CONTACT_DATE, STAFF_CHILD)),
        Message("remind-in-person", "A family to be reminded in person", ADVISER, (CONTACT_DATE, STAFF_CHILD)),
        Message("contacts-due", "Many contacts fall due", ADVISER,
                (Placeholder("children", Shown.CHILDREN, "how_many", "34 children"),
                 page("link", "my_day.today", "/my-day"))),
        Message("reviews-late", "Nobody has looked again at the education in time", MANAGERS, (MANY, TEAMS_DAY)),
        Message("plan-reviews-late", "Annual reviews of EHC plans are late", MANAGERS, (MANY, TEAMS_DAY)),
        Message("message-sent", "A message from the team", "The parent it is written to", (FAMILY_MESSAGES,)),
        Message("letter-written", "A letter on a parent’s own page", "The parent it is written to", (FAMILY_LETTERS,)),
        Message("message-received", "A message from a family", "The child’s adviser", (STAFF_MESSAGE,)),
        Message("change-decided", "A change that a parent told of was read", "The parent who told of it",
                (FAMILY_HOME,)),
        Message("parent-verified", "A parent was verified", "The parent", (FAMILY_HOME,)),
        Message("access-ended", "A parent’s access ended", "The parent", ()),
        Message("evidence-received", "Evidence received", "The parent who sent it",
                (Placeholder("date sent", Shown.DATE, "sent_on", "3 March 2027"), ANSWER_BY, FAMILY_HOME)),
        Message("file-not-opened", "A file did not pass the virus check", "The parent who sent it", (FAMILY_CHILD,)),
        Message("file-sealed", "A file that came in was sealed", "The child’s adviser, or who added it",
                (STAFF_EVIDENCE,)),
        Message("education-assessed", "Decision about the education", FAMILIES, (FAMILY_CHILD,)),
        Message("statement-asked", "A statement about the education is asked for", "Someone whom a parent asks",
                (ASKED_LINK, Placeholder("expiry", Shown.MOMENT, "ends_at", "10 April 2027 at 9:15am"))),
        Message("statement-written", "A statement was written", "The parent who asked for it", (STATEMENTS,)),
        Message("complaint-received", "Complaint received", "The parent who complained", (ANSWER_BY, OWN_COMPLAINT)),
        Message("complaint-news", "News of a complaint", "The parent who complained", (OWN_COMPLAINT,)),
        Message("complaint-made", "A complaint to answer", "Whoever is to answer it", (COMPLAINT,)),
        Message("complaint-shared", "A complaint was shared", "Somebody whom it is about", (COMPLAINT,)),
        Message("complaint-late", "A day of a complaint has passed", "The next person", (COMPLAINT,)),
        Message("link-sign-up", "Confirm your email address", "Someone who opens an account",
                (ONE_TIME_LINK, EXPIRES)),
        Message("link-reset", "Choose a new password", "Someone who forgot their password",
                (ONE_TIME_LINK, EXPIRES)),
        Message("known-address", "You already have an account", OWNER, (SIGN_IN, NEW_PASSWORD)),
        Message("password-chosen", "A password was chosen", OWNER, (NEW_PASSWORD,)),
        Message("link-new-email", "Confirm your new email address", "A parent, at the new address",
                (ONE_TIME_LINK, EXPIRES)),
        Message("new-email-asked", "Another email address was asked for", "A parent, at the old address",
                (NEW_PASSWORD,)),
        Message("new-email-taken", "This email address has an account already", OWNER, (SIGN_IN,)),
        Message("email-changed", "The email address has changed", "A parent, at both addresses", ()),
        Message("account-closed", "An account was closed", "The parent who closed it", ()),
        Message("link-invitation", "Invitation to staff", "New staff", (ONE_TIME_LINK, EXPIRES)),
        Message("children-handed-over", "Children handed over", "The adviser who has them now",
                (Placeholder("children", Shown.CHILDREN, "how_many", "12 children"),
                 page("link", "my_day.today", "/my-day"))),
    )
}  # fmt: skip
"""The messages that may be worded. Alerts about children whose contact lapsed, of concerns and of children out of
sight are not among them, nor invitations to parents, news from families and entries for calendars: what they say
depends on what happened, and no part of it may get lost.
"""


@dataclass(frozen=True)
class Words:
    """The wording of a message: its subject and its body, both with placeholders."""

    subject: str
    body: str


def problem(message: Message, words: Words) -> tuple[str, str] | None:
    """Why a wording does not fit a message, as (field, what to do); None if it does."""
    if not words.subject.strip():
        return "subject", "Enter a subject"
    if len(words.subject) > LONGEST_SUBJECT or "\n" in words.subject:
        return "subject", f"Enter a subject of one line and {LONGEST_SUBJECT} characters or fewer"
    if len(words.body) > LONGEST_BODY:
        return "body", f"Enter a message of {LONGEST_BODY:,} characters or fewer"
    for field, text in (("subject", words.subject), ("body", words.body)):
        wrong = placeholders_problem(message, text, in_subject=field == "subject")
        if wrong:
            return field, wrong
    named = used(words.body)
    for placeholder in message.placeholders:
        if placeholder.required and placeholder.name not in named:
            return "body", f"Enter {written(placeholder.name)} somewhere in the message: its reader needs it"
    return None


def placeholders_problem(message: Message, text: str, *, in_subject: bool) -> str | None:
    """What is wrong with the placeholders of a text; None if nothing is."""
    if in_subject:
        for name in sorted(used(text)):
            placeholder = message.named(name)
            if placeholder is not None and placeholder.shown in ADDRESSES:
                return f"Enter {written(placeholder.name)} in the message only: a subject cannot be followed"
    return wordings.placeholders_problem(text, [one.name for one in message.placeholders])


def sources(message: Message) -> set[str]:
    """What a message's context must hold for its placeholders to have values."""
    pages = {name for one in message.placeholders for _, name in one.arguments}
    return pages | {one.source for one in message.placeholders if one.shown is not Shown.PAGE}
