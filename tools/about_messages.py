"""Babel extractor: the words of the pages about needling, so that translators meet them too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from intake.app import pages_about_needling

Message = tuple[int, str, str, list[str]]


def extract(_file: IO[bytes], _keywords: object, _comments: object, **_options: object) -> Iterator[Message]:
    """Line, function, words and remarks of each text; the file is read whole, through its own loader."""
    for page in pages_about_needling().pages:
        for words in dict.fromkeys(page.words()):
            yield 1, "gettext", words, [f"Patients read this on /about/{page.name}."]
