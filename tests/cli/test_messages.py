"""The `messages` commands, and the post room of a server that runs: tried, listed without content, given up, sent."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from click.testing import Result
from flask import Flask

from intake.cli import post_room
from intake.cli.messages import ways_out
from intake.storage import outbox
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import courier
from intake.workflow.keeping.messages.smtp import MailServer
from intake.workflow.review.people import Practitioner
from tests.support.apps import Clock, MakeApp, parts
from tests.support.mail import Inbox
from tests.support.practice import Practice
from tests.support.receiver import Receiver
from tests.support.server_process import answer, flask, free_port, started
from tests.support.treated import mailing, treat

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ROOT = Path(__file__).parents[2]
DUTY, SECRET = "duty@harbour.example", "s3cret-of-the-webhook-0123456789-abcdef"
PATIENCE = 30


def settings(inbox: Inbox, **more: str) -> dict[str, str]:
    """What a clinic with a mail server sets."""
    server = {"smtp_host": inbox.host, "smtp_port": str(inbox.port), "mail_from": "desk@harbour.example"}
    return {**server, "duty_address": DUTY, **more}


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["messages", *words])


def wait_for(inbox: Inbox, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(inbox.mails) < count:
        assert time.monotonic() < until, f"{len(inbox.mails)} of {count} came"
        time.sleep(0.05)


@on_sqlite
def test_a_test_goes_to_the_duty_address_and_the_webhook(make_app: MakeApp, inbox: Inbox, hook: Receiver) -> None:
    done = run(make_app(**settings(inbox, webhook_url=hook.url, webhook_secret=SECRET)), "test")
    assert (done.exit_code, done.output) == (
        0,
        f"mail: accepted, for {DUTY}\nwebhook: accepted, for {hook.url}\n",
    )
    assert (inbox.recipients, inbox.subjects) == ([DUTY], ["Test - Harbour Lane Clinic"])
    assert b'"event":"test"' in hook.came[0][3]


@on_sqlite
def test_a_test_that_is_refused_says_why(make_app: MakeApp, inbox: Inbox) -> None:
    inbox.reply = lambda step: "550 no" if step == "RCPT" else None
    done = run(make_app(**settings(inbox)), "test")
    assert (done.exit_code, done.output) == (1, "mail: recipient refused (550)\nError: Not accepted: mail.\n")


@on_sqlite
def test_without_a_way_out_a_test_says_what_to_set(make_app: MakeApp) -> None:
    done = run(make_app(), "test")
    assert done.exit_code == 1
    assert "set duty_address, smtp_host and mail_from" in done.output


@on_sqlite
def test_what_is_stuck_is_listed_without_content_and_can_be_given_up(
    make_app: MakeApp, inbox: Inbox, clock: Clock
) -> None:
    app = make_app(**settings(inbox))
    clinic = parts(app).clinic
    assert run(app, "list").output == "Nothing is stuck.\n"
    with clinic.database.begin() as connection:
        new = NewMessage(
            "a" * 32, Channel.MAIL, "alarm", DUTY, {"subject": "Quixwick", "text": "", "message_id": "<a@b>"}
        )
        outbox.add(connection, clinic.keys, [new], clinic.clock())
    assert run(app, "list").output == "Nothing is stuck.\n"
    assert "a" * 32 in run(app, "list", "--all").output
    clock.move(minutes=10)
    told = run(app, "list").output
    assert told.startswith(f"{'a' * 32}\tmail\talarm\t2026-11-22T09:30:00+00:00\ttries 0\t")
    assert [word for word in (DUTY, "Quixwick") if word in told] == []
    assert run(app, "drop", "b" * 32).exit_code == 1
    assert run(app, "drop", "a" * 32).output == "Given up.\n"
    assert run(app, "list", "--all").output == "Nothing waits.\n"


@on_sqlite
def test_a_fault_in_a_round_does_not_end_the_post_room(
    make_app: MakeApp, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(**settings(inbox))
    clinic, rounds, again = parts(app).clinic, [], Event()

    def fails(*_given: object) -> int:
        rounds.append(1)
        if len(rounds) > 2:
            again.set()
        raise ZeroDivisionError

    monkeypatch.setattr(post_room, "PAUSE", 0.01)
    monkeypatch.setattr(courier, "deliver", fails)
    with app.app_context(), post_room.at_work(clinic, ways_out()):
        assert again.wait(PATIENCE)


@on_sqlite
def test_the_post_room_asks_how_it_went_and_the_letter_leaves(
    practice: Practice, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    treat(practice.clinic, practice.sent(email="ada@mail.example").intake_id, Practitioner(practice.account()))
    practice.clock.now += timedelta(hours=48)
    monkeypatch.setattr(post_room, "PAUSE", 0.01)
    with post_room.at_work(mailing(practice.clinic), [MailServer(inbox.host, inbox.port, "desk@clinic.example")]):
        wait_for(inbox, 1)
    assert inbox.recipients == ["ada@mail.example"]
    assert "https://form.example/l/" in inbox.mails[0].get_content()


def test_a_server_sends_an_alarm_within_seconds_of_the_page(tmp_path: Path, inbox: Inbox) -> None:
    port, instance = free_port(), tmp_path / "instance"
    instance.mkdir(mode=0o700)
    told = "".join(f'{name} = "{value}"\n' for name, value in settings(inbox).items() if name != "smtp_port")
    (instance / "settings.toml").write_text(f"{told}smtp_port = {inbox.port}\n", encoding="utf-8")
    with started(flask("wsgi"), ROOT, instance, port):
        status, headers, page = answer(port, "GET", "/")
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        cookie = headers["Set-Cookie"].split(";")[0]
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _ = answer(port, "POST", "/start", f"csrf_token={token}&end=1".encode(), Cookie=cookie, **form)
        assert status == 303
        cookie += (
            "; " + next(part for part in headers["Set-Cookie"].split(", ") if "intake_draft" in part).split(";")[0]
        )
        _, _, page = answer(port, "GET", "/q/danger", Cookie=cookie)
        fields = {
            name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("csrf_token", "draft", "version")
        }
        body = "&".join(f"{name}={value}" for name, value in fields.items()) + "&danger_signs=chest_pressure&end=1"
        status, headers, _ = answer(port, "POST", "/q/danger", body.encode(), Cookie=cookie, **form)
        assert (status, headers["Location"]) == (303, "/q/danger/stop")
        wait_for(inbox, 1)
    assert inbox.recipients == [DUTY]
    assert f"http://127.0.0.1:{port}/review/alarms" in inbox.mails[0].get_content()
