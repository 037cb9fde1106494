"""Replay says of every stored intake what deciding it under both rule books says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from intake.engine.book.decision import Decision, Status
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Regions, Rulebook
from intake.engine.book.vocabulary import Answers
from intake.engine.decide.decide import decide
from intake.engine.read.answers import from_raw
from intake.engine.replay.changes import Stop
from intake.errors import StorageError
from intake.storage import archive
from intake.storage.archive import BLOCKS, ROWS
from intake.workflow.rules.replay import Report, replay
from tests.support.small_clinic import CHEST, FEVER, HEADACHE, UNDECIDED, UNWILLING, SmallClinic, rulebook

OLD = rulebook()
MILD = replace(UNWILLING, levels=Levels(Needling.PRECAUTION, Urgency.NONE))
TOLD = replace(FEVER, title="Another title", because="In other words.")
NEW = rulebook(CHEST, TOLD, MILD, replace(UNDECIDED, id="undecided-too"))
GIVEN: list[Answers] = [
    {"wants_needling": "no"},
    {"wants_needling": "unsure"},
    {"main_reason": "headache"},
    {"danger_signs": ("fever",)},
    {"wants_needling": "declined"},
    {},
]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BLOCK_ROWS", 4)


def states(decision: Decision) -> dict[str, tuple[Status, Levels]]:
    return {finding.rule.id: (finding.status, finding.levels) for finding in decision.findings}


def expected(book: Rulebook, facts: str) -> Decision:
    return decide(book, from_raw(json.loads(facts)))


def test_the_report_is_what_both_books_decide(clinic: SmallClinic) -> None:
    names = [clinic.sent(given).intake_id for given in GIVEN]
    report = replay(clinic.database, OLD, NEW, now=clinic.now)
    patients = {patient.intake_id: patient for patient in report.patients}
    with clinic.database.read() as connection:
        stored = {name: facts for rows in archive.facts_of(connection, {*names}) for name, facts in rows}
    for name in names:
        before, after = expected(OLD, stored[name]), expected(NEW, stored[name])
        was, now = states(before), states(after)
        moved = {rule for rule in {*was, *now} if was.get(rule) != now.get(rule)}
        assert (name in patients) == bool(moved or before.label != after.label)
        if name in patients:
            assert patients[name].labels == (before.label, after.label)
            assert {move.rule for move in patients[name].moves} == moved
            for move in patients[name].moves:
                assert was.get(move.rule, (None, CALM)) == (move.before.status, move.before.levels)
                assert now.get(move.rule, (None, CALM)) == (move.after.status, move.after.levels)
    assert report.tally.intakes == len(GIVEN)
    assert report.tally.labels == Counter(one.labels for one in report.patients if one.labels[0] != one.labels[1])
    assert {move.rule for move in report.tally.moves} == {"headache", "unwilling", "undecided", "undecided-too"}


CALM = Levels(Needling.OK, Urgency.NONE)


def lost(report: Report) -> dict[str, tuple[str, ...]]:
    return {patient.intake_id: patient.lost for patient in report.lost}


def test_lost_stops_are_set_apart_by_concept(clinic: SmallClinic) -> None:
    names = [clinic.sent(given).intake_id for given in GIVEN]
    report = replay(clinic.database, OLD, NEW, now=clinic.now)
    assert lost(report) == {names[0]: ("unwilling",), names[2]: ("headache",)}
    renamed = rulebook(*(replace(rule, id=f"new-{rule.id}") for rule in OLD.rules))
    assert lost(replay(clinic.database, OLD, renamed, now=clinic.now)) == {}


def test_a_stop_that_is_lost_for_some_places_is_set_apart_and_a_lost_area_is_counted(clinic: SmallClinic) -> None:
    """`avoid_area` and `emergency_now` are equal as numbers; only the second is absolute."""
    places = OLD.vocabulary.regions
    one, two = Regions(places[:1]), Regions(places[:2])
    clinic.sent({"wants_needling": "no"})
    for level, absolute in ((Needling.DO_NOT_NEEDLE, 1), (Needling.AVOID_AREA, 0)):
        local = replace(UNWILLING, levels=Levels(level, Urgency.NONE), where=two)
        old, new = rulebook(local), rulebook(replace(local, where=one))
        report = replay(clinic.database, old, new, now=clinic.now)
        assert len(report.lost) == absolute
        assert report.tally.lost[Stop("unwilling", "needling", Needling.AVOID_AREA)] == 1
        assert [(move.leaves, move.enters) for move in report.tally.moves] == [(True, False)]
        assert replay(clinic.database, new, old, now=clinic.now).tally.lost == {}


def test_visits_to_come_stand_first_in_their_order(clinic: SmallClinic) -> None:
    days = (None, 3, 1, None, -1)
    names = [
        clinic.sent({"wants_needling": "no"}, None if day is None else clinic.now + timedelta(days=day)).intake_id
        for day in days
    ]
    report = replay(clinic.database, OLD, NEW, now=clinic.now)
    assert [patient.intake_id for patient in report.patients[:2]] == [names[2], names[1]]
    assert [patient.visit_at is None for patient in report.patients] == [False, False, True, True, True]


def test_a_change_of_wording_changes_nobody(clinic: SmallClinic) -> None:
    clinic.sent({"danger_signs": ("fever",)})
    report = replay(clinic.database, OLD, rulebook(CHEST, TOLD, HEADACHE, UNWILLING, UNDECIDED), now=clinic.now)
    assert report.patients == ()
    assert (report.tally.intakes, report.tally.labels) == (1, {})


def test_an_archive_with_gaps_is_refused(clinic: SmallClinic) -> None:
    clinic.sent()
    with clinic.database.begin() as connection:
        connection.execute(delete(ROWS))
        connection.execute(delete(BLOCKS))
    with pytest.raises(StorageError, match="0 of 1"):
        replay(clinic.database, OLD, NEW, now=clinic.now)
