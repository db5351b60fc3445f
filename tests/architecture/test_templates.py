"""Templates: they compile, some view renders each, nothing is marked safe by hand, nothing loads from elsewhere."""

import re

import pytest
from flask import Flask

from ehe_portal.core.settings import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
SAFE_BY_HAND: set[str] = set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_compiles_with_undefined_names_forbidden(app: Flask, name: str) -> None:
    assert app.jinja_env.undefined.__name__ == "StrictUndefined"
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_belongs_to_a_page(name: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "ehe_portal").rglob("*.py"))
    code += "\n".join((FOLDER / other).read_text(encoding="utf-8") for other in TEMPLATES if other != name)
    assert f'"{name}"' in code or f"'{name}'" in code, f"{name}: no view renders it and no template uses it"


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_marks_nothing_safe_and_loads_nothing_from_elsewhere(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name not in SAFE_BY_HAND:
        assert not re.search(r"\|\s*safe\b", text), "let Jinja escape"
    assert not re.search(r"(src|href)=[\"']https?://[^\"']+\.(js|css|png|woff2?)", text)
    assert " style=" not in text
    assert "<script>" not in text


def test_every_rule_of_the_style_sheet_is_closed_before_the_next_begins() -> None:
    """A brace too few turns all that follows into rules for nothing, and browsers say nothing."""
    depth = 0
    for number, line in enumerate((ROOT / "static" / "portal.css").read_text(encoding="utf-8").splitlines(), 1):
        begins = line.rstrip().endswith("{") and not line[0].isspace()
        assert not (begins and depth), f"portal.css:{number}: the rule before {line} is not closed"
        depth += line.count("{") - line.count("}")
    assert depth == 0
