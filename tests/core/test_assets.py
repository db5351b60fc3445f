"""What the copy step leaves out of the design system's stylesheets, and what it refuses to guess."""

from pathlib import Path

import pytest

from ehe_portal.core import assets

TEXT = "font-family:GDS Transport,arial,sans-serif"


def test_the_reserved_font_gives_way_to_the_systems_own() -> None:
    css = (
        "/*! Copyright (c) 2011 by Margaret Calvert & Henrik Kubel. */"
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
        f".govuk-body{{{TEXT};margin:0}}"
    )
    assert assets.stylesheet(css) == f".govuk-body{{font-family:{assets.SYSTEM_SANS};margin:0}}"


@pytest.mark.parametrize(
    "rule",
    [
        ".govuk-footer__copyright-logo{background-image:url(/assets/images/govuk-crest.svg)}",
        ".moj-header__logotype-crown{top:-4px}",
    ],
)
def test_crown_and_crest_stay_behind(rule: str) -> None:
    kept = ".a{margin:0}@media print{.b{margin:1px}"
    css = assets.stylesheet(f".govuk-body{{{TEXT}}}{kept}{rule}}}")
    assert css.endswith(f"{kept}}}")


def test_icons_are_asked_for_beside_the_stylesheet() -> None:
    css = assets.stylesheet(f".a{{{TEXT}}}.b{{background:url(/assets/images/icon-document.svg)}}")
    assert css.endswith(".b{background:url(images/icon-document.svg)}")


@pytest.mark.parametrize(
    "css",
    [
        ".a{font-family:Another Font,arial,sans-serif}",
        f".a{{{TEXT}}}.b{{font-family:GDS Transport}}",
        f".a{{{TEXT}}}.b{{background:url(/elsewhere/icon.svg)}}",
    ],
)
def test_a_stylesheet_that_changed_its_ways_is_refused(css: str) -> None:
    with pytest.raises(assets.AssetsMissing, match=r"core/assets\.py"):
        assets.stylesheet(css)


def test_the_second_stylesheet_does_not_put_the_first_ones_colours_back() -> None:
    css = (
        ":root{--govuk-brand-colour:#1d70b8;--govuk-text-colour:#0b0c0c}"
        "@media print{:root{--govuk-text-colour:var(--govuk-print-text-colour,#000)}}"
        ':root{--moj-frontend-version:"11.1.0"}'
    )
    assert assets.without_shared_properties(css) == ':root{--moj-frontend-version:"11.1.0"}'


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsMissing, match=r"moj-frontend\.min\.css"):
        assets.read_packages(tmp_path)


def test_a_copy_replaces_what_was_there_before(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assets.place({"old.css": b"old"}, vendor)
    assets.place({"new.css": b"new", "images/icon.svg": b"<svg/>"}, vendor)
    found = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert found == {"new.css", "images/icon.svg"}
