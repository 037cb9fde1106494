"""How a print sheet fits one A4 page: smaller type, then the mildest findings by title only; counted in lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.workflow.review.intake_view import ReviewView

PAGE = 275.0  # millimetres of A4 between the margins, less what a browser may round up
HEAD, FOOT, GAP, BARS = 22.0, 16.0, 2.5, 21.0
NARROW, WIDE, WHOLE = 57.0, 113.0, 179.0  # millimetres of a line: left column, findings, whole width
OWN_WORDS, MOST_TITLES = 600, 12  # as the template cuts them, saying so


@dataclass(frozen=True, slots=True)
class Size:
    """One size of type: its class, millimetres of a line, characters to a millimetre, height of the body map."""

    name: str
    line: float
    density: float
    figure: float


SIZES = (
    Size("pt-9", 4.3, 0.56, 84.0),
    Size("pt-8", 3.7, 0.63, 83.0),
    Size("pt-7", 3.2, 0.72, 82.0),
    Size("pt-6", 2.65, 0.84, 62.0),
)


@dataclass(frozen=True, slots=True)
class Fit:
    """The class of the type, and how many findings stand there whole; the others, the milder ones, by title."""

    name: str
    whole: int


def fit(view: ReviewView) -> Fit:
    """The largest type in which every finding fits whole; else the smallest, with as many whole as fit."""
    every = len(view.cards)
    for each in SIZES:
        if height(view, each, every) <= PAGE:
            return Fit(each.name, every)
    smallest = SIZES[-1]
    fitting = (whole for whole in range(every, 0, -1) if height(view, smallest, whole) <= PAGE)
    return Fit(smallest.name, next(fitting, 0))


def height(view: ReviewView, each: Size, whole: int) -> float:
    """The sheet's height in millimetres at that size with so many findings whole."""
    cards = list(_cards(view))
    titles = "Do not needle yet: ".join(shown.title for shown in view.cards[whole:])
    findings = sum(_lines(each, WIDE, texts) * each.line + GAP for texts in cards[:whole])
    findings += _lines(each, WIDE, (titles,)) * each.line + (GAP if titles else 0.0)
    findings += (2 * view.older.lines + 1) * each.line + GAP if view.older.lines else 0.0
    beside = each.figure + (BARS if view.story.scores else 0.0) + _left(view, each) * each.line
    below = _below(view, each) * each.line + 3 * GAP
    return HEAD + max(findings, beside) + below + FOOT


def _cards(view: ReviewView) -> Iterable[tuple[str, ...]]:
    for shown in view.cards:
        first = shown.consequences[0]
        head = f"{shown.title} {first.cited} {shown.card.key} Do not needle yet, not ruled out"
        said = " ".join(f"{question}: {answer};" for question, answer in shown.said)
        also = "; ".join(each.entry.title for each in shown.consequences[: MOST_TITLES + 1])
        yield head, f"{said} {also} Do: {first.entry.do}"


def _left(view: ReviewView, each: Size) -> int:
    legend = [", ".join(places) for _level, places in view.map.legend]
    still_open = " ".join(f"{said.question}: {said.answer}." for said in view.open)
    changed = " ".join(f"{one.question}: {one.old}, {one.new}." for one in view.revisions)
    return (
        6
        + _lines(each, NARROW - 8, (*legend, ", ".join(view.map.pain_in_words)))
        + _lines(each, NARROW, (still_open, changed))
    )


def _below(view: ReviewView, each: Size) -> int:
    story = " ".join((*view.story.places, *view.story.parts))
    danger = " ".join((*view.story.danger.yes, *view.story.danger.not_sure)) + " " * 120
    own = [f"{question}: {text[:OWN_WORDS]}" for question, text in view.own_words]
    return 4 + _lines(each, WHOLE, (story, danger, *own, ", ".join(view.denied)))


def _lines(each: Size, width: float, texts: Iterable[str]) -> int:
    return sum(ceil(len(text) / (width * each.density)) + text.count("\n") for text in texts if text)
