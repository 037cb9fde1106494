"""All versions of an intake on the pages: one line that names what older ones hold, decided on the newest alone."""

from __future__ import annotations

from intake.storage import corrections, intakes
from intake.storage.corrections import By
from intake.workflow.review import lineage
from tests.support.practice import Practice
from tests.web.staff.test_review import URGENT, decide, decision, ids, rows

NAME = "Ann Urgent"
WORDS = "It began on the stairs."


def two(practice: Practice, texts: dict[str, str] | None = None) -> tuple[str, str]:
    """An urgent intake that nobody decided, and a calm second form of the same visit."""
    first = practice.sent(URGENT, NAME, texts=texts).intake_id
    return first, add(practice, first)


def add(practice: Practice, first: str) -> str:
    receipt = practice.sent({}, NAME)
    with practice.clinic.database.begin() as connection:
        draft_id = intakes.by_id(connection, receipt.intake_id).line.draft_id
        corrections.add(connection, draft_id, first, By.VISIT, practice.clinic.now)
        lineage.settle(connection, practice.clinic.vocabulary, receipt.intake_id)
    return receipt.intake_id


def test_the_line_names_what_the_older_version_holds_until_the_newest_is_decided(practice: Practice) -> None:
    practice.sent({"wants_needling": "no"}, "Chi Refuses")
    _first, newest = two(practice, {"anything_else": WORDS})
    visitor = practice.practitioner()
    page = visitor.get("/review/")
    (line,) = [line for line in rows(page) if line.startswith("Ann")]
    assert rows(page)[0] == line
    assert "Now No longer" in line
    assert "In version 1; gone since version 2" in line
    assert "Own words, not read" in line
    assert "version 2 New" in line
    intake = visitor.get(f"/review/{newest}")
    assert WORDS in intake.main
    assert "Version 2 has no finding." in intake.main
    printed = visitor.get(f"/review/{newest}/print").main
    assert "Held open by older versions (this is version 2)" in printed
    assert WORDS in printed
    seen = [each for each in ids(intake) if each.startswith("seen-was-")]
    refused = decide(visitor, intake, outcome="ready", reason="cleared_with_patient", read="1")
    assert (refused.status, len(refused.errors)) == (422, len(seen))
    ticks = dict.fromkeys(seen, "1")
    done = decide(visitor, intake, outcome="ready", reason="cleared_with_patient", read="1", **ticks)
    assert "Saved: Ann Urgent, ready to treat." in done.main
    assert [line.split()[0] for line in rows(visitor.get("/review/"))] == ["Chi"]


def test_an_older_version_says_that_a_newer_one_exists_and_has_no_decision(practice: Practice) -> None:
    first, newest = two(practice)
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{first}")
    assert "A newer version exists: version 2" in page.main
    assert f'href="/review/{newest}"' in page.text
    assert not {"decision", "o-ready"} & ids(page)
    assert "Override…" not in page.main
    assert "A newer version exists" in visitor.get(f"/review/{first}/print").main


def test_a_version_that_comes_meanwhile_is_shown_with_what_was_typed(practice: Practice) -> None:
    first = practice.sent({"wants_needling": "no"}, NAME).intake_id
    visitor = practice.practitioner()
    action, hidden = decision(visitor.get(f"/review/{first}"))
    newest = add(practice, first)
    fields = [("outcome", "call_first"), ("reason", "patient_wish"), ("note", "She calls back at four.")]
    refused = visitor.post(action, hidden + fields)
    assert refused.status == 409
    assert "A newer version of this intake exists; this is it. Nothing is decided yet." in refused.main
    assert f"/review/{newest}/decision" in refused.text
    assert "She calls back at four." in refused.text
    assert "decided" not in states(practice, first, newest)


def states(practice: Practice, *intake_ids: str) -> list[str]:
    with practice.clinic.database.read() as connection:
        return [str(intakes.by_id(connection, each).line.state) for each in intake_ids]


def test_a_decided_version_with_a_newer_one_says_so_and_keeps_what_is_to_do(practice: Practice) -> None:
    first = practice.sent({"wants_needling": "no"}, NAME).intake_id
    visitor = practice.practitioner()
    decide(visitor, visitor.get(f"/review/{first}"), outcome="call_first", reason="patient_wish")
    newest = add(practice, first)
    (line,) = rows(visitor.get("/review/?list=to_do"))
    assert "New changed since version 1 was decided Call first" in line
    page = visitor.get(f"/review/{newest}")
    assert "Changed since it was decided: version 1 was decided, version 2 was not." in page.main
    assert "To do: call first" in page.main
    closed = visitor.send(page, f"/review/{first}/close", said="Rang, all well.")
    assert "Closed, with your words." in closed.main
    assert closed.path == f"/review/{newest}"
    assert rows(visitor.get("/review/?list=to_do")) == []
