"""Which letters the bytes of a file mean. UTF-8 and UTF-16 show themselves; the older encodings only by odd words."""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import pairwise

from intake.errors import ForeignFileError
from intake.interop.day_lists.reading import LettersOffer

OLDER = ("cp1252", "cp1250", "mac_roman", "cp850", "cp1251", "cp1253", "cp1254")
NAMES = {
    "utf-8-sig": "UTF-8",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252 (Western)",
    "cp1250": "Windows-1250 (Central Europe)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
}
"""The encodings that are read, by Python's names, with the names that people know."""
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
OTHERS = (
    (b"PK\x03\x04", "This is an Excel workbook or an archive. Save it as CSV, then send that file."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save it as CSV, then send that file."),
    (b"\x1f\x8b", "This file is compressed. Unpack it, then send the CSV or calendar file."),
    (b"%PDF", "This is a PDF. Export the day list as CSV or as a calendar (.ics) instead."),
)
WORD = re.compile(r"(?:[^\W\d_]|[^\x00-\x7f])+(?:['-](?:[^\W\d_]|[^\x00-\x7f])+)*")
MOST_SAMPLES = 4


def offers(content: bytes) -> tuple[LettersOffer, ...]:
    """The ways to read a file that make sense, the likeliest first; raises ForeignFileError where it is no text."""
    for start, message in OTHERS:
        if content.startswith(start):
            raise ForeignFileError(message)
    known = _shows_itself(content)
    if known is not None:
        return (LettersOffer(known, odd_words(decode(content, known))),)
    found: dict[str, str] = {}
    for letters in OLDER:
        text = _strictly(content, letters)
        if text is not None and text not in found.values():
            found[letters] = text
    plausible = {letters: text for letters, text in found.items() if _is_plausible(text)} or found
    if not plausible:
        raise ForeignFileError("This file is not text. Send a day list as CSV or as a calendar (.ics).")
    return tuple(LettersOffer(letters, odd_words(text)) for letters, text in plausible.items())


def decode(content: bytes, letters: str) -> str:
    """The text of a file that is written so; raises ForeignFileError where it is not."""
    text = _strictly(content, letters)
    if text is None:
        raise ForeignFileError("These bytes are not written with those letters. Choose another way to read them.")
    return text


def odd_words(text: str) -> tuple[str, ...]:
    """Some words that show whether the letters are right: those beyond the English alphabet."""
    odd = (word for word in WORD.findall(text) if not word.isascii())
    return tuple(dict.fromkeys(word[:30] for word in odd))[:MOST_SAMPLES]


def _shows_itself(content: bytes) -> str | None:
    for mark, letters in MARKS:
        if content.startswith(mark):
            return letters
    start = content[:200]
    if start.count(b"\x00") * 4 > len(start):
        return "utf-16-be" if content[:1] == b"\x00" else "utf-16-le"
    return "utf-8" if _strictly(content, "utf-8") is not None else None


def _strictly(content: bytes, letters: str) -> str | None:
    if letters not in NAMES:
        return None
    try:
        text = content.decode(letters)
    except UnicodeError:
        return None
    return text.removeprefix("\ufeff")


def _is_plausible(text: str) -> bool:
    return all(map(_is_word, dict.fromkeys(word for word in WORD.findall(text) if not word.isascii())))


def _is_word(word: str) -> bool:
    """Letters of one script, and no capital behind a small letter: what a wrong encoding rarely leaves."""
    inner = [sign for sign in word if sign not in "'-"]
    scripts = {unicodedata.name(sign, "NONE").split()[0] for sign in inner if sign.isalpha()}
    letters = all(sign.isalpha() or sign in "\u2019\u2018\u201c\u201d\u2013\u2014\u00a0" for sign in inner)
    humps = any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word))
    return letters and len(scripts) <= 1 and not humps
