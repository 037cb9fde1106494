"""Alarms for whoever is on duty: told at once, in the transaction that raises one, and again until all are taken.

Only a practitioner takes one, by a form of their own. What is told again is told of all that are open, once a quarter
of an hour; a message of that kind that still waits to be sent is enough.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.storage import installation, open_alerts, outbox
from intake.storage.open_alerts import Open
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import words
from intake.workflow.keeping.messages.words import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

__all__ = ["EVERY", "Open", "announce", "count_open", "repeat"]
EVERY = timedelta(minutes=15)
ID_BYTES = 16
ALARM, AGAIN = "alarm", "alarm_again"
ROUND = "alarms_told_again_at"


def announce(connection: Connection, clinic: Clinic, at: datetime) -> None:
    """Tell of an alarm that this transaction raises."""
    _write(connection, clinic, open_alerts.count(connection), at, again=False)


def count_open(clinic: Clinic) -> Open:
    """How many people an alarm is open for, and since when: what every page of staff shows."""
    with clinic.database.read() as connection:
        return open_alerts.count(connection)


def repeat(clinic: Clinic) -> bool:
    """Tell again of what is open, if it is time; of several processes one does."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        before = installation.read(connection, ROUND)
        waits = open_alerts.count(connection)
    if not _is_time(waits, before, now):
        return False
    with clinic.database.begin() as connection:
        waits = open_alerts.count(connection)
        if waits.people and installation.renew(connection, ROUND, before, now.isoformat()):
            _write(connection, clinic, waits, now, again=True)
            return True
    return False


def _is_time(waits: Open, before: str | None, now: datetime) -> bool:
    """Whether the oldest alarm is old enough, and the last round long ago; one in the future was by a wrong clock."""
    if waits.since is None or now - waits.since < EVERY:
        return False
    last = datetime.fromisoformat(before) if before else None
    return last is None or not last <= now < last + EVERY


def _write(connection: Connection, clinic: Clinic, waits: Open, at: datetime, *, again: bool) -> None:
    since = (waits.since or at).astimezone(clinic.zone)
    new = _messages(clinic, Told(waits.people, since, again))
    wanted = [one for one in new if not (again and outbox.is_waiting(connection, one.channel, AGAIN))]
    outbox.add(connection, clinic.keys, wanted, at)


def _messages(clinic: Clinic, told: Told) -> Iterator[NewMessage]:
    duty, kind = clinic.duty, AGAIN if told.again else ALARM
    if duty.address:
        name = secrets.token_hex(ID_BYTES)
        mail = words.mail(duty, told, int(EVERY.total_seconds() // 60))
        payload = {**mail, "message_id": duty.message_id(name)}
        yield NewMessage(name, Channel.MAIL, kind, duty.address, payload, urgent=True)
    if duty.webhook:
        name = secrets.token_hex(ID_BYTES)
        yield NewMessage(name, Channel.WEBHOOK, kind, duty.webhook, words.event(duty, told, name), urgent=True)
