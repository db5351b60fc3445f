"""Pictures that show how a notice was served: a certificate of posting, as an officer photographs it."""

from datetime import date
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from ttf_opensans import OPENSANS_ITALIC, OPENSANS_SEMIBOLD

from ehe_portal.core.govuk.words import long_date
from ehe_portal.demo.papers import Paper
from ehe_portal.demo.pictures import photograph

PAPER: Final = (246, 243, 232)
INK: Final = (44, 48, 58)
STAMP: Final = (132, 44, 60)


def certificate_of_posting(to: str, on: date) -> Paper:
    """A slip with whom a letter went to, and the stamp of the counter where it was handed in."""
    slip = Image.new("RGB", (1200, 760), PAPER)
    pen = ImageDraw.Draw(slip)
    title, hand = (ImageFont.truetype(str(font.path), 44) for font in (OPENSANS_SEMIBOLD, OPENSANS_ITALIC))
    small = ImageFont.truetype(str(OPENSANS_SEMIBOLD.path), 28)
    pen.rectangle((30, 30, 1170, 730), outline=INK, width=4)
    pen.text((70, 60), "Certificate of posting", INK, title)
    for top, asked, said in (
        (190, "To", to),
        (320, "Service", "First class, one letter"),
        (450, "Handed in", long_date(on)),
    ):
        pen.text((70, top), asked, INK, small)
        pen.text((290, top - 12), said, INK, hand)
        pen.line((280, top + 54, 1110, top + 54), (150, 150, 150), 2)
    pen.ellipse((850, 510, 1050, 710), outline=STAMP, width=7)
    pen.text((950, 590), on.strftime("%d %b"), STAMP, small, anchor="mm")
    pen.text((950, 632), on.strftime("%Y"), STAMP, small, anchor="mm")
    return photograph("Certificate of posting", slip.rotate(1.6, expand=True, fillcolor=(104, 98, 92)))
