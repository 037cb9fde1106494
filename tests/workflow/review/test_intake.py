"""A practitioner reads and decides under audit: sorted by danger, compare-and-set, and nothing urgent goes unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.engine.book.levels import Needling, Tier, Urgency
from intake.engine.book.rulebook import Note, Source, Strength
from intake.engine.book.tree import OneOf
from intake.errors import NotFoundError, StaleError
from intake.storage import alerts, audit, intakes, reviews
from intake.storage.alerts import Alert
from intake.storage.intakes import State
from intake.workflow.patient import unfinished
from intake.workflow.review import intake as reading
from intake.workflow.review import queue, verdicts
from intake.workflow.review.findings import Terms
from intake.workflow.review.folding import Card, Circumstances, entries, fold, tier
from intake.workflow.review.intake_view import ReviewView
from intake.workflow.review.outcomes import Outcome, Override, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Listing, Wanted
from intake.workflow.review.verdicts import StillOpen, Verdict
from tests.support.small_clinic import (
    BROKEN,
    CALM_ANSWERS,
    CHEST,
    DANGER,
    ELSE,
    REVIEWED,
    SmallClinic,
    rulebook,
)
from tests.workflow.review.test_story import Plain

ALL = replace(DANGER, facts=tuple(CALM_ANSWERS))
CHEST_PAIN = {"danger_signs": ("chest_pressure",)}
CALL = Verdict(1, Outcome.CALL_FIRST, (Reason.URGENT_SIGNS,), seen=frozenset({"chest"}))


@pytest.fixture
def terms() -> Terms:
    return Terms(rulebook(), Plain())


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def audited(clinic: SmallClinic, kind: str, object_id: str) -> list[tuple[str, str]]:
    with clinic.database.read() as connection:
        return [(entry.actor, entry.action) for entry in audit.of_object(connection, kind, object_id)]


def names(page: queue.QueuePage) -> list[str]:
    return [row.person.name for row in page.rows]


def test_the_queue_is_sorted_by_urgency_then_needling_then_time(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    soon, late = (clinic.now + timedelta(days=days) for days in (1, 2))
    clinic.sent(name="calm")
    clinic.sent({"wants_needling": "no"}, visit_at=late, name="refuses, late")
    clinic.sent({"wants_needling": "no"}, visit_at=soon, name="refuses, soon")
    clinic.sent({"danger_signs": ("fever",)}, name="fever")
    clinic.sent(CHEST_PAIN, name="chest")
    draft = clinic.save(clinic.start("broken"), DANGER, {"danger_signs": ("none",)}, {"name": "not evaluated"})
    clinic.send(draft, rulebook(BROKEN))
    found = queue.page(clinic, Wanted(), practitioner)
    assert names(found) == ["not evaluated", "chest", "fever", "refuses, soon", "refuses, late", "calm"]
    tiers = [None, Tier.URGENT, Tier.URGENT, Tier.DO_NOT_NEEDLE_YET, Tier.DO_NOT_NEEDLE_YET, Tier.NOTE]
    assert [row.levels and tier(row.levels) for row in found.rows] == tiers


def test_danger_signs_of_an_unsent_intake_stand_on_top_until_somebody_takes_them(
    clinic: SmallClinic, practitioner: Practitioner, terms: Terms
) -> None:
    clinic.sent(CHEST_PAIN)
    draft = clinic.save(clinic.start("open"), DANGER, CHEST_PAIN, {"name": "Grace"})
    (waiting,) = queue.page(clinic, Wanted(), practitioner).waiting
    assert (waiting.person.name, waiting.urgency, waiting.asks) == ("Grace", Urgency.EMERGENCY_NOW, False)
    (shown,) = unfinished.load(clinic, terms, draft.id, practitioner).cards
    assert shown.title == "Title of chest"
    assert not unfinished.take_over(clinic, draft.id, practitioner.id, " ", practitioner)
    assert unfinished.take_over(clinic, draft.id, practitioner.id, "Rang.", practitioner)
    assert queue.page(clinic, Wanted(), practitioner).waiting == ()
    with pytest.raises(NotFoundError):
        unfinished.take_over(clinic, draft.id, practitioner.id, "Rang.", practitioner)
    assert audited(clinic, "draft", draft.id)[-2:] == [(practitioner.actor, "read"), (practitioner.actor, "took_over")]
    care = unfinished.load(clinic, terms, draft.id, practitioner).care
    assert care is not None
    assert (care.who.partition("@")[2], care.what) == ("clinic.example", "Rang.")
    (taken,) = queue.page(clinic, Wanted(listing=Listing.UNSENT), practitioner).waiting
    assert taken.taken_at is not None
    unfinished.give_back(clinic, draft.id, practitioner)
    assert len(queue.page(clinic, Wanted(), practitioner).waiting) == 1


def test_who_was_shown_in_a_list_is_in_the_audit(clinic: SmallClinic, practitioner: Practitioner) -> None:
    receipt = clinic.sent()
    queue.page(clinic, Wanted(), practitioner)
    with clinic.database.read() as connection:
        (entry,) = audit.of_object(connection, "queue", "queue")
    assert (entry.actor, entry.details["intakes"]) == (practitioner.actor, [receipt.intake_id])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(text="lovelace"), ["Ada Lovelace"]),
        (Wanted(text="ADA LOVELACE"), ["Ada Lovelace"]),
        (Wanted(text="grace lovelace"), []),
        (Wanted(text=" ref-7 "), ["Grace Hopper"]),
        (Wanted(text="%"), []),
        (Wanted(tier=Tier.URGENT), ["Grace Hopper"]),
        (Wanted(tier=Tier.CAUTION), []),
        (Wanted(text="ove"), ["Ada Lovelace"]),
        (Wanted(listing=Listing.DECIDED), []),
        (Wanted(listing=Listing.ALL), ["Grace Hopper", "Ada Lovelace"]),
    ],
)
def test_filters(clinic: SmallClinic, practitioner: Practitioner, wanted: Wanted, expected: list[str]) -> None:
    clinic.sent()
    clinic.sent(CHEST_PAIN, name="Grace Hopper")
    assert names(queue.page(clinic, wanted, practitioner)) == expected


def test_paging_meets_every_intake_once(clinic: SmallClinic, practitioner: Practitioner) -> None:
    for _ in range(2 * queue.PAGE + 1):
        clinic.sent()
    seen, page = [], queue.page(clinic, Wanted(), practitioner)
    assert page.total == 2 * queue.PAGE + 1
    while True:
        seen += [row.id for row in page.rows]
        if page.after is None:
            break
        again = queue.from_text(queue.as_text(page.after))
        assert again == page.after
        page = queue.page(clinic, Wanted(), practitioner, again)
    assert len(seen) == len(set(seen)) == 2 * queue.PAGE + 1


@pytest.mark.parametrize("text", ["", "1_2_3", "x_2026-01-01T00:00:00+00:00_a", "1_2026-01-01T00:00:00_a"])
def test_a_forged_position_begins_at_the_first_page(text: str) -> None:
    assert queue.from_text(text) is None


def test_reading_is_audited_and_makes_a_new_intake_seen(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    receipt = clinic.sent(CHEST_PAIN)
    view = reading.load(clinic, terms, receipt.intake_id, practitioner)
    assert (view.person.name, view.age, view.state) == ("Ada Lovelace", 40, State.NEW)
    assert [shown.title for shown in view.urgent] == ["Title of chest"]
    assert view.cards[0].said == (("danger_signs", "danger_signs=chest_pressure"),)
    again = reading.load(clinic, terms, receipt.intake_id, practitioner)
    assert again.state is State.SEEN
    assert [event.action for event in again.timeline] == ["read", "sent"]
    assert audited(clinic, "intake", receipt.intake_id)[-1] == (practitioner.actor, "read")


def test_an_unknown_intake_looks_like_none(clinic: SmallClinic, terms: Terms, practitioner: Practitioner) -> None:
    with pytest.raises(NotFoundError):
        reading.load(clinic, terms, "no such intake", practitioner)


def test_what_could_not_be_evaluated_is_never_calm(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    draft = clinic.save(clinic.start("broken"), DANGER, {"danger_signs": ("none",)})
    receipt = clinic.send(draft, rulebook(BROKEN))
    view = reading.load(clinic, replace(terms, rulebook=rulebook(BROKEN)), receipt.intake_id, practitioner)
    assert (view.evaluated, view.cards) == (False, ())
    ready = Verdict(1, Outcome.READY)
    assert [wrong.field for wrong in verdicts.decide(clinic, receipt.intake_id, ready, practitioner)] == ["reason"]


def test_changed_and_dropped_answers_stay_in_sight(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("fever",)})
    draft = clinic.save(draft, DANGER, {"danger_signs": ("none",)}, {"name": "Ada"})
    draft = clinic.save(draft, ELSE, texts={"anything_else": "Since the move."})
    view = reading.load(clinic, terms, clinic.send(draft).intake_id, practitioner)
    assert [(each.old, each.new) for each in view.revisions] == [("danger_signs=fever", "danger_signs=none")]
    assert view.own_words == (("anything_else", "Since the move."),)


def noted(clinic: SmallClinic, terms: Terms, practitioner: Practitioner, answer: str) -> ReviewView:
    note = Note(
        "fit",
        "Fits",
        OneOf("main_reason", ("muscle_or_joint_pain",)),
        "It may help.",
        "low",
        ("one",),
        Strength.REVIEW,
        REVIEWED,
        CHEST.examples,
        1,
    )
    source = Source("one", "Author et al., A Journal 2020", 2020, "review")
    book = replace(rulebook(), notes=(note,), sources={"one": source})
    sent = clinic.send(clinic.save(clinic.start(answer), ALL, {**CALM_ANSWERS, "wants_needling": answer}), book)
    return reading.load(clinic, replace(terms, rulebook=book), sent.intake_id, practitioner)


def test_advice_carries_its_certainty_and_yields_to_danger(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    calm = noted(clinic, terms, practitioner, "yes")
    assert [(each.certainty, each.citations[0].short) for each in calm.advice] == [("low", "Author 2020")]
    refused = noted(clinic, terms, practitioner, "no")
    assert (refused.advice, refused.advice_withheld) == ((), True)


def test_a_decision_is_recorded_with_everything_it_was_made_of(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    receipt = clinic.sent(CHEST_PAIN)
    verdict = replace(CALL, note="Rang at ten.", overrides={"chest": Override.CHECKED_WITH_PATIENT})
    assert verdicts.decide(clinic, receipt.intake_id, verdict, practitioner) == ()
    view = reading.load(clinic, terms, receipt.intake_id, practitioner)
    (decided,) = view.decisions
    assert (decided.outcome, decided.reasons, decided.note) == (Outcome.CALL_FIRST, CALL.reasons, "Rang at ten.")
    assert (view.state, view.version, view.cards[0].handled) == (State.DECIDED, 2, "checked_with_patient")
    with clinic.database.read() as connection:
        (stored,) = reviews.of_intake(connection, receipt.intake_id)
        told = audit.of_object(connection, "intake", receipt.intake_id)
    assert stored.handled == {"chest": "checked_with_patient"}
    assert b"Rang" not in (stored.note or b"")
    assert "Rang" not in str([entry.details for entry in told])
    assert [entry.action for entry in told] == ["sent", "decided", "read"]


def test_a_stale_decision_writes_nothing(clinic: SmallClinic, terms: Terms, practitioner: Practitioner) -> None:
    receipt = clinic.sent(CHEST_PAIN)
    verdicts.decide(clinic, receipt.intake_id, CALL, practitioner)
    slow = replace(CALL, outcome=Outcome.READY, note="too late")
    with pytest.raises(StaleError):
        verdicts.decide(clinic, receipt.intake_id, slow, practitioner)
    view = reading.load(clinic, terms, receipt.intake_id, practitioner)
    assert [each.outcome for each in view.decisions] == [Outcome.CALL_FIRST]
    assert audited(clinic, "intake", receipt.intake_id).count((practitioner.actor, "decided")) == 1


def test_a_decision_takes_the_alerts_over(clinic: SmallClinic, practitioner: Practitioner) -> None:
    draft = clinic.save(clinic.start("alarmed"), ALL, {**CALM_ANSWERS, **CHEST_PAIN})
    receipt = clinic.send(draft)
    assert waiting(clinic)
    verdicts.decide(clinic, receipt.intake_id, CALL, practitioner)
    assert waiting(clinic) == []


def waiting(clinic: SmallClinic) -> list[Alert]:
    with clinic.database.read() as connection:
        return alerts.waiting(connection)


def test_the_next_intake_is_the_next_of_the_list_that_one_came_from(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    first, second, third = clinic.sent(CHEST_PAIN), clinic.sent({"wants_needling": "no"}), clinic.sent()
    at = queue.neighbours(clinic, first.intake_id, Wanted())
    assert (at.place, at.total, at.following) == (1, 3, second.intake_id)
    assert queue.neighbours(clinic, first.intake_id, Wanted(tier=Tier.NOTE)).following == third.intake_id
    verdicts.decide(clinic, third.intake_id, Verdict(1, Outcome.READY), practitioner)
    assert queue.neighbours(clinic, second.intake_id, Wanted()).following is None
    assert queue.neighbours(clinic, second.intake_id, Wanted(listing=Listing.ALL)).following == third.intake_id


def test_erased_people_are_reviewed_without_a_name(
    clinic: SmallClinic, terms: Terms, practitioner: Practitioner
) -> None:
    receipt = clinic.sent()
    with clinic.database.begin() as connection:
        subject = intakes.by_id(connection, receipt.intake_id).line.subject.id
        connection.exec_driver_sql(f"UPDATE subjects SET data_key = NULL, identity = NULL WHERE id = '{subject}'")  # noqa: S608 - an id of the test
    view = reading.load(clinic, terms, receipt.intake_id, practitioner)
    assert (view.person.name, view.own_words) == ("Erased", ())


def card(rule: str, needling: Needling, urgency: Urgency) -> Card:
    found = {
        "rule": rule,
        "status": "fires",
        "needling": needling.code,
        "urgency": urgency.code,
        "answers": {rule: "x"},
    }
    return fold(entries({"findings": [found]}), Circumstances())[0]


URGENT = card("urgent", Needling.DO_NOT_NEEDLE, Urgency.SAME_DAY)
REFUSES = card("refuses", Needling.DO_NOT_NEEDLE, Urgency.NONE)
MILD = card("mild", Needling.PRECAUTION, Urgency.NONE)
SEEN = frozenset({"urgent"})


@pytest.mark.parametrize(
    ("cards", "verdict", "wrong"),
    [
        ((), Verdict(1, Outcome.READY), []),
        ((MILD,), Verdict(1, Outcome.READY), []),
        ((), Verdict(1, None), ["outcome"]),
        ((), Verdict(1, Outcome.REFER), ["reason"]),
        ((), Verdict(1, Outcome.REFER, (Reason.PATIENT_WISH,)), []),
        ((), Verdict(1, Outcome.REFER, (Reason.OTHER,)), ["note"]),
        ((), Verdict(1, Outcome.REFER, (Reason.OTHER,), note="Moved away."), []),
        ((REFUSES,), Verdict(1, Outcome.READY), ["reason"]),
        ((REFUSES,), Verdict(1, Outcome.READY, overrides={"refuses": Override.DOES_NOT_APPLY}), []),
        ((URGENT,), Verdict(1, Outcome.CALL_FIRST, (Reason.URGENT_SIGNS,)), ["seen-urgent"]),
        ((URGENT,), Verdict(1, Outcome.CALL_FIRST, (Reason.URGENT_SIGNS,), seen=SEEN), []),
        ((URGENT,), Verdict(1, Outcome.READY, seen=SEEN), ["reason"]),
        ((URGENT,), Verdict(1, Outcome.READY, overrides={"urgent": Override.RULE_IN_DOUBT}), ["seen-urgent"]),
        ((), Verdict(1, Outcome.READY, note="x" * 4001), ["note"]),
    ],
)
def test_what_a_decision_must_carry(cards: tuple[Card, ...], verdict: Verdict, wrong: list[str]) -> None:
    assert [each.field for each in verdicts.problems(cards, verdict, StillOpen())] == wrong


EMERGENCY = card("emergency", Needling.DO_NOT_NEEDLE, Urgency.EMERGENCY_NOW)


def test_an_emergency_is_not_set_aside_by_a_coded_reason_alone() -> None:
    aside = Verdict(
        1, Outcome.READY, seen=frozenset({"emergency"}), overrides={"emergency": Override.CHECKED_WITH_DOCTOR}
    )
    assert [each.field for each in verdicts.problems((EMERGENCY,), aside, StillOpen())] == ["note"]
    assert verdicts.problems((EMERGENCY,), replace(aside, note="Seen in A&E today, scan clear."), StillOpen()) == ()


def test_own_words_are_read_and_signs_that_were_taken_back_are_closed_before_anybody_is_treated() -> None:
    ready, waits = Verdict(1, Outcome.READY), StillOpen(unread_words=True, signs=1)
    assert [each.field for each in verdicts.problems((), ready, waits)] == ["signs", "read"]
    undecided = replace(ready, outcome=None)
    assert [each.field for each in verdicts.problems((), undecided, waits)] == ["read", "outcome"]
    call = Verdict(1, Outcome.CALL_FIRST, (Reason.CLEARED_WITH_PATIENT,), read=True)
    assert verdicts.problems((), call, waits) == ()
