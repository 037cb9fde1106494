"""One flipped bit in one patient's sealed columns: that one is shown as damaged, and everybody else is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Table, select, update

from intake.storage.intakes import INTAKES
from intake.storage.reviews import REVIEWS
from intake.storage.subjects import SUBJECTS
from tests.support.practice import Practice

if TYPE_CHECKING:
    from intake.storage.intakes import Receipt
    from tests.support.client import Visitor

DAMAGED = "Damaged: cannot be read"
NOTE = "Call the surgeon first"
PLACES = [(SUBJECTS, "identity"), (SUBJECTS, "data_key"), (INTAKES, "texts"), (REVIEWS, "note")]


def flip(practice: Practice, table: Table, column: str, where: Column[str], row: str) -> None:
    """Turn one bit of one sealed value round."""
    with practice.clinic.database.begin() as connection:
        sealed = bytearray(connection.scalar(select(table.c[column]).where(where == row)) or b"")
        sealed[-1] ^= 1
        connection.execute(update(table).where(where == row).values({column: bytes(sealed)}))


def damage(practice: Practice, receipt: Receipt, table: Table, column: str) -> None:
    """Damage what belongs to an intake."""
    with practice.clinic.database.read() as connection:
        subject = connection.scalar(select(INTAKES.c.subject_id).where(INTAKES.c.id == receipt.intake_id)) or ""
    if table is SUBJECTS:
        flip(practice, table, column, table.c.id, subject)
    else:
        flip(practice, table, column, table.c.id if table is INTAKES else table.c.intake_id, receipt.intake_id)


def decided(practice: Practice, visitor: Visitor, note: str = NOTE) -> Receipt:
    """An intake with own words that was decided with a note."""
    receipt = practice.sent(name="Bob Damaged", texts={"anything_else": "I had a hard year"})
    path = f"/review/{receipt.intake_id}"
    done = visitor.send(visitor.get(path), f"{path}/decision", read="1", outcome="refer", reason="other", note=note)
    assert not done.errors
    return receipt


@pytest.mark.parametrize(("table", "column"), PLACES)
def test_the_others_stand(practice: Practice, table: Table, column: str, capsys: pytest.CaptureFixture[str]) -> None:
    visitor = practice.practitioner()
    receipt = decided(practice, visitor)
    practice.sent(name="Ada Lovelace")
    damage(practice, receipt, table, column)

    queue = visitor.get("/review/")
    decided_ones = visitor.get("/review/?list=to_do")
    page = visitor.get(f"/review/{receipt.intake_id}")
    visitor.get(f"/review/{receipt.intake_id}/print")

    assert "Ada Lovelace" in queue.main
    assert DAMAGED in page.main
    assert (DAMAGED in decided_ones.main) is (table is SUBJECTS)
    assert visitor.client.get("/healthz").text == "ok\ndamaged: 1\n"
    logged = [line for line in capsys.readouterr().out.splitlines() if "sealed_value_damaged" in line]
    assert len(logged) == 1
    assert f"{table.name}.{column} of " in logged[0]
    assert "Bob" not in logged[0]


def test_a_danger_sign_of_a_damaged_patient_still_waits(practice: Practice) -> None:
    draft = practice.unsent("Gus Waits")
    flip(practice, SUBJECTS, "identity", SUBJECTS.c.id, draft)
    visitor = practice.practitioner()

    assert DAMAGED in visitor.get("/review/").main
    assert DAMAGED in visitor.get(f"/review/unsent/{draft}").main


def test_one_can_decide_on_a_damaged_patient_but_for_the_note(practice: Practice) -> None:
    visitor = practice.practitioner()
    receipt = practice.sent(name="Bob Damaged")
    damage(practice, receipt, SUBJECTS, "data_key")
    path = f"/review/{receipt.intake_id}"

    refused = visitor.send(visitor.get(path), f"{path}/decision", outcome="refer", reason="patient_wish", note=NOTE)
    done = visitor.send(refused, f"{path}/decision", outcome="refer", reason="patient_wish", note="")

    assert refused.status == 422
    assert any("damaged" in error for error in refused.errors)
    assert (done.path, done.query) == ("/review/", f"saved={receipt.intake_id}")
