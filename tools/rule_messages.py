"""Babel extractor: the words of the rule book that patients read, so that translators meet them too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH

Message = tuple[int, str, str, list[str]]


def extract(_file: IO[bytes], _keywords: object, _comments: object, **_options: object) -> Iterator[Message]:
    """Line, function, words and remarks of each text; the book is read whole, through its own loader."""
    book = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
    for rule in book.rules:
        if rule.tell is not None:
            yield rule.line, "gettext", rule.tell, [f"Patients read this where the rule {rule.id} is urgent."]
        for line in rule.tell_if_asking:
            yield rule.line, "gettext", line, [f'This completes "Call ... if": the rule {rule.id} cannot be ruled out.']
