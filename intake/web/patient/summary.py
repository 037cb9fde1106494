"""A page's answers in the patient's own words, for the check page and for two windows that disagree."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date

from intake.questions.typed_text import read_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intake.questions.views import FieldView, InputView, PageView

PRINT_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Row:
    """One question, what was answered, and the page that asks it. No words: not provided."""

    page: str
    legend: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which what is saved and what was just sent differ."""

    legend: str
    saved: tuple[str, ...]
    sent: tuple[str, ...]


def rows(view: PageView) -> tuple[Row, ...]:
    """One row for each control of a page."""
    return tuple(Row(view.name, shown.legend, words(shown)) for shown in view.fields)


def words(shown: FieldView) -> tuple[str, ...]:
    """What is chosen or typed in a control."""
    chosen = [option.label for option in shown.options if option.checked]
    in_rows = [f"{row.legend}: {option.label}" for row in shown.rows for option in row.options if option.checked]
    return (*typed(shown.control, shown.inputs), *in_rows, *chosen)


def typed(control: str, inputs: tuple[InputView, ...]) -> tuple[str, ...]:
    """What is typed in a control; the parts of a date make one line."""
    found = [shown.value for shown in inputs if shown.value]
    if control != "date" or not found:
        return tuple(found)
    try:
        day, month, year = found
        return (format_date(date(int(year), read_month(month), int(day)), "long"),)
    except ValueError:  # typed, and not a date
        return (" ".join(found),)


def differences(saved: PageView, sent: PageView) -> tuple[Difference, ...]:
    """The questions of a page on which two versions of it differ."""
    pairs = zip(saved.fields, sent.fields, strict=True)
    return tuple(Difference(a.legend, words(a), words(b)) for a, b in pairs if words(a) != words(b))


def fingerprint(values: Mapping[str, tuple[str, ...]]) -> str:
    """A short print of what a page showed, to tell whether it changed before it came back."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:PRINT_LENGTH]


def sections(views: Iterable[PageView]) -> list[tuple[str, list[Row]]]:
    """The rows of all pages under the headings of their sections."""
    found: dict[str, list[Row]] = {}
    for view in views:
        found.setdefault(view.section, []).extend(rows(view))
    return list(found.items())
