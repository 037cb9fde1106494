"""Who may call a route. Every view names its guard once; an application with a route that does not is never started.

`enforce` puts one check before every request, so that a view cannot be reached round its guard.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from flask import request

from intake.errors import SettingsError

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

View = TypeVar("View", bound=Callable[..., object])
Check = Callable[[], "ResponseReturnValue | None"]


class Guard(StrEnum):
    """The kinds of caller. STAFF are practitioners; DESK is everybody who works here; TABLET is an enrolled tablet.

    LINK is a patient's browser that came by a link and knows the birth date.
    """

    PUBLIC = "public"
    PATIENT = "patient"
    LINK = "link"
    SETUP = "setup"
    TABLET = "tablet"
    DESK = "desk"
    STAFF = "staff"


class GuardedRoute(NamedTuple):
    """One line of the list of routes; `guard` is empty where the view declares none."""

    path: str
    methods: str
    guard: str


def guard(kind: Guard) -> Callable[[View], View]:
    """Declare who may call the view."""

    def declare(view: View) -> View:
        setattr(view, "guard", kind)  # noqa: B010 - a function has no typed place for it
        return view

    return declare


def routes(app: Flask, declared: Mapping[str, Guard]) -> tuple[GuardedRoute, ...]:
    """Every route, sorted by path; `declared` names the guards of views that are not ours (endpoint -> guard)."""
    return tuple(
        sorted(
            GuardedRoute(rule.rule, " ".join(sorted(rule.methods or ())), _of(app, rule.endpoint, declared) or "")
            for rule in app.url_map.iter_rules()
        )
    )


def enforce(app: Flask, checks: Mapping[Guard, Check], declared: Mapping[str, Guard]) -> None:
    """Refuse an application with an undeclared route; else ask the guard's check before every request to it."""
    bare = ", ".join(route.path for route in routes(app, declared) if not route.guard)
    if bare:
        raise SettingsError(
            f"These routes name no guard, so nobody may call them: {bare}. Put @guard(...) on the views."
        )
    kinds = {rule.endpoint: _of(app, rule.endpoint, declared) for rule in app.url_map.iter_rules()}

    def ask() -> ResponseReturnValue | None:
        kind = kinds.get(request.endpoint or "")
        check = checks.get(kind) if kind else None
        return check() if check else None

    app.before_request(ask)


def _of(app: Flask, endpoint: str, declared: Mapping[str, Guard]) -> Guard | None:
    kind = declared.get(endpoint) or getattr(app.view_functions.get(endpoint), "guard", None)
    return kind if isinstance(kind, Guard) else None
