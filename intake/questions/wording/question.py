"""What the patient reads: `Question` and `Option`, and the standing words that every page shares.

Words are lazy strings: `translated` reads them, in the language of whoever reads them. Each question and option is
itself alone: two with the same words are not equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_SURE_WORDS: str = _("Not sure")
DECLINED_WORDS: str = _("Rather not say")
NEW_WORDS: str = _("New on this list")


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One answer. `fills` says which fact gets which code where one control fills several facts.

    `row`: what it shares with the other side of the body, for a list of one line a region.
    """

    code: str
    label: str
    hint: str = ""
    heading: str = ""
    row: str = ""
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line of a control that asks several facts alike; `low` and `high` name the ends of a 0 to 10 scale."""

    fact: str
    legend: str
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question. Empty `none`, `not_sure` or `declined` words: that answer is not offered.

    `of_patient` are the words for somebody who answers for the patient, where "you" would be misread.
    """

    legend: str
    options: tuple[Option, ...] = ()
    hint: str = ""
    why: str = ""
    none: str = ""
    none_code: str = "none"
    not_sure: str = NOT_SURE_WORDS
    declined: str = ""
    rows: tuple[GridRow, ...] = ()
    low: str = ""
    high: str = ""
    of_patient: str = ""


def under(heading: str, *options: Option) -> tuple[Option, ...]:
    """The options, all under one heading."""
    return tuple(replace(option, heading=heading) for option in options)


YES_NO = (Option("yes", _("Yes")), Option("no", _("No")))
TICK_ALL: str = _("Tick all that apply.")
