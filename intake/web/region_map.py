"""Marking regions on the body map in a form of staff: the patient's own map, ticked by somebody who works here.

A view gives `field(...)` to `components/body_map.html` (`regions`), names its field in `takes(several=fields_of(...))`,
and reads what was ticked by `marked(...)`. The page loads `body-map.css`; it shows one such map and no safety map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from intake.errors import AnswerError
from intake.questions.views import FieldView, OptionView
from intake.questions.wording.body import REGIONS
from intake.questions.wording.question import Question
from intake.questions.wording.translation import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_BODY = Question("", REGIONS)


def field(name: str, legend: str, chosen: Collection[str], *, hint: str = "", error: str = "") -> FieldView:
    """The map as a form field of that name, with the `chosen` regions ticked."""
    options = tuple(
        OptionView(
            name, each.code, f"r-{each.code}", each.label, "", each.heading, each.row, each.code in chosen, False
        )
        for each in translated(_BODY).options
    )
    return FieldView(
        name=name,
        id=name,
        control="bodymap",
        facts=(),
        legend=legend,
        hint=hint,
        error=error,
        optional=False,
        first_id=options[0].id,
        options=options,
        rows=(),
        inputs=(),
        low="",
        high="",
    )


def fields_of(name: str) -> Callable[[], frozenset[str]]:
    """What `takes` is told of the field: it may come more than once."""
    return lambda: frozenset({name})


def marked(name: str) -> tuple[str, ...]:
    """The regions that were ticked, in the order of the map; raises AnswerError for what is no region."""
    ticked = set(request.form.getlist(name))
    known = tuple(option.code for option in REGIONS)
    if not ticked <= set(known):
        raise AnswerError("no region that the map offers")
    return tuple(code for code in known if code in ticked)
