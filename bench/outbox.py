"""The outbox: 10,000 messages to a real mail server on this machine, and an alarm that comes in between.

    python -m bench.outbox [COUNT]

On SQLite, as a clinic has it. The floor is the same mails over one connection, without an outbox. Prints how many a
second, the processor time of each, how long an alarm that is written in the middle waits for its turn, and what the
look for open alarms and stuck messages, which every page of staff takes, costs beside an empty outbox and a full one.
"""

from __future__ import annotations

import secrets
import smtplib
import sys
import tempfile
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from intake.storage import outbox
from intake.storage.database import Database
from intake.storage.installation import open_keys
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import alarms, courier, stuck
from intake.workflow.keeping.messages.smtp import MailServer
from intake.workflow.shared.clinic import Clinic
from intake.workflow.shared.duty import Duty
from tests.support.mail import Inbox, mail_server
from tests.support.small_clinic import small_books

COUNT, AT_ONCE, LOOKS = 10_000, 500, 500
TO, SENDER = "duty@clinic.example", "desk@clinic.example"
TEXT = "There is something to read.\n" * 8


def clinic_in(folder: Path) -> Clinic:
    """A clinic without patients."""
    database = Database(f"sqlite:///{folder / 'intake.sqlite3'}")
    database.upgrade()
    keys = open_keys(database, folder / "keys")
    duty = Duty(TO, "", SENDER, "Clinic", "https://intake.example/review/alarms")
    return Clinic(database, keys, small_books(), lambda: datetime.now(UTC), duty=duty)


def fill(clinic: Clinic, count: int) -> float:
    """Write so many messages, each in a transaction with others; the seconds that it took."""
    start = time.perf_counter()
    for first in range(0, count, AT_ONCE):
        names = [secrets.token_hex(16) for _ in range(min(AT_ONCE, count - first))]
        mail = {"subject": "Please read", "text": TEXT}
        new = [NewMessage(name, Channel.MAIL, "other", TO, {**mail, "message_id": f"<{name}@here>"}) for name in names]
        with clinic.database.begin() as connection:
            outbox.add(connection, clinic.keys, new, clinic.clock())
    return time.perf_counter() - start


def floor(inbox: Inbox, count: int) -> float:
    """The same mails over one connection; how many a second."""
    start = time.perf_counter()
    with smtplib.SMTP(inbox.host, inbox.port) as server:
        for number in range(count):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
                SENDER,
                TO,
                "Please read",
                f"<{number}@here>",
            )
            mail.set_content(TEXT)
            server.send_message(mail)
    return count / (time.perf_counter() - start)


def look(clinic: Clinic) -> float:
    """The median milliseconds of what every page of staff asks first."""
    times = []
    for _look in range(LOOKS):
        start = time.perf_counter()
        alarms.count_open(clinic)
        stuck.count(clinic)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[LOOKS // 2]


def send_all(clinic: Clinic, inbox: Inbox, count: int) -> tuple[float, float, float]:
    """Messages a second, milliseconds of processor each (the mail server's too), and an alarm's wait in seconds."""
    way, sent, written = MailServer(inbox.host, inbox.port, SENDER), 0, 0.0
    waited: list[float] = []

    def see(mail: EmailMessage) -> None:
        if written and str(mail["Subject"]).startswith("Alarm"):
            waited.append(time.perf_counter() - written)

    inbox.seen = see
    start, processor = time.perf_counter(), time.process_time()
    while done := courier.deliver(clinic, way):
        sent += done
        if not written and sent >= count // 2:
            written = time.perf_counter()
            with clinic.database.begin() as connection:
                alarms.announce(connection, clinic, clinic.clock())
    seconds, used = time.perf_counter() - start, time.process_time() - processor
    return sent / seconds, used * 1000 / sent, waited[0]


def main(count: int = COUNT) -> None:
    """Floor, write, look, send."""
    with tempfile.TemporaryDirectory() as folder, mail_server() as inbox:
        clinic = clinic_in(Path(folder))
        bare = floor(inbox, count // 5)
        empty = look(clinic)
        seconds = fill(clinic, count)
        full = look(clinic)
        inbox.mails.clear()
        rate, processor, wait = send_all(clinic, inbox, count)
        if len(set(inbox.ids)) != count + 1:
            sys.exit(f"{len(set(inbox.ids))} of {count + 1} messages came")
        clinic.database.close()
    print(f"{count:,} messages: written in {seconds:.1f} s ({seconds * 1e6 / count:.0f} us each)")
    print(f"sent: {rate:.0f} a second, {processor:.1f} ms of processor each; floor {bare:.0f} ({rate / bare:.2f})")
    print(f"an alarm in between waits {wait * 1000:.0f} ms")
    print(f"what each page of staff asks first: {empty:.2f} ms, beside a full outbox {full:.2f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
