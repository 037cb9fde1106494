"""A rule book as Python that says which rules fire or ask, and which notes hold: as `interpret` reads the trees.

The source is for reading: one block a rule, in the order of the book. A debugger steps through it, and a traceback
shows its lines. It depends on the checked book alone and names only what `run` hands it.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import nan
from typing import Any, TypeAlias

from intake.engine.book.decision import Finding
from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.book.vocabulary import Answer
from intake.engine.decide.expressions import STEP, Writer
from intake.engine.interpret.judge import settled
from intake.engine.interpret.truth import Intake, Truth

MOST_BOOKS = 16

Given: TypeAlias = Callable[[str], Answer | None]
"""Looks an answer of the intake up by its fact."""
Judged: TypeAlias = tuple[str, bool, tuple[Truth, ...]]
"""A rule's id, whether it fires (else it asks), and the truth of each of its raises."""


@dataclass(frozen=True, slots=True)
class CompiledBook:
    """A book with the functions of its `source`.

    `judged` gives the rules that fire or ask, `notes` the places of the notes that hold; both in the order of the book.
    `settled` holds the findings that are the same whatever else is answered: those of rules without raises whose place
    no answer names.
    """

    source: str
    judged: Callable[[Given, Intake], list[Judged]]
    notes: Callable[[Given, Intake], list[int]]
    rules: dict[str, Rule]
    settled: dict[Judged, Finding]


@lru_cache(maxsize=MOST_BOOKS)
def compiled(rulebook: Rulebook) -> CompiledBook:
    """The compiled form of a book, made at its first use."""
    text = source(rulebook)
    space = run(text, f"<rule book {rulebook.version} {rulebook.sha256[:12]}>")
    findings = (
        ((rule.id, fires, ()), settled(rule, rulebook.vocabulary, fires=fires))
        for rule in rulebook.rules
        for fires in (True, False)
    )
    return CompiledBook(
        text,
        space["judged"],
        space["notes"],
        {rule.id: rule for rule in rulebook.rules},
        {judged: finding for judged, finding in findings if finding is not None},
    )


def run(text: str, name: str) -> dict[str, Any]:
    """The functions that the source defines; a debugger and a traceback find its lines under the name."""
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    space: dict[str, Any] = {"nan": nan}
    exec(compile(text, name, "exec"), space)  # noqa: S102 - made from a checked tree alone
    return space


def source(rulebook: Rulebook) -> str:
    """The Python source of `judged` and `notes`."""
    writer = Writer(rulebook.vocabulary)
    judged = function("judged", writer, [line for rule in rulebook.rules for line in _rule(writer, rule)])
    notes = function("notes", writer, [line for each in enumerate(rulebook.notes) for line in _note(writer, *each)])
    return module(writer, judged + notes)


def function(name: str, writer: Writer, lines: list[str]) -> list[str]:
    """A function that reads the answers, and gives back what its lines, just written, have `found`."""
    body = ["found = []", *writer.lines_that_read(), *lines, "return found"]
    writer.facts.clear()
    return ["", "", f"def {name}(given, intake):", *(STEP + line for line in body)]


def module(writer: Writer, functions: list[str]) -> str:
    """The source of the functions, below the constants that they name."""
    constants = [f"{name} = {spelled}" for spelled, name in writer.constants.items()]
    return "\n".join([*constants, *functions, ""])


def _rule(writer: Writer, rule: Rule) -> Iterator[str]:
    raises = "()"
    yield f"# {rule.title!r}"
    yield f"if {writer.holds(rule.when, surely=False)}:"
    if rule.raises:
        truths = [writer.truth(each.when) for each in rule.raises]
        raises = "raises"
        yield f"{STEP}raises = ({', '.join(truths)},)"
    yield f"{STEP}if {writer.holds(rule.when, surely=True)}:"
    yield f"{STEP * 2}found.append(({rule.id!r}, True, {raises}))"
    yield f"{STEP}else:"
    yield f"{STEP * 2}found.append(({rule.id!r}, False, {raises}))"


def _note(writer: Writer, place: int, note: Note) -> Iterator[str]:
    yield f"if {writer.holds(note.when, surely=True)}:  # {note.id!r}"
    yield f"{STEP}found.append({place})"
