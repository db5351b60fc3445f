"""What follows from what: every event is published somewhere, and its consequences are said aloud."""

import ast
import importlib

from ehe_portal.core.settings import ROOT
from ehe_portal.core.work import Event
from ehe_portal.reactions import ONLY_RECORDED, REACTIONS

SLICES = [path.parent.name for path in sorted((ROOT / "ehe_portal").glob("*/events.py"))]


def events() -> dict[str, type[Event]]:
    found = {}
    for name in SLICES:
        module = importlib.import_module(f"ehe_portal.{name}.events")
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, Event) and one.__module__ == module.__name__:
                found[one.__name__] = one
    return found


def published() -> set[str]:
    """The names of all events that some service makes."""
    names = set()
    for path in (ROOT / "ehe_portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                names.add(node.func.id)
    return names


def test_every_event_has_its_consequences_or_says_that_it_has_none() -> None:
    listed = set(REACTIONS) - {Event}
    assert listed & ONLY_RECORDED == set()
    assert listed | ONLY_RECORDED == set(events().values()), "list it in reactions.py, or under ONLY_RECORDED"


def test_every_event_is_published_somewhere() -> None:
    assert set(events()) - published() == set()


def test_events_are_frozen_and_carry_no_words() -> None:
    for name, event in events().items():
        assert event.__dict__["__dataclass_params__"].frozen, name
        wordy = {"name", "email", "address", "phone", "summary", "words", "reasons", "text", "postcode"}
        assert wordy & set(event.__dataclass_fields__) == set(), f"{name}: an event is audited as it is"
