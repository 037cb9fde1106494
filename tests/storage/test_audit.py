"""The audit only grows; whatever was changed, moved, slipped in or taken out of its middle is named."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Connection, delete, select, text, update

from intake.errors import StorageError
from intake.storage import audit, trail
from intake.storage.audit import AUDIT, AuditEntry
from intake.storage.crypto import Keys
from tests.support.campaigns import Campaign
from tests.support.small_clinic import NEEDLES, NOW, SmallClinic
from tests.support.tampering import allow_rewriting

ENTRIES = 6
PARALLEL = 12
FORGER = Keys({}, "", b"", b"guess")


def entry(number: int) -> AuditEntry:
    return AuditEntry(NOW, f"staff:{number}", "read", "intake", f"i{number % 2}", {"count": number, "name": "é"})


def fill(clinic: SmallClinic) -> None:
    for number in range(ENTRIES):
        with clinic.database.begin() as connection:
            audit.record(connection, clinic.keys, entry(number))


def first_broken(clinic: SmallClinic) -> int | None:
    with clinic.database.read() as connection:
        return audit.first_broken(connection, clinic.keys)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "UPDATE trail SET key = 'x'"]
)
def test_the_database_refuses_to_rewrite(clinic: SmallClinic, statement: str) -> None:
    fill(clinic)
    draft = clinic.save(clinic.start(), NEEDLES, {"needle_fear": 3})
    with pytest.raises(StorageError), clinic.database.begin() as connection:
        connection.execute(text(statement))
    with clinic.database.read() as connection:
        assert len(audit.of_object(connection, "intake", "i0")) == ENTRIES // 2
        assert len(trail.of_draft(connection, draft.id)) == 1


def test_postgresql_refuses_to_truncate(clinic: SmallClinic) -> None:
    fill(clinic)
    statement = "TRUNCATE audit" if clinic.database.engine.dialect.name == "postgresql" else "DELETE FROM audit WHERE 1"
    with pytest.raises(StorageError), clinic.database.begin() as connection:
        connection.execute(text(statement))
    assert first_broken(clinic) is None


def test_entries_come_back_as_told_and_in_order(clinic: SmallClinic) -> None:
    fill(clinic)
    with clinic.database.read() as connection:
        assert audit.of_object(connection, "intake", "i1") == [entry(1), entry(3), entry(5)]
        assert audit.of_object(connection, "intake", "i2") == []
        assert audit.head(connection)[0] == ENTRIES


def test_an_untouched_chain_holds_and_only_under_its_key(clinic: SmallClinic) -> None:
    assert first_broken(clinic) is None
    fill(clinic)
    assert first_broken(clinic) is None
    with clinic.database.read() as connection:
        assert audit.first_broken(connection, replace(clinic.keys, audit=b"x" * 32)) == 1


def _swap(connection: Connection) -> None:
    for old, new in ((2, 100), (4, 2), (100, 4)):
        connection.execute(update(AUDIT).where(AUDIT.c.seq == old).values(seq=new))


def _without_key(connection: Connection) -> None:
    """Cut the tail and write it anew: the forger knows the program, not the key."""
    connection.execute(delete(AUDIT).where(AUDIT.c.seq >= ENTRIES - 1))
    for number in (ENTRIES - 2, ENTRIES - 1):
        audit.record(connection, FORGER, entry(number))


HARMS: list[tuple[Callable[[Connection], object], int]] = [
    (lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == 3).values(actor="staff:9")), 3),
    (lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == 3).values(details={"count": 9})), 3),
    (lambda c: c.execute(update(AUDIT).where(AUDIT.c.seq == 1).values(at=NOW.replace(year=2020))), 1),
    (lambda c: c.execute(delete(AUDIT).where(AUDIT.c.seq == 1)), 1),
    (lambda c: c.execute(delete(AUDIT).where(AUDIT.c.seq == 4)), 4),
    (_swap, 2),
    (_without_key, 5),
]


@pytest.mark.parametrize(("harm", "broken"), HARMS)
def test_tampering_is_found_and_named(clinic: SmallClinic, harm: Callable[[Connection], object], broken: int) -> None:
    fill(clinic)
    with clinic.database.begin() as connection:
        allow_rewriting(connection)
        harm(connection)
    assert first_broken(clinic) == broken


def test_whatever_is_changed_anywhere_is_found_and_named(clinic: SmallClinic, campaign: Campaign) -> None:
    fill(clinic)
    changes = campaign.rounds(12, 2000)
    with clinic.database.begin() as connection:
        allow_rewriting(connection)
    with clinic.database.read() as connection:
        sound = [dict(row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings()]
    for _change in range(changes):
        row, other = campaign.random.sample(sound, 2)
        name = campaign.random.choice([name for name in row if name != "seq" and row[name] != other[name]])
        of_row = update(AUDIT).where(AUDIT.c.seq == row["seq"])
        with clinic.database.begin() as connection:
            connection.execute(of_row.values({name: other[name]}))
        assert first_broken(clinic) == row["seq"], name
        with clinic.database.begin() as connection:
            connection.execute(of_row.values({name: row[name]}))
    assert first_broken(clinic) is None
    campaign.tried("values of the audit changed", changes)


def test_a_genuine_entry_of_another_course_of_events_does_not_fit_in(clinic: SmallClinic) -> None:
    fill(clinic)
    with clinic.database.begin() as connection:
        allow_rewriting(connection)
        tail = [dict(row) for row in connection.execute(select(AUDIT).where(AUDIT.c.seq > 3)).mappings()]
        connection.execute(delete(AUDIT).where(AUDIT.c.seq >= 3))
        audit.record(connection, clinic.keys, entry(9))
        connection.execute(AUDIT.insert(), tail)
    assert first_broken(clinic) == 4


def test_a_cut_tail_shows_against_the_head_that_was_kept(clinic: SmallClinic) -> None:
    fill(clinic)
    with clinic.database.begin() as connection:
        kept = audit.head(connection)
        allow_rewriting(connection)
        connection.execute(delete(AUDIT).where(AUDIT.c.seq > ENTRIES - 2))
    with clinic.database.read() as connection:
        assert audit.head(connection) != kept


def test_entries_written_beside_each_other_make_one_chain(clinic: SmallClinic) -> None:
    def write(number: int) -> None:
        with clinic.database.begin() as connection:
            audit.record(connection, clinic.keys, entry(number))

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(write, range(PARALLEL * 3)))
    assert first_broken(clinic) is None
    with clinic.database.read() as connection:
        assert audit.head(connection)[0] == PARALLEL * 3
