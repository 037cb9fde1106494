"""The languages of the pages: English, and those that have a catalogue."""

from __future__ import annotations

from pathlib import Path

from babel import Locale, UnknownLocaleError

TRANSLATIONS = Path(__file__).with_name("translations")
SOURCE = "en"


def spoken(language: str) -> bool:
    """Whether the language is one that dates and numbers can be written in."""
    try:
        Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def catalogues() -> list[str]:
    """The languages that pages can be shown in."""
    return sorted({SOURCE, *(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo"))})


def translated(language: str) -> bool:
    """Whether there is a catalogue for this language, or for it as spoken anywhere."""
    locale = Locale.parse(language, sep="-")
    return not {str(locale), locale.language}.isdisjoint(catalogues())
