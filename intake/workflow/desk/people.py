"""Who is one person: records that are joined, those that somebody should look at, and undoing.

A record is a `subject` of its own: what one visit's row, or one patient's form, says of who it is. To join records is a
row beside them, so that to undo it brings back exactly what there was. Records of one person share visits and forms: an
intake that was sent without a visit becomes that of the person's next visit, and no more where the join is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, matches, subjects, visit_forms, visits
from intake.storage.matches import How, Match
from intake.workflow.desk.identity import Identity, Likeness
from intake.workflow.desk.records import identity_of, near
from intake.workflow.review.people import Practitioner
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.visit_forms import Unbound
    from intake.storage.visits import Visit
    from intake.workflow.shared.clinic import Clinic

FORMS_BACK = timedelta(days=60)  # an older form is not taken for that of a visit to come
VISITS_AHEAD = timedelta(days=60)
MOST_FORMS, MOST_VISITS, MOST_SHOWN, MOST_NEWEST = 500, 1000, 50, 25
NOT_TWO = "There are no two such records, or they are one already."


@dataclass(frozen=True, slots=True)
class Record:
    """What one record says of who it is, and which visit or form it belongs to."""

    subject_id: str
    who: Identity
    visit: Visit | None = None
    form: Unbound | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person, side by side."""

    new: Record
    known: Record
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Joined:
    """Two records that were joined, by whom (None: they were equal) and when."""

    one: Record
    other: Record
    by: int | None
    at: datetime


def join_equal(connection: Connection, clinic: Clinic, subject_id: str, known: str, now: datetime) -> None:
    """Join two records whose name, birth date and a contact are equal; nobody had to look."""
    settle(connection, clinic, Match(subject_id, known, same=True, how=How.EQUAL, by=None, at=now))


def decide(clinic: Clinic, one: str, other: str, who: Practitioner, *, same: bool) -> None:
    """Somebody says whether two records are one person; raises NotFoundError where there are no two such records."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        settle(connection, clinic, Match(one, other, same=same, how=How.STAFF, by=who.id, at=now))


def settle(connection: Connection, clinic: Clinic, match: Match) -> None:
    """Keep whether two records are one person in the transaction of what else it belongs to; raises as `decide`."""
    for subject_id in (match.subject_id, match.other_id):
        subjects.find(connection, subject_id)
    if match.other_id in person(connection, match.subject_id):
        raise NotFoundError(NOT_TWO)
    matches.add(connection, match)
    actor = "system" if match.by is None else f"staff:{match.by}"
    _tell(connection, clinic, match, actor, "joined" if match.same else "told_apart")
    if match.same:
        link_form(connection, clinic, person(connection, match.subject_id), match.at)


def settle_new(connection: Connection, clinic: Clinic, decided: Sequence[Match], now: datetime) -> None:
    """Keep what is known of many new records, which nobody has joined yet; the audit is the caller's."""
    matches.add_rows(connection, decided)
    joined = [match for match in decided if match.same]
    around = matches.of_subjects(connection, {match.other_id for match in joined})
    everybody = {each for match in around for each in (match.subject_id, match.other_id)}
    people_of = _people_of(around)
    sent = visit_forms.sent_by(connection, everybody)
    waiting = {
        people_of(form.subject.id) for form in sent if form.visit_id is None and form.sent_at >= now - FORMS_BACK
    }
    for match in joined:
        if people_of(match.subject_id) in waiting:
            link_form(connection, clinic, person(connection, match.subject_id), now)


def undo(clinic: Clinic, one: str, other: str, who: Practitioner) -> None:
    """Take a join back; forms that came to a visit by it leave it. Raises NotFoundError where there is none."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not matches.remove(connection, one, other):
            raise NotFoundError(NOT_TWO)
        gone = Match(one, other, same=True, how=How.STAFF, by=who.id, at=now)
        _tell(connection, clinic, gone, who.actor, "join_undone")
        here, there = person(connection, one), person(connection, other)
        if there != here:
            _release_forms(connection, here, there)
            _release_forms(connection, there, here)
        for each in (here, there):
            link_form(connection, clinic, each, now)


def person(connection: Connection, subject_id: str) -> frozenset[str]:
    """All records of one person, this one among them."""
    here, joined = {subject_id}, [match for match in matches.of_subjects(connection, [subject_id]) if match.same]
    while True:
        more = {
            each
            for match in joined
            if here & {match.subject_id, match.other_id}
            for each in (match.subject_id, match.other_id)
        }
        if more <= here:
            return frozenset(here)
        here |= more


def link_form(connection: Connection, clinic: Clinic, of_person: frozenset[str], now: datetime) -> str | None:
    """Give the person's next visit without a form the newest form that has no visit; the visit, None: neither."""
    sent = [each for each in visit_forms.sent_by(connection, of_person) if each.visit_id is None and each.newest]
    fresh = [each for each in sent if each.sent_at >= now - FORMS_BACK]
    booked = visits.of_subjects(connection, of_person)
    today = [each for each in booked if clinic.day_of(each.plan.starts_at) >= clinic.day_of(now)]
    filled = visit_forms.forms(connection, [each.id for each in today])
    empty = [each for each in today if each.id not in filled]
    if not fresh or not empty:
        return None
    visit_forms.bind(connection, fresh[0].draft_id, empty[0].id, empty[0].plan.starts_at)
    return empty[0].id


def sent(connection: Connection, clinic: Clinic, subject_id: str, who: Identity, now: datetime) -> None:
    """A patient has sent a form: it joins whoever is equal, and without a visit becomes the form of theirs to come."""
    alike = near(connection, clinic, {"": who}, (subject_id,))[""]
    known = next((each for each, _who, likeness in alike if likeness.equal), None)
    if known is not None:
        join_equal(connection, clinic, subject_id, known, now)


def to_decide(clinic: Clinic, by: Practitioner) -> tuple[Pair, ...]:
    """Records of visits to come, and of forms without a visit, that may be somebody who is known; the likest first.

    The look is recorded.
    """
    now = clinic.clock()
    with clinic.database.read() as connection:
        of_visits, of_forms = _visits_to_come(connection, now), _forms_without_visit(connection, now)
        subjects = [visit.subject for visit in of_visits.values()] + [form.subject for form in of_forms.values()]
        sought = {subject.id: identity_of(clinic.keys, subject) for subject in subjects}
        found = near(connection, clinic, sought)
        everyone_near = {other for alike in found.values() for other, *_rest in alike}
        decided = matches.of_subjects(connection, everyone_near | sought.keys())

    def record(name: str, who: Identity) -> Record:
        return Record(name, who, of_visits.get(name), of_forms.get(name))

    alike = [
        Pair(record(name, sought[name]), record(other, who), likeness)
        for name, others in found.items()
        for other, who, likeness in others
    ]
    shown = sorted(_undecided(alike, decided), key=lambda pair: -pair.likeness.points)[:MOST_SHOWN]
    told = {"subjects": [each for pair in shown for each in (pair.new.subject_id, pair.known.subject_id)]}
    looks.record(clinic, audit.AuditEntry(now, by.actor, "listed", "people", "people", told))
    return tuple(shown)


def _visits_to_come(connection: Connection, now: datetime) -> dict[str, Visit]:
    """By the record of whoever comes."""
    booked = visits.between(connection, now - timedelta(days=1), now + VISITS_AHEAD, MOST_VISITS)
    return {visit.subject.id: visit for visit in booked}


def _forms_without_visit(connection: Connection, now: datetime) -> dict[str, Unbound]:
    """By the record of whoever sent one."""
    return {form.subject.id: form for form in visit_forms.sent_since(connection, now - FORMS_BACK, MOST_FORMS)}


def _undecided(pairs: Iterable[Pair], decided: Collection[Match]) -> Iterable[Pair]:
    """The pairs of two people of whom nobody has said that they are one, or two; of each two people the first pair."""
    people_of = _people_of(decided)
    apart = {frozenset((people_of(each.subject_id), people_of(each.other_id))) for each in decided if not each.same}
    undecided: dict[frozenset[str], Pair] = {}
    for pair in pairs:
        both = frozenset((people_of(pair.new.subject_id), people_of(pair.known.subject_id)))
        if len(both) > 1 and both not in apart:
            undecided.setdefault(both, pair)
    return undecided.values()


def _people_of(decided: Iterable[Match]) -> Callable[[str], str]:
    """For each record one that stands for all of its person."""
    groups: list[set[str]] = []
    for match in decided:
        if match.same:
            pair = {match.subject_id, match.other_id}
            touching = [group for group in groups if group & pair]
            groups = [group for group in groups if group not in touching]
            groups.append(pair.union(*touching))
    standing = {each: min(group) for group in groups for each in group}
    return lambda subject_id: standing.get(subject_id, subject_id)


def newest_joins(clinic: Clinic) -> tuple[Joined, ...]:
    """The joins that were made last, to be looked at and undone."""
    with clinic.database.read() as connection:
        joined = matches.newest(connection, MOST_NEWEST)
        ids = {each for match in joined for each in (match.subject_id, match.other_id)}
        who = {each.id: identity_of(clinic.keys, each) for each in subjects.several(connection, ids)}
        booked = {each.subject.id: each for each in visits.of_subjects(connection, ids)}
        forms = {each.subject.id: each for each in reversed(visit_forms.sent_by(connection, ids))}

    def record(subject_id: str) -> Record:
        return Record(subject_id, who[subject_id], booked.get(subject_id), forms.get(subject_id))

    return tuple(Joined(record(each.subject_id), record(each.other_id), each.by, each.at) for each in joined)


def _release_forms(connection: Connection, here: frozenset[str], there: frozenset[str]) -> None:
    """Take the forms of one person from the visits of another."""
    others = {each.id for each in visits.of_subjects(connection, there)}
    for form in visit_forms.sent_by(connection, here):
        if form.visit_id in others:
            visit_forms.bind(connection, form.draft_id, None, None)


def _tell(connection: Connection, clinic: Clinic, match: Match, actor: str, action: str) -> None:
    details = {"other": match.other_id, "how": match.how.value}
    entry = audit.AuditEntry(match.at, actor, action, "subject", match.subject_id, details)
    audit.record(connection, clinic.keys, entry)
