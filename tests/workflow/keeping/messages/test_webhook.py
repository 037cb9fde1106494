"""A webhook: signed, to the one address that is set, over https or to this machine; a redirect leads nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake.storage import outbox
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import courier, stuck
from intake.workflow.keeping.messages.webhook import MESSAGE, SIGNATURE, TIMESTAMP, Webhook, signature
from tests.support.certificates import certified
from tests.support.receiver import Receiver, receiver
from tests.support.server_process import free_port
from tests.support.small_clinic import MINUTE, SmallClinic
from tests.workflow.keeping.messages.conftest import SECRET, Deliver


def write(clinic: SmallClinic, url: str, name: str = "a") -> None:
    with clinic.database.begin() as connection:
        new = NewMessage(name, Channel.WEBHOOK, "other", url, {"id": name, "event": "alarm"})
        outbox.add(connection, clinic.keys, [new], clinic.now)


def reasons(clinic: SmallClinic) -> list[str]:
    return [message.failure for message in stuck.listed(clinic, every=True)]


def test_the_receiver_can_tell_that_it_is_ours_and_of_when(on_duty: SmallClinic, ring: Deliver, hook: Receiver) -> None:
    write(on_duty, hook.url)
    assert ring() == 1
    ((method, path, headers, body),) = hook.came
    assert (method, path, json.loads(body)) == ("POST", "/alarms?clinic=1", {"id": "a", "event": "alarm"})
    assert headers["Content-Type"] == "application/json"
    assert headers[MESSAGE] == "a"
    assert headers[TIMESTAMP] == str(int(on_duty.now.timestamp()))
    assert headers[SIGNATURE] == f"sha256={signature(SECRET, headers[TIMESTAMP], body)}"
    others = (signature(SECRET, "1", body), signature(SECRET + "x", headers[TIMESTAMP], body))
    assert headers[SIGNATURE].removeprefix("sha256=") not in others
    assert reasons(on_duty) == []


def test_the_signature_is_an_hmac_over_stamp_full_stop_and_body() -> None:
    assert signature("key", "1", b"{}") == "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_refusal(on_duty: SmallClinic, ring: Deliver, hook: Receiver, status: int) -> None:
    with receiver() as elsewhere:
        hook.status, hook.headers = status, {"Location": elsewhere.url}
        write(on_duty, hook.url)
        assert ring() == 1
    assert (len(hook.came), elsewhere.came) == (1, [])
    assert reasons(on_duty) == [f"the receiver answered {status}"]


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_what_is_refused_comes_again_under_its_id(
    on_duty: SmallClinic, ring: Deliver, hook: Receiver, status: int
) -> None:
    hook.status = status
    write(on_duty, hook.url)
    ring()
    hook.status = 200
    on_duty.clock.now += MINUTE
    assert ring() == 1
    assert [headers[MESSAGE] for *_, headers, _ in hook.came] == ["a", "a"]
    assert reasons(on_duty) == []


def test_no_address_but_the_one_that_is_set_is_called(on_duty: SmallClinic, ring: Deliver) -> None:
    with receiver() as elsewhere:
        write(on_duty, elsewhere.url)
        assert ring() == 1
    assert elsewhere.came == []
    assert reasons(on_duty) == ["written for another address than the one that is set"]


def test_a_proxy_of_the_environment_is_not_asked(
    on_duty: SmallClinic, ring: Deliver, hook: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        write(on_duty, hook.url)
        assert ring() == 1
    assert (len(hook.came), proxy.came) == (1, [])


def test_an_unknown_certificate_is_refused(
    on_duty: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "127.0.0.1")
    with receiver(tls=context) as secured:
        clinic = replace(on_duty, duty=replace(on_duty.duty, webhook=secured.url))
        way = Webhook(secured.url, SECRET, clinic.clock)
        write(clinic, secured.url)
        courier.deliver(clinic, way)
        assert (secured.came, reasons(clinic)) == ([], ["the receiver's certificate or TLS is not sound"])
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        clinic.clock.now += MINUTE
        courier.deliver(clinic, way)
    assert (len(secured.came), reasons(clinic)) == (1, [])


def test_nobody_there_is_told(on_duty: SmallClinic) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    write(on_duty, url)
    courier.deliver(on_duty, Webhook(url, SECRET, on_duty.clock))
    assert reasons(on_duty) == ["the receiver refuses the connection"]
