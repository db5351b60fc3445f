"""What parents of the demonstration say when they register beyond what must be told: some much, some nothing."""

import random
from typing import Any, Final

from ehe_portal.core.codes import ContactWay, EducationStyle, Ethnicity, PrimaryReason
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stories import Story
from ehe_portal.register.service import OtherParent, SchoolSuggested

WAYS: Final = {
    ContactWay.WRITING: 70,
    ContactWay.PHONE: 40,
    ContactWay.VIDEO: 30,
    ContactWay.HOME_VISIT: 20,
    ContactWay.MEETING: 25,
}
"""How many of a hundred families would like each way."""

LANGUAGES: Final = {
    "ar": "Arabic",
    "cy": "Welsh",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ur": "Urdu",
    "zh": "Mandarin",
}
"""The languages in which some families would rather speak, by the tags of their letters."""


def about_child(chance: random.Random, story: Story) -> dict[str, Any]:
    """The optional answers about one child."""
    if chance.random() < 0.2:
        return {}
    said = words("registration")
    teaches = chance.random() < 0.4
    suggested = SchoolSuggested.YES if story.reason is PrimaryReason.SCHOOL_SUGGESTION else SchoolSuggested.NO
    return {
        "sex": story.kid.sex,
        "sen_status": story.kid.sen,
        "styles": tuple(sorted(chance.sample(list(EducationStyle), chance.randint(1, 3)))),
        "others_teach": teaches,
        "other_teachers": chance.choice(said["other_teachers"]) if teaches else "",
        "school_suggested": suggested if chance.random() < 0.9 else SchoolSuggested.NOT_SAID,
        "ethnicity": chance.choice(list(Ethnicity)),
    }


def about_family(chance: random.Random, story: Story) -> dict[str, Any]:
    """The optional answers about the family, the same for all its children."""
    said = words("registration")
    spoken = story.household.language
    one_parent = len(story.household.adults) == 1
    needs_interpreter = spoken in LANGUAGES and chance.random() < 0.5
    return {
        "languages": f"English and {LANGUAGES[spoken]}" if spoken in LANGUAGES else "English",
        "lives_with_child": True,
        "has_other": chance.choice((OtherParent.NO, OtherParent.NOT_SAID)) if one_parent else None,
        "ways": tuple(way for way, share in WAYS.items() if chance.random() * 100 < share),
        "interpreter": needs_interpreter,
        "interpreter_language": LANGUAGES[spoken] if needs_interpreter else "",
        "access_needs": chance.choice(said["access_needs"]) if chance.random() < 0.3 else "",
        "support": chance.choice(said["support"]) if chance.random() < 0.5 else "",
    }


def told_by(chance: random.Random) -> str:
    """Who brought a paper form."""
    return str(chance.choice(words("registration")["told_by"]))
