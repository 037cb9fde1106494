"""Reader 2 says what `decide` says, on the shipped rule book and on random ones; the stored form loses nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.agreement import differences, shipped
from bench.patients import patients
from intake.engine.read.answers import parse_answers, to_raw
from intake.engine.replay import json_rows
from intake.engine.replay.columns import outcomes, to_columns
from intake.engine.replay.frames import encode
from intake.engine.replay.json_rows import JsonRows
from intake.engine.replay.layout import block_of, column_of, encode_row, layout_of, packed, without
from tests.engine import strategies
from tests.engine.small import answers, book, note, rule, vocabulary

UNSURE = {"danger": ["fever", "not_sure"], "danger_unsure": ["numb"]}
SHAPES: list[tuple[object, dict[str, Any]]] = [
    ({"danger": {"any_of": ["fever", "weak"]}}, {"urgency": "same_day"}),
    ({"danger": {"count": 2}}, {"needling": "precaution", "where": {"fact": "main_region", "in": "arm"}}),
    (
        {"inr": "high"},
        {"needling": "review_before", "raise": [{"needling": "do_not_needle", "when": {"inr_checked": "no"}}]},
    ),
    ({"skin": "red"}, {"needling": "avoid_area", "where": {"fact": "skin_regions"}, "electrical_stimulation": "avoid"}),
    ({"not": {"lymph": "swollen"}}, {"needling": "precaution", "where": ["neck", "calf_left"]}),
    ({"lung": "once"}, {"needling": "avoid_area", "where": {"fact": "lung_side", "in": ["arm", "head"]}}),
    ({"weeks": {"min": 10, "below": 37}}, {"needling": "review_before", "where": "leg"}),
    (
        {"at_least": {"count": 2, "of": [{"age": {"min": 60}}, {"fear": {"min": 5}}, {"pain_regions": "arm"}]}},
        {"needling": "ok"},
    ),
]


def truth_of(when: object, **raw: object) -> object:
    own = book(rule(when))
    return outcomes(to_columns(own), encode(own.vocabulary, [answers(**raw)]))["one"][0]


@pytest.mark.parametrize("seed", range(4))
def test_the_shipped_rule_book_reads_alike(seed: int) -> None:
    own, columns = shipped()
    assert list(differences(own, columns, list(patients(own.vocabulary, 100, 1_000_000 + seed)))) == []


@pytest.mark.parametrize("seed", range(10))
def test_a_book_of_every_shape_reads_alike(seed: int) -> None:
    specs = [rule(when, f"rule-{number}", **spec) for number, (when, spec) in enumerate(SHAPES)]
    own = book(*specs, note({"lymph": "swollen"}))
    assert list(differences(own, to_columns(own), list(patients(vocabulary(), 300, seed, missing=0.2)))) == []


@settings(max_examples=60, deadline=None)
@given(strategies.rulebooks(), st.lists(strategies.answers(), min_size=20, max_size=40))
def test_random_rule_books_read_alike(specs: list[dict[str, Any]], raws: list[dict[str, Any]]) -> None:
    own = book(*specs)
    intakes = [parse_answers(vocabulary(), raw) for raw in raws]
    assert list(differences(own, to_columns(own), intakes)) == []


@pytest.mark.parametrize(
    ("when", "raw", "truth"),
    [
        ({"inr": "high"}, {"inr": "high"}, None),
        ({"inr": "high"}, {"inr": "high", "thinners": ["none"]}, False),
        ({"inr": "high"}, {"inr": "high", "thinners": ["warfarin"]}, True),
        ({"inr": "high"}, {"inr": "high", "thinners": ["apixaban", "not_sure"]}, None),
        ({"weeks": {"below": 12}}, {"weeks": 3, "pregnant": "no"}, False),
        ({"weeks": {"below": 12}}, {"weeks": "declined", "pregnant": "yes"}, None),
        ({"danger": "numb"}, UNSURE, None),
        ({"danger": "weak"}, UNSURE, False),
        ({"danger": "weak"}, {**UNSURE, "danger_unsure": ["declined"]}, None),
        ({"danger": "weak"}, {"danger": ["declined"], "danger_unsure": ["numb"]}, None),
        ({"faint": {"count": 1}}, {"faint": ["never"]}, False),
        ({"pain_regions": {"count": 1}}, {"pain_regions": []}, False),
        ({"lymph_limbs": {"count": 1}}, {"lymph": ["none"], "lymph_limbs": ["arm_left"]}, False),
    ],
)
def test_unknown_hidden_and_narrowed_answers(when: object, raw: dict[str, object], truth: object) -> None:
    assert truth_of(when, **raw) is truth


def test_a_word_that_the_vocabulary_lost_counts_as_unknown() -> None:
    layout = layout_of(vocabulary())
    nothing = encode_row(layout, {})
    assert encode_row(layout, {"reason": "lost", "thinners": ["lost"], "no_such_fact": 3}) != nothing
    assert encode_row(layout, {"reason": "lost", "no_such_fact": 3}) == nothing
    unsure = layout.columns[layout.places["thinners"]].unsure
    assert encode(vocabulary(), [{"thinners": ("lost",)}])["thinners"][0] == unsure


def test_rows_come_alike_from_answers_and_from_json() -> None:
    layout = layout_of(vocabulary())
    for intake in patients(vocabulary(), 50):
        assert encode_row(layout, intake) == encode_row(layout, to_raw(intake))


ODD = [
    "{}",
    '{"reason":"pain"}',
    '{"fear": 3, "reason":"pain", "age": 41}',
    '{"reason": "pain"}\n',
    '{ "reason": "pain"}',
    '{"no_such_fact": {"fear": 3, "age": 41}, "reason": "pain", "age": 40}',
    '{"no_such_fact": {}, "danger": ["fever", "weak"]}',
    '{"reason": "pain", "reason": "other"}',
    '{"words": "a ], [ b", "reason": "pain"}',
    '{"words": "say \\"reason\\": \\"pain\\", too", "fear": 3}',
    '{"fear": null, "age": 41.5, "no_such_fact": ["x"], "danger": ["fever", "numb"]}',
    '{"pain_regions": [], "danger": [], "reason": "not_sure"}',
]


@pytest.mark.parametrize("text", [*ODD, *(json.dumps(to_raw(one)) for one in patients(vocabulary(), 60))])
def test_rows_come_alike_from_stored_json(text: str) -> None:
    layout = layout_of(vocabulary())
    reader = JsonRows(layout)
    row = encode_row(layout, json.loads(text))
    assert [layout.packer.pack(*reader.values(text)) for _ in range(2)] == [row, row]
    assert packed(layout, [reader.values(text)]) == block_of(layout, [row])


@given(st.integers(0, 6))
def test_a_block_without_a_row_is_the_block_of_the_others(place: int) -> None:
    layout = layout_of(vocabulary())
    rows = [encode_row(layout, intake) for intake in patients(vocabulary(), 7)]
    others = [row for number, row in enumerate(rows) if number != place]
    assert without(layout, 7, block_of(layout, rows), place) == block_of(layout, others)


def test_a_column_is_read_across_blocks() -> None:
    layout = layout_of(vocabulary())
    rows = [encode_row(layout, intake) for intake in patients(vocabulary(), 5)]
    parts = [(2, block_of(layout, rows[:2])), (3, block_of(layout, rows[2:]))]
    assert column_of(layout, "danger", parts) == column_of(layout, "danger", [(5, block_of(layout, rows))])


def test_no_intakes_make_empty_columns() -> None:
    own, columns = shipped()
    assert outcomes(columns, encode(own.vocabulary, [])).height == 0


def test_what_was_read_of_stored_json_is_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "MOST_KNOWN", 5)
    layout = layout_of(vocabulary())
    reader = JsonRows(layout)
    for number in range(40):
        facts = {"age": number, "fear": 3, "reason": "pain"}
        assert layout.packer.pack(*reader.values(json.dumps(facts))) == encode_row(layout, facts)
        assert sum(map(len, reader.known.values())) <= 5 + len(facts)
