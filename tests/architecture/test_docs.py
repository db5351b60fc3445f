"""What the documents say is there, is there."""

import ast
import re

import click
import pytest
from flask import Flask

from ehe_portal.core.settings import ROOT
from tests.architecture.test_imports import LISTED

PACKAGES = sorted(path.parent.name for path in (ROOT / "ehe_portal").glob("*/__init__.py"))
DOCUMENTS = ["README.md", "ARCHITECTURE.md"]


def caption(package: str) -> str:
    docstring = ast.get_docstring(ast.parse((ROOT / "ehe_portal" / package / "__init__.py").read_text("utf-8")))
    return (docstring or "").splitlines()[0].rstrip(".")


@pytest.mark.parametrize("package", PACKAGES)
def test_the_tree_in_architecture_says_what_each_package_is_for(package: str) -> None:
    tree = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert re.search(rf"^\s+{package}/\s+{re.escape(caption(package))}\s*$", tree, re.MULTILINE), (
        f"ARCHITECTURE.md: {package}/  {caption(package)}"
    )


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_are_named_exist(app: Flask, document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{document}: make {target}"
    for words in re.findall(r"`?flask ([a-z]+(?: [a-z-]+)?)", text):
        group, _, name = words.partition(" ")
        if group == "demo":
            continue
        found = app.cli.get_command(click.Context(app.cli), group)
        assert found is not None, f"{document}: flask {words}"
        if name and hasattr(found, "commands"):
            assert name in found.commands, f"{document}: flask {words}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_are_named_exist(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for name in re.findall(r"`([a-z_./-]+\.(?:py|md|toml|lock|json|txt))`", text):
        found = (ROOT / name).exists() or (ROOT / "ehe_portal" / name).exists() or name.removesuffix(".py") in LISTED
        found = found or (ROOT / "ehe_portal" / name.removesuffix(".py")).is_dir()
        assert found or "var/" in name, f"{document}: {name}"


def test_every_decision_is_short_and_numbered() -> None:
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert len(path.read_text("utf-8").splitlines()) <= 40
