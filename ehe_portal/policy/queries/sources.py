"""Laws, guidance and help: titles, versions and addresses as data (`sources.toml` here), never in a page."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("sources.toml")


class Confidence(StrEnum):
    """How well an entry is known. What was not read in the original says so on the page."""

    READ = "read"
    SECOND_HAND = "second-hand"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Source:
    """One law, paper of guidance or place of help. `version` says which edition is meant, or how things stand."""

    title: str
    about: str
    confidence: Confidence
    seen_on: date
    version: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Section:
    """Sources of one kind, in the order in which they are shown."""

    key: str
    heading: str
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True)
class Sources:
    """One version of the whole list, as at a day."""

    version: int
    as_at: date
    sections: list[Section]

    def of(self, key: str) -> list[Source]:
        """What stands in one section."""
        return next((section.sources for section in self.sections if section.key == key), [])


@cache
def sources() -> Sources:
    """The list that this version of the portal comes with."""
    return read(FILE)


def read(path: Path) -> Sources:
    """A list from its file. Raises ValueError for one that is not whole."""
    with path.open("rb") as file:
        told: dict[str, Any] = tomllib.load(file)
    try:
        sections = [
            Section(one["key"], one["heading"], [source_of(entry) for entry in one["source"]])
            for one in told["section"]
        ]
        return Sources(told["version"], told["as_at"], sections)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"{path.name} lacks {problem}") from problem


def source_of(entry: dict[str, Any]) -> Source:
    """One entry. An address is a whole one, over https."""
    source = Source(**{**entry, "confidence": Confidence(entry["confidence"])})
    if source.address and not source.address.startswith("https://"):
        raise ValueError(f"{source.title}: an address begins with https://")
    return source
