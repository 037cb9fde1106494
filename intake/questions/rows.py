"""Controls of several like rows: 0 to 10 scales, one set of answers for all rows, the effect of each therapy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.engine.book.roles import THERAPIES_SEEN
from intake.engine.book.vocabulary import NOT_SURE, Answer, codes_in
from intake.questions.checks import Checks
from intake.questions.control import Control, Known
from intake.questions.radios import SCORES, score_of
from intake.questions.views import OptionView, RowView
from intake.questions.wording.question import GridRow, Option, Question

if TYPE_CHECKING:
    from collections.abc import Mapping

EFFECTS = {"helped": "therapies_helped", "no_change": "therapies_no_change", "worse": "therapies_worse"}


class Grid(Control):
    """The same radios for every row; each row answers one fact under its own name."""

    control = "grid"

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - the rows name the facts
        """One fact a row."""
        return tuple(row.fact for row in question.rows)

    def rows(self) -> tuple[GridRow, ...]:
        """The rows as shown."""
        return self.question.rows

    def row_name(self, row: GridRow) -> str:
        """The input name of a row."""
        return row.fact

    def names(self) -> tuple[str, ...]:
        """One name a row."""
        return tuple(self.row_name(row) for row in self.rows())

    def restore(self, known: Known) -> None:
        """Choose what is stored in each row."""
        stored = {row.fact: known.answers.get(row.fact) for row in self.rows()}
        self.values = {fact: (str(answer),) for fact, answer in stored.items() if answer is not None}

    def problem(self) -> str:
        """One known answer in every row, unless optional."""
        codes = {option.code for option in (*self.choices(), *self.apart())}
        if any(not set(self.ticked(name)) <= codes for name in self.names()):
            return str(_("Choose one of the answers on this page."))
        if not self.optional and any(not self.ticked(name) for name in self.names()):
            return str(_("Choose one answer in each row."))
        return ""

    def answers(self) -> dict[str, Answer]:
        """One code a row."""
        return {row.fact: self.ticked(row.fact)[0] for row in self.rows() if self.ticked(row.fact)}

    def option_views(self) -> tuple[OptionView, ...]:
        """None: the radios stand in the rows."""
        return ()

    def row_views(self) -> tuple[RowView, ...]:
        """Every row with its radios."""
        return tuple(self._row_view(row) for row in self.rows())

    def _row_view(self, row: GridRow) -> RowView:
        name = self.row_name(row)
        options = self.options_under(name, self.choices(), self.apart())
        wrong = bool(self.errors) and not any(option.checked for option in options)
        return RowView(name, name, row.legend, row.low, row.high, options, wrong)


class Scores(Grid):
    """Several 0 to 10 scales."""

    control = "scores"

    def choices(self) -> tuple[Option, ...]:
        """Zero to ten."""
        return SCORES

    def answers(self) -> dict[str, Answer]:
        """One number a row, or the word of a state."""
        return {fact: score_of(str(code)) for fact, code in super().answers().items()}


class Effects(Grid):
    """What each therapy did: one control fills the helped, no change and worse facts. Rows are the therapies tried."""

    tried: tuple[str, ...] = ()

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - always these three
        """Helped, no change, worse."""
        return tuple(EFFECTS.values())

    def bind_to(self, known: Known) -> None:
        """One row for each therapy tried."""
        self.tried = codes_in(known.answers.get("therapies_tried"))
        super().bind_to(known)

    def rows(self) -> tuple[GridRow, ...]:
        """The therapies that were tried."""
        return tuple(row for row in self.question.rows if row.fact in self.tried)

    def row_name(self, row: GridRow) -> str:
        """The control's name and the therapy."""
        return f"{self.name}-{row.fact}"

    def restore(self, known: Known) -> None:
        """Choose in each row that was answered before what is stored for it."""
        stored = {effect: codes_in(known.answers.get(fact)) for effect, fact in EFFECTS.items()}
        seen = codes_in(known.answers.get(THERAPIES_SEEN))
        rows = [row for row in self.rows() if row.fact in seen]
        self.values = {self.row_name(row): (_effect(row.fact, stored),) for row in rows}

    def answers(self) -> dict[str, Answer]:
        """The three facts, and the rows that were on the page."""
        chosen = {row.fact: self.ticked(self.row_name(row))[0] for row in self.rows()}
        unsure = (NOT_SURE,) if NOT_SURE in chosen.values() else ()
        answers: dict[str, Answer] = {
            fact: tuple(therapy for therapy, code in chosen.items() if code == effect) + unsure or ("none",)
            for effect, fact in EFFECTS.items()
        }
        return {**answers, THERAPIES_SEEN: tuple(chosen)}


def _effect(therapy: str, stored: Mapping[str, tuple[str, ...]]) -> str:
    return next((effect for effect, therapies in stored.items() if therapy in therapies), NOT_SURE)


class Running(Checks):
    """Which of the therapies tried are going on now."""

    tried: tuple[str, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Keep the therapies that were tried."""
        self.tried = codes_in(known.answers.get("therapies_tried"))
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The therapies that were tried."""
        return tuple(option for option in self.question.options if option.code in self.tried)
