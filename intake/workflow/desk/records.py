"""Records of who somebody is: sealed and made findable, opened, and found again by whoever may be the same person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from intake.storage import name_index, subjects
from intake.workflow.desk.identity import Identity, Likeness, compare, hashes, hashes_sought, hashes_strong
from intake.workflow.review.people import DAMAGED, ERASED, opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.storage.subjects import Subject
    from intake.workflow.shared.clinic import Clinic


def identity_of(keys: Keys, subject: Subject) -> Identity:
    """A record's identity; that of an erased or damaged one says so, and is like nobody's."""
    if subject.wrapped is None:
        return Identity(ERASED)
    return Identity.of(opened(keys, lambda: subject.read_identity(keys), {"name": DAMAGED}))


def enter(connection: Connection, clinic: Clinic, subject: Subject, who: Identity) -> None:
    """Seal who a record is, and make it findable."""
    sealed = subjects.seal_identity(subject.vault(clinic.keys), who.stored())
    subjects.set_identity(connection, subject.id, sealed)
    name_index.replace(connection, subject.id, hashes(clinic.keys, who, clinic.country))


def near(
    connection: Connection, clinic: Clinic, sought: Mapping[str, Identity], left_out: Collection[str] = ()
) -> dict[str, list[tuple[str, Identity, Likeness]]]:
    """For each of these identities (by any name) the stored records that are equal or near, the most alike first."""
    wanted = {name: hashes_sought(clinic.keys, who, clinic.country) for name, who in sought.items()}
    by_subject = name_index.sharing(connection, frozenset().union(*wanted.values()))
    by_hash: dict[str, set[str]] = {}
    for subject_id, shared in by_subject.items():
        for each in shared if subject_id not in left_out else ():
            by_hash.setdefault(each, set()).add(subject_id)
    chosen = {name: _worth_opening(clinic, sought[name], of_name, by_hash) for name, of_name in wanted.items()}
    known = {
        subject.id: identity_of(clinic.keys, subject)
        for subject in subjects.several(connection, frozenset().union(*chosen.values()))
    }
    return {name: _most_alike(clinic, sought[name], ids, known) for name, ids in chosen.items()}


def _worth_opening(
    clinic: Clinic, who: Identity, wanted: Iterable[str], by_hash: Mapping[str, set[str]]
) -> frozenset[str]:
    strong = hashes_strong(clinic.keys, who, clinic.country)
    shared: dict[str, int] = {}
    for each in wanted:
        for subject_id in by_hash.get(each, ()):
            shared[subject_id] = shared.get(subject_id, 0) + (2 if each in strong else 1)
    return frozenset(subject_id for subject_id, weight in shared.items() if weight > 1)


def _most_alike(
    clinic: Clinic, who: Identity, ids: Iterable[str], known: Mapping[str, Identity]
) -> list[tuple[str, Identity, Likeness]]:
    found = [(each, known[each], compare(who, known[each], clinic.country)) for each in sorted(ids) if each in known]
    alike = [each for each in found if each[2].near]
    return sorted(alike, key=lambda each: -each[2].points)
