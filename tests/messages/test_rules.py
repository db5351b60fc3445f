"""What can be sent."""

import pytest

from ehe_portal.messages.rules import LONGEST_MESSAGE, MOST_A_DAY, message_problem


@pytest.mark.parametrize(
    ("words", "already", "begins"),
    [
        ("Hello", 0, None),
        ("Hello", MOST_A_DAY - 1, None),
        ("x" * LONGEST_MESSAGE, 0, None),
        ("", 0, "Enter your message"),
        ("x" * (LONGEST_MESSAGE + 1), 0, "Enter 10,000 characters or fewer"),
        ("Hello", MOST_A_DAY, "Choose another time to send this: you have sent 20 messages"),
    ],
)
def test_what_is_in_the_way_of_a_message(words: str, already: int, begins: str | None) -> None:
    problem = message_problem(words, already)
    assert problem is None if begins is None else (problem or "").startswith(begins)
