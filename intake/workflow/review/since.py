"""What a patient who came again said before the questions: what has changed since the last form, what was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.engine.book.vocabulary import NOT_SURE
from intake.engine.read.answers import from_raw
from intake.errors import NotFoundError
from intake.questions.last_time import CONFIRMED, TOPICS
from intake.questions.wording.last_time import CHANGED, SAME
from intake.storage import drafts, intakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from intake.storage.intakes import Stored
    from intake.storage.trail import TrailChange
    from intake.workflow.review.story import Words


@dataclass(frozen=True, slots=True)
class Since:
    """Topics in words, by what the patient said of each; `silent`: nothing was said. `day`: the form of last time.

    `confirmed`: the answers that were taken over from that form, confirmed, and not changed afterwards.
    """

    day: datetime
    changed: tuple[str, ...]
    unsure: tuple[str, ...]
    same: tuple[str, ...]
    silent: tuple[str, ...]
    confirmed: tuple[str, ...]


def read(connection: Connection, words: Words, stored: Stored, changes: Sequence[TrailChange]) -> Since | None:
    """What was said on the page of last time; None where the form has no such page, or its answers repeat another's."""
    row = drafts.by_id(connection, stored.line.draft_id)
    if row is None or row.earlier_id is None:
        return None
    try:
        day = intakes.by_id(connection, row.earlier_id).line.sent_at
    except NotFoundError:
        return None
    said = from_raw(stored.answers)

    def topics(answer: str | None) -> tuple[str, ...]:
        return tuple(words.question(topic) for topic in TOPICS if said.get(topic) == answer)

    last = {change.key: change.at for change in changes}
    taken_over = (name for name in said if name.startswith(CONFIRMED))
    stand = (name for name in taken_over if last.get(name.removeprefix(CONFIRMED)) == last.get(name))
    confirmed = tuple(words.question(name) for name in stand)
    return Since(day, topics(CHANGED), topics(NOT_SURE), topics(SAME), topics(None), confirmed)
