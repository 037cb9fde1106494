"""Every route says who may call it; the list is kept, so that none appears, changes or goes unnoticed."""

from __future__ import annotations

import pytest
from flask import Flask

from intake.errors import SettingsError
from intake.web import fields, guards
from intake.web.guards import Guard, guard
from tests.support.practice import Practice
from tests.support.routes import GOLDEN, address

WAITING = {  # what was sent to them waits in the sign-in page
    "/review/<intake_id>/decision",
    "/review/<intake_id>/close",
    "/review/<intake_id>/answer",
    "/review/<intake_id>/ask",
    "/review/<intake_id>/treatment",
    "/review/<intake_id>/event",
    "/review/unsent/<draft_id>/taken",
}


def listed(practice: Practice) -> list[guards.GuardedRoute]:
    return list(guards.routes(practice.app, {}))


def test_the_routes_are_those_of_the_list(practice: Practice) -> None:
    lines = [f"{route.guard:8}{route.methods:22}{route.path}" for route in listed(practice)]
    told = "who may call what has changed: `make golden`, then read the difference of tests/golden/routes.txt"
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines(), told


def test_nobody_reaches_a_staff_route_without_signing_in(practice: Practice) -> None:
    staff = [route for route in listed(practice) if route.guard in (Guard.DESK, Guard.STAFF)]
    assert len(staff) >= 20
    for route in staff:
        visitor = practice.visitor()
        method = "POST" if "POST" in route.methods else "GET"
        form = dict(visitor.get("/staff/login").form().fields) if method == "POST" else {}
        response = visitor.client.open(address(route.path), method=method, data=form or None)
        if route.path in WAITING and method == "POST":
            assert (response.status_code, "<h1>Sign in</h1>" in response.text) == (403, True)
            continue
        assert response.status_code == 302, route
        assert response.headers["Location"].startswith("/staff/login"), route


def test_a_set_up_route_without_a_token_is_not_there(practice: Practice) -> None:
    for route in listed(practice):
        if route.guard == Guard.SETUP:
            assert practice.visitor().client.get(address(route.path)).status_code == 404


def view() -> str:
    return "open"


def test_a_route_without_a_guard_stops_the_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/forgotten", view_func=view)
    with pytest.raises(SettingsError, match="/forgotten"):
        guards.enforce(app, {}, {})


@pytest.mark.parametrize("kind", [Guard.STAFF, Guard.SETUP])
def test_a_staff_form_that_names_no_fields_stops_the_start(kind: Guard) -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/forgotten", view_func=guard(kind)(lambda: ""), methods=["POST"])
    with pytest.raises(SettingsError, match="/forgotten"):
        fields.enforce(app)


def test_a_route_of_others_is_declared_by_its_endpoint() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/theirs", endpoint="theirs", view_func=view)
    guards.enforce(app, {Guard.STAFF: lambda: ("no", 403)}, {"theirs": Guard.STAFF})
    assert app.test_client().get("/theirs").status_code == 403


def test_the_guard_asks_before_the_view() -> None:
    app = Flask("bare", static_folder=None)
    calls = []

    @app.get("/inside")
    @guard(Guard.STAFF)
    def inside() -> str:
        calls.append("view")
        return "in"

    guards.enforce(app, {Guard.STAFF: lambda: ("no", 403)}, {})
    assert app.test_client().get("/inside").status_code == 403
    assert app.test_client().get("/nowhere").status_code == 404
    assert calls == []
