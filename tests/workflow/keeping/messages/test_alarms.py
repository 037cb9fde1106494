"""Whoever is on duty is told of an alarm at once, and again until a practitioner has taken it; and of nothing else."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.tree import OneOf
from intake.errors import NotFoundError, StorageError
from intake.storage import alerts, audit, outbox
from intake.storage.alerts import ALERTS
from intake.storage.outbox import OUTBOX, Channel
from intake.workflow.keeping.messages import alarms
from intake.workflow.patient import saving, submit, unfinished
from intake.workflow.patient.drafts import Post
from intake.workflow.patient.submit import Sending
from intake.workflow.review import alarms as open_alarms
from intake.workflow.review import unsent
from intake.workflow.review.people import Practitioner
from tests.support.mail import Inbox
from tests.support.receiver import Receiver
from tests.support.small_clinic import (
    BROKEN,
    DANGER,
    ELSE,
    MINUTE,
    NEEDLES,
    REASON,
    UNSURE,
    SmallClinic,
    rule,
    rulebook,
)
from tests.workflow.keeping.messages.conftest import PAGE, TO, Deliver

SIGN = {"danger_signs": ("chest_pressure",)}
NO_SIGN = {"danger_signs": ("none",)}
NOT_SURE = {"danger_signs": ("not_sure",)}
WEEKS = rule("weeks", OneOf("main_reason", ("headache",)), Levels(Needling.OK, Urgency.WITHIN_DAYS))


def kinds(clinic: SmallClinic, channel: Channel = Channel.MAIL) -> list[str]:
    """What was written for a way out, in order."""
    with clinic.database.read() as connection:
        query = select(OUTBOX.c.kind).where(OUTBOX.c.channel == channel)
        return list(connection.scalars(query.order_by(OUTBOX.c.created_at)))


def later(clinic: SmallClinic, minutes: float) -> None:
    clinic.clock.now += minutes * MINUTE


def test_a_danger_sign_is_told_at_once_by_mail_and_by_webhook(
    on_duty: SmallClinic, post: Deliver, ring: Deliver, inbox: Inbox, hook: Receiver
) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN, {"name": "Zebulon Quixwick"})
    assert (post(), ring()) == (1, 1)
    (mail,) = inbox.mails
    assert (mail["To"], mail["From"], inbox.recipients) == (TO, "desk@harbour.example", [TO])
    assert mail["Subject"] == "Alarm: please look now - Harbour Lane Clinic"
    assert PAGE in mail.get_content()
    ((_, path, _, body),) = hook.came
    assert path == "/alarms?clinic=1"
    told = json.loads(body)
    assert (told["event"], told["open"], told["page"]) == ("alarm", 1, PAGE)
    assert (post(), ring()) == (0, 0)


def test_no_message_tells_whom_it_is_about_or_what_was_said(
    on_duty: SmallClinic, post: Deliver, ring: Deliver, inbox: Inbox, hook: Receiver
) -> None:
    known = {"name": "Zebulon Quixwick", "born": "1931-07-13", "phone": "07700 900913", "email": "z@quix.example"}
    draft = on_duty.save(on_duty.start(), DANGER, SIGN, known, {"anything_else": "plummeted"})
    later(on_duty, 20)
    alarms.repeat(on_duty)
    post()
    ring()
    told = b"".join([*(mail.as_bytes() for mail in inbox.mails), *(body for *_, body in hook.came)])
    headers = "".join(f"{name}{value}" for *_, headers, _ in hook.came for name, value in headers.items())
    assert (len(inbox.mails), len(hook.came)) == (2, 2)
    words = ("Zebulon", "Quixwick", "1931", "900913", "quix", "plummeted", "chest", "danger", "Title of", draft.id)
    assert [word for word in words if word.lower() in (told.decode() + headers).lower()] == []


@pytest.mark.parametrize(
    ("saved", "told"),
    [
        ([(DANGER, SIGN)], 1),
        ([(DANGER, NOT_SURE)], 1),
        ([(DANGER, NOT_SURE), (UNSURE, {"danger_signs_unsure": ("chest_pressure",)})], 2),
        ([(DANGER, NO_SIGN)], 0),
        ([(DANGER, {"danger_signs": ("chest_pressure", "fever")})], 1),
        ([(DANGER, SIGN), (DANGER, NO_SIGN)], 1),
        ([(DANGER, SIGN), (DANGER, SIGN)], 1),
        ([(DANGER, SIGN), (REASON, {"main_reason": "headache"})], 2),
    ],
    ids=["now", "not sure", "which", "none", "two signs", "taken back", "saved again", "a second rule"],
)
def test_a_page_that_alarms_writes_one_message(
    on_duty: SmallClinic, saved: list[tuple[object, dict[str, object]]], told: int
) -> None:
    draft = on_duty.start()
    for step, answers in saved:
        draft = on_duty.save(draft, step, answers)  # type: ignore[arg-type]  # columns of a case table
    assert kinds(on_duty) == kinds(on_duty, Channel.WEBHOOK) == [alarms.ALARM] * told


def test_what_is_for_within_days_alarms_nobody(on_duty: SmallClinic) -> None:
    on_duty.save(on_duty.start(), REASON, {"main_reason": "headache"}, book=rulebook(WEEKS))
    assert kinds(on_duty) == []
    later(on_duty, 60)
    assert not alarms.repeat(on_duty)


def test_answers_that_cannot_be_judged_alarm(on_duty: SmallClinic) -> None:
    on_duty.save(on_duty.start(), NEEDLES, {"wants_needling": "no"}, book=rulebook(BROKEN))
    assert kinds(on_duty) == [alarms.ALARM]


def test_an_intake_that_cannot_be_judged_as_a_whole_alarms_when_it_is_sent(
    on_duty: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = on_duty.save(on_duty.start(), DANGER, NO_SIGN)
    monkeypatch.setattr(submit, "fold", lambda *_given: 1 / 0)
    saving.send_page(on_duty, rulebook(), draft, Post(ELSE, {}, {}, {}), Sending("0" * 32, "REF-1"))
    assert kinds(on_duty) == [alarms.ALARM]
    with on_duty.database.read() as connection:
        assert [alert.rule for alert in alerts.waiting(connection)] == ["not-evaluated"]


def test_the_message_belongs_to_the_transaction_of_the_page(
    on_duty: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise StorageError("the disk is full")

    draft = on_duty.start()
    monkeypatch.setattr(outbox, "add", fails)
    with pytest.raises(StorageError):
        on_duty.save(draft, DANGER, SIGN)
    with on_duty.database.read() as connection:
        assert connection.execute(select(ALERTS)).first() is None


def test_nobody_on_duty_nothing_to_write(clinic: SmallClinic) -> None:
    clinic.save(clinic.start(), DANGER, SIGN)
    assert kinds(clinic) == []
    assert alarms.count_open(clinic).people == 1


def test_an_open_alarm_is_told_again_every_quarter_of_an_hour(on_duty: SmallClinic, post: Deliver) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN)
    began = on_duty.now
    told = []
    for minute in range(1, 61):
        on_duty.clock.now = began + minute * MINUTE
        if alarms.repeat(on_duty):
            told.append(minute)
        post()
    assert told == [15, 30, 45, 60]
    assert kinds(on_duty) == [alarms.ALARM] + 4 * [alarms.AGAIN]


def test_nobody_waits_longer_than_a_quarter_of_an_hour_beside_others(on_duty: SmallClinic, post: Deliver) -> None:
    on_duty.save(on_duty.start("a"), DANGER, SIGN)
    later(on_duty, 10)
    on_duty.save(on_duty.start("b"), DANGER, SIGN)
    began = on_duty.now
    told = []
    for minute in range(1, 31):
        on_duty.clock.now = began + minute * MINUTE
        told += [minute] if alarms.repeat(on_duty) else []
        post()
    assert told[0] <= 15
    assert all(after - before <= 15 for before, after in itertools.pairwise(told))


def test_what_is_told_again_waits_once_however_long_the_server_is_away(on_duty: SmallClinic) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN)
    for _hour in range(5):
        later(on_duty, 60)
        alarms.repeat(on_duty)
    assert kinds(on_duty) == [alarms.ALARM, alarms.AGAIN]


def test_of_two_processes_one_tells_again(on_duty: SmallClinic) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN)
    later(on_duty, 15)
    assert [alarms.repeat(on_duty), alarms.repeat(replace(on_duty))] == [True, False]


def test_a_clock_that_is_put_back_silences_nobody(on_duty: SmallClinic, post: Deliver) -> None:
    on_duty.save(on_duty.start(), DANGER, SIGN)
    now = on_duty.now
    on_duty.clock.now = now + timedelta(days=30)
    assert alarms.repeat(on_duty)
    post()
    on_duty.clock.now = now + 15 * MINUTE
    assert alarms.repeat(on_duty)


def test_it_ends_when_a_practitioner_takes_it(on_duty: SmallClinic) -> None:
    draft = on_duty.save(on_duty.start(), DANGER, SIGN)
    by = on_duty.practitioner()
    later(on_duty, 16)
    assert alarms.repeat(on_duty)
    assert unfinished.take_over(on_duty, draft.id, by, "I call now", Practitioner(by))
    later(on_duty, 60)
    assert not alarms.repeat(on_duty)
    assert alarms.count_open(on_duty).people == 0
    unfinished.give_back(on_duty, draft.id, Practitioner(by))
    assert alarms.repeat(on_duty)


def test_the_alarm_of_a_sent_intake_is_taken_once(on_duty: SmallClinic) -> None:
    receipt = on_duty.send(on_duty.save(on_duty.start(), DANGER, SIGN))
    by = Practitioner(on_duty.practitioner())
    (alarm,) = open_alarms.listed(on_duty, by).alarms
    assert (alarm.intake_id, alarm.levels.urgency, alarm.signs) == (receipt.intake_id, Urgency.EMERGENCY_NOW, 1)
    open_alarms.take(on_duty, receipt.intake_id, by)
    with pytest.raises(NotFoundError):
        open_alarms.take(on_duty, receipt.intake_id, by)
    assert open_alarms.listed(on_duty, by).alarms == ()
    with on_duty.database.read() as connection:
        entries = audit.of_object(connection, "intake", receipt.intake_id)
    assert [(entry.action, entry.actor) for entry in entries[-1:]] == [("took_alarm", by.actor)]


def test_what_was_set_aside_as_nobodys_alarms_again_when_it_is_sent(on_duty: SmallClinic) -> None:
    draft = on_duty.save(on_duty.start(), DANGER, SIGN)
    assert unsent.not_real(on_duty, [draft.id], "", Practitioner(on_duty.practitioner())) == 1
    assert alarms.count_open(on_duty).people == 0
    saving.send_page(on_duty, rulebook(), draft, Post(ELSE, {}, {}, {}), Sending("0" * 32, "REF-1"))
    assert alarms.count_open(on_duty).people == 1
    assert kinds(on_duty) == 2 * [alarms.ALARM]


def test_what_somebody_took_care_of_stays_taken_when_it_is_sent(on_duty: SmallClinic) -> None:
    draft = on_duty.save(on_duty.start(), DANGER, SIGN)
    by = on_duty.practitioner()
    unfinished.take_over(on_duty, draft.id, by, "I call now", Practitioner(by))
    saving.send_page(on_duty, rulebook(), draft, Post(ELSE, {}, {}, {}), Sending("0" * 32, "REF-1"))
    assert (alarms.count_open(on_duty).people, kinds(on_duty)) == (0, [alarms.ALARM])
