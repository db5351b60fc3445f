"""Pictures, opened with Pillow (JPEG, PNG) and pillow-heif (HEIC). Runs only in the child process."""

from io import BytesIO

import pillow_heif
from PIL import Image, ImageOps

from ehe_portal.core.files.formats import Problem

PILLOW_CALLS = {"jpeg": "JPEG", "png": "PNG", "heic": "HEIF"}
PAPER = "white"
QUALITY = 85


def opened(content: BytesIO, form: str) -> Image.Image:
    """The picture, of which only the measures have been read yet."""
    # The portal's own limit, checked before anything is unpacked, takes the place of Pillow's.
    Image.MAX_IMAGE_PIXELS = None
    if form == "heic":
        pillow_heif.register_heif_opener()
        pillow_heif.options.DECODE_THREADS = 1
    return Image.open(content, formats=[PILLOW_CALLS[form]])


def look_at(content: BytesIO, form: str, most_pixels: int) -> tuple[Problem | None, int, int]:
    """What is wrong with the picture, its width and its height."""
    try:
        with opened(content, form) as picture:
            width, height = picture.size
            if width * height > most_pixels:
                return Problem.TOO_MANY_PIXELS, width, height
            # For a JPEG, unpacks a small version from the whole of the data; the others know no such thing.
            picture.draft("RGB", (256, 256))
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return Problem.DAMAGED, 0, 0
    return None, width, height


def made_anew(content: BytesIO, form: str, longest_side: int) -> tuple[bytes, int, int]:
    """A JPEG of what the picture shows, upright, no side longer than `longest_side` pixels; its width and height.

    Nothing else of the original comes along: no place, time, camera, owner, comment, thumbnail or colour profile.
    """
    with opened(content, form) as picture:
        picture.thumbnail((longest_side, longest_side))
        upright = eight_bits(ImageOps.exif_transpose(picture))
    shown = upright.convert("RGBA") if upright.has_transparency_data else upright.convert("RGB")
    clean = Image.new("RGB", shown.size, PAPER)
    clean.paste(shown, mask=shown if shown.mode == "RGBA" else None)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), clean.width, clean.height


def eight_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits brought down to 8, which Pillow would cut off at white instead."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    return picture
