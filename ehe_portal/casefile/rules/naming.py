"""Whether somebody is meant by what a parent wrote. Pure."""

import re


def is_named(name: str, role: str, said: str) -> bool:
    """Whether a member of staff is named: by their whole name, by their surname, or by what their role is called.

    Too often is harmless, as the complaint goes to somebody else; too seldom is not. A forename alone names nobody.
    """
    wanted = words(said)
    surname = words(name)[-1:]
    return any(follows(each, wanted) for each in (words(name), surname, words(role)) if each)


def words(said: str) -> list[str]:
    """The words of what was said, as they are compared."""
    return re.findall(r"\w+", said.casefold())


def follows(these: list[str], said: list[str]) -> bool:
    """Whether these words stand in what was said, one after the other."""
    return any(said[start : start + len(these)] == these for start in range(len(said)))
