"""The whole questionnaire as plain data for a printed form: every question in order, with its number and its arrows.

The words are those of the screen, read from the same controls. What a screen shows of one patient (the places that were
marked before, the therapies tried) is shown of all, or asked to be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from intake.questions.checks import BodyMap
from intake.questions.control import Known
from intake.questions.radios import MainRegion
from intake.workflow.patient.paper.routing import Printed, Routing

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from intake.questions.control import Control
    from intake.questions.pages import PageForm
    from intake.questions.questionnaire import Questionnaire
    from intake.questions.views import FieldView, OptionView, RowView

LONG = 16  # options; a longer question may go on on the next page
COLUMNS = 3  # of places
LINES = {"textarea": 4, "text": 1}


@dataclass(frozen=True, slots=True)
class Placed:
    """One control of the form in its section, with what it is on paper."""

    section: str
    page: str
    control: Control
    printed: Printed


def everything(questions: Questionnaire, today: date, marks: MultiDict[str, str] | None = None) -> Iterator[PageForm]:
    """Every page with every question, item and row on it, whoever is asked; the check page last. `marks` as typed."""
    book = questions.vocabulary
    tried = book.facts[book.roles.therapies_tried]
    answers = {
        tried.name: tuple(code for code in tried.codes if code != tried.none),
        book.roles.where_it_hurts: book.regions,
    }
    for page in (*questions.pages, questions.check):
        items = tuple(book.gates[page.gate]) if page.gate else ()
        yield page(Known(today, frozenset(book.facts), items, answers), marks)


def placed(questions: Questionnaire, today: date, marks: MultiDict[str, str] | None = None) -> list[Placed]:
    """Every question in paper order, numbered from 1."""
    controls = [
        (str(page.section[1]), page.name, control)
        for page in everything(questions, today, marks)
        for control in page.controls()
    ]
    return [
        Placed(section, page, control, Printed(number, control.name, control.question, control.facts))
        for number, (section, page, control) in enumerate(controls, start=1)
    ]


def routing(questions: Questionnaire, form: Sequence[Placed]) -> Routing:
    """Which question asks a fact, or puts a gate."""
    return Routing(questions.vocabulary, {name: each.printed for each in form for name in each.control.facts})


def sections(questions: Questionnaire, today: date) -> list[dict[str, object]]:
    """Every section with its questions."""
    form = placed(questions, today)
    arrows = routing(questions, form)
    return [
        {"title": title, "questions": [_question(arrows, each) for each in some]}
        for title, some in groupby(form, lambda each: each.section)
    ]


def _question(arrows: Routing, each: Placed) -> dict[str, object]:
    control, printed = each.control, each.printed
    view = control.view()
    facts = () if control.asked_of_all else printed.facts
    return {
        "number": printed.number,
        "legend": view.legend,
        "hint": _hint(control, view),
        "only": arrows.only_if(facts),
        "kind": _kind(view),
        **_offered(arrows, each, view),
        "apart": [_option(option) for option in view.options if option.apart] or _row_ends(view),
        "rows": list(_rows(view)),
        "marks": [option.label for option in view.rows[0].options] if view.rows else [],
        "inputs": [] if view.control in LINES else [each.label for each in view.inputs],
        "lines": 1 if isinstance(control, MainRegion) else LINES.get(view.control, 0),
        "long": len(view.options) > LONG,
    }


def _offered(arrows: Routing, each: Placed, view: FieldView) -> dict[str, object]:
    """What can be marked: places of the body, or options in their groups; one place is written, not marked."""
    match each.control:
        case BodyMap():
            return {"places": _places([option for option in view.options if not option.apart]), "groups": []}
        case MainRegion():
            return {"places": [], "groups": []}
        case _:
            return {"places": [], "groups": list(_groups(arrows, each.printed, view))}


def _kind(view: FieldView) -> str:
    match view.control:
        case "radios" | "grid":
            return "one"
        case "score" | "scores":
            return "scale"
        case "bodymap":
            return "places"
        case _:
            return "several"


def _hint(control: Control, view: FieldView) -> str:
    if isinstance(control, MainRegion):
        return str(_("Write one of the places that you marked."))
    if isinstance(control, BodyMap):
        return str(_("Tick the places: R is your right side, L your left."))
    return view.hint


def _groups(arrows: Routing, printed: Printed, view: FieldView) -> Iterator[dict[str, object]]:
    if view.control in {"score", "scores"}:
        return
    leads = {option.code: arrows.leads_to(printed, option) for option in printed.question.options}
    for heading, options in view.groups:
        yield {"heading": heading, "options": [_option(option, leads.get(option.value, ())) for option in options]}


def _option(option: OptionView, leads: Sequence[int] = ()) -> dict[str, object]:
    return {"label": option.label, "hint": option.hint, "goto": ranges(leads)}


def ranges(numbers: Sequence[int]) -> str:
    """Numbers in short: 4, and a run by its ends."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)  # noqa: RUF001 - a range


def _rows(view: FieldView) -> Iterator[dict[str, object]]:
    """The rows of a question, a scale alone as one; the words of its ends stand above the first row that has them."""
    if view.control == "score":
        yield {"legend": "", "ends": _ends(view)}
    before = ""
    for row in view.rows:
        ends = _ends(row)
        yield {"legend": row.legend, "ends": ends if ends != before else ""}
        before = ends


def _ends(scale: FieldView | RowView) -> str:
    return str(_("0 = %(low)s, 10 = %(high)s", low=scale.low, high=scale.high)) if scale.low else ""


def _row_ends(view: FieldView) -> list[dict[str, object]]:
    """The words beside a scale of rows, which each of its rows offers."""
    if view.control != "scores":
        return []
    return [_option(option) for option in view.rows[0].options if option.apart]


def _places(options: Sequence[OptionView]) -> list[list[dict[str, object]]]:
    """At most three columns of headings with their regions: a line each, with its right and left where it has sides."""
    parts = [
        {"heading": heading, "places": list(_regions(list(some)))}
        for heading, some in groupby(options, lambda option: option.heading)
    ]
    high = ceil(sum(map(_height, parts)) / COLUMNS)
    columns: list[list[dict[str, object]]] = [[]]
    for part in parts:
        if columns[-1] and sum(map(_height, [*columns[-1], part])) > high and len(columns) < COLUMNS:
            columns.append([])
        columns[-1].append(part)
    return columns


def _height(part: Mapping[str, object]) -> int:
    return 1 + len(cast("list[object]", part["places"]))


def _regions(options: Sequence[OptionView]) -> Iterator[dict[str, object]]:
    for row, some in groupby(options, lambda option: option.row or option.label):
        yield {"label": row, "sides": [_("R"), _("L")] if next(some).row else []}
