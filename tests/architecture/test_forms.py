"""Forms: every field has a label, and every message begins with what to do."""

import ast
import importlib
from pathlib import Path

import pytest
from flask import Flask
from wtforms import Field

from ehe_portal.core.govuk import Form, HiddenField, VersionField
from ehe_portal.core.settings import ROOT

FILES = sorted([*(ROOT / "ehe_portal").glob("*/forms.py"), *(ROOT / "ehe_portal").glob("*/forms/*.py")])
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in FILES if path.stem != "__init__"]
UNSEEN = (HiddenField, VersionField)
BEGINNINGS = ("Enter ", "Select ", "Upload ", "Choose ")


def forms() -> list[type[Form]]:
    found = []
    for name in MODULES:
        module = importlib.import_module(name)
        found += [
            one
            for one in vars(module).values()
            if isinstance(one, type) and issubclass(one, Form) and one.__module__ == module.__name__
        ]
    return found


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.__name__)
def test_every_field_has_a_label_in_plain_english(app: Flask, form: type[Form]) -> None:
    for name in dir(form):
        unbound = getattr(form, name)
        if not isinstance(getattr(unbound, "field_class", None), type) or not issubclass(unbound.field_class, Field):
            continue
        label = unbound.kwargs.get("label") or (unbound.args[0] if unbound.args else "")
        if not issubclass(unbound.field_class, UNSEEN):
            assert label, f"{form.__name__}.{name} has no label"


@pytest.mark.parametrize("module", MODULES)
def test_every_message_begins_with_what_to_do(module: str) -> None:
    tree = ast.parse((ROOT / Path(*module.split("."))).with_suffix(".py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Required", "OneOf", "Length"):
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    assert argument.value.startswith(BEGINNINGS), f"{module}: {argument.value!r}"
