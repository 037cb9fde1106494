"""Lint of the words of a rule: `because`, `do` and `tell` stand on findings that fire and on findings that ask.

So they say what an answer may mean and what to do "if"; they never state an answer that nobody gave. Weak words and
notes of our own reading are no advice to a practitioner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.read.check import Fault

STATED = re.compile(
    r"\b(?:[Tt]he|[Tt]his) patient (?:has|had|takes)\b|\b[Yy]ou told us\b|\b(?:She|He|They) (?:has|have)\b"
)
TOLD = re.compile(r"(?:^|[.?!] )You (?:have|had|are|take|feel)\b")
WEAK = re.compile(r"\b(?:a little|somewhat|a bit|probably)\b")
OUR_READING = re.compile(r"\b(?:was|were) not (?:read|seen)\b")


def faulty_texts(rulebook: Rulebook) -> Iterator[Fault]:
    """Each text that states what was perhaps not answered, is weak, or speaks of what we have read."""
    for rule in rulebook.rules:
        for name, text in (("because", rule.because), ("do", rule.do)):
            yield from _found(rule, name, text, (STATED, WEAK, OUR_READING))
        yield from _found(rule, "tell", rule.tell or "", (TOLD, WEAK))
    for note in rulebook.notes:
        yield from _found(note, "text", note.text, (STATED, OUR_READING))


def _found(entry: Rule | Note, name: str, text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[Fault]:
    for words in (match[0].strip(" .?!") for pattern in patterns for match in pattern.finditer(text)):
        why = "say it with `may` or `if`, or name the answer"
        yield Fault(entry, f"`{entry.id}`: `{name}` says `{words}`: {why}", entry.examples.fires[0])
