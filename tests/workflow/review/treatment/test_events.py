"""Adverse events: graded, kept as recorded, with a failing case that names nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from intake.app import rules
from intake.engine.book.decision import Status
from intake.engine.decide.decide import decide
from intake.engine.read.answers import parse_answers
from intake.errors import NotFoundError
from intake.storage.adverse_events import AdverseEvent
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import case, events, shown
from intake.workflow.review.treatment.events import EventGrade, EventKind, EventReport
from tests.support.small_clinic import SmallClinic
from tests.support.treated import arrive, treat

LUNG = EventReport(
    "e" * 32, EventKind.LUNG, EventGrade.SEVERE, "unwilling", (), "Short of breath at night; drain in hospital."
)


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def test_a_report_says_what_and_how_grave_in_words() -> None:
    fields = [each.field for each in events.problems(EventReport("e"), ("unwilling",))]
    assert fields == ["kind", "grade", "words", "concept"]
    assert [each.field for each in events.problems(replace(LUNG, concept="wishful"), ("unwilling",))] == ["concept"]


def test_an_event_stands_beside_the_treatment(clinic: SmallClinic, practitioner: Practitioner) -> None:
    intake_id = clinic.sent().intake_id
    arrive(clinic, intake_id)
    with pytest.raises(NotFoundError):
        events.add(clinic, intake_id, replace(LUNG, concept="none"), practitioner)
    treat(clinic, intake_id, practitioner)
    assert events.add(clinic, intake_id, replace(LUNG, concept="none"), practitioner) == ()
    treated = shown.load(clinic, intake_id)
    assert treated is not None
    (event,) = treated.events
    assert (event.kind, event.grade, event.words) == (EventKind.LUNG, EventGrade.SEVERE, LUNG.words)
    assert event.regions == ("shoulder_top_right", "low_back_left")
    with pytest.raises(NotFoundError):
        case.of_event(clinic, intake_id, event.id, practitioner)


def test_the_case_fails_for_the_finding_that_should_have_warned_and_names_nobody(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    intake_id = clinic.sent({"age_years": 41}, name="Zoe Quill", born="1985-02-03").intake_id
    treat(clinic, intake_id, practitioner)
    event = AdverseEvent(
        "a" * 32,
        intake_id,
        "v",
        EventKind.LUNG,
        EventGrade.SEVERE,
        "prior_pneumothorax",
        ("chest_left",),
        None,
        1,
        clinic.now,
    )
    facts = {"age_years": 41, "danger_signs": ["none"], "wants_needling": "yes", "anything_else": "Call me Zoe"}
    written = case.skeleton(clinic.vocabulary, facts, event)
    (read,) = YAML(typ="safe", pure=True).load(written)
    assert read["facts"] == {"age_years": 41, "danger_signs": ["none"], "wants_needling": "yes"}
    assert not any(word in written for word in ("Zoe", "Quill", "1985"))
    decision = decide(rules(), parse_answers(clinic.vocabulary, read["facts"]))
    firing = {finding.rule.concept for finding in decision.findings if finding.status is Status.FIRES}
    assert not set(read["expect"]["fires"]) <= firing
