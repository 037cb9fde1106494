"""A process of its own that stands before one form that staff send, or that begins and ends a patient's answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from intake.storage import database
from intake.workflow.keeping import accounts
from tests.support.client import FORM, Value, Visitor
from tests.support.journeys import CALM, begin, walk
from tests.support.practice import EMAIL, PASSWORD, Practice, open_practice

ONCE = "a-token-that-is-used-once-and-never-again-ok"


class Ready(NamedTuple):
    """Somebody before a form: where it goes, and its fields."""

    visitor: Visitor
    path: str
    fields: list[tuple[str, str]]


def _before(visitor: Visitor, page: str, action: str, **answers: Value) -> Ready:
    return Ready(visitor, action, visitor.get(page).form(action).fill(answers))


def _decision(practice: Practice) -> Ready:
    path = f"/review/{practice.sent().intake_id}"
    return _before(
        practice.practitioner(), path, f"{path}/decision", outcome="refer", reason="other", note="To the GP."
    )


def _closing(practice: Practice) -> Ready:
    ready = _decision(practice)
    ready.visitor.post(ready.path, ready.fields)
    path = ready.path.removesuffix("/decision")
    return _before(ready.visitor, path, f"{path}/close", said="Rang.")


def _care(practice: Practice) -> Ready:
    path = f"/review/unsent/{practice.unsent()}"
    return _before(practice.practitioner(), path, f"{path}/taken", what="Rang.")


def _care_undone(practice: Practice) -> Ready:
    ready = _care(practice)
    ready.visitor.post(ready.path, ready.fields)
    path = ready.path.removesuffix("/taken")
    return _before(ready.visitor, path, f"{path}/back")


def _not_real(practice: Practice) -> Ready:
    drafts = [practice.unsent(name) for name in ("Gus Waits", "Gil Waits")]
    return _before(practice.practitioner(), "/review/unsent", "/review/unsent", draft=drafts)


def _sign_out(practice: Practice) -> Ready:
    return _before(practice.practitioner(), "/review/", "/staff/logout")


def _first_account(practice: Practice) -> Ready:
    accounts.offer_setup(practice.clinic, ONCE)
    path = f"/staff/setup/{ONCE}"
    return _before(practice.visitor(), path, path, email=EMAIL, password=PASSWORD)


def _start(practice: Practice) -> Ready:
    return _before(practice.visitor(), "/", "/start")


def _leave(practice: Practice) -> Ready:
    visitor = practice.visitor()
    visitor.send(begin(visitor), danger_signs=["none"])
    return _before(visitor, "/later", "/leave")


def _sign_in(practice: Practice) -> Ready:
    practice.account()
    return _before(practice.visitor(), "/staff/login", "/staff/login", email=EMAIL, password=PASSWORD)


def _trial(practice: Practice) -> Ready:
    return _before(practice.practitioner(), "/review/rules/try", "/review/rules/try", danger_signs=["fever"])


def _receipt(practice: Practice) -> Ready:
    visitor = practice.visitor()
    visitor.get(visitor.send(walk(visitor), "/send").path)
    born = {name: str(value or "") for name, value in CALM["about"].items() if name.startswith("date_of_birth")}
    return _before(visitor, "/done", "/done", **born)


STAFF_POSTS: Mapping[str, Callable[[Practice], Ready]] = {
    "a decision": _decision,
    "a closing": _closing,
    "care that is taken": _care,
    "care that is given back": _care_undone,
    "a batch that is not real": _not_real,
    "a sign-out": _sign_out,
    "the first account": _first_account,
    "a start": _start,
    "leaving": _leave,
    "a sign-in": _sign_in,
    "a trial of the rules": _trial,
    "the last page again": _receipt,
}


def stand_before(name: str, folder: Path, url: str, whole: bool, pipe: Connection) -> None:
    """Come to the form, tell this process's number, then POST at every word that comes; not `whole`: without BEGIN."""
    if not whole:
        setattr(database, "_begin", lambda _connection: None)  # noqa: B010 - each statement is then a transaction of its own
    practice = open_practice(folder, url)
    ready = STAFF_POSTS[name](practice)
    pipe.send((os.getpid(),))
    while pipe.recv():
        response = ready.visitor.client.post(ready.path, data=urlencode(ready.fields), content_type=FORM)
        pipe.send(response.status_code)
