"""One part of a form on paper as somebody typed it: what it answers, read by the same controls as the screen's.

A question without any mark stays not answered, a checklist too. In a list with a mark, unmarked items read as on the
screen. What a screen would not take is kept and asks: "none" beside another mark becomes that mark and "not sure". A
mark at a question that the checklist before it leads to ticks its item there, so that no mark goes unread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Answer, Fact, Vocabulary
from intake.questions.checks import BodyMap, Checks, Gate
from intake.questions.numbers import Number
from intake.questions.radios import MainRegion
from intake.questions.rows import Effects
from intake.questions.typed import FullName
from intake.questions.views import FieldView, PageProblem
from intake.workflow.patient.paper import sheet

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from intake.questions.control import Control
    from intake.questions.pages import PageForm
    from intake.questions.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form, typed and saved at once; its pages in order. `number` counts from 1."""

    number: int
    title: str
    pages: tuple[type[PageForm], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its pages."""
        return tuple(page.name for page in self.pages)


@dataclass(frozen=True, slots=True)
class Field:
    """One question to be typed, with its number on paper."""

    number: int
    view: FieldView


@dataclass(frozen=True, slots=True, repr=False)
class ReadPart:
    """What a part says, or what is wrong with it (`problems`).

    `contradicting` names the questions whose marks do not agree with each other.
    """

    part: Part
    answers: dict[str, Answer] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    contradicting: tuple[str, ...] = ()
    problems: tuple[PageProblem, ...] = ()
    fields: tuple[Field, ...] = ()


def parts(questions: Questionnaire) -> tuple[Part, ...]:
    """The sections of the form in paper order."""
    pages = (*questions.pages, questions.check)
    sections = [(title, tuple(some)) for (_, title), some in groupby(pages, lambda page: page.section)]
    return tuple(Part(number, str(title), some) for number, (title, some) in enumerate(sections, start=1))


def names(questions: Questionnaire, today: date) -> frozenset[str]:
    """Every input name that a part may send."""
    return frozenset(name for each in sheet.placed(questions, today) for name in each.control.names())


def fields(
    questions: Questionnaire,
    part: Part,
    marks: MultiDict[str, str],
    today: date,
    problems: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """The questions of a part as typed, with what is wrong beside them."""
    wrong = problems or {}
    shown = []
    for each in _controls(questions, part, marks, today):
        each.control.errors = [wrong[each.printed.name]] if each.printed.name in wrong else []
        shown.append(Field(each.printed.number, each.control.view()))
    return tuple(shown)


def read(questions: Questionnaire, part: Part, marks: MultiDict[str, str], today: date) -> ReadPart:
    """What was typed of a part, or what is wrong with it."""
    controls = {each.printed.name: each.control for each in _controls(questions, part, marks, today)}
    untouched = _untouched_lists(controls.values())
    for control in controls.values():
        _open_before(questions.vocabulary, controls, control)
    contradicting = tuple(name for name, control in controls.items() if _settle(control))
    wrong = dict(_wrong(controls.values()))
    shown = fields(questions, part, marks, today, wrong)
    if wrong:
        return ReadPart(part, problems=_problems(shown, wrong), fields=shown)
    marked = [control for control in controls.values() if _is_marked(control)]
    answers = _answers(marked, untouched)
    identity = {name: value for control in marked for name, value in control.identity().items()}
    texts = {name: value for control in marked for name, value in control.texts().items()}
    return ReadPart(part, answers, identity, texts, contradicting, fields=shown)


def _untouched_lists(controls: Iterable[Control]) -> set[str]:
    return {control.name for control in controls if isinstance(control, Gate) and not _is_marked(control)}


def _problems(shown: Iterable[Field], wrong: Mapping[str, str]) -> tuple[PageProblem, ...]:
    firsts = {each.view.name: each.view.first_id for each in shown}
    return tuple(PageProblem(firsts[name], text) for name, text in wrong.items())


def _answers(marked: Iterable[Control], untouched: Collection[str]) -> dict[str, Answer]:
    """What the marks say; a list that nobody touched was seen where a mark behind it speaks for it."""
    answers = {name: answer for control in marked for name, answer in control.answers().items()}
    return answers | {f"{gate}_seen": answers[gate] for gate in answers.keys() & untouched}


def _controls(questions: Questionnaire, part: Part, marks: MultiDict[str, str], today: date) -> list[sheet.Placed]:
    return [each for each in sheet.placed(questions, today, marks) if each.page in part.names]


def _is_marked(control: Control) -> bool:
    return any(control.ticked(name) for name in control.names())


def _wrong(controls: Iterable[Control]) -> Iterator[tuple[str, str]]:
    for control in controls:
        control.optional = True
        if isinstance(control, Effects):
            control.tried = _rows(control)
        if _is_marked(control) or isinstance(control, FullName):
            problem = control.problem()
            if problem:
                yield control.name, str(problem)


def _rows(control: Effects) -> tuple[str, ...]:
    """The therapies whose row has a mark."""
    return tuple(row.fact for row in control.rows() if control.ticked(control.row_name(row)))


def _open_before(book: Vocabulary, controls: Mapping[str, Control], control: Control) -> None:
    """Tick what leads to a question that has a mark, where that stands unticked."""
    if not _is_marked(control):
        return
    if isinstance(control, MainRegion):
        _tick(controls[book.roles.where_it_hurts], [code for code in control.ticked() if code not in UNKNOWN_WORDS])
    if isinstance(control, Effects):
        _tick(controls[book.roles.therapies_tried], _rows(control))
    for fact in (book.facts[name] for name in control.facts if name in book.facts):
        if fact.narrows is not None and fact.narrows in controls:
            _tick(controls[fact.narrows], [NOT_SURE])
        _open_list(controls, control, fact)


def _open_list(controls: Mapping[str, Control], control: Control, fact: Fact) -> None:
    """Tick the item of the list that a fact stands behind, where its mark says more than that all is well."""
    if fact.gate is None or fact.gate[0] not in controls:
        return
    gate = controls[fact.gate[0]]
    says_more = {*control.ticked()} - {fact.benign, control.question.none_code}
    if says_more or not _is_marked(gate):
        _tick(gate, [fact.gate[1]])


def _tick(control: Control, codes: Sequence[str]) -> None:
    control.values[control.name] = tuple(dict.fromkeys((*control.ticked(), *codes)))


def _settle(control: Control) -> bool:
    """Whether marks of a list did not agree; what stands alone then gives way to the others and to "not sure"."""
    if not isinstance(control, Checks) or isinstance(control, Number):
        return False
    ticked, apart = control.ticked(), {option.code for option in control.apart()}
    if len(ticked) == 1 or not any(map(control.stands_alone, apart.intersection(ticked))):
        return False
    kept = [code for code in ticked if code not in apart]
    unsure = [NOT_SURE] if NOT_SURE in apart and not (kept and isinstance(control, BodyMap)) else []
    control.values[control.name] = (*kept, *unsure)
    return True
