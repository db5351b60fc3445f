"""The authority's name, contact details, colours and logo: who may set them, what is refused, what pages show."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from ehe_portal.accounts import service
from ehe_portal.accounts.models import Account, AuthorityLogo
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.accounts.service import Contact
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from tests.core import made_files
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
DETAILS = {
    "contact_email": "home@wessex.example",
    "contact_phone": "01632 960 001",
    "contact_address": "Weir House\r\nSturminster",
    "opening_hours": "Monday to Friday, 9am to 5pm",
}


@pytest.fixture
def admin(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.staff[Role.ADMINISTRATOR])


def said(work: Work) -> list[Any]:
    found = work.session.scalars(
        select(AuditEntry).where(AuditEntry.kind == "AuthorityChanged").order_by(AuditEntry.id)
    )
    return [(entry.authority_id, entry.details["fields"]) for entry in found]


def test_contact_details_are_shown_at_the_bottom_and_on_the_help_page(
    admin: LintingClient, village: Village, work: Work
) -> None:
    assert admin.submit("/settings/contact", DETAILS, "Save").location == "/settings"
    for url in ("/settings", "/help"):
        page = admin.get(url).text
        for words in ("home@wessex.example", "01632 960 001", "Weir House", "Monday to Friday, 9am to 5pm"):
            assert words in page, (url, words)
    assert said(work) == [
        (village.authority.id, ["contact_email", "contact_phone", "contact_address", "opening_hours"])
    ]
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "AuthorityChanged")).one()
    assert "Weir House" not in str(entry.details), "what they are is not in the trail, only which"


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({"name": ""}, "Enter the name of the authority"),
        ({"name": "x" * 101}, "100 characters"),
        ({"contact_email": "nobody"}, "Enter an email address in the correct format"),
        ({"contact_phone": "call us"}, "Enter a phone number"),
        ({"contact_address": "x" * 301}, "300 characters or fewer"),
    ],
)
def test_bad_details_are_refused_and_kept(admin: LintingClient, filled: dict[str, str], message: str) -> None:
    page = admin.submit("/settings/contact", {**DETAILS, **filled}, "Save").text
    assert message in page
    assert "Weir House" in page or "contact_address" in filled


def test_two_administrators_at_once_see_each_other(admin: LintingClient, village: Village, work: Work) -> None:
    old = form_of(admin.get("/settings/contact").text, "Save")[1]
    admin.submit("/settings/contact", {"contact_phone": "01632 960 002"}, "Save")
    page = admin.post("/settings/contact", data={**old, "contact_phone": "01632 960 003"}).text
    assert "was changed by someone else" in page or "were changed by someone else" in page or "changed" in page
    assert "01632 960 003" in page
    work.session.expire_all()
    assert village.authority.contact_phone == "01632 960 002"


def test_nothing_changed_says_nothing(work: Work, village: Village) -> None:
    known = Contact(village.authority.name, "", "", "", "")
    service.set_contact(work, village.authority, known, village.authority.version)
    assert said(work) == []


@pytest.mark.parametrize("version", [None, 0, 99])
def test_an_older_page_changes_nothing(work: Work, village: Village, version: int | None) -> None:
    here = village.authority
    with pytest.raises(ChangedMeanwhile):
        service.set_contact(work, here, Contact("Other", "", "", "", ""), version)
    with pytest.raises(ChangedMeanwhile):
        service.set_colours(work, here, "#000000", "#ffffff", version)
    with pytest.raises(ChangedMeanwhile):
        service.remove_logo(work, here, version)


# Colours


def test_colours_that_can_be_read_are_served_to_every_page(admin: LintingClient, village: Village) -> None:
    assert "/brand.css" not in admin.get("/settings").text
    filled = {"brand_colour": "2F3E66", "brand_text_colour": "#fff"}
    assert admin.submit("/settings/colours", filled, "Save").location == "/settings"
    page = admin.get("/settings").text
    assert 'href="/brand.css?v=2f3e66ffffff"' in page
    assert "a contrast of 10.5 to 1" in page
    sheet = admin.get("/brand.css?v=2f3e66ffffff")
    assert sheet.mimetype == "text/css"
    assert "--portal-brand: #2f3e66" in sheet.text
    assert "--portal-brand-text: #ffffff" in sheet.text
    assert sheet.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert sheet.headers["X-Content-Type-Options"] == "nosniff"
    again = admin.get("/brand.css?v=2f3e66ffffff", headers={"If-None-Match": sheet.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = admin.get("/brand.css?v=000000ffffff")
    assert "immutable" not in other.headers["Cache-Control"], "an address names what it serves, or is asked again"


def test_colours_that_cannot_be_read_are_refused_with_the_nearest_that_can(
    admin: LintingClient, village: Village, work: Work
) -> None:
    page = admin.submit("/settings/colours", {"brand_colour": "#777777", "brand_text_colour": "#ffffff"}, "Save").text
    assert "has a contrast of 4.47 to 1" in page
    assert "The nearest shade that passes is #76" in page
    assert 'value="#777777"' in page
    work.session.expire_all()
    assert village.authority.brand_colour is None


@pytest.mark.parametrize("words", ["red", "#12345", "#000;}body{display:none", "</style>", "#ffffff/**/"])
def test_what_is_no_colour_never_reaches_a_stylesheet(admin: LintingClient, village: Village, words: str) -> None:
    page = admin.submit("/settings/colours", {"brand_colour": words, "brand_text_colour": "#ffffff"}, "Save").text
    assert "Enter the colour as six digits" in page
    assert words not in admin.get("/brand.css").text


def test_one_colour_alone_is_refused_and_none_is_the_portals_own(work: Work, village: Village) -> None:
    here = village.authority
    with pytest.raises(Refusal) as refused:
        service.set_colours(work, here, "#000000", "", here.version)
    assert refused.value.field == "brand_text_colour"
    service.set_colours(work, here, "#000000", "#ffffff", here.version)
    service.set_colours(work, here, "", "", here.version)
    assert (here.brand_colour, here.brand_text_colour) == (None, None)


def test_each_authority_sees_its_own_colours(client_as: ClientAs, village: Village, work: Work) -> None:
    service.set_colours(work, village.authority, "#112233", "#ffffff", village.authority.version)
    service.set_colours(work, village.elsewhere, "#331122", "#ffffff", village.elsewhere.version)
    work.session.commit()
    assert "#112233" in client_as(village.parents["Ada"]).get("/brand.css").text
    assert "#331122" in client_as(village.parents["Zoe"]).get("/brand.css").text
    assert "--portal-brand" not in client_as(None).get("/brand.css").text, "a visitor's council is not known yet"


# The logo


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def send(client: LintingClient, content: bytes, name: str = "logo.png") -> Any:
    return client.submit("/settings/logo", {"logo": (io.BytesIO(content), name)}, "Save logo")


def test_a_logo_is_drawn_anew_and_shown_on_every_page(admin: LintingClient, village: Village, work: Work) -> None:
    assert send(admin, made_files.photograph(600, 400, place=True), "logo.jpg").location == "/settings"
    kept = work.session.scalars(select(AuthorityLogo)).one()
    assert (kept.width, kept.height) == (480, 320)
    assert b"Exif" not in kept.jpeg
    page = admin.get("/settings").text
    assert f"/brand/logo?v={kept.mark}" in page
    served = admin.get(f"/brand/logo?v={kept.mark}")
    assert (served.mimetype, served.data) == ("image/jpeg", kept.jpeg)
    assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "immutable" in served.headers["Cache-Control"]
    before = kept.mark
    send(admin, picture())
    work.session.expunge_all()
    assert work.session.scalars(select(AuthorityLogo)).one().mark != before, "a new one takes its place"


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "logo.svg", "Upload a PNG or JPEG picture"),
        (made_files.pdf(), "logo.pdf", "Upload a PNG or JPEG picture"),
        (b"", "logo.png", "Upload another picture"),
        (picture()[:200], "logo.png", "Upload another picture"),
        (made_files.pixel_flood(5_000), "logo.png", "Upload another picture"),
    ],
)
def test_what_is_no_small_picture_is_refused(
    admin: LintingClient, work: Work, content: bytes, name: str, message: str
) -> None:
    assert message in send(admin, content, name).text
    assert work.session.scalars(select(AuthorityLogo)).all() == []


def test_a_logo_is_small(admin: LintingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert service.LOGO_LIMITS.file == 2 * 1024 * 1024
    monkeypatch.setattr(service, "LOGO_LIMITS", replace(service.LOGO_LIMITS, file=500))
    assert "Upload a picture of less than 2 MB" in send(admin, picture()).text


def test_no_logo_at_all_is_asked_for(admin: LintingClient) -> None:
    assert "Upload a picture" in admin.submit("/settings/logo", {}, "Save logo").text


def test_a_logo_can_be_taken_away(admin: LintingClient, work: Work) -> None:
    send(admin, picture())
    assert admin.submit("/settings/logo", {}, "Remove the logo").location == "/settings"
    assert "/brand/logo" not in admin.get("/settings").text
    assert work.session.scalars(select(AuthorityLogo)).all() == []


# Who may


def test_an_auditor_reads_and_changes_nothing(client_as: ClientAs, village: Village) -> None:
    client = client_as(village.staff[Role.AUDITOR])
    page = client.get("/settings").text
    assert village.authority.name in page
    assert "Change" not in page.replace("Changed", "")
    changing = ("contact", "colours", "logo", "values/new", "terms/new", "messages/visit-offered/change")
    for url in (f"/settings/{page}" for page in changing):
        assert client.get(url).status_code == 403, url
    for url in ("/settings/values", "/settings/terms", "/settings/messages", "/settings/messages/visit-offered"):
        assert client.get(url).status_code == 200, url


def test_only_administrators_change_settings() -> None:
    assert {role for role in Role if Permission.SETTINGS_CHANGE in GRANTS[role]} == {Role.ADMINISTRATOR}
    assert {role for role in Role if Permission.SETTINGS_READ in GRANTS[role]} == {Role.ADMINISTRATOR, Role.AUDITOR}


def test_another_authoritys_administrator_changes_only_their_own(
    client_as: ClientAs, village: Village, work: Work
) -> None:
    client = client_as(village.stranger[Role.ADMINISTRATOR])
    page = client.get("/settings").text
    assert "Mercia Council" in page
    assert "Wessex Council" not in page
    client.submit("/settings/contact", DETAILS, "Save")
    client.submit("/settings/colours", {"brand_colour": "#112233", "brand_text_colour": "#ffffff"}, "Save")
    send(client, picture())
    work.session.expire_all()
    assert village.authority.contact_phone is None
    assert village.authority.brand_colour is None
    assert village.authority.logo_mark is None
    assert village.elsewhere.brand_colour == "#112233"
