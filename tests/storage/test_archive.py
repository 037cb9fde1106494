"""The columnar archive: written with the intake, sealed into blocks, completed by a refresh, forgetful on demand."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from intake.engine.replay.layout import column_of, encode_row, layout_of
from intake.storage import archive
from intake.storage.archive import BLOCKS, ROWS
from intake.workflow.rules.replay import refresh
from tests.support.small_clinic import SmallClinic, vocabulary

LAYOUT = layout_of(vocabulary())


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BLOCK_ROWS", 4)


def held(clinic: SmallClinic) -> dict[str, bytes]:
    """What the archive says of each intake's wish for needling and danger signs."""
    block_of: dict[str, bytes] = {}
    with clinic.database.read() as connection:
        for part in archive.parts(connection, LAYOUT):
            wishes = column_of(LAYOUT, "wants_needling", part.blocks)
            assert len(wishes) == len(part.intake_ids)
            block_of |= {name: wishes[place : place + 1] for place, name in enumerate(part.intake_ids)}
    return block_of


def wish(answer: str) -> bytes:
    place = LAYOUT.places["wants_needling"]
    start, end = LAYOUT.starts[place : place + 2]
    return encode_row(LAYOUT, {"wants_needling": answer})[start:end]


def send(clinic: SmallClinic, number: int) -> dict[str, bytes]:
    wishes = ["yes", "no", "unsure"]
    sent = [wishes[each % 3] for each in range(number)]
    return {clinic.sent({"wants_needling": each}).intake_id: wish(each) for each in sent}


def blocks(clinic: SmallClinic) -> tuple[int, int]:
    with clinic.database.read() as connection:
        tables = [connection.scalar(select(func.count()).select_from(table)) for table in (BLOCKS, ROWS)]
    return int(tables[0] or 0), int(tables[1] or 0)


def test_every_sent_intake_is_in_the_archive_and_four_together_are_a_block(clinic: SmallClinic) -> None:
    sent = send(clinic, 10)
    assert blocks(clinic) == (2, 2)
    assert held(clinic) == sent
    with clinic.database.read() as connection:
        assert archive.size(connection, LAYOUT) == archive.sent(connection) == 10
        assert archive.missing(connection, LAYOUT) == frozenset()


def test_a_refresh_adds_what_is_missing_and_changes_nothing_else(clinic: SmallClinic) -> None:
    sent = send(clinic, 7)
    with clinic.database.begin() as connection:
        connection.execute(delete(BLOCKS))
    assert len(held(clinic)) == 3
    assert refresh(clinic.database, vocabulary()) == 4
    assert held(clinic) == sent
    assert refresh(clinic.database, vocabulary()) == 0


def test_a_refresh_puts_scattered_intakes_together(clinic: SmallClinic) -> None:
    sent = send(clinic, 8)
    with clinic.database.begin() as connection:
        archive.forget(connection, LAYOUT, list(sent)[::2])
    before, _ = blocks(clinic)
    assert refresh(clinic.database, vocabulary()) == 4
    assert blocks(clinic) == (before + 1, 0)
    assert held(clinic) == sent


def test_a_refresh_replaces_rows_of_another_vocabulary(clinic: SmallClinic) -> None:
    sent = send(clinic, 6)
    with clinic.database.begin() as connection:
        connection.execute(ROWS.update().values(layout="another"))
        connection.execute(BLOCKS.update().values(layout="another"))
    assert held(clinic) == {}
    assert refresh(clinic.database, vocabulary()) == 6
    assert held(clinic) == sent
    assert blocks(clinic) == (2, 0)


def test_all_of_it_can_be_built_again(clinic: SmallClinic) -> None:
    sent = send(clinic, 6)
    assert refresh(clinic.database, vocabulary(), afresh=True) == 6
    assert held(clinic) == sent


def test_forgotten_intakes_are_gone_from_rows_and_blocks(clinic: SmallClinic) -> None:
    sent = send(clinic, 6)
    names = list(sent)
    gone = (names[0], names[2], names[5])
    with clinic.database.begin() as connection:
        archive.forget(connection, LAYOUT, gone)
    assert held(clinic) == {name: value for name, value in sent.items() if name not in gone}
    with clinic.database.begin() as connection:
        archive.forget(connection, LAYOUT, names)
    assert held(clinic) == {}
    assert blocks(clinic) == (0, 0)


def test_a_forgotten_intake_takes_a_block_of_another_vocabulary_with_it(clinic: SmallClinic) -> None:
    names = list(send(clinic, 4))
    with clinic.database.begin() as connection:
        connection.execute(BLOCKS.update().values(layout="another"))
        archive.forget(connection, LAYOUT, names[:1])
    assert blocks(clinic) == (0, 0)


def test_a_refresh_forgets_what_was_erased_while_it_read(clinic: SmallClinic) -> None:
    sent = send(clinic, 6)
    with clinic.database.begin() as connection:
        erased = [(count, block) for part in archive.parts(connection, LAYOUT) for count, block in part.blocks]
        archive.add_block(connection, LAYOUT, [f"erased-{place}" for place in range(4)], erased[0][1])
    refresh(clinic.database, vocabulary())
    assert held(clinic) == sent
