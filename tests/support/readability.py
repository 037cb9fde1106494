"""How hard a text reads and how long it takes: Flesch-Kincaid grade, syllables from hyphenation, 200 words a minute."""

from __future__ import annotations

import re
from collections.abc import Collection

import pyphen

HYPHENS = pyphen.Pyphen(lang="en_US")
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
SENTENCE_END = re.compile(r"[.?!:;]+\s+|[.?!]+$")
WORDS_A_MINUTE = 200


def words(text: str) -> list[str]:
    """The words of a text, numbers left out."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences; a label without a stop is one."""
    return [part for part in SENTENCE_END.split(text) if words(part)]


def syllables(word: str) -> int:
    """The syllables of one word, as far as hyphenation knows."""
    return sum(len(HYPHENS.positions(part)) + 1 for part in word.lower().replace("'", "").split("-") if part)


def grade(text: str, known: Collection[str] = ()) -> float:
    """The Flesch-Kincaid school grade; a word in `known` counts as one of two syllables."""
    found = words(text)
    count = sum(2 if word.lower() in known else syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * count / len(found) - 15.59


def seconds(text: str) -> float:
    """The time to read it once."""
    return len(words(text)) * 60 / WORDS_A_MINUTE
