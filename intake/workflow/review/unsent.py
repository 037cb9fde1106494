"""Danger signs of intakes that nobody sent: who waits, who takes care of it, and which were nobody.

Counted by intakes, not by signs: one that ticks everything is one. The queue shows the worst and always the newest of
them, the list shows all; a search looks through the newest. What came from one network, which may be one prankster or
the clinic's own tablet, says so.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.storage import alerts, audit, subjects
from intake.storage.alerts import Alert
from intake.workflow.review import search
from intake.workflow.review.people import Person, Practitioner, person
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.workflow.shared.clinic import Clinic

PAGE = 50
WORST = 10
NEWEST = 5


@dataclass(frozen=True, slots=True)
class UnsentIntake:
    """An intake that nobody sent, with its danger signs; `taken_at`: somebody has taken care of all since then."""

    draft_id: str
    person: Person
    alerts: tuple[Alert, ...]

    @property
    def urgency(self) -> Urgency:
        """The worst of its alerts."""
        return max(alert.urgency for alert in self.alerts)

    @property
    def levels(self) -> Levels:
        """Its urgency, beside no level of needling: that is for the intake to say."""
        return Levels(Needling.OK, self.urgency)

    @property
    def asks(self) -> bool:
        """Whether nothing is established: the patient was not sure."""
        return all(alert.status is Status.ASKS for alert in self.alerts)

    @property
    def taken_at(self) -> datetime | None:
        """When the last of its alerts was taken care of; None: one is open."""
        times = [alert.taken_at for alert in self.alerts if alert.taken_at is not None]
        return max(times) if len(times) == len(self.alerts) else None

    @property
    def newest(self) -> datetime:
        """When its last danger sign came."""
        return max(alert.at for alert in self.alerts)

    @property
    def source(self) -> str | None:
        """The mark of the network that it came from."""
        return self.alerts[0].source


@dataclass(frozen=True, slots=True)
class Unsent:
    """One page of the list from its row `first` (0 on) of `total`; `by_source`: how many wait from each network."""

    waiting: tuple[UnsentIntake, ...]
    first: int
    total: int
    by_source: dict[str, int]


def count(connection: Connection) -> int:
    """How many wait."""
    return alerts.count_unsent(connection)


def count_taken(connection: Connection) -> int:
    """Of how many somebody takes care."""
    return alerts.count_taken(connection)


def first(connection: Connection, keys: Keys) -> tuple[UnsentIntake, ...]:
    """The worst that wait, and the newest of the others after them: no crowd hides who has just come."""
    worst = alerts.worst_unsent(connection, WORST)
    newest = alerts.newest_unsent(connection, WORST + NEWEST)
    others = [draft for draft in newest if draft not in worst][:NEWEST]
    return _waiting(connection, keys, [*worst, *others])


def taken(connection: Connection, keys: Keys) -> tuple[UnsentIntake, ...]:
    """Those that somebody takes care of, the last ones first."""
    return _together(connection, keys, alerts.newest_taken(connection, PAGE))


def found(connection: Connection, keys: Keys, text: str) -> tuple[UnsentIntake, ...]:
    """Those whom a search text may mean: who waits, then who is taken care of, as far as they are among the newest."""
    sought = search.parse(text)
    newest = [*alerts.newest_unsent(connection, search.NEWEST), *alerts.newest_taken(connection, search.NEWEST)]
    meant = {
        alert.draft_id
        for alert in alerts.unsent(connection, newest)
        if search.fits(keys, subjects.find(connection, alert.subject_id), sought)
    }
    return _together(connection, keys, [draft for draft in newest if draft in meant][:PAGE])


def listed(clinic: Clinic, practitioner: Practitioner, first: int = 0) -> Unsent:
    """A page of all that wait, the worst first."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        waiting = _waiting(connection, clinic.keys, alerts.worst_unsent(connection, PAGE, first))
        sources = {each.source for each in waiting if each.source is not None}
        found = Unsent(waiting, first, count(connection), alerts.count_by_source(connection, sources))
    listed = {"drafts": [each.draft_id for each in waiting]}
    looks.record(clinic, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "unsent", listed))
    return found


def not_real(clinic: Clinic, draft_ids: Collection[str], source: str, practitioner: Practitioner) -> int:
    """A named person says that nobody is behind these unfinished intakes, and behind all from `source` (empty: none).

    How many left the list; each leaves an audit entry, and comes back with the next danger sign or when it is sent.
    """
    with clinic.database.begin() as connection:
        wanted = dict.fromkeys([*draft_ids, *(alerts.unsent_of(connection, source) if source else ())])
        return sum(_close(connection, clinic, draft_id, practitioner, "not_real") for draft_id in wanted)


def _close(connection: Connection, clinic: Clinic, draft_id: str, practitioner: Practitioner, action: str) -> bool:
    now = clinic.clock()
    closed = alerts.set_aside(connection, draft_id, now)
    if closed:
        told = audit.AuditEntry(now, practitioner.actor, action, "draft", draft_id, {"alerts": closed})
        audit.record(connection, clinic.keys, told)
    return bool(closed)


def _waiting(connection: Connection, keys: Keys, draft_ids: list[str]) -> tuple[UnsentIntake, ...]:
    """Who waits, with open alerts alone, in the order of the ids; nobody who has sent meanwhile."""
    still_open = [alert for alert in alerts.waiting(connection, draft_ids) if alert.intake_id is None]
    return _in_order(connection, keys, draft_ids, still_open)


def _together(connection: Connection, keys: Keys, draft_ids: list[str]) -> tuple[UnsentIntake, ...]:
    """Those that nobody sent, with every alert, in the order of the ids."""
    return _in_order(connection, keys, draft_ids, alerts.unsent(connection, draft_ids))


def _in_order(
    connection: Connection, keys: Keys, draft_ids: list[str], alarms: list[Alert]
) -> tuple[UnsentIntake, ...]:
    place = {draft_id: number for number, draft_id in enumerate(draft_ids)}
    ordered = sorted(alarms, key=lambda alert: place[alert.draft_id])
    together = [tuple(group) for _, group in groupby(ordered, key=lambda alert: alert.draft_id)]
    return tuple(
        UnsentIntake(found[0].draft_id, person(keys, subjects.find(connection, found[0].subject_id)), found)
        for found in together
    )
