"""What every control can do: a WTForms field that checks what is posted, gives coded answers and shows plain data.

Nothing is rendered here. A control holds the raw strings of its inputs (`values`), posted or made from stored answers;
every other thing follows from them: `answers()`, `problem()`, `view()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar

from wtforms import Field
from wtforms.validators import ValidationError

from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, Answers
from intake.questions.views import FieldView, InputView, OptionView, RowView
from intake.questions.wording.question import NEW_WORDS, Option, Question
from intake.questions.wording.translation import translated

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from werkzeug.datastructures import MultiDict
    from wtforms import BaseForm


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a page is made: the day, facts to ask, gate items that apply, and what is stored.

    `for_patient`: somebody else answers for the patient; `told`: gate items whose own question was answered before
    the gate, which is shown without them.
    """

    today: date
    asked: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()
    answers: Answers = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    for_patient: bool = False
    told: tuple[str, ...] = ()


class Control(Field):  # type: ignore[misc] # WTForms carries no types
    """The base: one question, the facts it fills, the raw values of its inputs.

    `personal`: it shows identity or own words, which are sealed, so that they are opened for its pages only.
    `leads_on`: each of its answers is asked about by a question of its own.
    """

    control: ClassVar[str]
    single: ClassVar[bool] = True
    asked_of_all: ClassVar[bool] = False
    personal: ClassVar[bool] = False
    leads_on: ClassVar[bool] = False

    def __init__(self, question: Question, *facts: str, optional: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms passes its own keywords
        super().__init__(label="", **kwargs)
        self.question = translated(question)
        self.facts = self.facts_of(self.name, question, *facts)
        self.optional = optional
        self.values: dict[str, tuple[str, ...]] = {}

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - others read the question
        """The facts that a control of this name, made with these arguments, fills."""
        return facts or (name,)

    def bind_to(self, known: Known) -> None:
        """Take what depends on this patient and show the stored answers."""
        if known.for_patient and self.question.of_patient:
            self.question = replace(self.question, legend=self.question.of_patient)
        self.restore(known)

    def process(self, formdata: MultiDict[str, str] | None, *_args: object, **_kwargs: object) -> None:
        """Read the posted strings; without a post the restored ones stay."""
        self.process_errors: list[str] = []
        self.errors: list[str] = []
        if formdata is not None:
            self.values = {name: tuple(formdata.getlist(name)) for name in self.names() if name in formdata}

    def pre_validate(self, form: BaseForm) -> None:  # noqa: ARG002 - the signature is WTForms'
        """Run `problem` in the place where WTForms looks for it."""
        problem = self.problem()
        if problem:
            raise ValidationError(problem)

    def names(self) -> tuple[str, ...]:
        """Every input name this control may post."""
        return (self.name,)

    def ticked(self, name: str = "") -> tuple[str, ...]:
        """What was chosen or typed under a name, each value once, blanks left out."""
        return tuple(dict.fromkeys(value for value in self.values.get(name or self.name, ()) if value.strip()))

    def typed(self, name: str = "") -> str:
        """The one typed value under a name."""
        return next(iter(self.values.get(name or self.name, ())), "")

    def restore(self, known: Known) -> None:
        """Set `values` from what is stored."""
        raise NotImplementedError

    def problem(self) -> str:
        """The sentence that says what is wrong, or nothing."""
        raise NotImplementedError

    def answers(self) -> dict[str, Answer]:
        """The coded answers; only of a control without a problem."""
        return {}

    def identity(self) -> dict[str, str]:
        """Who the patient is, where this control asks it."""
        return {}

    def texts(self) -> dict[str, str]:
        """Free text, where this control asks it."""
        return {}

    def choices(self) -> tuple[Option, ...]:
        """The options as shown, without those that stand apart."""
        return self.question.options

    def apart(self) -> tuple[Option, ...]:
        """Not sure, rather not say and none, in this order, as far as offered."""
        question = self.question
        ends = (
            (NOT_SURE, question.not_sure),
            (DECLINED, question.declined),
            (question.none_code, question.none),
        )
        return tuple(Option(code, label) for code, label in ends if label)

    def mark(self, codes: Collection[str]) -> None:
        """Say beside these answers that they are new."""
        options = tuple(_marked(option) if option.code in codes else option for option in self.question.options)
        self.question = replace(self.question, options=options)

    def view(self) -> FieldView:
        """Plain data for the templates."""
        options, rows, inputs = self.option_views(), self.row_views(), self.input_views()
        question = self.question
        return FieldView(
            name=self.name,
            id=self.name,
            control=self.control,
            facts=self.facts,
            legend=question.legend,
            hint=question.hint,
            error=str(next(iter(self.errors), "")),
            optional=self.optional,
            first_id=_first_id(options, rows, inputs),
            options=options,
            rows=rows,
            inputs=inputs,
            low=question.low,
            high=question.high,
            leads_on=self.leads_on,
        )

    def option_views(self) -> tuple[OptionView, ...]:
        """The radios or boxes."""
        return self.options_under(self.name, self.choices(), self.apart())

    def row_views(self) -> tuple[RowView, ...]:
        """The lines of radios; most controls have none."""
        return ()

    def input_views(self) -> tuple[InputView, ...]:
        """The typed inputs; most controls have none."""
        return ()

    def options_under(
        self, name: str, options: tuple[Option, ...], apart: tuple[Option, ...]
    ) -> tuple[OptionView, ...]:
        """Views of options that post under a name."""
        chosen, offered = self.ticked(name), ((options, False), (apart, True))
        return tuple(
            OptionView(
                name=name,
                value=option.code,
                id=self.option_id(name, option.code),
                label=option.label,
                hint=option.hint,
                heading=option.heading,
                row=option.row,
                checked=option.code in chosen,
                apart=stands_apart,
            )
            for some, stands_apart in offered
            for option in some
        )

    def option_id(self, name: str, code: str) -> str:
        """The HTML id of one option."""
        return f"{name}-{code}"


def _marked(option: Option) -> Option:
    """A translated option that says that it is new."""
    return replace(option, hint=f"{NEW_WORDS}. {option.hint}" if option.hint else str(NEW_WORDS))


def _first_id(options: tuple[OptionView, ...], rows: tuple[RowView, ...], inputs: tuple[InputView, ...]) -> str:
    wrong = [each.id for each in inputs if each.wrong] + [row.options[0].id for row in rows if row.wrong]
    every = [each.id for each in inputs] + [row.options[0].id for row in rows] + [option.id for option in options]
    return (wrong + every)[0]
