"""A page, the alarms it raises and the cards it owes are stored together, or none of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.engine.book.vocabulary import Answers
from intake.errors import StorageError
from intake.storage import alerts, audit
from intake.storage.alerts import ALERTS
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.alarms import NOT_EVALUATED, UNSURE_WHICH
from intake.workflow.patient.drafts import Draft, Post
from tests.support.small_clinic import BROKEN, CHEST, COOKIE, DANGER, REASON, SmallClinic, rulebook

SIGN: Answers = {"danger_signs": ("chest_pressure",)}
NO_SIGN: Answers = {"danger_signs": ("none",)}


def waiting(clinic: SmallClinic) -> list[str]:
    with clinic.database.read() as connection:
        return [alert.rule for alert in alerts.waiting(connection)]


def test_the_clinic_is_told_of_a_draft_that_nobody_sends(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, SIGN, {"phone": "555-0100"})
    with clinic.database.read() as connection:
        (alert,) = alerts.waiting(connection)
        (entry,) = audit.of_object(connection, "draft", draft.id)
    assert (alert.draft_id, alert.intake_id, alert.rule, alert.page) == (draft.id, None, "chest", "danger")
    assert (alert.status, alert.urgency, alert.at) == (Status.FIRES, Urgency.EMERGENCY_NOW, clinic.now)
    assert alert.title == CHEST.title
    details = {"rule": "chest", "page": "danger", "rulebook": rulebook().sha256}
    assert (entry.action, entry.details) == ("alerted", details)


def test_what_the_saved_draft_remembers_is_what_a_loaded_one_does(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, SIGN)
    assert drafts.load(clinic, COOKIE).alarms == draft.alarms
    draft = clinic.save(draft, DANGER, NO_SIGN)
    assert drafts.load(clinic, COOKIE).alarms == draft.alarms
    assert [(each.owed, each.withdrawn) for each in draft.alarms.values()] == [(True, True)]
    draft = saving.note_card(clinic, draft, ["chest"])
    assert drafts.load(clinic, COOKIE).alarms == draft.alarms
    assert [(each.owed, each.withdrawn) for each in draft.alarms.values()] == [(False, True)]
    draft = clinic.save(draft, DANGER, SIGN)
    assert drafts.load(clinic, COOKIE).alarms == draft.alarms
    assert [(each.owed, each.withdrawn) for each in draft.alarms.values()] == [(True, False)]


def test_an_alarm_is_raised_once_and_stays_when_the_answer_is_taken_back(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, SIGN)
    draft = clinic.save(draft, REASON, {"main_reason": "other"})
    assert waiting(clinic) == ["chest"]
    clinic.save(draft, DANGER, NO_SIGN)
    assert waiting(clinic) == ["chest"]


def test_when_a_card_was_shown_is_kept_also_after_the_answer_is_taken_back(clinic: SmallClinic) -> None:
    draft = saving.note_card(clinic, clinic.save(clinic.start(), DANGER, SIGN), ["chest"])
    read_at = clinic.now
    draft = clinic.save(draft, DANGER, NO_SIGN)
    back_at = clinic.now
    clinic.tick()
    saving.note_card(clinic, draft, ["chest"])
    with clinic.database.read() as connection:
        (row,) = connection.execute(select(ALERTS))
    assert (row.shown_at, row.withdrawn_at, row.withdrawal_shown_at) == (read_at, back_at, clinic.now)


def test_an_alarm_that_was_taken_over_opens_again_when_it_is_said_again(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, SIGN)
    with clinic.database.begin() as connection:
        alerts.take(connection, draft.id, clinic.now)
    draft = clinic.save(draft, DANGER, SIGN)
    assert waiting(clinic) == []
    clinic.save(clinic.save(draft, DANGER, NO_SIGN), DANGER, SIGN)
    assert waiting(clinic) == ["chest"]


def test_intakes_that_were_sent_never_push_out_one_that_was_not(clinic: SmallClinic) -> None:
    for number in range(2):
        clinic.send(clinic.save(clinic.start(f"sent-{number}"), DANGER, SIGN))
    unsent = clinic.save(clinic.start("unsent"), DANGER, SIGN)
    with clinic.database.read() as connection:
        assert [alert.draft_id for alert in alerts.waiting(connection, [unsent.id])] == [unsent.id]
        assert alerts.worst_unsent(connection, 9) == [unsent.id]


def test_the_clinic_sees_the_most_urgent_first_until_somebody_takes_over(clinic: SmallClinic) -> None:
    clinic.save(clinic.start("a"), REASON, {"main_reason": "headache"})
    chest = clinic.save(clinic.start("b"), DANGER, SIGN)
    assert waiting(clinic) == ["chest", "headache"]
    with clinic.database.begin() as connection:
        assert alerts.take(connection, chest.id, clinic.now) == 1
        assert alerts.take(connection, chest.id, clinic.now) == 0
    assert waiting(clinic) == ["headache"]


def test_an_alarm_names_the_intake_once_it_is_sent(clinic: SmallClinic) -> None:
    receipt = clinic.send(clinic.save(clinic.start(), DANGER, SIGN))
    with clinic.database.read() as connection:
        assert [alert.intake_id for alert in alerts.waiting(connection)] == [receipt.intake_id]


def test_a_page_that_cannot_be_judged_is_saved_with_an_alarm(clinic: SmallClinic) -> None:
    answers: Answers = {"danger_signs": ("none",)}
    draft = saving.save_page(clinic, rulebook(BROKEN), clinic.start(), Post(DANGER, answers, {}, {}))
    assert drafts.load(clinic, COOKIE).answers == draft.answers == answers
    assert waiting(clinic) == [NOT_EVALUATED]


class FailedError(StorageError):
    """What a test makes of a statement."""


@contextmanager
def failing(clinic: SmallClinic, number: int) -> Iterator[None]:
    """The statement of that number fails, from 0."""
    statements = 0

    def count(*_given: Any) -> None:  # noqa: ANN401 - the event's own
        nonlocal statements
        statements += 1
        if statements == number + 1:
            raise FailedError("a fault")

    event.listen(clinic.database.engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(clinic.database.engine, "before_cursor_execute", count)


def outcome(clinic: SmallClinic) -> tuple[int, object, list[str], list[tuple[str, bool, bool]]]:
    """All that one page changes: version, answer, what waits for the clinic, what is owed to the patient."""
    draft = drafts.load(clinic, COOKIE)
    owed = [(rule, each.owed, each.withdrawn) for rule, each in draft.alarms.items()]
    return draft.version, draft.answers.get("danger_signs"), sorted(waiting(clinic)), owed


@pytest.mark.parametrize(
    ("before", "answers", "rules", "owed"),
    [
        ({}, SIGN, ["chest"], [("chest", True, False)]),
        ({}, {"danger_signs": ("not_sure",)}, [UNSURE_WHICH], [(UNSURE_WHICH, True, False)]),
        (SIGN, NO_SIGN, ["chest"], [("chest", True, True)]),
    ],
)
def test_a_fault_at_any_statement_leaves_all_of_a_page_or_nothing_of_it(
    clinic: SmallClinic, before: Answers, answers: Answers, rules: list[str], owed: list[tuple[str, bool, bool]]
) -> None:
    draft = clinic.start()
    draft = clinic.save(draft, DANGER, before) if before else draft
    faults = try_each_fault(clinic, lambda: clinic.save(draft, DANGER, answers))
    assert faults >= 3
    assert outcome(clinic) == (draft.version + 1, answers["danger_signs"], rules, owed)


def test_a_fault_while_a_card_is_noted_leaves_it_owed(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, SIGN)
    assert try_each_fault(clinic, lambda: saving.note_card(clinic, draft, ["chest"])) > 1
    assert outcome(clinic)[3] == [("chest", False, False)]


def try_each_fault(clinic: SmallClinic, act: Callable[[], Draft]) -> int:
    """Try it with each statement failing in turn, until none does: after each fault all is as it was; how many."""
    before = outcome(clinic)
    for number in range(100):
        try:
            with failing(clinic, number):
                act()
        except FailedError:
            assert outcome(clinic) == before
        else:
            return number
    pytest.fail("it never comes to an end")
