"""An English county that does not exist: towns and villages, streets, houses and postcodes.

Postcodes have the form of real ones in an area, AM, that Royal Mail does not use.
"""

import random
from dataclasses import dataclass
from typing import Final

AREA: Final = "AM"
INWARD_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"  # the letters that end a postcode: never C, I, K, M, O or V


@dataclass(frozen=True)
class Place:
    """A town or village: its postcode district, and how many families live there compared with others."""

    name: str
    district: int
    size: int


PLACES: Final = (
    Place("Aldermere", 1, 30),
    Place("Castle Fenwick", 2, 16),
    Place("Harrowby Cross", 3, 12),
    Place("Market Stenton", 4, 10),
    Place("Thornby-on-Aller", 5, 8),
    Place("Saltmarsh Quay", 6, 6),
    Place("Little Wending", 4, 2),
    Place("Great Wending", 4, 4),
    Place("Ashcombe St Mary", 7, 3),
    Place("Nether Pexley", 7, 2),
    Place("Upper Pexley", 7, 1),
    Place("Coldbrook", 8, 4),
    Place("Hob's Ferry", 8, 1),
    Place("Wychling Green", 9, 3),
    Place("Dunmarsh", 9, 2),
    Place("Eastley Bassett", 10, 3),
    Place("Priors Heath", 10, 3),
    Place("Fallowfield End", 11, 1),
    Place("Stoke Allerby", 11, 4),
    Place("Brackwater", 12, 5),
)

STREETS: Final = (
    "High Street", "Church Lane", "Mill Lane", "Station Road", "Orchard Close", "Priory Road", "The Green",
    "Meadow View", "Kiln Lane", "Victoria Terrace", "Aller Bank", "Ropewalk", "Sheepwash Lane", "Chapel Street",
    "Quarry Road", "Larkspur Way", "Kestrel Drive", "Linnet Close", "Blackthorn Avenue", "Foundry Street",
    "Queens Road", "Jubilee Crescent", "Tanner's Row", "Weir Road", "Old Barn Close", "Hazel Grove", "Long Acre",
    "Pound Lane", "Coopers Yard", "Bakehouse Lane", "Windmill Rise", "St Aldhelm's Road", "Gas Lane", "Elm Tree Road",
    "Saxon Way", "Brewery Hill", "Water Lane", "Coronation Avenue", "Furlong Road", "Rectory Gardens",
)  # fmt: skip

HOUSES: Final = (
    "Rose Cottage", "The Old Forge", "Hillside", "Willow Barn", "Bramble Cottage", "Holly House", "Swallow's Rest",
    "The Old Chapel", "Brook Farm", "Orchard House",
)  # fmt: skip

CAMPS: Final = ("Fosse Lane Park", "Aller Meadow Site", "Drovers' Halt")
BOATS: Final = ("Kingfisher", "Meander", "Lady Jane", "Second Wind")


@dataclass(frozen=True)
class Home:
    """Where a family lives: one line, its parts separated by a comma and a space, and a postcode."""

    line: str
    postcode: str


class Gazetteer:
    """Finds homes, no two families the same."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.taken: set[str] = set()

    def home(self) -> Home:
        """A home that nobody else has."""
        while True:
            place = self.chance.choices(PLACES, [place.size for place in PLACES])[0]
            line = f"{self.door()}, {place.name}"
            if line not in self.taken:
                self.taken.add(line)
                return Home(line, self.postcode(place))

    def door(self) -> str:
        """A house or flat and its street."""
        street = self.chance.choice(STREETS)
        number = self.chance.randint(1, 140)
        kind = self.chance.random()
        if kind < 0.76:
            return f"{number} {street}"
        if kind < 0.88:
            return f"Flat {self.chance.randint(1, 24)}, {number} {street}"
        if kind < 0.97:
            return f"{self.chance.choice(HOUSES)}, {street}"
        if kind < 0.99:
            return f"Plot {self.chance.randint(1, 18)}, {self.chance.choice(CAMPS)}"
        return f"Narrowboat {self.chance.choice(BOATS)}, Visitor moorings {self.chance.randint(1, 9)}"

    def postcode(self, place: Place) -> str:
        """A postcode of the place's district."""
        inward = self.chance.choices(INWARD_LETTERS, k=2)
        return f"{AREA}{place.district} {self.chance.randint(0, 9)}{''.join(inward)}"
