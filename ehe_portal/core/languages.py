"""Languages as people say them, and the tags by which records and files hold them (BCP 47: `en`, `cy`, `zh-Hant`)."""

from typing import Final

NAMES: Final = {
    "en": "English",
    "cy": "Welsh",
    "bfi": "British Sign Language",
    "ak": "Akan",
    "am": "Amharic",
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "de": "German",
    "el": "Greek",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fil": "Filipino",
    "fr": "French",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "gu": "Gujarati",
    "ha": "Hausa",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "ig": "Igbo",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ml": "Malayalam",
    "ne": "Nepali",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "rmy": "Romani",
    "ro": "Romanian",
    "ru": "Russian",
    "si": "Sinhala",
    "sk": "Slovak",
    "sn": "Shona",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "ti": "Tigrinya",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yi": "Yiddish",
    "yo": "Yoruba",
    "yue": "Cantonese",
    "zh": "Chinese",
}
"""The languages that families in England speak most; one that is not here is shown by its tag."""

TAGS: Final = {name.casefold(): tag for tag, name in NAMES.items()}


def language_name(tag: str | None) -> str:
    """The name of a language; what its tag says beyond that stays beside it: "Chinese (zh-Hant)". "" for None."""
    if not tag:
        return ""
    name = NAMES.get(tag.split("-")[0].lower())
    if name is None:
        return tag
    return name if "-" not in tag else f"{name} ({tag})"


def language_tag(typed: str) -> str | None:
    """The tag of a language that is typed as `language_name` says it; None for what is no such name."""
    named, _, rest = typed.strip().partition("(")
    tag = TAGS.get(named.strip().casefold())
    if tag is None or not rest:
        return tag
    return rest.strip().removesuffix(")").strip() if rest.casefold().startswith(f"{tag}-") else None
