"""A day list from its arrival to its end: kept sealed while somebody checks it, saved as a whole, or left.

Nothing of it is saved while a question about reading it is open, nor after anything that it was held against changed:
then it is shown anew. Saving is one transaction, with one audit entry that names every visit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from intake.errors import NotFoundError, StaleError
from intake.interop.day_lists.read import ClinicDay, read
from intake.interop.day_lists.reading import Choices, ListReading
from intake.storage import audit, day_lists
from intake.storage.audit import AuditEntry
from intake.storage.day_lists import DayList
from intake.storage.matches import How, Match
from intake.workflow.desk import people, records, visits
from intake.workflow.desk.day_list import Fate, Preview, Row, preview, standing
from intake.workflow.desk.visits import Moved, NewVisit
from intake.workflow.keeping.retention import DAY_LIST_LIFE
from intake.workflow.review.people import Practitioner
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

CHANGED = "Visits changed since this list was shown. Nothing was saved; look at it again."


class RowVerdict(StrEnum):
    """What somebody says of a row and the record beside it."""

    SAME = "same"
    TWO = "two"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Checked:
    """A day list as it stands: how it is read, what it would do, what was said of its rows so far."""

    id: str
    at: datetime
    choices: Choices
    reading: ListReading
    preview: Preview
    verdicts: Mapping[int, RowVerdict]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a list did."""

    added: int
    changed: int
    days: tuple[date, ...]


def receive(clinic: Clinic, list_id: str, content: bytes, by: Practitioner) -> None:
    """Keep a file to be checked; raises ForeignFileError where it is none that can be read at all."""
    read(content, Choices(), _day(clinic))
    now = clinic.clock()
    with clinic.database.begin() as connection:
        day_lists.remove_before(connection, now - DAY_LIST_LIFE)
        day_lists.add(connection, clinic.keys, DayList(list_id, now, content, {}), by.id)
        audit.record(connection, clinic.keys, _entry(clinic, by, "day_list_received", list_id, {"bytes": len(content)}))


def choose(clinic: Clinic, list_id: str, choices: Choices, verdicts: Mapping[int, RowVerdict]) -> None:
    """Keep what was chosen about reading a list and about its rows; raises NotFoundError where it is gone."""
    stored = {
        "separator": choices.separator,
        "letters": choices.letters,
        "columns": {str(place): column for place, column in choices.columns.items()},
        "orders": dict(choices.orders),
        "day": choices.day.isoformat() if choices.day else "",
        "verdicts": {str(row): verdict for row, verdict in verdicts.items()},
    }
    with clinic.database.begin() as connection:
        day_lists.choose(connection, list_id, stored)


def load(clinic: Clinic, list_id: str) -> Checked:
    """A day list as it is read and what it would do now; raises NotFoundError, ForeignFileError."""
    with clinic.database.read() as connection:
        kept = day_lists.by_id(connection, clinic.keys, list_id)
        choices = _choices(kept.choices)
        reading = read(kept.content, choices, _day(clinic))
        would = preview(connection, clinic, reading)
    verdicts = cast("Mapping[str, str]", kept.choices.get("verdicts", {}))
    return Checked(
        list_id, kept.at, choices, reading, would, {int(row): RowVerdict(each) for row, each in verdicts.items()}
    )


def show(clinic: Clinic, list_id: str, by: Practitioner) -> Checked:
    """A day list as of `load`, for somebody to look at; the look names the known people that it shows."""
    checked = load(clinic, list_id)
    known = [row.near.subject_id for row in checked.preview.rows if row.near is not None]
    looks.record(clinic, _entry(clinic, by, "day_list_shown", list_id, {"subjects": known}))
    return checked


def save(clinic: Clinic, list_id: str, digest: str, by: Practitioner, new_id: Callable[[], str]) -> ImportResult:
    """Add and change what was shown under this digest; raises StaleError where that is not what would happen now."""
    checked, now = load(clinic, list_id), clinic.clock()
    if checked.reading.open or checked.preview.digest != digest:
        raise StaleError(CHANGED)
    added, changed = checked.preview.of(Fate.ADDED), checked.preview.of(Fate.CHANGED)
    new = [NewVisit(new_id(), new_id(), row.who, row.plan, row.source_key) for row in added]
    sealed = [visits.seal(clinic, each, now) for each in new]
    subjects = [each.subject_id for each in new]
    decided = [*_matches(zip(added, subjects, strict=True), checked.verdicts, by, now)]
    with clinic.database.begin() as connection:
        if not day_lists.remove(connection, list_id):
            raise NotFoundError(day_lists.GONE)
        _refuse_changed(connection, clinic, checked)
        visits.store(connection, sealed)
        for row in changed:
            _change(connection, clinic, row, by)
        people.settle_new(connection, clinic, decided, now)
        told = {
            "added": [each.id for each in new],
            "changed": [row.visit.id for row in changed if row.visit],
        }
        audit.record(connection, clinic.keys, _entry(clinic, by, "day_list_saved", list_id, told | _told_of(decided)))
    days = sorted({clinic.day_of(row.plan.starts_at) for row in checked.preview.rows})
    return ImportResult(len(added), len(changed), tuple(days))


def _refuse_changed(connection: Connection, clinic: Clinic, checked: Checked) -> None:
    stored = standing(connection, clinic, checked.preview.rows)
    if frozenset((visit.id, visit.version) for visit in stored) != checked.preview.beside:
        raise StaleError(CHANGED)


def _told_of(decided: Collection[Match]) -> dict[str, object]:
    """Who was joined and who was told apart, for the audit."""
    return {
        "joined": [[match.subject_id, match.other_id, match.how] for match in decided if match.same],
        "told_apart": [[match.subject_id, match.other_id] for match in decided if not match.same],
    }


def leave(clinic: Clinic, list_id: str, by: Practitioner) -> None:
    """Forget a list without saving anything of it."""
    with clinic.database.begin() as connection:
        if day_lists.remove(connection, list_id):
            audit.record(connection, clinic.keys, _entry(clinic, by, "day_list_left", list_id, {}))


def _change(connection: Connection, clinic: Clinic, row: Row, by: Practitioner) -> None:
    if row.visit is None:
        return
    if row.plan != row.visit.plan:
        visits.move_in(connection, clinic, Moved(row.visit.id, row.visit.version, row.plan), by)
    if row.who != records.identity_of(clinic.keys, row.visit.subject):
        visits.correct(connection, clinic, row.visit, row.who, by)


def _matches(
    new: Iterable[tuple[Row, str]], verdicts: Mapping[int, RowVerdict], by: Practitioner, now: datetime
) -> Iterator[Match]:
    """What is decided of new rows, each with the subject that it becomes."""
    for row, subject_id in new:
        match = _match(row, subject_id, verdicts, by, now)
        if match is not None:
            yield match


def _match(
    row: Row, subject_id: str, verdicts: Mapping[int, RowVerdict], by: Practitioner, now: datetime
) -> Match | None:
    """Whom a new row is joined to, or told apart from; None: nobody said so, and nobody is equal."""
    verdict = verdicts.get(row.entry.row, RowVerdict.LATER)
    if row.equal is not None:
        return Match(subject_id, row.equal.subject_id, same=True, how=How.EQUAL, by=None, at=now)
    if row.near is None or verdict is RowVerdict.LATER:
        return None
    same = verdict is RowVerdict.SAME
    return Match(subject_id, row.near.subject_id, same=same, how=How.STAFF, by=by.id, at=now)


def _choices(stored: Mapping[str, object]) -> Choices:
    columns = cast("Mapping[str, str]", stored.get("columns", {}))
    day = str(stored.get("day", ""))
    return Choices(
        separator=str(stored.get("separator", "")),
        letters=str(stored.get("letters", "")),
        columns={int(place): column for place, column in columns.items()},
        orders=cast("Mapping[str, str]", stored.get("orders", {})),
        day=date.fromisoformat(day) if day else None,
    )


def _day(clinic: Clinic) -> ClinicDay:
    return ClinicDay(clinic.today, clinic.zone)


def _entry(clinic: Clinic, by: Practitioner, action: str, list_id: str, details: Mapping[str, object]) -> AuditEntry:
    return AuditEntry(clinic.clock(), by.actor, action, "day_list", list_id, details)
