"""Decisions about messages: what can be sent, and how many in a day. Plain values in, answers out."""

from datetime import timedelta

LONGEST_MESSAGE = 10_000
MOST_A_DAY = 20
"""Messages that one family account can send in a day: more than anyone has to say, fewer than a machine would."""

A_DAY = timedelta(hours=24)


def message_problem(words: str, already_sent: int) -> str | None:
    """Why this cannot be sent by someone who has sent so many within a day; None if it can."""
    if not words:
        return "Enter your message"
    if len(words) > LONGEST_MESSAGE:
        return f"Enter {LONGEST_MESSAGE:,} characters or fewer"
    if already_sent >= MOST_A_DAY:
        return (
            f"Choose another time to send this: you have sent {MOST_A_DAY} messages within a day, which is the most. "
            "Your words are kept below until you leave this page. If it cannot wait, phone us"
        )
    return None
