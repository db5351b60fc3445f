"""The codes and dates of an event, as a chronology says them. Plain values in, words out."""

from collections.abc import Mapping
from datetime import date, time
from typing import Final

from ehe_portal.core.codes import Code, ContactKind, ContactOutcome, Destination, SocialCare, Tier
from ehe_portal.core.govuk.words import clock_time, long_date

# Codes by the name of the detail that holds them: the same code may mean something else elsewhere.
CODES: Final[Mapping[str, type[Code]]] = {
    "kind": ContactKind,
    "outcome": ContactOutcome,
    "destination": Destination,
    "tier": Tier,
    "social_care": SocialCare,
}

# By the name of a detail, the codes that say little, or something else, by themselves.
SAID: Final[dict[str, dict[str, str]]] = {
    "kind": {
        "family-first": "the family, some weeks before",
        "family-again": "the family, some days before",
        "family-after": "the family, once the day had passed",
        "adviser-before": "the adviser, some days before",
        "adviser-due": "the adviser, on the day",
        "adviser-after": "the adviser, once the day had passed",
        "address": "a change of address",
        "school": "going back to school",
        "new-parent": "another parent or carer",
        "other-agency": "call or message from another agency",
        "plan": "what we plan to do",
    },
    "rung": {
        "raised": "CME officers",
        "manager": "the CME manager",
        "head": "the head of service",
        "undecided": "the CME manager, as no decision was made in time",
        "next-date": "the owner and the CME manager, as the next date was past",
        "absent": "the CME manager, as the owner was not at work",
        "answered": "nobody, as somebody has it in hand",
    },
    "decision": {
        "no-information": "no information about the education",
        "welfare": "worried about welfare",
        "danger": "a child in danger",
        "in-error": "raised in error",
    },
    "closing": {
        "contact": "contact was made",
        "destination": "the child’s destination is confirmed",
        "next-contact": "a next contact is set",
        "concern-answered": "the concern is answered",
        "done": "by its last step",
        "withdrawn": "withdrawn, with reasons",
    },
    "route": {"consent": "consent to withdraw from school", "information": "request for information"},
    "step": {
        "notice": "notice to satisfy the council",
        "expedient": "the child should go to school",
        "not-expedient": "the child need not go to school",
        "tell-school": "school told that it is to be named",
        "intention": "notice of intention to serve an order",
        "order": "school attendance order",
        "amend": "order amended",
        "revoke": "order revoked",
        "breach": "order not complied with",
        "supervision": "education supervision order considered first",
    },
    "document": {"order": "orders", "notice": "notices", "request": "requests for information"},
    "verdict": {
        "same": "one child",
        "different": "two children",
        "linked": "children of one family",
        "apart": "not of one family",
    },
    "seen_by": {"health": "a doctor, nurse, health visitor or dentist", "school": "a school or college"},
    "via": {"paper": "on our paper form", "letter": "by letter or email", "portal": "by a parent, here"},
    "place": {"address": "at an address", "none": "no fixed address", "unknown": "nobody knows where"},
    "way": {"phone": "by phone", "video": "by video"},
    "part": {"whole": "whole days"},
}


def in_words(value: object, name: str = "") -> str:
    """A code as people read it, by the detail that holds it (`name`); a date as a long one; a time by the clock."""
    text = str(value)
    said = SAID.get(name, {}).get(text)
    if said is not None:
        return said
    if name in CODES and text in {code.value for code in CODES[name]}:
        return CODES[name](text).label.lower()
    try:
        return clock_time(time.fromisoformat(text)) if name == "at_time" else long_date(date.fromisoformat(text))
    except ValueError:
        return text.replace("-", " ")
