"""The front desk: a day of 500 visits beside 100,000 stored intakes against 1,000, and an import of 1,000 visits.

    python -m bench.desk [REQUESTS]

Two instances on SQLite as `bench.queue` fills them, the same 500 visits in each, asked in turn by somebody at the desk.
Prints median and p99 of the whole day and of one name, and the ratios: the goal is a p99 of at most 1.2 times. Then a
list of 1,000 visits is read, held against what is stored, and saved; and once more, which changes nothing.
"""

from __future__ import annotations

import random
import re
import secrets
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bench.queue import FEW, HIDDEN, MANY, fill, once, times
from intake import settings
from intake.app import build
from intake.web.services import EXTENSION, Services
from intake.workflow.desk import imports, visits
from intake.workflow.desk.day_list import Fate
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, Practitioner, VisitKind, VisitPlan

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from intake.workflow.shared.clinic import Clinic

VISITS, LISTED, REQUESTS = 500, 1_000, 200
DAY = date(2027, 1, 11)
FIRST = ("Ada", "Bruno", "Chiara", "Dimitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kofi", "Lena")
LAST = ("Alder", "Birch", "Cypress", "Dogwood", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kapok", "Larch")


def people(count: int, seed: int) -> list[Identity]:
    """Invented people, no two of one phone number."""
    dice = random.Random(seed)
    born = [date(1940, 1, 1) + timedelta(days=dice.randrange(27_000)) for _ in range(count)]
    names = [f"{dice.choice(FIRST)} {dice.choice(LAST)} {dice.choice(LAST)}" for _ in range(count)]
    return [Identity(names[n], born[n].isoformat(), f"+44 7700 {seed % 10}{n:05d}") for n in range(count)]


def desk(folder: Path, count: int) -> tuple[FlaskClient, Clinic]:
    """Somebody at the desk, signed in where so many intakes are stored and 500 visits are booked on one day."""
    app = build(settings.load({"INTAKE_DEMO": "true"}, folder))
    told = app.test_cli_runner().invoke(args=["demo", "seed"]).output
    found = re.search(r"account (desk\S+), password (\S+)", told)
    if found is None:
        sys.exit(f"the demonstration was not filled: {told}")
    fill(app, count)
    clinic = cast("Services", app.extensions[EXTENSION]).clinic
    sealed = []
    for number, who in enumerate(people(VISITS, 1)):
        begins = datetime(DAY.year, DAY.month, DAY.day, 7, tzinfo=clinic.zone) + timedelta(minutes=number)
        plan = VisitPlan(begins, f"Practitioner {number % 8}", f"Room {number % 8}", VisitKind.FIRST)
        new = NewVisit(secrets.token_hex(16), secrets.token_hex(16), who, plan)
        sealed.append(visits.seal(clinic, new, clinic.clock()))
    with clinic.database.begin() as connection:
        visits.store(connection, sealed)
    client = app.test_client()
    token = HIDDEN.findall(client.get("/staff/login").text)[-1]
    client.post("/staff/login", data={"email": found[1], "password": found[2], "csrf_token": token})
    return client, clinic


def compare(small: FlaskClient, large: FlaskClient, requests: int) -> None:
    """The pages of the desk in both instances, in turn."""
    for name, address in (("whole day", f"/desk?day={DAY}"), ("one name", f"/desk?day={DAY}&q=alder")):
        pairs = [(once(small, address), once(large, address)) for _ in range(requests)]
        few, many = times([a for a, _ in pairs]), times([b for _, b in pairs])
        print(
            f"{name:10s} {FEW:7,}: median {few.median:6.1f} ms, p99 {few.p99:6.1f} ms   "
            f"{MANY:7,}: median {many.median:6.1f} ms, p99 {many.p99:6.1f} ms   "
            f"ratio: median {many.median / few.median:.2f}, p99 {many.p99 / few.p99:.2f}"
        )


def import_list(clinic: Clinic) -> None:
    """A list of 1,000 visits on five days, twice; half of them people who are known."""
    known, new = people(VISITS, 1), people(LISTED - VISITS, 2)
    rows = []
    for n, who in enumerate(known + new):
        begins = f"{DAY + timedelta(days=7 + n % 5)},{8 + n // 5 % 10:02}:{n % 12 * 5:02}"
        rows.append(f"{begins},{who.name},{who.born},{who.phone},Dr {n % 8}")
    content = "\n".join(["date,time,name,dob,phone,with", *rows]).encode()
    for turn in ("first", "again"):
        name, by, start = secrets.token_hex(16), Practitioner(1), time.perf_counter()
        imports.receive(clinic, name, content, by)
        shown = time.perf_counter()
        checked = imports.load(clinic, name)
        read = time.perf_counter()
        saved = imports.save(clinic, name, checked.preview.digest, by, lambda: secrets.token_hex(16))
        end = time.perf_counter()
        print(
            f"{turn}: taken {shown - start:.2f} s, shown {read - shown:.2f} s, saved {end - read:.2f} s: "
            f"{saved.added} added, {saved.changed} changed, {len(checked.preview.of(Fate.SAME))} the same"
        )


def main(requests: int = REQUESTS) -> None:
    """Fill two instances, then ask both in turn; then import."""
    with tempfile.TemporaryDirectory() as folder:
        (small, _), (large, clinic) = (desk(Path(folder) / str(count), count) for count in (FEW, MANY))
        compare(small, large, requests)
        import_list(clinic)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
