"""Families who do not exist: children, those who care for them, and where they live. The same for the same seed."""

import random
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from nhs_number.validate import calculate_checksum

from ehe_portal.core.codes import Responsibility, SenStatus, Sex
from ehe_portal.core.school_age import academic_year, school_leaving_date
from ehe_portal.demo import names
from ehe_portal.demo.names import Roots
from ehe_portal.demo.places import Gazetteer, Home

# Home education grows with age: about a third of all are in years 10 and 11.
YEAR_GROUPS: Final = {0: 2, 1: 3, 2: 4, 3: 5, 4: 5, 5: 6, 6: 7, 7: 8, 8: 11, 9: 14, 10: 18, 11: 17}
CHECK_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
MAIL: Final = ("example.com", "example.net", "example.org")


@dataclass(frozen=True)
class Adult:
    """Someone who cares for a child. Without `address`: the child's for the first adult, not known for the second."""

    name: str
    relationship: str
    responsibility: Responsibility
    email: str | None
    phone: str | None
    address: str | None = None


@dataclass(frozen=True)
class Kid:
    """A child of compulsory school age or near it."""

    forename: str
    surname: str
    preferred: str | None
    sex: Sex
    born: date
    sen: SenStatus
    upn: str | None
    nhs_number: str | None

    @property
    def known_as(self) -> str:
        """What people call the child."""
        return self.preferred or self.forename


@dataclass(frozen=True)
class Household:
    """A family under one roof, and the parent who lives elsewhere."""

    home: Home
    adults: tuple[Adult, ...]
    kids: tuple[Kid, ...]
    language: str


class Registry:
    """Makes households, one after another."""

    def __init__(self, chance: random.Random, today: date) -> None:
        self.chance = chance
        self.school_year = school_year(today)
        self.gazetteer = Gazetteer(chance)
        self.addresses: set[str] = set()
        self.phones: set[str] = set()

    def households(self, count: int) -> list[Household]:
        """Households with `count` children in all."""
        made: list[Household] = []
        left = count
        while left:
            siblings = min(left, self.chance.choices((1, 2, 3, 4), (62, 26, 9, 3))[0])
            made.append(self.household(siblings))
            left -= siblings
        return made

    def household(self, siblings: int, *groups: int) -> Household:
        """One household with so many children, in these school years if they are given."""
        roots = self.chance.choices(names.ROOTS, [roots.share for roots in names.ROOTS])[0]
        surname = self.chance.choice(roots.surnames)
        kids: list[Kid] = []
        wanted = groups or tuple(self.chance.choices(list(YEAR_GROUPS), list(YEAR_GROUPS.values()), k=siblings))
        for group in wanted:
            kids.append(self.kid(roots, surname, self.birth(group, [kid.born for kid in kids]), kids))
        if len(kids) > 1 and self.chance.random() < 0.1:
            other = self.chance.choice(self.roots_like(roots).surnames)
            kids[0] = replace(kids[0], surname=self.gendered(other, kids[0].sex))
        own = roots.language if self.chance.random() < 0.3 else "en"
        return Household(self.gazetteer.home(), self.adults(roots, surname), tuple(kids), own)

    def roots_like(self, roots: Roots) -> Roots:
        """Where another surname in the family comes from: mostly the same."""
        return roots if self.chance.random() < 0.6 else names.ENGLISH

    def birth(self, group: int, siblings: list[date]) -> date:
        """A date of birth that can be: one of twins, or some ten months at least from each sibling's."""
        if siblings and self.chance.random() < 0.06:
            return siblings[-1]
        while True:
            born = self.born_in(group)
            if all(abs(born - other) > timedelta(days=300) for other in siblings):
                return born
            group = self.chance.choice(list(YEAR_GROUPS))

    def kid(self, roots: Roots, surname: str, born: date, siblings: list[Kid]) -> Kid:
        """One child, with a forename that no sibling has."""
        sex = self.chance.choices((Sex.FEMALE, Sex.MALE, Sex.UNKNOWN), (50, 49, 1))[0]
        pool = roots.girls if sex is Sex.FEMALE else roots.boys
        forename = self.chance.choice([name for name in pool if name not in {kid.forename for kid in siblings}])
        shortened = names.SHORTENED.get(forename)
        preferred = shortened if shortened and self.chance.random() < 0.7 else None
        sen = self.chance.choices(
            (SenStatus.NONE, SenStatus.SUPPORT, SenStatus.EHCP, SenStatus.UNKNOWN), (66, 16, 7, 11)
        )[0]
        return Kid(
            forename,
            self.gendered(surname, sex),
            preferred,
            sex,
            born,
            sen,
            self.upn(born) if self.chance.random() < 0.75 else None,
            self.nhs_number() if self.chance.random() < 0.5 else None,
        )

    def gendered(self, surname: str, sex: Sex) -> str:
        """A Polish surname follows the person."""
        return f"{surname[:-1]}a" if sex is Sex.FEMALE and surname.endswith("ski") else surname

    def born_in(self, group: int) -> date:
        """A date of birth that makes a child of this school year."""
        first = date(self.school_year - group - 5, 9, 1)
        last = date(first.year + 1, 8, 31)
        return first + timedelta(days=self.chance.randint(0, (last - first).days))

    def adults(self, roots: Roots, surname: str) -> tuple[Adult, ...]:
        """Who cares for the children of a household, the one who writes to us first."""
        mother, father = self.mother(roots, surname), self.father(roots, surname)
        kind = self.chance.choices(("two", "apart", "mother", "father", "other", "mothers"), (50, 16, 22, 4, 6, 2))[0]
        if kind == "two":
            return (mother, replace(father, address=None)) if self.chance.random() < 0.75 else (father, mother)
        if kind == "apart":
            home = self.gazetteer.home()
            return mother, replace(father, address=f"{home.line}, {home.postcode}")
        if kind == "father":
            return (father,)
        if kind == "mothers":
            return mother, self.adult("Jo", self.chance.choice(names.ENGLISH.surnames), "Mother")
        if kind == "other":
            return (self.carer(mother),)
        return (mother,)

    def carer(self, person: Adult) -> Adult:
        """A grandparent, aunt or foster carer bringing a child up."""
        relationship = self.chance.choice(("Grandmother", "Aunt", "Foster carer", "Special guardian"))
        holds = Responsibility.NO if relationship == "Foster carer" else Responsibility.UNKNOWN
        return replace(
            person,
            relationship=relationship,
            responsibility=Responsibility.YES if relationship == "Special guardian" else holds,
        )

    def mother(self, roots: Roots, surname: str) -> Adult:
        """A mother; one in four has a surname of her own."""
        own = self.chance.choice(roots.surnames) if self.chance.random() < 0.25 else surname
        return self.adult(self.chance.choice(roots.mothers), self.gendered(own, Sex.FEMALE), "Mother")

    def father(self, roots: Roots, surname: str) -> Adult:
        """A father or stepfather."""
        stepfather = self.chance.random() < 0.12
        own = self.chance.choice(roots.surnames) if stepfather else surname
        return self.adult(self.chance.choice(roots.fathers), own, "Stepfather" if stepfather else "Father")

    def adult(self, forename: str, surname: str, relationship: str) -> Adult:
        """Someone with a name; most have an address for mail and a phone."""
        holds = Responsibility.UNKNOWN if relationship == "Stepfather" else Responsibility.YES
        return Adult(
            f"{forename} {surname}",
            relationship,
            holds,
            self.email(forename, surname) if self.chance.random() < 0.88 else None,
            self.phone() if self.chance.random() < 0.9 else None,
        )

    def email(self, forename: str, surname: str) -> str:
        """An address at a domain that is kept for examples, no two the same."""
        forms = (f"{plain(forename)}.{plain(surname)}", f"{plain(forename)[0]}{plain(surname)}", plain(forename))
        while True:
            number = self.chance.randint(2, 99)
            local = self.chance.choice((forms[0], f"{forms[0]}{number}", f"{forms[1]}{number}", f"{forms[2]}.{number}"))
            address = f"{local}@{self.chance.choice(MAIL)}"
            if address not in self.addresses:
                self.addresses.add(address)
                return address

    def phone(self) -> str:
        """A number of the ranges that Ofcom keeps for drama; nobody else's while there are any left."""
        prefix = "07700 900" if self.chance.random() < 0.9 else "01632 960"
        drawn = self.chance.randint(0, 999)
        numbers = [f"{prefix}{(drawn + further) % 1000:03}" for further in range(1000)]
        number = next((one for one in numbers if one not in self.phones), numbers[0])
        self.phones.add(number)
        return number

    def upn(self, born: date) -> str:
        """A unique pupil number with the right check letter, of an authority code that is not in use."""
        first_year = (born.year + 5) % 100
        rest = f"999{self.chance.randint(2000, 2099)}{first_year:02}{self.chance.randint(1, 999):03}"
        check = sum(place * int(figure) for place, figure in enumerate(rest, 2)) % len(CHECK_LETTERS)
        return CHECK_LETTERS[check] + rest

    def nhs_number(self) -> str:
        """An NHS number of the range that is kept for tests, with the right last figure."""
        while True:
            first = f"999{self.chance.randint(0, 999_999):06}"
            last = calculate_checksum(first)
            if last is not None and last < 10:
                return f"{first}{last}"


def school_year(today: date) -> int:
    """The year in which the school year began; from the school leaving date on, the coming one counts."""
    year = academic_year(today)
    return year + 1 if today > school_leaving_date(year + 1) else year


def plain(name: str) -> str:
    """The letters of a name as an address for mail has them."""
    spelled = name.lower().replace("ł", "l").replace("đ", "d")
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if letter.isascii() and letter.isalpha())
