"""The outbox: written with what it tells or not at all, sealed, claimed by one at a time, urgent ones first."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from intake.errors import StorageError
from intake.storage import outbox
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.storage.outbox import Channel, Lease, NewMessage
from tests.support.small_clinic import MINUTE, NOW

SECOND = timedelta(seconds=1)
TO, WORDS = "duty@clinic.example", "Quixwick reads this"


def write(database: Database, keys: Keys, *names: str, urgent: bool = False, channel: Channel = Channel.MAIL) -> None:
    with database.begin() as connection:
        new = [NewMessage(name, channel, "alarm", TO, {"text": WORDS}, urgent) for name in names]
        outbox.add(connection, keys, new, NOW)


def claim(database: Database, seconds: float = 0, limit: int = 20, name: str = "lease") -> list[str]:
    now = NOW + seconds * SECOND
    with database.begin() as connection:
        found = outbox.claim(connection, Channel.MAIL, now, Lease(name, now + 3 * MINUTE), limit)
    return [message.id for message in found]


def test_what_is_rolled_back_was_never_written(database: Database, keys: Keys) -> None:
    def fail() -> None:
        with database.begin() as connection:
            outbox.add(connection, keys, [NewMessage("a", Channel.MAIL, "alarm", TO, {})], NOW)
            raise StorageError("the page was not saved")

    with pytest.raises(StorageError):
        fail()
    assert claim(database) == []


def test_recipient_and_content_are_sealed_and_forgotten_once_accepted(database: Database, keys: Keys) -> None:
    write(database, keys, "a")
    with database.read() as connection:
        (message,) = outbox.waiting(connection, 9)
        stored = connection.exec_driver_sql("SELECT * FROM outbox").one()
    assert (message.read_recipient(keys), message.read_payload(keys)) == (TO, {"text": WORDS})
    assert not [column for column in stored if TO in str(column) or "Quixwick" in str(column)]
    with database.begin() as connection:
        outbox.accept(connection, "a", NOW)
    with database.read() as connection:
        (message,) = outbox.newest(connection, Channel.MAIL, 9)
    assert (message.recipient, message.payload, message.accepted_at) == (None, None, NOW)
    assert (message.read_recipient(keys), message.read_payload(keys)) == ("", {})


def test_a_message_stays_readable_after_the_master_key_was_renewed(database: Database, keys: Keys) -> None:
    write(database, keys, "a")
    renewed = Keys({**keys.masters, "kek-2": b"n" * 32}, "kek-2", keys.index, keys.audit)
    write(database, renewed, "b")
    with database.read() as connection:
        assert {message.read_recipient(renewed) for message in outbox.waiting(connection, 9)} == {TO}
        newer = outbox.newest(connection, Channel.MAIL, 9)
    with pytest.raises(StorageError, match="kek-2"):
        next(message for message in newer if message.id == "b").read_recipient(keys)


def test_urgent_messages_go_before_those_that_wait_longer(database: Database, keys: Keys) -> None:
    write(database, keys, *(f"a{number}" for number in range(5)))
    write(database, keys, "z", urgent=True)
    assert claim(database, limit=2) == ["z", "a0"]


def test_a_way_out_takes_its_own_messages_only(database: Database, keys: Keys) -> None:
    write(database, keys, "hook", channel=Channel.WEBHOOK)
    assert claim(database) == []
    with database.read() as connection:
        assert outbox.is_any_due(connection, Channel.WEBHOOK, NOW)
        assert not outbox.is_any_due(connection, Channel.MAIL, NOW)


def test_a_leased_message_falls_to_others_when_the_lease_has_run_out(database: Database, keys: Keys) -> None:
    write(database, keys, "a")
    assert claim(database, name="first") == ["a"]
    assert claim(database, 179) == []
    assert claim(database, 180, name="second") == ["a"]
    with database.begin() as connection:
        outbox.put_off(connection, "a", "first", NOW + 99 * MINUTE, "late")
        (message,) = outbox.waiting(connection, 9)
        assert (message.failure, message.tries) == (None, 2)
        outbox.put_off(connection, "a", "second", NOW + 9 * MINUTE, "refused")
        (message,) = outbox.waiting(connection, 9)
        assert (message.failure, message.due_at) == ("refused", NOW + 9 * MINUTE)


def test_nothing_puts_off_what_was_accepted(database: Database, keys: Keys) -> None:
    write(database, keys, "a")
    claim(database)
    with database.begin() as connection:
        outbox.accept(connection, "a", NOW)
        outbox.put_off(connection, "a", "lease", NOW, "late")
        outbox.accept(connection, "a", NOW + MINUTE)
        (message,) = outbox.newest(connection, Channel.MAIL, 9)
        assert message.accepted_at == NOW
        assert outbox.waiting(connection, 9) == []
        assert not outbox.drop(connection, "a")


def test_many_workers_share_the_work_and_none_is_done_twice(database: Database, keys: Keys) -> None:
    write(database, keys, *(f"{number:02}" for number in range(60)))
    taken: list[list[str]] = []
    together = Barrier(4)

    def work(name: str) -> None:
        together.wait()
        while found := claim(database, limit=7, name=name):
            taken.append(found)

    threads = [Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(name for found in taken for name in found) == [f"{number:02}" for number in range(60)]


@pytest.mark.parametrize(
    ("seconds", "failed", "stuck"), [(59, True, 0), (60, True, 1), (599, False, 0), (600, False, 1)]
)
def test_stuck_is_what_failed_for_a_minute_or_was_not_tried_for_ten(
    database: Database, keys: Keys, seconds: int, failed: bool, stuck: int
) -> None:
    write(database, keys, "a")
    if failed:
        claim(database)
        with database.begin() as connection:
            outbox.put_off(connection, "a", "lease", NOW + 15 * MINUTE, "refused")
    with database.read() as connection:
        now = NOW + seconds * SECOND
        assert outbox.count_stuck(connection, now) == len(outbox.stuck(connection, now, 9)) == stuck


def test_accepted_messages_are_forgotten_and_waiting_ones_never(database: Database, keys: Keys) -> None:
    write(database, keys, "a", "b")
    with database.begin() as connection:
        outbox.accept(connection, "a", NOW)
        outbox.forget(connection, NOW + MINUTE)
        assert [message.id for message in outbox.newest(connection, Channel.MAIL, 9)] == ["b"]
        assert outbox.drop(connection, "b")
        assert outbox.newest(connection, Channel.MAIL, 9) == []
