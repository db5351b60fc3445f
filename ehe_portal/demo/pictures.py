"""Pictures that families send: a page of sums, a leaf collection, a painted map. The same for the same seed."""

import math
import random
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from ttf_opensans import OPENSANS_ITALIC, OPENSANS_SEMIBOLD

from ehe_portal.demo.papers import Paper

Point = tuple[float, float]
Colour = tuple[int, int, int]

# Figures as a pen writes them, in a box 1 wide and 2 high; one stroke is a list of points.
STROKES: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "0": (((0.5, 0), (0.1, 0.5), (0.1, 1.5), (0.5, 2), (0.9, 1.5), (0.9, 0.5), (0.5, 0)),),
    "1": (((0.2, 0.4), (0.55, 0), (0.5, 2)),),
    "2": (((0.1, 0.4), (0.5, 0), (0.9, 0.45), (0.1, 2), (0.95, 1.95)),),
    "3": (((0.1, 0.1), (0.85, 0.1), (0.45, 0.85), (0.9, 1.3), (0.6, 1.95), (0.1, 1.8)),),
    "4": (((0.65, 0), (0.05, 1.3), (0.95, 1.25)), ((0.65, 0.8), (0.6, 2))),
    "5": (((0.85, 0.05), (0.2, 0.05), (0.15, 0.85), (0.75, 0.9), (0.85, 1.5), (0.5, 2), (0.1, 1.8)),),
    "6": (((0.75, 0), (0.2, 0.9), (0.15, 1.6), (0.5, 2), (0.85, 1.6), (0.6, 1.05), (0.2, 1.3)),),
    "7": (((0.1, 0.05), (0.9, 0.05), (0.4, 2)),),
    "8": (((0.5, 1), (0.15, 0.5), (0.5, 0), (0.85, 0.5), (0.5, 1), (0.1, 1.5), (0.5, 2), (0.9, 1.5), (0.5, 1)),),
    "9": (((0.85, 0.5), (0.5, 0.05), (0.15, 0.5), (0.5, 0.95), (0.85, 0.5), (0.8, 1.4), (0.5, 2)),),
    "+": (((0.5, 0.6), (0.5, 1.5)), ((0.1, 1.05), (0.9, 1.05))),
    "-": (((0.1, 1.05), (0.9, 1.05)),),
    "×": (((0.15, 0.7), (0.85, 1.5)), ((0.85, 0.7), (0.15, 1.5))),
    "=": (((0.1, 0.85), (0.9, 0.85)), ((0.1, 1.3), (0.9, 1.25))),
    "✓": (((0, 1.2), (0.4, 1.9), (1.2, 0)),),
}  # fmt: skip

PAPER: Final[Colour] = (247, 244, 234)
PENCIL: Final[Colour] = (62, 66, 84)
AUTUMN: Final[tuple[Colour, ...]] = (
    (178, 62, 32), (214, 138, 36), (196, 172, 60), (120, 84, 44), (92, 116, 52), (150, 40, 44), (224, 166, 84),
)  # fmt: skip
TREES: Final = ("Oak", "Beech", "Field maple", "Hazel", "Birch", "Rowan", "Willow", "Sycamore", "Lime", "Elder")
ISLANDS: Final = ("Otter Island", "Isle of Toast", "Gull Land", "The Lost Kingdom", "Dragonsey", "Pudding Island")
SUMS: Final = 11
GRID: Final = 46


class Sketchbook:
    """Draws pictures by chance, always the same for the same seed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.subjects: tuple[Callable[[], Paper], ...] = (self.sums, self.leaves, self.painted_map)

    def any_picture(self) -> Paper:
        """One of the pictures, by chance."""
        return self.chance.choice(self.subjects)()

    def wobble(self, by: float) -> float:
        """A little to either side."""
        return self.chance.uniform(-by, by)

    # A page of sums

    def sums(self) -> Paper:
        """A photograph of a page of squared paper with sums in pencil and ticks in green."""
        page = Image.new("RGB", (1240, 1640), PAPER)
        pen = ImageDraw.Draw(page)
        for at in range(0, 1640, GRID):
            pen.line((0, at, 1240, at), (203, 214, 226), 2)
            pen.line((at, 0, at, 1640), (203, 214, 226), 2)
        pen.line((140, 0, 140, 1640), (222, 150, 150), 3)
        for row in range(SUMS):
            top = 110 + row * GRID * 3
            for column in (190, 730):
                said = self.sum_in_words()
                end = self.write(pen, said, (column, top), PENCIL)
                self.write(pen, "✓", (end + 24, top - 10), (46, 128, 74))
        return photograph("Maths page", self.on_the_table(page, (134, 98, 66)))

    def sum_in_words(self) -> str:
        """A sum with its right answer."""
        one, other = self.chance.randint(12, 98), self.chance.randint(3, 39)
        sign = self.chance.choice("+-×")
        if sign == "-":
            one, other = max(one, other), min(one, other)
        if sign == "×":
            other = other % 9 + 2
        answer = {"+": one + other, "-": one - other, "×": one * other}[sign]
        return f"{one}{sign}{other}={answer}"

    def write(self, pen: ImageDraw.ImageDraw, said: str, at: Point, colour: Colour) -> float:
        """Figures by hand, one in each square; where the next one would stand."""
        left, top = at
        for figure in said:
            size = 20 * self.chance.uniform(0.9, 1.12)
            lean = self.wobble(2)
            for stroke in STROKES[figure]:
                points = [
                    (left + x * size * 1.1 + lean * y + self.wobble(1.4), top + y * size + self.wobble(1.4))
                    for x, y in smooth(stroke)
                ]
                pen.line(points, colour, 5, joint="curve")
            left += GRID * 0.86
        return left

    # Leaves

    def leaves(self) -> Paper:
        """A photograph of pressed leaves on card, each with its name."""
        card = Image.new("RGB", (1600, 1180), (238, 232, 214))
        pen = ImageDraw.Draw(card)
        font = ImageFont.truetype(str(OPENSANS_ITALIC.path), 34)
        names = self.chance.sample(TREES, 6)
        for number, name in enumerate(names):
            middle = (290 + number % 3 * 510 + self.wobble(18), 270 + number // 3 * 560 + self.wobble(18))
            self.leaf(pen, middle, self.chance.choice(AUTUMN), lobes=self.chance.choice((0, 0, 3, 5, 7)))
            pen.text((middle[0], middle[1] + 220), name, (70, 58, 48), font, anchor="mm")
        return photograph("Leaves", self.on_the_table(card, (88, 96, 92)))

    def leaf(self, pen: ImageDraw.ImageDraw, middle: Point, colour: Colour, lobes: int) -> None:
        """One leaf: an outline, lighter veins, a stalk."""
        turn, length = self.wobble(0.5), self.chance.uniform(150, 185)
        outline = []
        for step in range(120):
            angle = step / 120 * math.tau
            reach = length * (0.62 + 0.38 * abs(math.cos(angle)))
            if lobes:
                reach *= 0.82 + 0.18 * math.cos(angle * lobes)
            reach *= 1 + self.wobble(0.02)
            outline.append(turned(middle, angle + turn, reach, flat=0.68))
        pen.polygon(outline, colour, outline=darker(colour, 0.7), width=4)
        tip, stalk = turned(middle, turn, length * 0.95), turned(middle, turn + math.pi, length * 1.35)
        pen.line((*stalk, *tip), darker(colour, 0.6), 6)
        for part in range(1, 6):
            start = along(stalk, tip, 0.3 + part * 0.11)
            for side in (-1, 1):
                end = turned(start, turn + side * 0.85, length * (0.48 - 0.05 * part))
                pen.line((*start, *end), darker(colour, 0.72), 3)

    # A map

    def painted_map(self) -> Paper:
        """A scan of a painted map of an island that nobody has found yet."""
        sea = Image.new("RGB", (1400, 1050), (158, 201, 214))
        brush = ImageDraw.Draw(sea)
        for _ in range(340):
            x, y = self.chance.randint(0, 1400), self.chance.randint(0, 1050)
            shade = self.chance.randint(-12, 12)
            brush.ellipse((x, y, x + 150, y + 44), (150 + shade, 196 + shade, 212 + shade))
        sea = sea.filter(ImageFilter.BoxBlur(7))
        brush = ImageDraw.Draw(sea)
        for number in range(5):
            brush.polygon(self.coast(1 - number * 0.16), [(236, 220, 170), (178, 200, 120), (148, 182, 98),
                          (128, 166, 86), (112, 150, 78)][number])  # fmt: skip
        self.hills_and_woods(brush)
        title = ImageFont.truetype(str(OPENSANS_SEMIBOLD.path), 58)
        brush.text((700, 70), self.chance.choice(ISLANDS), (60, 52, 92), title, anchor="mm")
        self.compass(brush, (1240, 880))
        painted = self.grainy(sea.filter(ImageFilter.BoxBlur(1)), 0.05)
        out = BytesIO()
        painted.quantize(192, Image.Quantize.FASTOCTREE).save(out, "PNG")
        return Paper("Map.png", "image/png", out.getvalue())

    def coast(self, scale: float) -> list[Point]:
        """A coastline: a ring with bays in it; the same bays further in, smaller."""
        bays = random.Random(self.chance.getrandbits(16))
        waves = [(number, bays.uniform(0, math.tau), bays.uniform(10, 60) / number) for number in range(2, 9)]
        ring = []
        for step in range(180):
            angle = step / 180 * math.tau
            reach = 340 + sum(size * math.sin(number * angle + phase) for number, phase, size in waves)
            ring.append((690 + 1.45 * reach * scale * math.cos(angle), 560 + reach * scale * math.sin(angle)))
        return ring

    def hills_and_woods(self, brush: ImageDraw.ImageDraw) -> None:
        """Mountains, trees and a dotted path to a red cross."""
        for _ in range(7):
            x, y = 690 + self.wobble(210), 500 + self.wobble(110)
            brush.polygon(((x - 60, y + 60), (x, y - 55), (x + 60, y + 60)), (134, 122, 116), outline=(90, 80, 78))
            brush.polygon(((x - 20, y - 18), (x, y - 55), (x + 20, y - 18)), (250, 250, 250))
        for _ in range(26):
            x, y = 690 + self.wobble(300), 640 + self.wobble(110)
            brush.rectangle((x - 3, y, x + 3, y + 18), (104, 78, 52))
            brush.ellipse((x - 15, y - 24, x + 15, y + 6), (60, 112, 62))
        start, end = (400.0, 560.0), (930 + self.wobble(60), 640 + self.wobble(60))
        for part in range(18):
            x, y = along(start, end, part / 18)
            y += 40 * math.sin(part / 2)
            brush.ellipse((x - 5, y - 5, x + 5, y + 5), (120, 70, 50))
        x, y = end
        brush.line((x - 26, y - 26, x + 26, y + 26), (190, 36, 36), 12)
        brush.line((x + 26, y - 26, x - 26, y + 26), (190, 36, 36), 12)

    def compass(self, brush: ImageDraw.ImageDraw, middle: Point) -> None:
        """A compass rose with its north."""
        for quarter in range(4):
            angle = quarter * math.pi / 2 - math.pi / 2
            points = (turned(middle, angle, 90), turned(middle, angle + 0.8, 22), turned(middle, angle - 0.8, 22))
            brush.polygon(points, (60, 52, 92) if quarter % 2 == 0 else (200, 150, 60))
        font = ImageFont.truetype(str(OPENSANS_SEMIBOLD.path), 40)
        brush.text((middle[0], middle[1] - 118), "N", (60, 52, 92), font, anchor="mm")

    # As a telephone sees it

    def on_the_table(self, sheet: Image.Image, table: Colour) -> Image.Image:
        """The sheet lying a little askew on a table, lit from one side, with the grain of a photograph."""
        width, height = sheet.width + 150, sheet.height + 150
        seen = Image.new("RGB", (width, height), table)
        askew = sheet.convert("RGBA").rotate(self.wobble(2.2), expand=True, resample=Image.Resampling.BILINEAR)
        seen.paste(askew, ((width - askew.width) // 2, (height - askew.height) // 2), askew)
        light = Image.linear_gradient("L").rotate(self.chance.choice((0, 90, 180, 270))).resize((width, height))
        seen = Image.composite(seen, Image.new("RGB", seen.size, (24, 20, 18)), light.point(lambda lit: 190 + lit // 4))
        return self.grainy(seen, 0.04)

    def grainy(self, seen: Image.Image, how_much: float) -> Image.Image:
        """The picture with the grain of paper, or of a small lens."""
        grain = Image.frombytes("L", seen.size, self.chance.randbytes(seen.width * seen.height))
        return Image.blend(seen, grain.convert("RGB"), how_much)


def photograph(stem: str, seen: Image.Image) -> Paper:
    """A picture as a telephone keeps it."""
    out = BytesIO()
    seen.save(out, "JPEG", quality=86)
    return Paper(f"{stem}.jpg", "image/jpeg", out.getvalue())


def smooth(stroke: Sequence[Point]) -> list[Point]:
    """A stroke with its corners rounded off (Chaikin's way, twice)."""
    points = list(stroke)
    for _ in range(2):
        inner = [
            point for one, other in pairwise(points) for point in (along(one, other, 0.25), along(one, other, 0.75))
        ]
        points = [points[0], *inner, points[-1]]
    return points


def along(one: Point, other: Point, part: float) -> Point:
    """A point on the way from one to the other."""
    return one[0] + (other[0] - one[0]) * part, one[1] + (other[1] - one[1]) * part


def turned(middle: Point, angle: float, reach: float, flat: float = 1.0) -> Point:
    """A point so far from the middle in this direction."""
    return middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle) * flat


def darker(colour: Colour, by: float) -> Colour:
    """A shade of a colour."""
    red, green, blue = colour
    return round(red * by), round(green * by), round(blue * by)
