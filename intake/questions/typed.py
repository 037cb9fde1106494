"""Controls that are typed into: text, date of birth, name, phone and email."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from flask_babel import lazy_gettext as _

from intake.engine.book.vocabulary import Answer
from intake.questions.control import Control, Known
from intake.questions.typed_text import (
    EMAIL_LIMIT,
    NAME_LIMIT,
    TEXT_LIMIT,
    TypedError,
    age_in_years,
    clean_text,
    is_seen,
    read_birth_date,
    read_email,
    read_line,
    read_phone,
)
from intake.questions.views import InputView
from intake.questions.wording.translation import translated

if TYPE_CHECKING:
    from intake.questions.wording.question import Option, Question


@dataclass(frozen=True, slots=True, eq=False)
class TypedPart:
    """One input of a typed control; the only one of a control has no name of its own."""

    name: str = ""
    label: str = ""
    type: str = "text"
    inputmode: str = "text"
    autocomplete: str = "off"
    limit: int = NAME_LIMIT


class Typed(Control):
    """The base: every input is read by `read`, which raises TypedError."""

    parts: ClassVar[tuple[TypedPart, ...]] = ()
    personal = True

    def read(self) -> object:
        """The clean value; raises TypedError."""
        raise NotImplementedError

    def problem(self) -> str:
        """What the reader says."""
        try:
            self.read()
        except TypedError as error:
            return str(error.sentence)
        return ""

    def part_name(self, part: str) -> str:
        """The input name of a part; the unnamed part carries the control's name."""
        return f"{self.name}-{part}" if part else self.name

    def names(self) -> tuple[str, ...]:
        """One name a part."""
        return tuple(self.part_name(part.name) for part in self.parts)

    def apart(self) -> tuple[Option, ...]:
        """None: this control is typed into."""
        return ()

    def input_views(self) -> tuple[InputView, ...]:
        """Every part."""
        return tuple(self._input_view(translated(part)) for part in self.parts)

    def _input_view(self, part: TypedPart) -> InputView:
        name = self.part_name(part.name)
        return InputView(
            name=name,
            id=name,
            label=part.label,
            value=self.typed(name),
            type=part.type,
            inputmode=part.inputmode,
            autocomplete=part.autocomplete,
            limit=part.limit,
            wrong=bool(self.errors),
        )


class Text(Typed):
    """Free text, stored as text; always optional."""

    control = "text"
    limit = NAME_LIMIT
    parts = (TypedPart(),)

    def __init__(self, question: Question, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms passes its own keywords
        super().__init__(question, optional=True, **kwargs)

    def restore(self, known: Known) -> None:
        """The stored text."""
        self.values = {self.name: (known.texts.get(self.name, ""),)}

    def read(self) -> str:
        """The clean text."""
        return clean_text(self.typed(), self.limit)

    def texts(self) -> dict[str, str]:
        """The text under the control's name; empty if nothing was typed."""
        return {self.name: self.read()}


class LongText(Text):
    """Free text of several lines."""

    control = "textarea"
    limit = TEXT_LIMIT
    parts = (TypedPart(limit=TEXT_LIMIT),)


class FullName(Typed):
    """The patient's name."""

    control = "text"
    key = "name"
    parts = (TypedPart(autocomplete="name"),)
    asked_of_all = True

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - identity is no fact
        """None: identity is no fact."""
        return ()

    def restore(self, known: Known) -> None:
        """The stored name."""
        self.values = {self.name: (known.identity.get(self.key, ""),)}

    def read(self) -> str:
        """The name on one line."""
        name = read_line(self.typed(), NAME_LIMIT)
        if not is_seen(name):
            raise TypedError(_("Type your full name."))
        return name

    def identity(self) -> dict[str, str]:
        """The name."""
        return {self.key: self.read()}


class BirthDate(Typed):
    """The date of birth in three inputs; it is identity, the age in years is the fact."""

    control = "date"
    key = "born"
    today: date
    parts = (
        TypedPart("day", _("Day"), inputmode="numeric", autocomplete="bday-day", limit=2),
        TypedPart("month", _("Month"), autocomplete="bday-month", limit=20),
        TypedPart("year", _("Year"), inputmode="numeric", autocomplete="bday-year", limit=4),
    )

    def bind_to(self, known: Known) -> None:
        """Keep the day that the age is reckoned on."""
        self.today = known.today
        super().bind_to(known)

    def restore(self, known: Known) -> None:
        """The stored date, taken apart."""
        stored = known.identity.get(self.key, "")
        if stored:
            born = date.fromisoformat(stored)
            numbers = zip(self.names(), (born.day, born.month, born.year), strict=True)
            self.values = {name: (str(number),) for name, number in numbers}

    def read(self) -> date:
        """The date of birth."""
        day, month, year = (self.typed(name) for name in self.names())
        return read_birth_date(day, month, year, self.today)

    def identity(self) -> dict[str, str]:
        """The date, in ISO form."""
        return {self.key: self.read().isoformat()}

    def answers(self) -> dict[str, Answer]:
        """The age today."""
        return {self.facts[0]: age_in_years(self.read(), self.today)}


class Contact(Typed):
    """Phone or email, at least one of them."""

    control = "contact"
    parts = (
        TypedPart("phone", _("Phone"), "tel", "tel", "tel"),
        TypedPart("email", _("Email"), "email", "email", "email", EMAIL_LIMIT),
    )
    asked_of_all = True

    @classmethod
    def facts_of(cls, name: str, question: Question, *facts: str) -> tuple[str, ...]:  # noqa: ARG003 - identity is no fact
        """None: identity is no fact."""
        return ()

    def restore(self, known: Known) -> None:
        """What is stored."""
        self.values = {self.part_name(part): (known.identity.get(part, ""),) for part in ("phone", "email")}

    def read(self) -> dict[str, str]:
        """Both, empty where not given."""
        phone, email = (self.typed(name).strip() for name in self.names())
        if not phone and not email:
            raise TypedError(_("Type a phone number or an email address."))
        return {"phone": read_phone(phone) if phone else "", "email": read_email(email) if email else ""}

    def identity(self) -> dict[str, str]:
        """Phone and email."""
        return self.read()
