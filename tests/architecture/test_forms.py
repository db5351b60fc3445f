"""Forms: every field has a label, and every message begins with what to do."""

import ast
import importlib

import pytest
from flask import Flask
from wtforms import Field

from ehe_portal.core.govuk import Form, HiddenField, VersionField
from ehe_portal.core.settings import ROOT

PLACES = [
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    for pattern in ("*/forms.py", "*/forms/[!_]*.py")
    for path in sorted((ROOT / "ehe_portal").glob(pattern))
]
UNSEEN = (HiddenField, VersionField)
BEGINNINGS = ("Enter ", "Select ", "Upload ", "Choose ")


def forms() -> list[type[Form]]:
    found = []
    for name in PLACES:
        module = importlib.import_module(name)
        found += [
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Form) and one.__module__ == module.__name__
        ]
    return found


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.__name__)
def test_every_field_has_a_label_in_plain_english(app: Flask, form: type[Form]) -> None:
    for name, unbound in vars(form).items():
        if not hasattr(unbound, "field_class") or not issubclass(unbound.field_class, Field):
            continue
        label = unbound.kwargs.get("label") or (unbound.args[0] if unbound.args else "")
        if not issubclass(unbound.field_class, UNSEEN):
            assert label, f"{form.__name__}.{name} has no label"


@pytest.mark.parametrize("place", PLACES)
def test_every_message_begins_with_what_to_do(place: str) -> None:
    tree = ast.parse((ROOT / f"{place.replace('.', '/')}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Required", "OneOf", "Length"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    assert argument.value.startswith(BEGINNINGS), f"{place}: {argument.value!r}"
