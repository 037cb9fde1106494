"""A page's answers in the patient's own words, for the check page and for two windows that disagree.

What was said stands, under brief names. A list that was denied folds to its name, and so does what was passed over,
apart from it: what is missing or not sure is no denial.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask_babel import format_date

from intake.engine.book.vocabulary import DECLINED, NOT_SURE
from intake.questions.typed_text import read_month
from intake.questions.wording.brief import BRIEF

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from intake.questions.control import Control
    from intake.questions.pages import PageForm
    from intake.questions.views import FieldView, InputView, PageView, RowView

PRINT_LENGTH = 16
STATES = frozenset({NOT_SURE, DECLINED})


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One question, its `title` in brief, what was answered, and the page that asks it. No words: not provided.

    `denied`: its list was answered with "none"; `led_on`: the rest of it was, and other rows say what was ticked;
    `is_open`: missing or not sure; `changed`: changed on the way here.
    """

    page: str
    name: str
    title: str
    legend: str
    words: tuple[str, ...]
    denied: bool = False
    led_on: bool = False
    is_open: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class SummarySection:
    """The rows that stand under one heading."""

    heading: str
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """All answers of a patient: those that stand, by section; what was passed over; what folds as all it says is no.

    Of a list whose ticks stand in rows of their own the rest folds.
    """

    sections: tuple[SummarySection, ...]
    missing: tuple[AnswerRow, ...]
    denied: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which what is saved and what was just sent differ."""

    legend: str
    saved: tuple[str, ...]
    sent: tuple[str, ...]


def rows(view: PageView, changed: Collection[str] = ()) -> tuple[AnswerRow, ...]:
    """One row for each control of a page; `changed` names the controls that were changed on the way here."""
    return tuple(_row(view.name, shown, shown.name in changed) for shown in view.fields)


def _row(page: str, shown: FieldView, changed: bool) -> AnswerRow:  # noqa: FBT001 - one of the row's own fields
    said, codes = words(shown), chosen_codes(shown)
    title = str(BRIEF.get(shown.name, shown.legend))
    led_on = shown.leads_on and bool(said) and STATES.isdisjoint(codes) and not is_denied(shown)
    return AnswerRow(
        page,
        shown.name,
        title,
        shown.legend,
        said,
        denied=is_denied(shown),
        led_on=led_on,
        is_open=not said or NOT_SURE in codes,
        changed=changed,
    )


def chosen_codes(shown: FieldView) -> frozenset[str]:
    """The codes that are chosen in a control, those of its rows included."""
    options = (*shown.options, *(option for row in shown.rows for option in row.options))
    return frozenset(option.value for option in options if option.checked)


def is_denied(shown: FieldView) -> bool:
    """Whether a list was answered with its "none of these" alone; a "no" to a single question stands as it is."""
    chosen = [option for option in shown.options if option.checked]
    none = [option for option in chosen if option.apart and option.value not in STATES]
    return shown.control == "checks" and bool(chosen) and chosen == none


def changed_controls(sent: PageForm) -> tuple[str, ...]:
    """The names of the controls of a page that came back with another answer than was stored."""
    return tuple(control.name for control in sent.controls() if _differs(control, sent.stored))


def _differs(control: Control, stored: Mapping[str, tuple[str, ...]]) -> bool:
    pairs = ((control.values.get(name, ()), stored.get(name, ())) for name in control.names())
    return any(sorted(filter(None, sent)) != sorted(filter(None, before)) for sent, before in pairs)


def words(shown: FieldView) -> tuple[str, ...]:
    """What is chosen or typed in a control."""
    chosen = [option.label for option in shown.options if option.checked]
    in_rows = [f"{title_of(row)}: {option.label}" for row in shown.rows for option in row.options if option.checked]
    return (*typed(shown.control, shown.inputs), *in_rows, *chosen)


def title_of(row: RowView) -> str:
    """The brief name of one line of a control."""
    return str(BRIEF.get(row.name, row.legend))


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


def summarise(views: Iterable[PageView], changed: Collection[str] = ()) -> Summary:
    """The rows of all pages; what was denied or emptied just now, on the way here, does not fold."""
    standing: dict[str, list[AnswerRow]] = {}
    missing: list[AnswerRow] = []
    denied: list[AnswerRow] = []
    for view in views:
        for row in rows(view, changed):
            if row.changed or (row.words and not row.denied and not row.led_on):
                standing.setdefault(view.section, []).append(row)
            else:
                (denied if row.words else missing).append(row)
    sections = tuple(SummarySection(heading, tuple(every)) for heading, every in standing.items())
    return Summary(sections, tuple(missing), tuple(denied))
