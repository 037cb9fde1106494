"""Sending stores an intake once, with its decision and its rule book, whatever the rules do."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from intake.engine.book.levels import Label, Needling, Urgency
from intake.engine.book.rulebook import Rule
from intake.errors import StaleError
from intake.storage import audit, intakes, queue, rulebooks
from intake.storage.intakes import Receipt, State, Stored
from intake.storage.queue import Filters
from intake.workflow.patient import drafts
from intake.workflow.review import search
from tests.support.small_clinic import (
    BROKEN,
    CHEST,
    COOKIE,
    DANGER,
    ELSE,
    NEEDLES,
    NOW,
    SOUND,
    UNEXPLAINED,
    SmallClinic,
    rulebook,
)

PARALLEL = 50
WORDS = "It began after the move."


def stored(clinic: SmallClinic, receipt: Receipt) -> Stored:
    with clinic.database.read() as connection:
        return intakes.by_id(connection, receipt.intake_id)


def everything(clinic: SmallClinic) -> list[str]:
    with clinic.database.read() as connection:
        return [line.id for line in queue.page(connection, Filters(), 100)]


def test_an_intake_holds_what_was_said_and_what_was_decided(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)}, {"name": "Ada Lovelace"})
    draft = clinic.save(draft, ELSE, texts={"anything_else": WORDS})
    receipt = clinic.send(draft)
    found = stored(clinic, receipt)
    assert found.answers == {"danger_signs": ["chest_pressure"]}
    assert found.facts == {"danger_signs": ["chest_pressure"]}
    assert found.line.read_texts(clinic.keys) == {"anything_else": WORDS}
    assert found.line.subject.read_identity(clinic.keys) == {"name": "Ada Lovelace"}
    assert found.decision is not None
    assert found.decision["label"] == "emergency"


def test_the_line_of_the_queue_follows_from_the_decision(clinic: SmallClinic) -> None:
    line = stored(clinic, clinic.sent({"danger_signs": ("fever", "chest_pressure"), "wants_needling": "declined"})).line
    assert (line.label, line.urgency, line.needling) == (
        Label.EMERGENCY,
        Urgency.EMERGENCY_NOW,
        Needling.DO_NOT_NEEDLE,
    )
    assert line.top is not None
    assert (line.top["title"], line.top["answers"]) == ("Title of chest", {"danger_signs": ["chest_pressure"]})
    assert (line.firing, line.asking) == (2, 1)
    assert (line.state, line.version, line.not_evaluated) == (State.NEW, 1, False)


def test_a_decision_can_be_read_beside_its_rule_book(clinic: SmallClinic) -> None:
    book = rulebook()
    for _ in range(2):
        found = stored(clinic, clinic.sent())
    with clinic.database.read() as connection:
        assert rulebooks.content(connection, found.rulebook_sha256) == book.content
        assert connection.scalar(select(func.count()).select_from(rulebooks.RULEBOOKS)) == 1


def test_sending_again_gives_the_same_receipt(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "yes"})
    first = clinic.send(draft)
    assert clinic.send(draft) == first
    assert clinic.send(drafts.load(clinic, COOKIE)) == first
    assert everything(clinic) == [first.intake_id]


def test_fifty_sends_at_once_make_one_intake_and_fifty_equal_receipts(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "no"}, {"name": "Ada Lovelace"})
    together = Barrier(PARALLEL)

    def send(_: int) -> Receipt:
        together.wait()
        return clinic.send(draft)

    with ThreadPoolExecutor(PARALLEL) as pool:
        receipts = list(pool.map(send, range(PARALLEL)))
    assert len(set(receipts)) == 1
    assert everything(clinic) == [receipts[0].intake_id]
    with clinic.database.read() as connection:
        assert len(audit.of_object(connection, "intake", receipts[0].intake_id)) == 1
        assert audit.first_broken(connection, clinic.keys) is None


def test_what_changed_since_it_was_read_is_not_sent(clinic: SmallClinic) -> None:
    draft = clinic.start()
    clinic.save(draft, NEEDLES, {"wants_needling": "no"})
    with pytest.raises(StaleError):
        clinic.send(draft)
    assert everything(clinic) == []


@pytest.mark.parametrize("broken", [BROKEN, UNEXPLAINED])
@pytest.mark.parametrize("place", range(len(SOUND) + 1))
def test_a_failing_rule_costs_no_answer_and_comes_on_top(clinic: SmallClinic, place: int, broken: Rule) -> None:
    """Whether the rule itself fails, or the evidence of its finding."""
    worst = clinic.sent({"danger_signs": ("chest_pressure",)})
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "no"})
    draft = clinic.save(draft, ELSE, texts={"anything_else": WORDS})
    with capture_logs() as logs:
        receipt = clinic.send(draft, rulebook(*SOUND[:place], broken, *SOUND[place:]))
    found = stored(clinic, receipt)
    assert (found.line.not_evaluated, found.line.label, found.decision) == (True, None, None)
    assert found.answers == {"wants_needling": "no"}
    assert found.facts == {"wants_needling": "no"}
    assert found.line.read_texts(clinic.keys) == {"anything_else": WORDS}
    assert everything(clinic) == [receipt.intake_id, worst.intake_id]
    assert logs == [
        {"event": "not_evaluated", "log_level": "error", "rule": broken.id, "error": "KeyError", "version": "2026.11.1"}
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nunez JOSE",
        "Søren",
        "soren nuñez",
        "1960-02-29",
        "29.2.1960",
        "Ruiz, 29/02/1960",
        "29 02 1960 ruiz",
    ],
)
def test_a_name_and_a_birthday_find_the_intake(clinic: SmallClinic, text: str) -> None:
    receipt = clinic.sent(name="José Søren Núñez-Ruiz", born="1960-02-29")
    clinic.sent(name="José Lovelace", born="1960-02-28")
    with clinic.database.read() as connection:
        found = queue.page(connection, Filters(subjects=search.subjects(connection, clinic.keys, text)), 10)
    assert [line.id for line in found] == [receipt.intake_id]


def test_the_audit_tells_of_the_intake_without_an_answer(clinic: SmallClinic) -> None:
    receipt = clinic.sent()
    with clinic.database.read() as connection:
        (told,) = audit.of_object(connection, "intake", receipt.intake_id)
    assert (told.actor, told.action, told.at) == ("patient", "sent", receipt.sent_at)
    assert told.details == {"draft": "draft-2", "rulebook": rulebook().sha256, "not_evaluated": False}


def test_the_visit_orders_what_is_equally_urgent(clinic: SmallClinic) -> None:
    later = clinic.sent(visit_at=NOW.replace(day=25))
    sooner = clinic.sent(visit_at=NOW.replace(day=24))
    assert everything(clinic) == [sooner.intake_id, later.intake_id]
    assert stored(clinic, sooner).line.visit_at == NOW.replace(day=24)


def test_only_the_rules_decide(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("fever",)})
    line = stored(clinic, clinic.send(draft, rulebook(CHEST))).line
    assert (line.label, line.top, line.firing) == (Label.ROUTINE, None, 0)
