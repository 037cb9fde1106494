"""A process that saves page after page, telling each save that was acknowledged, until somebody kills it."""

from __future__ import annotations

from multiprocessing.connection import Connection

from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.patient import drafts
from tests.support.tiny import COOKIE, ELSE, NEEDLES, NOW


def write(url: str, keys: Keys, acknowledged: Connection) -> None:
    """Never returns."""
    database = Database(url)
    draft = drafts.load(database, COOKIE, NOW)
    while True:
        answers = {"needle_fear": draft.version % 11}
        draft = drafts.save_step(database, keys, draft, NEEDLES, answers, {"name": f"N{draft.version}"}, {}, NOW)
        acknowledged.send(draft.version)
        words = {"anything_else": f"Words {draft.version}"}
        draft = drafts.save_step(database, keys, draft, ELSE, {}, {}, words, NOW)
        acknowledged.send(draft.version)
