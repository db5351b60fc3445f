"""Pictures for viewing: made anew, upright, and telling nothing but what they show."""

from io import BytesIO

import pytest
from PIL import Image

from ehe_portal.core import files
from ehe_portal.core.files import Limits, NotShowable
from tests.core import made_files as made


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_a_picture_for_viewing_shows_the_same_and_tells_nothing_else(kind: str) -> None:
    original = made.photograph(600, 400, kind, place=True)
    assert b"Ashworth" in original
    shown = files.picture_for_viewing(BytesIO(original))
    assert b"Ashworth" not in shown.jpeg
    picture = Image.open(BytesIO(shown.jpeg))
    assert (picture.format, picture.size) == ("JPEG", (600, 400)) == ("JPEG", (shown.width, shown.height))
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert colour(picture, 100, 200) == "red"
    assert colour(picture, 500, 200) == "blue"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_a_picture_for_viewing_is_upright(kind: str) -> None:
    # 6: the camera was turned; the left side of what is stored belongs at the top.
    shown = files.picture_for_viewing(BytesIO(made.photograph(600, 400, kind, turned=6)))
    picture = Image.open(BytesIO(shown.jpeg))
    assert picture.size == (400, 600)
    assert colour(picture, 200, 100) == "red"
    assert colour(picture, 200, 500) == "blue"


def test_a_picture_for_viewing_is_not_too_large() -> None:
    shown = files.picture_for_viewing(BytesIO(made.photograph(4_032, 3_024)))
    assert (shown.width, shown.height) == (2000, 1500)
    small = files.picture_for_viewing(BytesIO(made.photograph(300, 200)), Limits(longest_side=30))
    assert (small.width, small.height) == (30, 20)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_sort_of_colour_can_be_shown(mode: str) -> None:
    out = BytesIO()
    if mode == "I;16":
        picture = Image.new(mode, (40, 40), 32_768)
    else:
        picture = Image.new("RGB", (40, 40), (128, 128, 128)).convert(mode)
    picture.save(out, "JPEG" if mode == "CMYK" else "PNG")
    shown = Image.open(BytesIO(files.picture_for_viewing(BytesIO(out.getvalue())).jpeg))
    grey = shown.convert("L").resize((1, 1)).getpixel((0, 0))
    assert isinstance(grey, int | float)
    assert 100 < grey < 160


def test_what_shows_through_is_shown_on_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    shown = Image.open(BytesIO(files.picture_for_viewing(BytesIO(out.getvalue())).jpeg))
    assert shown.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("content", [made.pdf(), made.docx(), b"words", b"", made.photograph()[:300]])
def test_what_is_no_picture_cannot_be_shown(content: bytes) -> None:
    with pytest.raises(NotShowable) as refused:
        files.picture_for_viewing(BytesIO(content))
    assert str(refused.value).startswith("The selected file ")


def colour(picture: Image.Image, x: int, y: int) -> str:
    """The colour of a dot, roughly."""
    value = picture.convert("RGB").getpixel((x, y))
    assert isinstance(value, tuple)
    red, _, blue = value
    return "red" if red > 200 > 60 > blue else "blue" if blue > 200 > 60 > red else "other"
