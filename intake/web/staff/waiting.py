"""What staff sent after their session had ended: it waits in the sign-in page, and is shown again to be saved.

Nothing of it is saved meanwhile: it stands in that page field by field, beside the address that it was sent to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flask import current_app, request
from werkzeug.exceptions import HTTPException

from intake.web.fields import TOKEN
from intake.web.staff import answering, queue, review, treatment

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SEVERAL = " "  # between codes that were ticked under one name
WAITS = "waits-"  # before the names of its fields; alone: the address
SHOWN_AGAIN: Mapping[str, Callable[[str, Mapping[str, str]], ResponseReturnValue]] = {
    "review.decide": review.resumed,
    "review.close": review.resumed_closing,
    "review.save_answer": answering.resumed,
    "review.ask": answering.resumed_ask,
    "review.taken_over": queue.resumed_care,
    "review.record_treatment": treatment.resumed,
    "review.record_event": treatment.resumed_event,
}


def kept() -> dict[str, str]:
    """The form that was sent, as fields of the sign-in page; nothing where its kind does not wait."""
    if request.endpoint not in SHOWN_AGAIN:
        return {}
    return {WAITS + name: text for name, text in _sent().items()} | {WAITS: request.path}


def kept_on() -> dict[str, str]:
    """What waits in the sign-in page that was sent."""
    return {name: text for name, text in request.form.items() if name.startswith(WAITS)}


def shown_again(waiting: Mapping[str, str]) -> ResponseReturnValue | None:
    """The page of what waits, with the form as it was sent; None where nothing does."""
    form = {name.removeprefix(WAITS): text for name, text in waiting.items() if name != WAITS}
    return _page(waiting.get(WAITS, ""), form)


def page_of_this_form() -> ResponseReturnValue | None:
    """The same of the form that was sent now: its session is over, and the next one has begun."""
    return _page(request.path, _sent())


def _sent() -> dict[str, str]:
    """The form, each field once: codes that were ticked under one name stand beside each other in it."""
    return {name: SEVERAL.join(texts) for name, texts in request.form.lists() if name != TOKEN}


def _page(path: str, form: Mapping[str, str]) -> ResponseReturnValue | None:
    try:
        endpoint, parts = current_app.url_map.bind("").match(path, "POST")
    except HTTPException:
        return None
    show = SHOWN_AGAIN.get(endpoint)
    return show(next(iter(parts.values())), form) if show else None
