"""The product's words in the language of the request: each is translated once a process and language, then kept.

Only the product's own words are handed in here. What a patient says is shown to that patient and kept nowhere.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TypeVar, cast

from flask import g
from flask_babel import LazyString, get_babel, get_locale

Lazy = TypeVar("Lazy")
Language = tuple[str, ...]


def translated(words: Lazy) -> Lazy:
    """The same frozen object with every lazy string in it read in the language of this request.

    It is made once for all readers of that language, so the object must live as long as the process.
    """
    return cast("Lazy", _in_language(words, _language()))


def _language() -> Language:
    """The language of this request and the folders that its words come from; it is looked up once a request."""
    if not g:
        return ("",)
    if "language" not in g:
        g.language = (str(get_locale()), *get_babel().translation_directories)
    return cast("Language", g.language)


@cache
def _in_language(words: object, _language: Language) -> object:
    return _in_words(words)


def _in_words(value: object) -> object:
    if isinstance(value, LazyString):
        return str(value)
    if isinstance(value, tuple):
        return tuple(map(_in_words, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _in_words(getattr(value, field.name)) for field in fields(value)})
    return value
