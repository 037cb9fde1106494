"""The controls of the pages: WTForms fields that parse and check a POST, give coded answers and show plain data.

Nothing is rendered here. A control holds the raw strings of its inputs (`values`), posted or made from stored answers;
every other thing follows from them: `answers()`, `problem()`, `view()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, Answers
from intake.questions.views import FieldView, InputView, OptionView, RowView
from intake.questions.wording.question import NEW_WORDS, Option, Question
from intake.questions.wording.translation import spoken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from werkzeug.datastructures import MultiDict
    from wtforms import BaseForm

SCORES = tuple(Option(str(score), str(score)) for score in range(11))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when a page is made: the day, facts to ask, gate items that apply, and what is stored."""

    today: date
    asked: frozenset[str] = frozenset()
    items: tuple[str, ...] = ()
    answers: Answers = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class Control(Field):  # type: ignore[misc] # WTForms carries no types
    """The base: one question, the facts it fills, the raw values of its inputs.

    `personal`: it shows identity or own words, which are sealed, so that they are opened for its pages only.
    """

    control: ClassVar[str]
    single: ClassVar[bool] = True
    asked_of_all: ClassVar[bool] = False
    personal: ClassVar[bool] = False

    def __init__(self, question: Question, *facts: str, optional: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms passes its own keywords
        super().__init__(label="", **kwargs)
        self.question = spoken(question)
        self.facts = self.facts_of(self.name, question, *facts)
        self.optional = optional
        self.values: dict[str, tuple[str, ...]] = {}

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - others read the question
        """The facts that a control of this name, made with these arguments, fills."""
        return facts or (name,)

    def bind_to(self, known: Known) -> None:
        """Take what depends on this patient and show the stored answers."""
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
        return ends_of(question.not_sure, question.declined, question.none, question.none_code)

    def mark(self, codes: Collection[str]) -> None:
        """Say beside these answers that they are new."""
        options = tuple(marked(option) if option.code in codes else option for option in self.question.options)
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
            option_view(option, name, self.option_id(name, option.code), option.code in chosen, stands_apart)
            for some, stands_apart in offered
            for option in some
        )

    def option_id(self, name: str, code: str) -> str:
        """The HTML id of one option."""
        return f"{name}-{code}"


@cache
def marked(option: Option) -> Option:
    """A spoken option that says that it is new."""
    return replace(option, hint=f"{NEW_WORDS}. {option.hint}" if option.hint else str(NEW_WORDS))


@cache
def ends_of(not_sure: str, declined: str, none: str, none_code: str) -> tuple[Option, ...]:
    """The options that stand apart, by their words."""
    ends = ((NOT_SURE, not_sure), (DECLINED, declined), (none_code, none))
    return tuple(Option(code, label) for code, label in ends if label)


@cache
def option_view(option: Option, name: str, shown_id: str, checked: bool, apart: bool) -> OptionView:  # noqa: FBT001 - two states, kept by place
    """One option of a spoken question, chosen or not: it holds no word of a patient, and is made once."""
    return OptionView(
        name=name,
        value=option.code,
        id=shown_id,
        label=option.label,
        hint=option.hint,
        heading=option.heading,
        checked=checked,
        apart=apart,
    )


class Radios(Control):
    """One answer of several."""

    control = "radios"

    def restore(self, known: Known) -> None:
        """Choose the stored answer."""
        stored = known.answers.get(self.facts[0])
        self.values = {} if stored is None else {self.name: (str(stored),)}

    def answer(self, code: str) -> Answer:
        """The answer that a code stands for."""
        return code

    def problem(self) -> str:
        """One known answer, unless optional."""
        chosen = self.ticked()
        if not chosen:
            return "" if self.optional else self.nothing_chosen()
        known = {option.code for option in (*self.choices(), *self.apart())}
        return "" if set(chosen) <= known else _("Choose one of the answers on this page.")

    def nothing_chosen(self) -> str:
        """The sentence for a question that was passed over."""
        if not self.question.not_sure:
            return str(_("Choose one answer."))
        return str(_("Choose one answer. You can choose “%(words)s”.", words=self.question.not_sure))

    def answers(self) -> dict[str, Answer]:
        """The chosen answer."""
        chosen = self.ticked()
        return {self.facts[0]: self.answer(chosen[0])} if chosen else {}


class MainRegion(Radios):
    """One of the places that were marked before."""

    marked: tuple[str, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Offer only the marked places."""
        self.marked = codes_of_answer(known.answers.get("pain_regions"))
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The marked places, in the order of the body map."""
        return tuple(option for option in self.question.options if option.code in self.marked)


class Score(Radios):
    """Zero to ten as eleven radios."""

    control = "score"

    def choices(self) -> tuple[Option, ...]:
        """Zero to ten."""
        return SCORES

    def answer(self, code: str) -> Answer:
        """A number, or the word of a state."""
        return score_of(code)


class Checks(Control):
    """Any number of boxes; none and "rather not say" stand alone, "not sure" may stand beside ticks."""

    control = "checks"
    single = False

    def restore(self, known: Known) -> None:
        """Tick every option of which a code is stored."""
        stored = {fact: codes_of_answer(known.answers.get(fact)) for fact in self.facts}
        every = {code for codes in stored.values() for code in codes}
        ticked = [option.code for option in self.choices() if self.is_stored(option, stored)]
        states = [state for state in (NOT_SURE, DECLINED) if state in every]
        if not ticked and not states and self.question.none and self.question.none_code in every:
            states = [self.question.none_code]
        self.values = {self.name: (*ticked, *states)}

    def is_stored(self, option: Option, stored: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether one of the codes that an option fills is stored."""
        return any(code in stored[fact] for fact, code in self.fills(option).items())

    def fills(self, option: Option) -> dict[str, str]:
        """The fact and code pairs of an option."""
        return dict(option.fills) or dict.fromkeys(self.facts, option.code)

    def problem(self) -> str:
        """Something ticked, all of it known, and what stands alone alone."""
        ticked, apart = set(self.ticked()), {option.code: option.label for option in self.apart()}
        if not ticked:
            return "" if self.optional else self.nothing_ticked()
        if not ticked <= {option.code for option in self.choices()} | set(apart):
            return str(_("Tick only answers on this page."))
        alone = [code for code in ticked & set(apart) if self.stands_alone(code)]
        if alone and len(ticked) > 1:
            return str(_("You ticked “%(words)s” and something else. Untick one of them.", words=apart[alone[0]]))
        return ""

    def stands_alone(self, code: str) -> bool:
        """Whether nothing else may be ticked beside this code."""
        return code != NOT_SURE

    def nothing_ticked(self) -> str:
        """The sentence for a list that was passed over."""
        words = self.question.none or self.question.not_sure
        if not words:
            return str(_("Tick at least one answer."))
        return str(_("Tick what applies to you, or tick “%(words)s”.", words=words))

    def answers(self) -> dict[str, Answer]:
        """For each fact the ticked codes, with its none where nothing of it is ticked."""
        ticked = self.ticked()
        return {fact: self.codes_of(fact, ticked) for fact in self.facts} if ticked else {}

    def codes_of(self, fact: str, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """The codes that the ticks give to one fact."""
        options = [self.fills(option) for option in self.choices() if option.code in ticked]
        codes = tuple(dict.fromkeys(fills[fact] for fills in options if fact in fills))
        states = tuple(state for state in (NOT_SURE, DECLINED) if state in ticked)
        return codes + states or (self.question.none_code,)


class Unsure(Checks):
    """Which of the signs that were left unticked is the patient unsure about?"""

    denied: tuple[Option, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Offer the signs that were not ticked."""
        ticked = codes_of_answer(known.answers.get("danger_signs"))
        self.denied = tuple(option for option in self.question.options if option.code not in ticked)
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The signs that were not ticked."""
        return self.denied


class Gate(Checks):
    """A checklist in front of questions: keeps which items were ticked and which were on the page."""

    asked_of_all = True
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Show the items that apply; a tick on an item that does not apply now is kept."""
        self.shown = known.items
        stored = codes_of_answer(known.answers.get(self.name))
        items = {option.code for option in self.question.options}
        self.hidden = tuple(code for code in stored if code in items and code not in self.shown)
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The items that apply to this patient."""
        return tuple(option for option in self.question.options if option.code in self.shown)

    def answers(self) -> dict[str, Answer]:
        """The ticks, and every item that the patient saw."""
        ticked = self.codes_of(self.name, self.ticked())
        if self.hidden:
            ticked = tuple(code for code in ticked if code != self.question.none_code) + self.hidden
        return {self.name: ticked, f"{self.name}_seen": tuple(option.code for option in self.choices())}


class BodyMap(Checks):
    """Body regions, right and left; "none of these places" is the empty set."""

    control = "bodymap"

    def restore(self, known: Known) -> None:
        """Tick the stored regions; an empty set ticks the words for none."""
        super().restore(known)
        if known.answers.get(self.facts[0]) == ():
            self.values = {self.name: (self.question.none_code,)}

    def stands_alone(self, code: str) -> bool:
        """A place cannot be marked beside "not sure where"."""
        return bool(code)

    def codes_of(self, fact: str, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """The regions; none is the empty set."""
        codes = super().codes_of(fact, ticked)
        return () if codes == (self.question.none_code,) else codes

    def option_id(self, name: str, code: str) -> str:
        """The id that the picture's labels point to."""
        return f"r-{code}" if code in {option.code for option in self.question.options} else f"{name}-{code}"


def _first_id(options: tuple[OptionView, ...], rows: tuple[RowView, ...], inputs: tuple[InputView, ...]) -> str:
    wrong = [shown.id for shown in inputs if shown.wrong] + [row.options[0].id for row in rows if row.wrong]
    every = [shown.id for shown in inputs] + [row.options[0].id for row in rows] + [option.id for option in options]
    return (wrong + every)[0]


def codes_of_answer(answer: Answer | None) -> tuple[str, ...]:
    """The codes in an answer; a number has none."""
    match answer:
        case tuple():
            return answer
        case str():
            return (answer,)
        case _:
            return ()


def score_of(code: str) -> int | str:
    """A score as a number; the word of a state stays."""
    return int(code) if code.isdecimal() else code
