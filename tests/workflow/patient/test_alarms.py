"""A danger sign interrupts once, at once, and is with the clinic even if the patient never sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from intake.engine.book.decision import Finding, Status
from intake.engine.book.levels import Urgency
from intake.engine.book.rulebook import Rule
from intake.engine.book.vocabulary import Answers
from intake.storage import alerts as rows
from intake.storage import audit
from intake.workflow.patient import alarms, drafts
from intake.workflow.patient.drafts import Draft
from tests.support.small_clinic import (
    BROKEN,
    CHEST,
    COOKIE,
    DANGER,
    HEADACHE,
    REASON,
    UNEXPLAINED,
    SmallClinic,
    rulebook,
    vocabulary,
)

NOTHING: Answers = {}


ALREADY: Mapping[str, Urgency] = {}


def check(answers: Answers, shown: Mapping[str, Urgency] = ALREADY) -> list[Finding]:
    return alarms.check(rulebook(), vocabulary(), answers, shown)


def rules(answers: Answers, shown: Mapping[str, Urgency] = ALREADY) -> list[tuple[str, Status]]:
    return [(finding.rule.id, finding.status) for finding in check(answers, shown)]


def record(clinic: SmallClinic, draft: Draft, page: str = "danger") -> None:
    found = check(draft.answers)
    clinic.tick()
    alarms.record(clinic, rulebook(), draft, found, page=page)


@pytest.mark.parametrize(
    ("answers", "expected", "why"),
    [
        (NOTHING, [], "nothing asked yet"),
        ({"danger_signs": ("none",), "main_reason": "other"}, [], "denied"),
        ({"danger_signs": "declined"}, [], "declined is no doubt"),
        ({"danger_signs": ("fever",)}, [("fever", Status.FIRES)], "said"),
        ({"main_reason": "not_sure"}, [("headache", Status.ASKS)], "not sure"),
        ({"wants_needling": "no"}, [], "not urgent"),
        ({"wants_needling": "not_sure"}, [], "not sure, and not urgent"),
        (
            {"danger_signs": ("fever", "chest_pressure")},
            [("chest", Status.FIRES), ("fever", Status.FIRES)],
            "the most urgent first",
        ),
        ({"danger_signs": ("not_sure",)}, [], "the next page asks which one"),
        (
            {"danger_signs": ("not_sure",), "danger_signs_unsure": ("fever",)},
            [("fever", Status.ASKS)],
            "narrowed down to one",
        ),
        (
            {"danger_signs": ("not_sure",), "danger_signs_unsure": ("not_sure",)},
            [("chest", Status.ASKS), ("fever", Status.ASKS)],
            "not narrowed down",
        ),
        ({"danger_signs": ("fever", "not_sure")}, [("fever", Status.FIRES)], "said beside a doubt"),
    ],
)
def test_what_interrupts(answers: Answers, expected: list[tuple[str, Status]], why: str) -> None:
    assert rules(answers) == expected, why


def test_each_rule_interrupts_once() -> None:
    both: Answers = {"danger_signs": ("fever", "chest_pressure")}
    chest, fever = {"chest": Urgency.EMERGENCY_NOW}, {"fever": Urgency.SAME_DAY}
    assert rules(both, chest) == [("fever", Status.FIRES)]
    assert rules(both, chest | fever) == []


def test_a_rule_interrupts_again_when_it_becomes_more_urgent() -> None:
    told = {"chest": Urgency.SAME_DAY}
    assert rules({"danger_signs": ("chest_pressure",)}, told) == [("chest", Status.FIRES)]


def test_an_alert_that_was_taken_over_opens_again_when_it_becomes_more_urgent(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)})
    row: dict[str, object] = {
        "draft_id": draft.id,
        "rule": "chest",
        "page": "danger",
        "status": Status.ASKS,
        "title": "t",
    }
    row |= {"at": clinic.now, "urgency": Urgency.SAME_DAY}
    with clinic.database.begin() as connection:
        assert rows.add(connection, row)
        rows.acknowledge(connection, draft.id, clinic.now)
        assert not rows.add(connection, row)
        assert rows.waiting(connection) == []
        assert rows.add(connection, row | {"page": "later", "urgency": Urgency.EMERGENCY_NOW})
        assert [(alert.page, alert.urgency) for alert in rows.waiting(connection)] == [("later", Urgency.EMERGENCY_NOW)]


def test_every_interruption_has_its_words() -> None:
    assert [finding.rule.tell for finding in check({"danger_signs": ("fever",)})] == ["What fever tells."]


def test_the_clinic_is_told_of_a_draft_that_nobody_sends(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)}, {"phone": "555-0100"})
    record(clinic, draft)
    with clinic.database.read() as connection:
        (alert,) = rows.waiting(connection)
    assert (alert.draft_id, alert.intake_id, alert.rule, alert.page) == (draft.id, None, "chest", "danger")
    assert (alert.status, alert.urgency, alert.at) == (Status.FIRES, Urgency.EMERGENCY_NOW, clinic.now)
    assert alert.title == CHEST.title


def test_intakes_that_were_sent_never_push_out_one_that_was_not(clinic: SmallClinic) -> None:
    signs: Answers = {"danger_signs": ("chest_pressure",)}
    for number in range(2):
        sent = clinic.save(clinic.start(f"sent-{number}"), DANGER, signs)
        record(clinic, sent)
        clinic.send(sent)
    unsent = clinic.save(clinic.start("unsent"), DANGER, signs)
    record(clinic, unsent)
    with clinic.database.read() as connection:
        assert rows.worst_unsent(connection, 9) == [unsent.id]
        assert [alert.draft_id for alert in rows.waiting(connection, [unsent.id])] == [unsent.id]


def test_an_alert_is_recorded_once_and_remembered_by_the_draft(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)})
    record(clinic, draft)
    record(clinic, draft, "later")
    again = drafts.load(clinic, COOKIE)
    assert again.shown_alerts == {"chest": Urgency.EMERGENCY_NOW}
    assert rules(again.answers, again.shown_alerts) == []
    with clinic.database.read() as connection:
        assert [alert.page for alert in rows.waiting(connection)] == ["danger"]
        (entry,) = audit.of_object(connection, "draft", draft.id)
    details = {"rule": "chest", "page": "danger", "rulebook": rulebook().sha256}
    assert (entry.action, entry.details) == ("alerted", details)


def test_a_recorded_alert_does_not_make_the_open_page_stale(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)})
    record(clinic, draft)
    assert clinic.save(draft, REASON, {"main_reason": "other"}).version == draft.version + 1


def test_the_clinic_sees_the_most_urgent_first_until_somebody_takes_over(clinic: SmallClinic) -> None:
    headache = clinic.save(clinic.start("a"), REASON, {"main_reason": "headache"})
    chest = clinic.save(clinic.start("b"), DANGER, {"danger_signs": ("chest_pressure",)})
    for draft in (headache, chest):
        record(clinic, draft)
    with clinic.database.begin() as connection:
        assert [alert.rule for alert in rows.waiting(connection)] == ["chest", "headache"]
        assert rows.acknowledge(connection, chest.id, clinic.now) == 1
        assert rows.acknowledge(connection, chest.id, clinic.now) == 0
        assert [alert.rule for alert in rows.waiting(connection)] == ["headache"]


def test_an_alert_names_the_intake_once_it_is_sent(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("chest_pressure",)})
    record(clinic, draft)
    receipt = clinic.send(draft)
    with clinic.database.read() as connection:
        assert [alert.intake_id for alert in rows.waiting(connection)] == [receipt.intake_id]


@pytest.mark.parametrize("broken", [BROKEN, replace(UNEXPLAINED, tell="Tell.")])
def test_a_failing_rule_book_does_not_stop_the_patient(broken: Rule) -> None:
    with capture_logs() as logs:
        assert alarms.check(rulebook(broken), vocabulary(), {"wants_needling": "no"}, {}) == []
    assert [entry["rule"] for entry in logs] == [broken.id]


def test_evidence_is_drawn_for_what_may_be_told_alone() -> None:
    with capture_logs() as logs:
        found = alarms.check(rulebook(HEADACHE, UNEXPLAINED), vocabulary(), {"main_reason": "headache"}, {})
    assert ([finding.rule.id for finding in found], logs) == (["headache"], [])


def test_not_sure_which_sign_is_told_at_once_and_once(clinic: SmallClinic) -> None:
    unsure: dict[str, tuple[str, ...]] = {"danger_signs": ("not_sure",)}
    draft = clinic.save(clinic.start(), DANGER, unsure)
    assert alarms.is_unsure_which(vocabulary(), draft.answers, draft.shown_alerts)
    clinic.tick()
    alarms.record_unsure(clinic, rulebook(), draft, page="danger")
    again = drafts.load(clinic, COOKIE)
    assert not alarms.is_unsure_which(vocabulary(), again.answers, again.shown_alerts)
    with clinic.database.read() as connection:
        (alert,) = rows.waiting(connection)
    assert (alert.rule, alert.urgency) == (alarms.UNSURE_WHICH, Urgency.SAME_DAY)


@pytest.mark.parametrize(
    "answers",
    [{}, {"danger_signs": ("none",)}, {"danger_signs": ("not_sure",), "danger_signs_unsure": ("not_sure",)}],
)
def test_a_clear_answer_or_a_named_sign_is_no_open_not_sure(answers: Answers) -> None:
    assert not alarms.is_unsure_which(vocabulary(), answers, ())
