"""The form under a consent sheet, as patients and staff fill it in; what is sent, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import lazy_gettext as _

from intake.questions.typed_text import TypedError, is_seen, read_line
from intake.questions.views import PageProblem
from intake.workflow.review.consent.signatures import LONGEST_DRAWING, LONGEST_NAME, Copy, Signature
from intake.workflow.review.consent.standing import ConsentState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intake.workflow.review.verdicts import Wrong

FIELDS = ("say", "name", "drawing", "helper", "interpreter", "for_whom", "copy")
FIRST = {"copy": "copy-print", "way": "way-phone", "say": "agree"}  # the first control of what has several
COPIES: Mapping[Copy, str] = {
    Copy.PRINT: _("Print it"),
    Copy.MAIL: _("Mail me a link"),
    Copy.DOWNLOAD: _("Save it on my phone"),
    Copy.NONE: _("I want no copy"),
}
STATES: Mapping[ConsentState, str] = {
    ConsentState.NONE: _("not given"),
    ConsentState.GIVEN: _("given"),
    ConsentState.WITHDRAWN: _("taken back"),
    ConsentState.VOID: _("void"),
}
HANDED: Mapping[Copy, str] = {
    Copy.PRINT: _("Printed and handed over"),
    Copy.MAIL: _("Mail a link now, behind the birth date"),
    Copy.DOWNLOAD: _("Saved by the patient, with the link"),
    Copy.NONE: _("No copy"),
}


def sent_signature() -> Signature:
    """What was sent."""
    form = request.form
    return Signature(
        said=form.get("say", ""),
        name=line("name"),
        drawing=form.get("drawing", "")[: LONGEST_DRAWING + 1],
        helper=line("helper"),
        interpreter=line("interpreter"),
        for_whom=line("for_whom"),
        copy=form.get("copy", ""),
    )


def line(name: str, limit: int = LONGEST_NAME) -> str:
    """One typed line; empty where nothing can be read."""
    try:
        typed = read_line(request.form.get(name, ""), limit)
    except TypedError:
        return ""
    return typed if is_seen(typed) else ""


def problems_of(wrong: Iterable[Wrong]) -> tuple[PageProblem, ...]:
    """What is wrong, as the summary of a page shows it: each leads to the first control of its question."""
    return tuple(PageProblem(FIRST.get(each.field, each.field), each.sentence) for each in wrong)
