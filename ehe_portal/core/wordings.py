"""Words that an authority sets itself, with placeholders written `((date))`. Pure.

Putting in the values of placeholders is plain substitution: nothing else in the words means anything, and what a value
holds is never looked at again.
"""

import re
from collections.abc import Collection, Mapping
from typing import Final

WRITTEN: Final = re.compile(r"\(\(([^()\n]{1,60})\)\)")


def tidy(name: str) -> str:
    """A placeholder's name as it is known: no blanks around it, one inside, lower case."""
    return " ".join(name.lower().split())


def written(name: str) -> str:
    """A placeholder as it stands in a text."""
    return f"(({name}))"


def used(text: str) -> set[str]:
    """The names of the placeholders that a text uses."""
    return {tidy(name) for name in WRITTEN.findall(text)}


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of its placeholders."""
    return WRITTEN.sub(lambda found: values.get(tidy(found[1]), found[0]), text)


def placeholders_problem(text: str, known: Collection[str]) -> str | None:
    """What is wrong with the placeholders of a text, as what to do; None if nothing is."""
    for name in WRITTEN.findall(text):
        if tidy(name) not in known:
            return f"Enter only placeholders from the list: {written(name)} is not one of them"
    rest = WRITTEN.sub("", text)
    if "((" in rest or "))" in rest:
        return "Enter each placeholder as it stands in the list, between two brackets on either side"
    return None
