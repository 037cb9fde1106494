"""A process that saves page after page, telling each save that was acknowledged, until somebody kills it."""

from __future__ import annotations

from multiprocessing.connection import Connection

from intake.storage import database
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.drafts import Post
from tests.support.small_clinic import COOKIE, ELSE, NEEDLES, SmallClinic, rulebook


def write(url: str, keys: Keys, acknowledged: Connection) -> None:
    """Never returns."""
    clinic = SmallClinic(Database(url), keys)
    draft = drafts.load(clinic, COOKIE)
    while True:
        fear = Post(NEEDLES, {"needle_fear": draft.version % 11}, {"name": f"N{draft.version}"}, {})
        draft = saving.save_page(clinic, rulebook(), draft, fear)
        acknowledged.send(draft.version)
        words = Post(ELSE, {}, {}, {"anything_else": f"Words {draft.version}"})
        draft = saving.save_page(clinic, rulebook(), draft, words)
        acknowledged.send(draft.version)


def write_when_told(url: str, keys: Keys, synchronous: str, pipe: Connection) -> None:
    """The same after a first word, with a log that is soon folded into the file, and syncs as they are given."""
    stronger = [each for each in database.SQLITE_PRAGMAS if "synchronous" not in each]
    chosen = (*stronger, f"PRAGMA synchronous={synchronous}", "PRAGMA wal_autocheckpoint=30")
    setattr(database, "SQLITE_PRAGMAS", chosen)  # noqa: B010 - a fault that is planted
    pipe.recv()
    write(url, keys, pipe)
