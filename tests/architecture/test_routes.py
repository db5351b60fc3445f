"""Addresses: kebab-case, typed, and stable."""

import re

from flask import Flask

from tests.architecture.test_access import rules_of


def test_addresses_are_in_kebab_case(app: Flask) -> None:
    for rule in rules_of(app):
        plain = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.-]*", plain), rule.rule


def test_parameters_are_typed(app: Flask) -> None:
    for rule in rules_of(app):
        assert all(":" in parameter for parameter in re.findall(r"<([^>]+)>", rule.rule)), f"{rule.rule}: say string:"


def test_no_address_holds_a_row_number(app: Flask) -> None:
    for rule in rules_of(app):
        assert "<int:" not in rule.rule, f"{rule.rule}: things are known by their reference"
