"""What a staff form may send: every view that takes one names its fields, and a form with others is refused, not read.

Patients' pages check the names against the questions that they asked; they are not meant here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flask import abort, current_app, request

from intake.errors import SettingsError
from intake.web.guards import Guard

if TYPE_CHECKING:
    from flask import Flask

View = TypeVar("View", bound=Callable[..., object])
TOKEN = "csrf_token"  # noqa: S105 - the field's name
CHECKED = (Guard.DESK, Guard.STAFF, Guard.SETUP)


@dataclass(frozen=True, slots=True)
class Fields:
    """The names that a form may send, those that begin with one of `begins` too; each once, but for `several`."""

    names: frozenset[str]
    begins: tuple[str, ...]
    several: Callable[[], frozenset[str]]

    def refuses(self, sent: dict[str, list[str]]) -> bool:
        """Whether a form holds a field that its page has not, or one of its fields twice."""
        several = self.several()
        unknown = [name for name in sent if not (name in self.names | several or name.startswith(self.begins))]
        return bool(unknown) or any(len(values) > 1 for name, values in sent.items() if name not in several)


def takes(
    *names: str, begins: tuple[str, ...] = (), several: Callable[[], frozenset[str]] = frozenset
) -> Callable[[View], View]:
    """Declare what the view's form sends; `several` tells the names that may come more than once, as ticks do."""
    fields = Fields(frozenset((TOKEN, *names)), begins, several)

    def declare(view: View) -> View:
        setattr(view, "fields", fields)  # noqa: B010 - a function has no typed place for it
        return view

    return declare


def enforce(app: Flask) -> None:
    """Refuse an application with a staff form that names no fields; else hold every form against its view's."""
    posting = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    bare = [rule.rule for rule in posting if _is_checked(app, rule.endpoint) and _of(app, rule.endpoint) is None]
    if bare:
        raise SettingsError(f"These forms name no fields: {', '.join(sorted(bare))}. Put @takes(...) on the views.")
    app.before_request(refuse_unknown_fields)


def refuse_unknown_fields() -> None:
    """A form with a field that its page has not was not sent by that page."""
    fields = _of(current_app, request.endpoint or "") if request.method == "POST" else None
    if fields is not None and fields.refuses(request.form.to_dict(flat=False)):
        abort(422)


def _is_checked(app: Flask, endpoint: str) -> bool:
    return getattr(app.view_functions.get(endpoint), "guard", None) in CHECKED


def _of(app: Flask, endpoint: str) -> Fields | None:
    fields = getattr(app.view_functions.get(endpoint), "fields", None)
    return fields if isinstance(fields, Fields) else None
