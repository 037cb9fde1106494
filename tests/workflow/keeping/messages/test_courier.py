"""Sending: until it is accepted, under one id, one at a time; a refusal holds up nobody else's message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from intake.errors import DeliveryError
from intake.storage import outbox
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import alarms, catcher, courier, stuck
from intake.workflow.keeping.messages.catcher import Catcher
from intake.workflow.keeping.messages.smtp import MailServer
from tests.support.certificates import certified
from tests.support.mail import Inbox, mail_server
from tests.support.server_process import free_port
from tests.support.small_clinic import DANGER, MINUTE, SmallClinic
from tests.workflow.keeping.messages.conftest import SENDER, TO, Deliver

SIGN = {"danger_signs": ("chest_pressure",)}
AWAY = "127.0.0.2"  # not one of the names of this machine that may go without TLS


def reasons(clinic: SmallClinic) -> list[str]:
    return [message.failure for message in stuck.listed(clinic, every=True)]


def write(clinic: SmallClinic, *names: str) -> None:
    mail = {"subject": "Words", "text": "Words\n"}
    with clinic.database.begin() as connection:
        new = [NewMessage(name, Channel.MAIL, "other", TO, {**mail, "message_id": f"<{name}@here>"}) for name in names]
        outbox.add(connection, clinic.keys, new, clinic.now)


def test_nothing_is_sent_before_it_is_committed(on_duty: SmallClinic, inbox: Inbox) -> None:
    way = MailServer(inbox.host, inbox.port, SENDER)
    with on_duty.database.begin() as connection:
        alarms.announce(connection, on_duty, on_duty.now)
        assert courier.deliver(on_duty, way) == 0
    assert inbox.mails == []
    assert courier.deliver(on_duty, way) == 1


def test_a_mail_is_tried_again_under_its_own_id_until_it_is_accepted(
    on_duty: SmallClinic, post: Deliver, inbox: Inbox
) -> None:
    write(on_duty, "a")
    ids: list[str] = []
    inbox.seen = lambda mail: ids.append(f"{mail['Message-ID']} {mail['Date']}")
    inbox.reply = lambda step: "451 later" if step == "DATA" else None
    waits = []
    for _try in range(8):
        began = on_duty.now
        while not post():
            on_duty.clock.now += MINUTE / 4
        waits.append(int((on_duty.now - began).total_seconds()))
    assert waits == [0, 15, 30, 60, 120, 240, 480, 900]
    assert reasons(on_duty) == ["the mail server answered 451"]
    inbox.reply = lambda _step: None
    on_duty.clock.now += 15 * MINUTE
    assert post() == 1
    assert (len(ids), len(set(ids)), len(inbox.mails)) == (9, 1, 1)
    assert (reasons(on_duty), stuck.count(on_duty)) == ([], 0)


def test_a_recipient_who_is_refused_holds_up_nobody(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a", "b", "c")
    refused = iter(["550 no such box", None, None])
    inbox.reply = lambda step: next(refused) if step == "RCPT" else None
    assert post() == 3
    assert inbox.ids == ["<b@here>", "<c@here>"]
    assert reasons(on_duty) == ["recipient refused (550)"]


def test_while_the_server_is_away_nothing_is_tried_one_by_one(on_duty: SmallClinic) -> None:
    write(on_duty, "a", "b", "c")
    assert courier.deliver(on_duty, MailServer("127.0.0.1", free_port(), SENDER)) == 3
    assert reasons(on_duty) == 3 * ["the mail server refuses the connection"]
    on_duty.clock.now += MINUTE
    assert stuck.count(on_duty) == 3


def test_a_server_that_hangs_up_in_the_middle_loses_nothing(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a", "b", "c")
    replies = iter([None, "421 closing", *[None] * 9])
    inbox.reply = lambda step: next(replies) if step == "MAIL" else None
    post()
    on_duty.clock.now += MINUTE
    while post():
        on_duty.clock.now += MINUTE
    assert sorted(inbox.ids) == ["<a@here>", "<b@here>", "<c@here>"]


def test_a_round_ends_before_its_lease_does(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a", "b", "c")

    def slow(_mail: object) -> None:
        on_duty.clock.now += 2 * MINUTE

    inbox.seen = slow
    assert post() == 3
    assert inbox.ids == ["<a@here>"]
    inbox.seen = lambda _mail: None
    on_duty.clock.now += MINUTE
    assert post() == 2
    assert inbox.ids == ["<a@here>", "<b@here>", "<c@here>"]


def test_a_message_that_does_not_open_is_put_off_and_told(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a", "b")
    with on_duty.database.begin() as connection:
        connection.execute(outbox.OUTBOX.update().where(outbox.OUTBOX.c.id == "a").values(master="kek-9"))
    assert post() == 2
    assert (inbox.ids, reasons(on_duty)) == (["<b@here>"], ["cannot be opened"])


def test_a_mail_to_another_machine_goes_over_tls_or_not_at_all(
    on_duty: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, AWAY)
    write(on_duty, "a")
    with mail_server(AWAY) as plain:
        courier.deliver(on_duty, MailServer(AWAY, plain.port, SENDER))
    assert (plain.mails, reasons(on_duty)) == ([], ["the mail server offers no TLS, or no sign-in"])
    on_duty.clock.now += MINUTE
    with mail_server(AWAY, context) as unknown:
        courier.deliver(on_duty, MailServer(AWAY, unknown.port, SENDER))
    assert (unknown.mails, reasons(on_duty)) == ([], ["the mail server's certificate or TLS is not sound"])
    on_duty.clock.now += MINUTE
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_server(AWAY, context) as secured:
        courier.deliver(on_duty, MailServer(AWAY, secured.port, SENDER))
    assert (secured.ids, secured.secured, reasons(on_duty)) == (["<a@here>"], [True], [])


@pytest.mark.parametrize(("password", "sent"), [("right", 1), ("wrong", 0)])
def test_the_clinic_signs_in_where_a_user_is_set(
    on_duty: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, password: str, sent: int
) -> None:
    context, trusted = certified(tmp_path, AWAY)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    write(on_duty, "a")
    with mail_server(AWAY, context, sign_in=True) as inbox:
        courier.deliver(on_duty, MailServer(inbox.host, inbox.port, SENDER, "clinic", password))
    assert len(inbox.mails) == sent
    assert reasons(on_duty) == ([] if sent else ["the mail server answered 535"])


def test_no_reason_quotes_what_a_server_says(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a")
    inbox.reply = lambda step: f"550 <{TO}> is unknown" if step == "RCPT" else None
    post()
    assert TO not in "".join(reasons(on_duty))


def test_a_demonstration_keeps_its_mails_and_sends_none(on_duty: SmallClinic) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN)
    assert courier.deliver(on_duty, Catcher()) == 1
    (mail,) = catcher.caught(on_duty)
    assert (mail.recipient, mail.subject.split(":")[0], mail.accepted_at) == (TO, "Alarm", on_duty.now)


def test_a_message_that_is_given_up_is_in_the_audit(on_duty: SmallClinic) -> None:
    write(on_duty, "a")
    assert stuck.drop(on_duty, "a")
    assert not stuck.drop(on_duty, "a")
    with on_duty.database.read() as connection:
        assert outbox.waiting(connection, 9) == []


def test_opening_no_connection_is_told_as_such() -> None:
    with pytest.raises(DeliveryError) as raised, MailServer("127.0.0.1", free_port(), SENDER).session():
        pass
    assert raised.value.is_whole


def test_another_process_finds_what_this_one_wrote(on_duty: SmallClinic, post: Deliver, inbox: Inbox) -> None:
    write(on_duty, "a")
    other = replace(on_duty)
    assert courier.deliver(other, MailServer(inbox.host, inbox.port, SENDER)) == 1
    assert post() == 0
    assert inbox.ids == ["<a@here>"]


def test_two_that_send_at_once_share_the_work(on_duty: SmallClinic, inbox: Inbox) -> None:
    write(on_duty, *(f"m{number}" for number in range(60)))
    way, done = MailServer(inbox.host, inbox.port, SENDER), list[int]()

    def work() -> None:
        while count := courier.deliver(on_duty, way):
            done.append(count)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(inbox.ids), len(set(inbox.ids)), sum(done)) == (60, 60, 60)
