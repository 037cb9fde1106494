"""The reference proxies, real ones, before a real server: pages and forms over TLS, limits, forged headers, crowds.

Caddy stands below a path with its own authority, whose one file the browser trusts; nginx on a host of its own.
"""

from __future__ import annotations

import resource
import socket
import ssl
from contextlib import ExitStack, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from intake.cli.http_server import CONNECTIONS
from tests.support import every_page
from tests.support.client import FORM, Visitor
from tests.support.journeys import CALM, walk
from tests.support.proxies import PATIENCE, behind, practice_behind
from tests.support.routes import GOLDEN, address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.campaigns import Campaign
    from tests.support.client import Page
    from tests.support.practice import Practice
    from tests.support.proxies import Behind

CLINIC, EMAIL = "Harbour Lane Clinic", "lead@harbour.example"
WORDS = "gentle otters walk far"
STARTS = 12
PROXIES = ["caddy", "nginx"]
KB = 1024
ZONE = "Pacific/Auckland"
pytestmark = pytest.mark.xdist_group("proxies")  # one worker starts them, once


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Behind]]:
    """The product behind both."""
    folder = tmp_path_factory.mktemp("proxies")
    settings = {"clinic_name": CLINIC, "phone": "01234 000 000", "starts_per_hour": str(STARTS)}
    with behind([("caddy", "/intake"), ("nginx", "")], folder, **settings) as opened:
        yield opened


@pytest.fixture(params=PROXIES)
def site(request: pytest.FixtureRequest, reached: dict[str, Behind]) -> Iterator[Behind]:
    """The product behind one of them."""
    found = reached[request.param]
    yield found
    found.close()


def visitor(site: Behind) -> Visitor:
    """A browser of its own."""
    return Visitor(site.client(), CLINIC)  # type: ignore[arg-type]  # what a visitor asks of Flask's client


def test_a_patient_and_a_practitioner_walk_every_page_and_form_over_tls(site: Behind) -> None:
    patient = visitor(site)
    danger = {"danger": {**CALM["danger"], "danger_signs": ["chest_pressure"]}}
    page = walk(patient, "/check", **danger)
    assert patient.get("/later").status == 200
    page = patient.send(patient.get("/check"), "/send")
    assert page.path == "/done"
    staff = visitor(site)
    page = staff.get(f"/staff/setup/{site.setup}")
    page = staff.send(page, email=EMAIL, password=WORDS)
    page = staff.send(page, email=EMAIL, password=WORDS)
    for step in ("clinic", "country?country=GB", "phone", "duty", "check"):
        assert staff.get(f"/staff/first-run/{step}").status == 200
    assert staff.send(staff.get("/staff/first-run/phone"), "/staff/first-run/phone", phone="01234 1").status == 200
    page = staff.get("/review/")
    intake = next(link for link in page.links.values() if len(link) > 30 and link.startswith("/review/"))
    for path in (intake, f"{intake}/print", "/review/alarms", "/review/unsent", "/review/rules", "/review/rules/try"):
        assert staff.get(path).status == 200, path
    assert decided(staff, intake).status == 200
    if site.proxy == "caddy":
        begins_anew(staff)
    assert staff.send(staff.get("/review/"), "/staff/logout").path == "/staff/login"


def test_every_route_answers_a_stranger_as_it_does_without_a_proxy(site: Behind, practice: Practice) -> None:
    through, straight = visitor(site), practice.visitor()
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        path, methods = address(line.split()[-1]), line.split()[1:-1]
        for method in {"GET", "POST"}.intersection(methods):
            assert asked(through, method, path) == asked(straight, method, path), line


def asked(stranger: Visitor, method: str, path: str) -> int:
    """What a route answers to somebody who opens it, or sends it a form without a field of its own."""
    if method == "GET":
        return stranger.client.get(path).status_code
    token = dict(stranger.get("/code").form().fields)["csrf_token"]
    return stranger.client.post(path, data=f"csrf_token={token}&end=1", content_type=FORM).status_code


@pytest.mark.soak
@pytest.mark.parametrize(("proxy", "prefix"), [("caddy", "/intake"), ("nginx", "")])
def test_every_page_of_every_walk_passes_through_a_proxy(proxy: str, prefix: str, tmp_path: Path) -> None:
    with practice_behind(proxy, prefix, tmp_path / proxy) as practice:
        pages = [page for walk in every_page.WALKS for page in walk(practice)]
    assert len(pages) > 400
    assert {page.path: page.status for page in pages if page.status >= 500 and page.path != "/nowhere"} == {}


def begins_anew(staff: Visitor) -> None:
    """Finish the first run: the program begins anew with its settings, and everybody is soon answered again."""
    staff.send(staff.get("/staff/first-run/country?country=NZ"), "/staff/first-run/country/confirmed", time_zone=ZONE)
    page = staff.send(staff.get("/staff/first-run/check"), "/staff/first-run/check")
    assert "in force in a few seconds" in page.main
    until = monotonic() + PATIENCE
    while "call 111 now" not in staff.client.get("/").text:
        assert monotonic() < until, "it never came back"
        sleep(0.2)


def decided(staff: Visitor, intake: str) -> Page:
    """Send the form of an intake as it stands."""
    return staff.send(staff.get(intake), f"{intake}/alarm")


def test_static_files_are_served_with_their_long_life(site: Behind) -> None:
    client = site.client()
    page = client.get("/").text
    for part in page.split('="/static/')[1:]:
        found = client.get(f"/static/{part.partition(chr(34))[0]}")
        assert (found.status_code, "immutable" in found.headers["Cache-Control"]) == (200, True)


def test_every_answer_tells_the_browser_to_stay_on_tls(site: Behind) -> None:
    assert site.client().get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_only_the_one_file_is_trusted_and_nothing_without_it(site: Behind) -> None:
    with (
        socket.create_connection((site.host, site.port)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        ssl.create_default_context().wrap_socket(plain, server_hostname=site.host)


def test_forged_headers_of_a_proxy_reach_nobody(site: Behind) -> None:
    client = site.client()
    forged = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example",
    }
    for path in ("/", "/review/", "/nowhere"):
        found = client.get(path, headers=forged)
        assert found.status_code in (200, 302, 404)
        assert "evil" not in f"{found.text}{found.headers}"


def test_a_visitor_cannot_be_counted_under_another_address(site: Behind) -> None:
    statuses = []
    for number in range(STARTS + 3):
        client = site.client()
        token = dict(Visitor(client, CLINIC).get("/").form("/start").fields)["csrf_token"]  # type: ignore[arg-type]  # as above
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        statuses.append(client.post("/start", f"csrf_token={token}&end=1", FORM, headers=forged).status_code)
    assert statuses[-1] == 429


@pytest.mark.parametrize("size", [70 * KB, 3 * KB * KB])
def test_a_body_beyond_the_limits_is_refused(site: Behind, size: int) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        found = site.client().post("/start", "x" * size, FORM)
        ours = "Content-Security-Policy" in found.headers
        assert (found.status_code, ours) == (413, size < 2 * KB * KB), "a large one ends at the proxy"


def test_a_request_of_two_lengths_is_refused(site: Behind) -> None:
    both = "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nend=1\r\n0\r\n\r\n"
    said = raw(site, f"POST {site.prefix}/start HTTP/1.1\r\nHost: {site.host}\r\nConnection: close\r\n{both}")
    assert said.split()[1] in (b"400", b"411")


def test_a_foreign_host_is_refused(site: Behind) -> None:
    said = raw(site, f"GET {site.prefix}/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert not said or b"evil.example" not in said
    assert not said.startswith(b"HTTP/1.1 200") or len(said.partition(b"\r\n\r\n")[2]) == 0


def test_others_are_answered_while_a_crowd_is_slow(site: Behind, campaign: Campaign) -> None:
    """Some connections stop in the middle of a head, some in the middle of a form."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    crowd = campaign.rounds(30, CONNECTIONS + 50)
    head = f"GET {site.prefix}/ HTTP/1.1\r\nHost: {site.host}\r\nX-Slow: "
    form = (
        f"POST {site.prefix}/start HTTP/1.1\r\nHost: {site.host}\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\n"
    )
    with ExitStack() as stack:
        for number in range(crowd):
            stack.enter_context(secured(site)).sendall((head if number % 2 else form).encode())
        begun = monotonic()
        assert site.client().get("/").status_code == 200
        assert monotonic() - begun < 2
    campaign.tried(f"slow connections through {site.proxy}", crowd)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def secured(site: Behind) -> ssl.SSLSocket:
    """A connection over TLS."""
    context = ssl.create_default_context(cafile=str(site.trusted))
    return context.wrap_socket(socket.create_connection((site.host, site.port), 20), server_hostname=site.host)


def raw(site: Behind, sent: str) -> bytes:
    """What is answered to some bytes before the connection closes."""
    with secured(site) as connection:
        connection.sendall(sent.encode())
        return b"".join(iter(lambda: connection.recv(4096), b""))
