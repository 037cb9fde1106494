"""Deciding history again finds every decision that comes out otherwise, names the intake and nothing of the patient."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import update

from intake.storage import intakes
from intake.storage.intakes import INTAKES
from intake.storage.rulebooks import RULEBOOKS
from intake.workflow.review import verdicts
from intake.workflow.review.folding import entries
from intake.workflow.review.outcomes import Outcome, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.verdicts import Verdict
from intake.workflow.rules import verify as checks
from intake.workflow.rules.verify import Mismatch, Verification, verify
from tests.support.books import HEADACHE, MILD, REFUSES, book
from tests.support.small_clinic import BROKEN, NEEDLES, SmallClinic, rulebook
from tests.support.versions import correct

FIRST, SECOND = book(REFUSES, HEADACHE), book(MILD, HEADACHE, version="2")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "AT_ONCE", 2)


def sent(clinic: SmallClinic, answer: str, number: int) -> str:
    draft = clinic.save(
        clinic.start(f"cookie-{clinic.number()}"), NEEDLES, {"wants_needling": answer, "needle_fear": 3}
    )
    return clinic.send(draft, (FIRST, SECOND)[number]).intake_id


def history(clinic: SmallClinic) -> tuple[list[Mismatch], Verification]:
    tally = Verification()
    return list(verify(clinic, tally)), tally


def change(clinic: SmallClinic, intake_id: str, **values: Any) -> None:  # noqa: ANN401 - a column's value
    with clinic.database.begin() as connection:
        connection.execute(update(INTAKES).where(INTAKES.c.id == intake_id).values(values))


def decision(clinic: SmallClinic, intake_id: str) -> dict[str, Any]:
    with clinic.database.read() as connection:
        stored = intakes.by_id(connection, intake_id).decision
    assert stored is not None
    return stored


def test_each_decision_comes_out_as_it_was_by_the_book_that_made_it(clinic: SmallClinic) -> None:
    for place, answer in enumerate(("no", "no", "declined", "yes", "no")):
        sent(clinic, answer, place % 2)
    mismatches, tally = history(clinic)
    assert mismatches == []
    assert (tally.decided, tally.not_evaluated, len(tally.books)) == (5, 0, 2)


def test_versions_agree_and_a_line_that_hides_what_waits_is_told(clinic: SmallClinic) -> None:
    by, first = Practitioner(clinic.practitioner()), sent(clinic, "no", 0)
    correct(clinic, first, {"wants_needling": "yes"}, book=SECOND)
    last = correct(clinic, first, {"main_reason": "headache"}, book=SECOND)
    assert history(clinic)[0] == []
    change(clinic, last, open=False)
    assert history(clinic)[0] == [Mismatch(last, ("its line in the queue",))]
    change(clinic, last, open=True)
    (urgent,) = entries(decision(clinic, last))
    ready = Verdict(1, Outcome.READY, (Reason.OTHER,), "Seen.", frozenset({urgent.rule}))
    assert verdicts.decide(clinic, last, ready, by) == ()
    mismatches, tally = history(clinic)
    assert (mismatches, tally.decided) == ([], 3)
    change(clinic, last, to_do="refer")
    assert history(clinic)[0] == [Mismatch(last, ("its line in the queue",))]


def test_every_part_of_a_decision_is_held_against_it(clinic: SmallClinic) -> None:
    names = [sent(clinic, "no", place % 2) for place in (0, 1, 0, 0)]
    stored = decision(clinic, names[1])
    stored["findings"][0]["needling"] = "ok"
    stored["regions"]["low_back_right"] = "ok"
    change(clinic, names[1], decision=stored)
    change(clinic, names[2], label=0, urgency=3)
    change(clinic, names[3], facts={"wants_needling": "yes", "needle_fear": 3})
    mismatches = {mismatch.intake_id: mismatch.parts for mismatch in history(clinic)[0]}
    assert mismatches.keys() == set(names[1:])
    assert mismatches[names[1]] == ("findings", "regions")
    assert mismatches[names[2]] == ("label in the queue", "urgency in the queue")
    assert {"label", "needling", "findings", "regions", "label in the queue"} <= set(mismatches[names[3]])


def test_what_a_later_release_adds_is_no_difference(clinic: SmallClinic) -> None:
    name = sent(clinic, "no", 0)
    stored = decision(clinic, name)
    del stored["findings"][0]["depth"], stored["at_most"]
    change(clinic, name, decision=stored)
    assert history(clinic)[0] == []
    change(clinic, name, decision={**stored, "findings": stored["findings"] * 2})
    assert history(clinic)[0] == [Mismatch(name, ("findings",))]


@pytest.mark.parametrize("damage", ["words", "not json", "swapped"])
def test_a_book_that_cannot_be_read_is_a_mismatch_of_all_it_decided(clinic: SmallClinic, damage: str) -> None:
    name, other = sent(clinic, "no", 0), sent(clinic, "no", 1)
    text = {"words": FIRST.content.replace("do_not_needle", "do_noodle"), "not json": "{", "swapped": SECOND.content}
    with clinic.database.begin() as connection:
        wrong = update(RULEBOOKS).where(RULEBOOKS.c.sha256 == FIRST.sha256)
        connection.execute(wrong.values(content=text[damage]))
    assert history(clinic)[0] == [Mismatch(name, (checks.NO_BOOK,))]
    assert other != name


def test_answers_that_no_rule_can_read_any_more_are_a_mismatch(clinic: SmallClinic) -> None:
    name, other = sent(clinic, "no", 0), sent(clinic, "no", 1)
    change(clinic, name, facts={"wants_needling": {"said": "no"}})
    assert history(clinic)[0] == [Mismatch(name, (checks.FAILED,))]
    assert other != name


def test_what_was_never_decided_is_counted_apart(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 3})
    clinic.send(draft, rulebook(BROKEN))
    mismatches, tally = history(clinic)
    assert (mismatches, tally.decided, tally.not_evaluated) == ([], 0, 1)


def test_a_mismatch_says_nothing_of_the_patient(clinic: SmallClinic) -> None:
    name = sent(clinic, "no", 0)
    change(clinic, name, facts={"wants_needling": "declined"})
    text = json.dumps([mismatch.parts for mismatch in history(clinic)[0]])
    assert "wants_needling" not in text
    assert "declined" not in text
