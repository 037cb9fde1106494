"""A process that saves page after page with a danger sign, and sends the alarms meanwhile, until somebody kills it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection

from intake.cli import post_room
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.keeping.messages.smtp import MailServer
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.drafts import Post
from intake.workflow.shared.clinic import Clinic
from intake.workflow.shared.duty import Duty
from tests.support.small_clinic import DANGER, rulebook, small_books

SENDER = "desk@clinic.example"
DUTY = Duty("duty@clinic.example", "", SENDER, "Clinic", "https://intake.example/review/alarms")
QUICK = 0.002  # seconds between two looks for what is due


@dataclass(frozen=True, slots=True)
class Ahead:
    """A clock that is ahead: leases of those that were killed have run out."""

    by: timedelta

    def __call__(self) -> datetime:
        """Tell the time."""
        return datetime.now(UTC) + self.by


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a process: where it works, how far its clock is ahead, and a name for what it writes."""

    url: str
    keys: Keys
    port: int
    ahead: timedelta
    name: str


def open_clinic(life: Life) -> Clinic:
    """The clinic as this process has it."""
    return Clinic(Database(life.url), life.keys, small_books(), Ahead(life.ahead), duty=DUTY)


def alarm(life: Life, saved: Connection) -> None:
    """Never returns."""
    logging.disable()
    clinic, number = open_clinic(life), 0
    post_room.PAUSE = QUICK
    with post_room.at_work(clinic, [MailServer("127.0.0.1", life.port, SENDER)]):
        while True:
            number += 1
            name = f"{life.name}-{number}"
            draft = drafts.start(clinic, draft_id=name, token=f"token-{name}")
            saving.save_page(clinic, rulebook(), draft, Post(DANGER, {"danger_signs": ("chest_pressure",)}, {}, {}))
            saved.send(name)


def send_all(life: Life, deliver: Callable[[Clinic, MailServer], int]) -> int:
    """Send what is left, with nobody to kill it; how many were tried."""
    clinic, tried = open_clinic(life), 0
    while count := deliver(clinic, MailServer("127.0.0.1", life.port, SENDER)):
        tried += count
    clinic.database.close()
    return tried
