"""What a template sees of a control: plain frozen data, translated, with nothing left to decide but the mark-up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class OptionView:
    """One radio or box. `apart`: it stands after the "or" divider (not sure, rather not say, none).

    `row`: the words that the right and the left of a body region share; none of what has no sides.
    """

    name: str
    value: str
    id: str
    label: str
    hint: str
    heading: str
    row: str
    checked: bool
    apart: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of radios in a `scores` or `grid` control."""

    name: str
    id: str
    legend: str
    low: str
    high: str
    options: tuple[OptionView, ...]
    wrong: bool


@dataclass(frozen=True, slots=True)
class InputView:
    """One typed input; `value` is what was typed or stored."""

    name: str
    id: str
    label: str
    value: str
    type: str
    inputmode: str
    autocomplete: str
    limit: int
    wrong: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One control. `first_id` is where the error summary leads; `low` and `high` are the words at a score's ends.

    `leads_on`: each answer is asked about by a question of its own.
    """

    name: str
    id: str
    control: str
    facts: tuple[str, ...]
    legend: str
    hint: str
    error: str
    optional: bool
    first_id: str
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    inputs: tuple[InputView, ...]
    low: str
    high: str
    leads_on: bool = False

    @property
    def groups(self) -> tuple[tuple[str, tuple[OptionView, ...]], ...]:
        """Each heading with the options under it, in order; not those that stand apart."""
        options = (option for option in self.options if not option.apart)
        return tuple((heading, tuple(some)) for heading, some in groupby(options, lambda option: option.heading))

    @property
    def offered(self) -> tuple[str, ...]:
        """The codes of the options, chosen or not."""
        return tuple(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class PageProblem:
    """One line of the error summary."""

    first_id: str
    message: str


@dataclass(frozen=True, slots=True)
class PageView:
    """One page: its heading, its controls, what is wrong with them. `refusal`: the form as sent cannot be read."""

    name: str
    step: int
    section: str
    title: str
    hint: str
    why: str
    more: str
    fields: tuple[FieldView, ...]
    problems: tuple[PageProblem, ...]
    refusal: str

    @property
    def has_map(self) -> bool:
        """Whether the page shows the body."""
        return any(field.control == "bodymap" for field in self.fields)
