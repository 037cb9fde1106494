"""Patients: who they are, sealed under a data key of their own, without which nobody reads name or story again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, LargeBinary, String, Table, delete, func, insert, select, update

from intake.errors import NotFoundError
from intake.storage.crypto import Purpose, SealedPlace, Vault, WrappedKey, open_vault, rewrap
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row

    from intake.storage.crypto import Keys

SUBJECTS = Table(
    "subjects",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("identity", LargeBinary),
    Column("master", String(32)),
    Column("data_key", LargeBinary),
)


AT_ONCE = 500


@dataclass(frozen=True, slots=True, repr=False)
class Subject:
    """A patient as stored: everything about the person is sealed. `wrapped` None: erased."""

    id: str
    identity: bytes | None
    wrapped: WrappedKey | None

    def vault(self, keys: Keys) -> Vault:
        """Open the patient's subkeys; raises StorageError where the person was erased."""
        return open_vault(keys, self.id, self.wrapped)

    def read_identity(self, keys: Keys) -> dict[str, str]:
        """Name, date of birth and contact, as given; empty where nothing was given yet."""
        return read_identity(self.vault(keys), self.identity)


def seal_identity(vault: Vault, identity: Mapping[str, str]) -> bytes:
    """The sealed form of a patient's identity."""
    return vault.seal(Purpose.IDENTITY, _place(vault.subject_id), dict(identity))


def read_identity(vault: Vault, sealed: bytes | None) -> dict[str, str]:
    """What `seal_identity` sealed."""
    return cast("dict[str, str]", vault.open(Purpose.IDENTITY, _place(vault.subject_id), sealed) or {})


def of_row(row: Row[Any]) -> Subject:
    """The subject in a row that carries `subject_id` and, of `SUBJECTS`, `identity`, `master`, `data_key`."""
    wrapped = None if row.data_key is None else WrappedKey(row.master, row.data_key)
    return Subject(row.subject_id, row.identity, wrapped)


def add(connection: Connection, subject_id: str, wrapped: WrappedKey) -> Subject:
    """A patient about whom nothing is known yet."""
    connection.execute(insert(SUBJECTS).values(id=subject_id, master=wrapped.master, data_key=wrapped.sealed))
    return Subject(subject_id, None, wrapped)


def new_row(wrapped: WrappedKey, subject_id: str, sealed: bytes) -> dict[str, object]:
    """The row of a patient whose identity is known from the start."""
    return {"id": subject_id, "identity": sealed, "master": wrapped.master, "data_key": wrapped.sealed}


def add_rows(connection: Connection, new: list[dict[str, object]]) -> None:
    """Several patients at once."""
    if new:
        connection.execute(insert(SUBJECTS), new)


def exist(connection: Connection) -> bool:
    """Whether there is any patient."""
    return connection.execute(select(SUBJECTS.c.id).limit(1)).first() is not None


def find(connection: Connection, subject_id: str) -> Subject:
    """One patient; raises NotFoundError."""
    row = connection.execute(
        select(SUBJECTS.c.id.label("subject_id"), SUBJECTS).where(SUBJECTS.c.id == subject_id)
    ).first()
    if row is None:
        raise NotFoundError("There is no such patient.")
    return of_row(row)


def several(connection: Connection, subject_ids: Iterable[str]) -> list[Subject]:
    """These patients, in no order; those that are not there are left out."""
    wanted, found = sorted(subject_ids), list[Subject]()
    for start in range(0, len(wanted), AT_ONCE):
        some = select(SUBJECTS.c.id.label("subject_id"), SUBJECTS).where(
            SUBJECTS.c.id.in_(wanted[start : start + AT_ONCE])
        )
        found += map(of_row, connection.execute(some))
    return found


def set_identity(connection: Connection, subject_id: str, sealed: bytes | None) -> None:
    """Replace the sealed identity."""
    connection.execute(update(SUBJECTS).where(SUBJECTS.c.id == subject_id).values(identity=sealed))


def by_master(connection: Connection) -> dict[str, int]:
    """The number of patients by the master key that wraps theirs; erased ones need none."""
    counted = select(SUBJECTS.c.master, func.count()).where(SUBJECTS.c.data_key.is_not(None))
    return {str(name): int(count) for name, count in connection.execute(counted.group_by(SUBJECTS.c.master))}


def rewrap_all(connection: Connection, keys: Keys) -> int:
    """Bring every data key under the current master key; the number that moved."""
    old = select(SUBJECTS.c.id.label("subject_id"), SUBJECTS).where(SUBJECTS.c.master != keys.current)
    subjects = [of_row(row) for row in connection.execute(old)]
    for subject in subjects:
        if subject.wrapped is not None:
            _set_key(connection, subject.id, rewrap(keys, subject.id, subject.wrapped))
    return len(subjects)


def remove(connection: Connection, subject_ids: Iterable[str]) -> None:
    """Forget patients of whom no intake exists."""
    connection.execute(delete(SUBJECTS).where(SUBJECTS.c.id.in_(list(subject_ids))))


def _set_key(connection: Connection, subject_id: str, wrapped: WrappedKey) -> None:
    values = {"master": wrapped.master, "data_key": wrapped.sealed}
    connection.execute(update(SUBJECTS).where(SUBJECTS.c.id == subject_id).values(values))


def _place(subject_id: str) -> SealedPlace:
    return SealedPlace("subjects", subject_id, "identity")
