"""What a day list would do: which visits it adds, which it changes, which are there already, and who may be known.

A row is the visit that another system's number names, or the one that a person of equal name and birth date has on that
day. The same list a second time changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.interop.day_lists.reading import Column, LeftOut, ListedVisit, ListReading, OmissionReason
from intake.storage import visits as rows
from intake.storage.crypto import blind_index
from intake.storage.visits import Visit, VisitKind, VisitPlan, VisitState
from intake.workflow.desk import records
from intake.workflow.desk.identity import (
    Identity,
    Likeness,
    NameIs,
    compare,
    email_key,
    name_key,
    phone_key,
    with_readable_contacts,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

SHORTEST_SOURCE = 4  # a shorter number may count the rows of a list, and name somebody else on the next one
LABEL = 80


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class VisitChange:
    """One thing that a row changes about a visit; both as they are read."""

    what: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A record that may be the person of a row, and how alike they are."""

    subject_id: str
    who: Identity
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Row:
    """One row and what it would do. `unread`: contacts that are none, left out; `known`: whoever it may be."""

    entry: ListedVisit
    who: Identity
    plan: VisitPlan
    fate: Fate
    visit: Visit | None
    changes: tuple[VisitChange, ...]
    unread: tuple[str, ...]
    known: tuple[KnownPerson, ...]
    source_key: str

    @property
    def equal(self) -> KnownPerson | None:
        """Whoever it is for certain: same name, birth date and a contact."""
        return next((each for each in self.known if each.likeness.equal), None)

    @property
    def near(self) -> KnownPerson | None:
        """Whoever somebody should look at: the likest, where nobody is equal."""
        return self.known[0] if self.known and self.equal is None else None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do. `digest` changes with anything of it; `beside`: the visits it was held against."""

    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    digest: str
    beside: frozenset[tuple[str, int]]

    def of(self, fate: Fate) -> tuple[Row, ...]:
        """The rows of one fate."""
        return tuple(row for row in self.rows if row.fate is fate)


def preview(connection: Connection, clinic: Clinic, reading: ListReading) -> Preview:
    """What the list would do now; nothing is written."""
    drafts = [_drafted(clinic, entry) for entry in reading.entries]
    stored = standing(connection, clinic, drafts)
    who = {visit.id: records.identity_of(clinic.keys, visit.subject) for visit in stored}
    matcher = _Matcher(clinic, stored, who)
    judged, twice, seen = list[Row](), list[LeftOut](), dict[tuple[object, ...], int]()
    for row in drafts:
        key = (name_key(row.who.name), row.who.born, phone_key(row.who.phone, clinic.country), row.plan.starts_at)
        if key in seen:
            twice.append(LeftOut(row.entry.row, OmissionReason.TWICE, None, str(seen[key])))
            continue
        seen[key] = row.entry.row
        judged.append(matcher.judged(row))
    known = _known(connection, clinic, judged)
    told = tuple(replace(row, known=known.get(str(row.entry.row), ())) for row in judged)
    left_out = tuple(sorted((*reading.left_out, *twice), key=lambda each: each.row))
    return Preview(told, left_out, _digest(told), frozenset((visit.id, visit.version) for visit in stored))


def standing(connection: Connection, clinic: Clinic, drafts: Sequence[Row]) -> list[Visit]:
    """The visits that a list is held against: those of its days, and those that its numbers name."""
    if not drafts:
        return []
    times = [row.plan.starts_at for row in drafts]
    days = sorted({clinic.day_of(moment) for moment in times})
    found: dict[str, Visit] = {}
    first, last = min(times) - timedelta(days=1), max(times) + timedelta(days=1)
    for visit in rows.between(connection, first, last):
        if clinic.day_of(visit.plan.starts_at) in days:
            found[visit.id] = visit
    keys = [row.source_key for row in drafts if row.source_key]
    found |= {visit.id: visit for visit in rows.of_sources(connection, keys)}
    return list(found.values())


def _drafted(clinic: Clinic, entry: ListedVisit) -> Row:
    given = Identity(entry.name, entry.born, entry.phone, entry.email)
    who, unread = with_readable_contacts(given, clinic.country)
    begins = entry.begins.replace(tzinfo=clinic.zone).astimezone(UTC)
    kind = VisitKind(entry.kind) if entry.kind else VisitKind.FIRST
    plan = VisitPlan(begins, entry.practitioner[:LABEL], entry.place[:LABEL], kind)
    source = entry.source.strip("\x1f ")
    key = blind_index(clinic.keys, "source", source) if len(source) >= SHORTEST_SOURCE else ""
    return Row(entry, who, plan, Fate.ADDED, None, (), unread, (), key)


class _Matcher:
    """Finds the visit of each row; one visit is that of one row only."""

    def __init__(self, clinic: Clinic, stored: Sequence[Visit], who: Mapping[str, Identity]) -> None:
        self._clinic = clinic
        self._who = who
        self._taken: set[str] = set()
        self._today = clinic.today
        self._days = {visit.id: clinic.day_of(visit.plan.starts_at) for visit in stored}
        self._of_source: dict[str, list[Visit]] = {}
        self._of_person: dict[tuple[date, str, str], list[Visit]] = {}
        for visit in sorted(stored, key=lambda each: each.plan.starts_at):
            stands = who[visit.id]
            self._of_source.setdefault(visit.source_key, []).append(visit)
            key = (self._days[visit.id], name_key(stands.name), stands.born)
            self._of_person.setdefault(key, []).append(visit)

    def judged(self, row: Row) -> Row:
        """The row with what it does."""
        day = self._clinic.day_of(row.plan.starts_at)
        visit = self._by_source(row, day) or self._by_person(row, day)
        if visit is None:
            return row
        self._taken.add(visit.id)
        stored = self._who[visit.id]
        plan, who = _kept(row, visit.plan), _mended(row.who, stored)
        changes = tuple(_changes(self._clinic, visit, stored, plan, who))
        fate = Fate.CHANGED if changes else Fate.SAME
        return replace(row, who=who, plan=plan, fate=fate, visit=visit, changes=changes)

    def _by_source(self, row: Row, day: date) -> Visit | None:
        """By the other system's number, unless it names somebody else now, or a visit of a day that is over."""
        for visit in self._free(self._of_source.get(row.source_key, ())) if row.source_key else ():
            alike = compare(row.who, self._who[visit.id], self._clinic.country)
            open_still = visit.state is VisitState.PLANNED and self._days[visit.id] >= self._today
            named = alike.near or alike.name in (NameIs.EQUAL, NameIs.REORDERED)
            if named and (open_still or self._days[visit.id] == day):
                return visit
        return None

    def _by_person(self, row: Row, day: date) -> Visit | None:
        """By equal name and birth date on that day; with another phone and e-mail only at the very same time."""
        here = self._of_person.get((day, name_key(row.who.name), row.who.born), ())
        theirs = [visit for visit in self._free(here) if not (row.source_key and visit.source_key)]
        theirs.sort(key=lambda visit: visit.plan.starts_at != row.plan.starts_at)
        for visit in theirs:
            if visit.plan.starts_at == row.plan.starts_at or not self._reached_otherwise(visit, row):
                return visit
        return None

    def _free(self, found: Sequence[Visit]) -> list[Visit]:
        return [visit for visit in found if visit.id not in self._taken]

    def _reached_otherwise(self, visit: Visit, row: Row) -> bool:
        country, stored = self._clinic.country, self._who[visit.id]
        phones = phone_key(stored.phone, country), phone_key(row.who.phone, country)
        mails = email_key(stored.email), email_key(row.who.email)
        known = [pair for pair in (phones, mails) if all(pair)]
        return bool(known) and all(one != other for one, other in known)


def _kept(row: Row, stored: VisitPlan) -> VisitPlan:
    """The row's plan; what the list does not say stays as it is."""
    new = row.plan
    kind = new.kind if row.entry.kind else stored.kind
    return VisitPlan(new.starts_at, new.practitioner or stored.practitioner, new.place or stored.place, kind)


def _mended(new: Identity, stored: Identity) -> Identity:
    return Identity(new.name, new.born or stored.born, new.phone or stored.phone, new.email or stored.email)


def _changes(clinic: Clinic, visit: Visit, stored: Identity, plan: VisitPlan, who: Identity) -> list[VisitChange]:
    old = visit.plan
    pairs = (
        ("time", *(_when(clinic, moment) for moment in (old.starts_at, plan.starts_at))),
        (Column.PRACTITIONER, old.practitioner, plan.practitioner),
        (Column.PLACE, old.place, plan.place),
        (Column.KIND, old.kind, plan.kind),
        (Column.NAME, stored.name, who.name),
        (Column.BORN, stored.born, who.born),
        (Column.EMAIL, stored.email, who.email),
    )
    found = [VisitChange(str(what), before, after) for what, before, after in pairs if before != after]
    if phone_key(stored.phone, clinic.country) != phone_key(who.phone, clinic.country):
        found.append(VisitChange(Column.PHONE, stored.phone, who.phone))
    return found


def _when(clinic: Clinic, moment: datetime) -> str:
    return f"{moment.astimezone(clinic.zone):%Y-%m-%d %H:%M}"


def _known(connection: Connection, clinic: Clinic, judged: Sequence[Row]) -> dict[str, tuple[KnownPerson, ...]]:
    sought = {str(row.entry.row): row.who for row in judged if row.fate is Fate.ADDED}
    found = records.near(connection, clinic, sought)
    return {name: tuple(KnownPerson(*each) for each in alike) for name, alike in found.items() if alike}


def _digest(told: Sequence[Row]) -> str:
    parts = ((row.entry, row.fate, row.visit and row.visit.id, row.changes, row.known) for row in told)
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()[:32]
