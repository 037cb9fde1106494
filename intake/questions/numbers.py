"""A number that is typed, or the words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _

from intake.engine.book.vocabulary import Answer
from intake.questions.checks import Checks
from intake.questions.control import Known
from intake.questions.typed_text import TypedError, read_number, read_weeks
from intake.questions.views import InputView, OptionView

if TYPE_CHECKING:
    from intake.questions.wording.question import Question

NUMBER_LIMIT = 10


class Number(Checks):
    """A whole number, or "I'm not sure"."""

    control = "number"
    single = True

    def __init__(self, question: Question, low: int, high: int, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms passes its own keywords
        super().__init__(question, **kwargs)
        self.low, self.high = low, high

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: object) -> tuple[str, ...]:  # noqa: ARG003 - the rest are the limits
        """The fact of the control's name."""
        return (name,)

    @property
    def states(self) -> str:
        """The input name of the words beside the number."""
        return f"{self.name}-state"

    def names(self) -> tuple[str, ...]:
        """The number and the words beside it."""
        return (self.name, self.states)

    def restore(self, known: Known) -> None:
        """The stored number or word."""
        stored = known.answers.get(self.facts[0])
        if isinstance(stored, str):
            self.values = {self.name: ("",), self.states: (stored,)}
        elif isinstance(stored, int | float):
            self.values = {self.name: (str(int(stored)),)}

    def read(self) -> int:
        """The typed number; raises TypedError."""
        return read_number(self.typed(), self.low, self.high)

    def problem(self) -> str:
        """A number in range, or one of the words, not both."""
        words = self.ticked(self.states)
        if bool(words) == bool(self.typed().strip()):
            return str(_("Type a number, or tick “%(words)s”.", words=self.question.not_sure))
        if words:
            known = {option.code for option in self.apart()}
            return "" if set(words) <= known and len(words) == 1 else str(_("Tick only answers on this page."))
        try:
            self.read()
        except TypedError as error:
            return str(error.sentence)
        return ""

    def answers(self) -> dict[str, Answer]:
        """The number or the word."""
        words = self.ticked(self.states)
        return {self.facts[0]: words[0] if words else self.read()}

    def option_views(self) -> tuple[OptionView, ...]:
        """The words beside the number."""
        return self.options_under(self.states, (), self.apart())

    def input_views(self) -> tuple[InputView, ...]:
        """The number."""
        name = self.name
        wrong = bool(self.errors)
        return (InputView(name, name, "", self.typed(), "text", "numeric", "off", NUMBER_LIMIT, wrong=wrong),)


class Weeks(Number):
    """The same for weeks, which people also write with days: the whole weeks count."""

    def read(self) -> int:
        """The typed weeks; raises TypedError."""
        return read_weeks(self.typed(), self.low, self.high)
