"""Babel extractor: the words of the pages about needling, and after the needles, so that translators meet them too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from intake.app import aftercare_words, pages_about_needling

Message = tuple[int, str, str, list[str]]


def extract(_file: IO[bytes], _keywords: object, _comments: object, **_options: object) -> Iterator[Message]:
    """Line, function, words and remarks of each text; the file is read whole, through its own loader."""
    for page in pages_about_needling().pages:
        for words in dict.fromkeys(page.words()):
            yield 1, "gettext", words, [f"Patients read this on /about/{page.name}."]
    for words in dict.fromkeys(aftercare_words().words()):
        yield 1, "gettext", words, ["Patients read this after the needles."]
