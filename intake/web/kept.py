"""Mark-up that is made once and serves every patient: all that is kept follows from the words of the product alone.

`Once` keeps what a macro makes of such words; `Skeletons` keeps whole pages, with a mark in each place where something
of one patient belongs. What is a patient's own is put in for one answer, escaped, and kept nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from markupsafe import Markup, escape

from intake.questions.wording.translation import speech

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

MARK = "\ue000"  # of no language: it stands in no word of the product


class Once(dict[tuple[Any, ...], str]):
    """What macros made of words of the product: never hand it a word of a patient."""

    def __call__(self, macro: Callable[..., str], *words: Hashable) -> str:
        """The mark-up that the macro makes of the words."""
        return self[macro, *words]

    def __missing__(self, key: tuple[Any, ...]) -> str:
        macro, *words = key
        made: str = macro(*words)
        self[key] = made
        return made


class Skeletons(dict[tuple["Hashable", ...], list[str]]):
    """Pages as texts and names of marks in turn."""

    def fill(self, template: str, words: Mapping[str, Hashable], own: Mapping[str, str]) -> str:
        """The page that the template makes of the product's words, with a patient's own in its places."""
        key = (template, *speech(), *words.values())
        if key not in self:
            marks = {name: Markup(f"{MARK}{name}{MARK}") for name in own}  # noqa: S704 - names are ours
            self[key] = render_template(template, **words, **marks).split(MARK)
        return "".join(escape(own[part]) if place % 2 else part for place, part in enumerate(self[key]))
