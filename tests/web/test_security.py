"""What every request must pass and every answer must carry, shown from outside."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from intake.web.guards import Guard, routes
from tests.support import lint
from tests.support.apps import CLINIC, MakeApp
from tests.support.client import FORM, Visitor
from tests.support.journeys import CALM, begin, walk

if TYPE_CHECKING:
    from flask import Flask

START = "/start"


def fields_of(visitor: Visitor, path: str = "/") -> list[tuple[str, str]]:
    """The fields that the form of a page sends untouched."""
    return visitor.get(path).form().fields


@pytest.mark.parametrize("path", ["/", "/healthz", "/no/such/page", "/q/danger", "/static/nothing.css", "/review/"])
def test_every_answer_carries_the_strict_headers(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    lint.check_headers(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_every_static_file_carries_them_too_and_may_be_kept_for_good(app: Flask, visitor: Visitor) -> None:
    page = visitor.get("/")
    files = [e.get("href") or e.get("src") or "" for e in page.tree.iter() if e.tag in ("link", "script")]
    assert len(files) == 3
    for address in files:
        response = app.test_client().get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
        assert response.status_code == 200, address
        lint.check_headers(response)
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["Content-Encoding"] == "gzip"
        assert "Access-Control-Allow-Origin" not in response.headers


def test_every_route_of_a_patient_refuses_a_post_without_a_token(app: Flask) -> None:
    open_to_all = [route for route in routes(app, {}) if route.guard in (Guard.PUBLIC, Guard.PATIENT, Guard.LINK)]
    posting = [route for route in open_to_all if "POST" in route.methods and not route.path.startswith("/staff/")]
    invited = ["/code", "/copy", "/copy/change", "/i", "/l", "/move", "/move/in"]
    asked = ["/day", "/done", "/leave", "/q/<name>", "/q/<name>/stop", "/send", "/start"]
    linked = ["/l/check-in", "/l/question", "/l/consent", "/l/consent/withdraw"]
    assert [route.path for route in posting] == sorted([*invited, *linked, *asked, "/tablet/enrol"])
    visitor = Visitor(app.test_client(), CLINIC)
    walk(visitor)
    for route in posting:
        path = route.path.replace("<name>", "needles")
        response = visitor.client.post(path, data={"end": "1"}, content_type=FORM)
        assert response.status_code in (400, 422), path


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_post_from_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    fields = fields_of(visitor)
    assert visitor.client.post(START, data=dict(fields), headers=headers).status_code == 403
    assert visitor.client.post(START, data=dict(fields), headers={"Origin": "http://localhost"}).status_code == 303


def test_a_host_that_is_not_ours_is_refused_and_never_repeated(app: Flask) -> None:
    response = app.test_client().get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil" not in response.text
    lint.check_headers(response)


class TestBodies:
    """Bodies that are too long, of unknown length, not a form, or full of fields."""

    def test_one_of_70_kb_is_refused(self, visitor: Visitor) -> None:
        response = visitor.client.post(START, data={"full_name": "x" * 70_000})
        assert response.status_code == 413
        lint.check(response, CLINIC)

    def test_one_without_a_length_is_refused(self, visitor: Visitor) -> None:
        response = visitor.client.post(
            START,
            environ_overrides={"wsgi.input_terminated": True},
            headers={"Transfer-Encoding": "chunked"},
            content_type=FORM,
        )
        assert response.status_code == 411
        lint.check(response, CLINIC)

    def test_too_many_fields_are_refused_before_they_are_read(self, visitor: Visitor) -> None:
        fields = begin(visitor).form().fields
        for count, status in ((100, 422), (5000, 400)):  # 100 unknown fields are the page's to refuse
            body = "&".join(f"{name}={value}" for name, value in [*fields, *((f"f{n}", "1") for n in range(count))])
            response = visitor.client.post("/q/danger", data=body, content_type=FORM)
            assert response.status_code == status
            lint.check(response, CLINIC)

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
    def test_one_that_is_no_form_is_refused(self, visitor: Visitor, kind: str) -> None:
        assert visitor.client.post(START, data=b'{"a": 1}', content_type=kind).status_code == 415

    def test_one_that_was_cut_short_is_not_saved(self, visitor: Visitor) -> None:
        page = walk(visitor, "/q/about")
        fields = [pair for pair in page.form().fill(CALM["about"]) if pair[0] != "end"]
        again = visitor.post("/q/about", fields)
        assert again.status == 422
        assert again.path == "/q/about"
        assert visitor.get("/resume").path == "/q/about"


# NUL, control characters of both sets, the mark of lost bytes
NAUGHTY = [quote("Ada\x00"), quote("Ada\x07"), quote("Ada\x9b31m"), quote("Ada\ufffd")]


@pytest.mark.parametrize("value", NAUGHTY)
@pytest.mark.parametrize("place", ["value", "name"])
def test_text_that_is_no_text_is_refused_with_a_page(visitor: Visitor, value: str, place: str) -> None:
    page = walk(visitor, "/q/about")
    sent = page.form().fill({**CALM["about"], "full_name": "Ada"})
    body = "&".join(f"{quote(name)}={quote(text)}" for name, text in sent)
    body = body.replace("full_name=Ada", f"full_name={value}" if place == "value" else f"{value}=Ada")
    response = visitor.client.post("/q/about", data=body, content_type=FORM)
    assert response.status_code == 422
    lint.check(response, CLINIC)
    assert visitor.get("/resume").path == "/q/about"


@pytest.mark.parametrize("value", [b"%ff", b"\xff", b"%c3%28", b"%ed%a0%80", b"Jos%e9"])
def test_bytes_that_are_no_text_are_refused_and_nothing_is_saved(visitor: Visitor, value: bytes) -> None:
    page = walk(visitor, "/q/about")
    sent = page.form().fill({**CALM["about"], "full_name": "Ada"})
    body = urlencode(sent).encode().replace(b"full_name=Ada", b"full_name=" + value)
    response = visitor.client.post("/q/about", data=body, content_type=FORM)
    assert response.status_code == 422
    lint.check(response, CLINIC)
    assert "%FF" not in response.text
    assert visitor.get("/resume").path == "/q/about"
    assert visitor.client.get("/?a=%ff").status_code == 422


@pytest.mark.parametrize(
    "path", ["/%00", "/q/%00", "/q/%ed%a0%80", "/?a=%00", "/q/danger%2f..%2f", "/%2e%2e/etc/passwd"]
)
def test_an_address_that_is_no_address_is_a_page_of_ours(visitor: Visitor, path: str) -> None:
    response = visitor.client.get(path, follow_redirects=True)
    assert response.status_code in (200, 404, 422)
    lint.check(response, CLINIC)


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "Robert'); --"],
)
def test_what_a_patient_types_is_shown_as_typed(visitor: Visitor, name: str) -> None:
    page = walk(visitor, "/q/who", about={**CALM["about"], "full_name": name})
    again = visitor.get("/q/about")
    assert dict(again.form().fields)["full_name"] == name or name not in page.text
    assert "<script>alert" not in again.text
    assert "49" not in dict(again.form().fields)["full_name"]


class TestForms:
    """Forms that were tampered with."""

    @pytest.mark.parametrize("extra", ["id", "status", "age_years", "__proto__", "danger_signs", "passed"])
    def test_a_field_that_is_not_on_the_page_is_refused(self, visitor: Visitor, extra: str) -> None:
        page = walk(visitor, "/q/who")
        again = visitor.send(page, **CALM["who"], **{extra: "1"})
        assert again.status == 422
        assert again.path == "/q/who"

    def test_one_answer_that_comes_twice_is_refused(self, visitor: Visitor) -> None:
        page = walk(visitor, "/q/who")
        again = visitor.send(page, filled_by=["self", "helper"], understands_and_agrees="yes")
        assert again.status == 422
        assert visitor.get("/resume").path == "/q/who"

    @pytest.mark.parametrize("code", ["nobody", "SELF", "", "self ", "declined", "\u202eself"])
    def test_a_code_that_is_not_offered_is_refused(self, visitor: Visitor, code: str) -> None:
        page = walk(visitor, "/q/who")
        assert visitor.send(page, filled_by=code, understands_and_agrees="yes").status == 422

    def test_a_page_that_was_open_for_too_long_keeps_what_was_typed(self, visitor: Visitor) -> None:
        page = walk(visitor, "/q/about")
        again = visitor.send(page, **CALM["about"], csrf_token="old")  # noqa: S106 - a token that is no secret any more
        assert again.status == 422
        assert dict(again.form().fields)["full_name"] == "Ada Example"
        assert visitor.send(again).path == "/q/who"


def test_pages_are_compressed_for_those_who_take_it(visitor: Visitor) -> None:
    plain = visitor.client.get("/")
    packed = visitor.client.get("/", headers={"Accept-Encoding": "br;q=0, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data)[:15] == plain.data[:15]
    assert "Content-Encoding" not in plain.headers


def test_behind_tls_cookies_never_travel_without_it(make_app: MakeApp) -> None:
    app = make_app(public_url="https://intake.example")
    client = app.test_client()
    there = {"base_url": "https://intake.example"}
    response = client.get("/", **there)
    assert response.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    token = response.text.split('name="csrf_token" value="')[1].split('"')[0]
    begun = client.post(START, data={"csrf_token": token, "end": "1"}, **there)
    assert begun.status_code == 303
    cookies = [*response.headers.getlist("Set-Cookie"), *begun.headers.getlist("Set-Cookie")]
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


def test_a_crash_shows_a_page_and_logs_no_answer(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_given: object, **_named: object) -> None:
        raise ValueError("Ada Example has a secret")

    page = walk(visitor, "/q/about")
    monkeypatch.setattr("intake.web.patient.journey.saving.save_page", crash)
    fields = page.form().fill(CALM["about"])
    response = visitor.client.post(
        "/q/about", data="&".join(f"{quote(n)}={quote(v)}" for n, v in fields), content_type=FORM
    )
    assert response.status_code == 500
    lint.check(response, CLINIC)
    logged = capsys.readouterr().out
    assert '"error": "ValueError"' in logged
    for secret in ("secret", "Ada", "Traceback"):
        assert secret not in response.text + logged
    assert app.debug is False


def test_a_database_that_is_gone_is_a_page_with_a_time_to_come_back(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.errors import StorageError  # noqa: PLC0415

    def gone(*_given: object, **_named: object) -> None:
        raise StorageError("locked")

    begin(visitor)
    monkeypatch.setattr("intake.web.patient.journey.drafts.load", gone)
    response = visitor.client.get("/q/danger")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    lint.check(response, CLINIC)
