"""An intake with all its versions, read at once; and where its one line of the queue stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import alerts, closings, lineages, reviews, taken_back
from intake.storage.closings import Closing, decision_item
from intake.storage.lineages import LineState
from intake.storage.reviews import Review
from intake.storage.taken_back import VersionSign
from intake.workflow.review import held, held_line
from intake.workflow.review.held import GoneCard, Version
from intake.workflow.review.outcomes import TO_DO

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Vocabulary
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True)
class Lineage:
    """All versions, the oldest first. `signs`: the open ones; `gone`: findings that only older versions have.

    `closed`: what was closed, by intake and item.
    """

    versions: tuple[Version, ...]
    signs: tuple[VersionSign, ...]
    gone: tuple[GoneCard, ...]
    closed: Mapping[str, Mapping[str, Closing]]

    @property
    def newest(self) -> Version:
        """The version that is decided."""
        return self.versions[-1]

    @property
    def older(self) -> tuple[Version, ...]:
        """The versions before it."""
        return self.versions[:-1]

    @property
    def unread_words(self) -> bool:
        """Whether own words wait to be read on any version that waits."""
        return any(each.unread_words for each in self.versions)

    @property
    def waits(self) -> tuple[bool, str]:
        """Whether anything of any version waits for a person, and the outcomes that wait to be done."""
        to_do = dict.fromkeys(each.todo.outcome for each in self.versions if each.todo)
        return any(each.waits for each in self.versions) or bool(self.signs or to_do), " ".join(to_do)

    def of(self, intake_id: str) -> Version:
        """The version of that id."""
        return next(each for each in self.versions if each.id == intake_id)


def read(connection: Connection, vocabulary: Vocabulary, intake_id: str) -> Lineage:
    """All versions of an intake; raises NotFoundError."""
    stored = lineages.read(connection, intake_id)
    ids, drafts = [each.line.id for each in stored], [each.line.draft_id for each in stored]
    name = stored[0].line.lineage
    signs = taken_back.of_lineages(connection, [name]).get(name, ())
    closed = closings.of_intakes(connection, ids)
    decisions, alarms = reviews.of_intakes(connection, ids), alerts.waiting(connection, drafts)
    versions = tuple(
        Version(
            number,
            each,
            tuple(told.sign for told in signs if told.intake_id == each.line.id),
            tuple(alarm for alarm in alarms if alarm.draft_id == each.line.draft_id),
            _to_do([made for made in decisions if made.intake_id == each.line.id], closed.get(each.line.id, {})),
        )
        for number, each in enumerate(stored, start=1)
    )
    return Lineage(versions, taken_back.still_open(signs, closed), held.gone(vocabulary, versions), closed)


def settle(connection: Connection, vocabulary: Vocabulary, intake_id: str) -> None:
    """Put the line of an intake where it belongs, now that a version was sent, decided, or something of it closed."""
    lineage = read(connection, vocabulary, intake_id)
    versions, signs = lineage.versions, [each.sign for each in lineage.signs]
    state = LineState(
        held.order(vocabulary, versions, signs, lineage.gone),
        *lineage.waits,
        held_line.to_json(held_line.summary(vocabulary, versions, signs, lineage.gone)) if lineage.older else None,
    )
    lineages.settle(connection, lineage.newest.id, state)


def newest(clinic: Clinic, intake_id: str) -> str:
    """The version of an intake that was sent last; an unknown id is its own."""
    with clinic.database.read() as connection:
        return lineages.newest(connection, intake_id)


def _to_do(decisions: list[Review], closed: Mapping[str, Closing]) -> Review | None:
    """The last decision of a version, while what it asks for waits."""
    last = decisions[-1] if decisions else None
    waits = last is not None and last.outcome in TO_DO and decision_item(last.intake_version) not in closed
    return last if waits else None
