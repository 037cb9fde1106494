"""The queue page: request time with 100,000 stored intakes against 1,000, in turn, as a practitioner who is signed in.

    python -m bench.queue [REQUESTS]

Two demonstration instances on SQLite, their sixty intakes copied until there are enough (without the decision's JSON,
which the queue does not read). Prints the median and the p99 of the first page, of the next page and of one tier, and
the ratios: the goal is a p99 of at most 1.2 times.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import Connection, insert, select

from intake import settings
from intake.app import build
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.web.services import EXTENSION, Services

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

FEW, MANY, REQUESTS = 1_000, 100_000, 400
AT_ONCE = 5_000
QUEUE = "/review/"
HIDDEN = re.compile(r'name="csrf_token" value="([^"]+)"')
NEXT = re.compile(r'href="([^"]*after=[^"]*)"')


class Times(NamedTuple):
    """In milliseconds."""

    median: float
    p99: float


def practice(folder: Path, count: int) -> FlaskClient:
    """A practitioner, signed in where so many intakes are stored."""
    app = build(settings.load({"INTAKE_DEMO": "true"}, folder))
    told = app.test_cli_runner().invoke(args=["demo", "seed"]).output
    found = re.search(r"account (\S+), password (\S+)", told)
    if found is None:
        sys.exit(f"the demonstration was not filled: {told}")
    fill(app, count)
    client = app.test_client()
    token = HIDDEN.findall(client.get("/staff/login").text)[-1]
    entered = client.post("/staff/login", data={"email": found[1], "password": found[2], "csrf_token": token})
    if client.get(QUEUE).status_code != 200:
        sys.exit(f"not signed in: {entered.status_code}")
    return client


def fill(app: Flask, count: int) -> None:
    """Copy the intakes of the demonstration, each with a draft and a time of its own."""
    database = cast("Services", app.extensions[EXTENSION]).clinic.database
    with database.begin() as connection:
        drafts, intakes = (connection.execute(select(table)).mappings().all() for table in (DRAFTS, INTAKES))
        of_draft = {row["id"]: dict(row) for row in drafts}
        copies = [(number, dict(intakes[number % len(intakes)])) for number in range(count - len(intakes))]
        for start in range(0, len(copies), AT_ONCE):
            _copy(connection, of_draft, copies[start : start + AT_ONCE])


def _copy(
    connection: Connection, of_draft: dict[str, dict[str, object]], some: list[tuple[int, dict[str, object]]]
) -> None:
    drafts, intakes = [], []
    for number, intake in some:
        name = f"{number * 2654435761 % 2**32:08x}{number:024x}"
        drafts.append({**of_draft[str(intake["draft_id"])], "id": name, "token_hash": name})
        own = {"id": name, "draft_id": name, "reference": name, "lineage": name}
        intakes.append({**intake, **own, "decision": None})
    connection.execute(insert(DRAFTS), drafts)
    connection.execute(insert(INTAKES), intakes)


def addresses(client: FlaskClient) -> dict[str, str]:
    """The pages that are measured."""
    following = NEXT.findall(client.get(QUEUE).text)
    return {
        "first page": QUEUE,
        "next page": unescape(following[0]) if following else QUEUE,
        "one tier": f"{QUEUE}?tier=caution",
    }


def once(client: FlaskClient, address: str) -> float:
    """The milliseconds of one request."""
    start = time.perf_counter()
    status = client.get(address).status_code
    if status != 200:
        sys.exit(f"{address}: {status}")
    return (time.perf_counter() - start) * 1000


def times(found: list[float]) -> Times:
    """Median and p99."""
    ordered = sorted(found)
    return Times(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)])


def main(requests: int = REQUESTS) -> None:
    """Fill two instances, then ask both in turn."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = (practice(Path(folder) / str(count), count) for count in (FEW, MANY))
        pages = zip(addresses(small).items(), addresses(large).values(), strict=True)
        for (name, here), there in pages:
            pairs = [(once(small, here), once(large, there)) for _ in range(requests)]
            few, many = times([a for a, _ in pairs]), times([b for _, b in pairs])
            print(
                f"{name:12s} {FEW:7,}: median {few.median:6.1f} ms, p99 {few.p99:6.1f} ms   "
                f"{MANY:7,}: median {many.median:6.1f} ms, p99 {many.p99:6.1f} ms   "
                f"ratio: median {many.median / few.median:.2f}, p99 {many.p99 / few.p99:.2f}"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
