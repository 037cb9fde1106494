"""The product's words in the language of whoever reads them: translated once a process and language, then kept.

Only words of the product come here. What a patient says is shown once and kept nowhere.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TypeVar, cast

from flask import g
from flask_babel import LazyString, get_babel, get_locale

Words = TypeVar("Words")
Speech = tuple[str, ...]


def speech() -> Speech:
    """The language of this request and where its words are from; looked up once a request."""
    if not g:
        return ("",)
    if "speech" not in g:
        g.speech = (str(get_locale()), *get_babel().translation_directories)
    return cast("Speech", g.speech)


def spoken(words: Words) -> Words:
    """A frozen object, equal to nothing but itself, in the language of this request; made once for all its readers."""
    return cast("Words", _translated(words, speech()))


@cache
def _translated(words: object, _speech: Speech) -> object:
    return _in_words(words)


def _in_words(value: object) -> object:
    if isinstance(value, LazyString):
        return str(value)
    if isinstance(value, tuple):
        return tuple(map(_in_words, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _in_words(getattr(value, field.name)) for field in fields(value)})
    return value
