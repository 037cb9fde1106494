"""Many intakes at little cost: copies of the one that a test sent, at times and with firings of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from intake.engine.book.decision import Status
from intake.storage import firings
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection


def copy(connection: Connection, number: int, at: datetime, fired: Iterable[str]) -> None:
    """Another intake like the first, sent then; these rules fired on it."""
    row = connection.execute(select(INTAKES).where(INTAKES.c.reference.startswith("REF-"))).mappings().one()
    draft = connection.execute(select(DRAFTS).where(DRAFTS.c.id == row["draft_id"])).mappings().one()
    name = f"copy-{number}"
    connection.execute(insert(DRAFTS).values({**draft, "id": name, "token_hash": f"{number:064x}"}))
    connection.execute(insert(INTAKES).values({**row, "id": name, "reference": name, "draft_id": name, "sent_at": at}))
    firings.add(connection, name, at, dict.fromkeys(fired, Status.FIRES))
