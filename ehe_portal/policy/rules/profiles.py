"""The law's profiles: what a registration must be told under which law, as dated data (the files beside this one)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Profile:
    """What one law asks. `required` are the names of the questions that must be answered.

    Without `commenced_on` the law is not in force, and no authority can work under it.
    """

    code: str
    name: str
    registration: str
    required: frozenset[str]
    commenced_on: date | None = None

    @property
    def is_voluntary(self) -> bool:
        """Whether the law leaves it to parents to register."""
        return self.registration == "voluntary"

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on a London date."""
        return self.commenced_on is not None and self.commenced_on <= on


def read_profile(file: Path) -> Profile:
    """A profile from its file. Raises ValueError where it is not one."""
    said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    if said.get("registration") not in ("voluntary", "statutory"):
        raise ValueError(f"{file.name}: registration is voluntary or statutory")
    if len(set(said["required"])) != len(said["required"]):
        raise ValueError(f"{file.name}: a question is required once")
    return Profile(**{**said, "required": frozenset(said["required"])})


PROFILES: Final = {profile.code: profile for profile in map(read_profile, sorted(FOLDER.glob("*.toml")))}
"""Every profile by its code, in force or not."""

NOW: Final = "ea1996"
"""The profile that an authority begins with."""
