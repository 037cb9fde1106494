"""A process that publishes a rule book and is killed in the middle of its one transaction."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from intake.storage import audit, publications, rulebooks
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.rules import publishing
from intake.workflow.shared.clinic import Books
from tests.support.books import HEADACHE, REFUSES, book
from tests.support.small_clinic import SmallClinic

WRITES = {"retire": publications, "move": publications, "keep": rulebooks, "record": audit}


def publish(url: str, keys: Keys, number: int, email: str, last: str) -> None:
    """Publish, and die as soon as the write named `last` was done; never returns."""
    clinic = SmallClinic(Database(url), keys, Books(book(REFUSES, HEADACHE), lambda merged: merged))
    by = publishing.account_of(clinic, email)
    clinic.rulebook()
    setattr(WRITES[last], last, dying(getattr(WRITES[last], last)))
    publishing.publish(clinic, by, number)


def dying(write: Callable[..., Any]) -> Callable[..., Any]:
    """The same write, and then the process is killed."""

    def write_and_die(*given: Any) -> None:  # noqa: ANN401 - whatever it takes
        write(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    return write_and_die
