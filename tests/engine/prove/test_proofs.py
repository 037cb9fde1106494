"""The proofs prove the shipped book, find planted faults, and catch engines that are broken on purpose."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import z3
from hypothesis import given
from hypothesis import strategies as st

from intake.engine.book.levels import Needling
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.tree import AnyNode, Condition, Not, leaves
from intake.engine.book.vocabulary import Answer, codes_in
from intake.engine.decide import decide as deciding
from intake.engine.decide.decide import decide, truth
from intake.engine.interpret import body
from intake.engine.interpret.truth import Truth
from intake.engine.prove.encoder import FALSE, TRUE, Formula, SymbolicIntake, TruthPair, pair
from intake.engine.prove.exact import Exhaustion, either, exactness
from intake.engine.prove.formulas import Judgement
from intake.engine.prove.mutants import adequacy, mutants
from intake.engine.prove.proofs import Proofs, as_line
from intake.engine.prove.refute import prove, refutations
from intake.engine.prove.search import Refutation, Search
from intake.engine.read.check import broken_examples
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine import strategies
from tests.engine.small import book, condition, note, rule, vocabulary

REVIEW = {"needling": "review_before"}


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


def test_every_property_of_the_shipped_book_is_proved(shipped: Rulebook) -> None:
    outcomes = list(Proofs(shipped, date(2026, 11, 25)).results())
    assert [one.id for one in outcomes if one.refuted] == []
    assert {one.id for one in outcomes} == {f"L{n}" for n in range(1, 6)} | {f"P{n}" for n in range(1, 18)} | {
        "placed",
        "told",
    }
    adequacy = next(one for one in outcomes if one.id == "P14")
    assert int(adequacy.summary.split()[0]) > 1_000


FEVER = {"danger": "fever"}
GOOD = {"fires": [{"danger": ["fever"]}], "quiet": [{"danger": ["none"]}], "asks": [{}]}
STATUSES = ("P1", "P2", "P3", "P4", "P10", "placed")
"""Properties whose refutations say in brackets what every rule does, patient by patient."""


@dataclass(frozen=True)
class Planted:
    """A book with one fault: the property that it breaks, whom or what it is about, the words, and who shows it."""

    id: str
    subject: str
    text: str
    rules: tuple[dict[str, Any], ...]
    patients: tuple[dict[str, Answer], ...] | None = None
    today: date = date(2026, 6, 1)


PLANTED = [
    Planted(
        "L3", "line 1", "rule `one` was to be reviewed again by 2027-01-01",
        (rule(FEVER, examples=GOOD, **REVIEW),), ({"danger": ("fever",)},), date(2027, 1, 2),
    ),
    Planted(
        "P1", "one", "no patient can make it fire (asks)",
        (rule({"all": [{"reason": "pain"}, {"reason": "other"}]}, **REVIEW),), ({},),
    ),
    Planted(
        "P2", "one", "no answers keep it quiet (fires)",
        (rule({"any": [{"age": {"min": 50}}, {"age": {"below": 60}}]}, **REVIEW),),
    ),
    Planted(
        "P3", "one", "fires exactly when two does, at the same levels and place (fires and fires)",
        (rule(FEVER, **REVIEW), rule(FEVER, "two", **REVIEW)), ({"danger": ("fever",)},),
    ),
    Planted(
        "P4", "one", "fires only when two does, which counts at least as high (fires and fires)",
        (rule({"danger": {"all_of": ["fever", "numb"]}}, **REVIEW), rule(FEVER, "two", **REVIEW)),
        ({"danger": ("fever", "numb")},),
    ),
    Planted(
        "P7", "one", "asks, and fires however it is completed",
        (rule({"any": [FEVER, {"not": FEVER}]}, **REVIEW),),
    ),
    Planted(
        "P8", "one", "a worse answer lowers needling below review_before on head: review_before, then ok",
        (rule({"not": {"age": {"min": 50}}}, **REVIEW),),
    ),
    Planted(
        "P8", "one", "a worse answer lowers urgency below same_day: same_day, then none",
        (rule({"not": {"fear": {"min": 5}}}, urgency="same_day"),),
    ),
    Planted(
        "P10", "inr", "`inr` gives no `hidden_is_safe`, and where it is not asked one is silent (quiet)",
        (rule({"inr": "high"}, needling="do_not_needle"),),
    ),
    Planted(
        "placed", "one", "it fires where `skin_regions` is not asked (fires)",
        (rule({"pregnant": "yes"}, where={"fact": "skin_regions"}, **REVIEW),),
    ),
    Planted(
        "P12", "one", "fires on the all-clear record", (rule({"pregnant": "no"}, **REVIEW),), ({"pregnant": "no"},),
    ),
    Planted(
        "P13", "line 1", "rule `one`: example 1 of `fires` does not hold: it asks",
        (rule(FEVER, examples=GOOD | {"fires": [{}]}, **REVIEW),), ({},),
    ),
    Planted(
        "P14", "one", "no example tells it from itself with `fear`: min 4; this one would (quiet)",
        (rule({"fear": {"min": 5}}, examples={"fires": [{"fear": 9}], "quiet": [{"fear": 1}], "asks": [{}]}),),
        ({"fear": 4},),
    ),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one.id} {one.text}")
def test_a_planted_fault_is_found_and_a_patient_shows_it(planted: Planted) -> None:
    rulebook = book(*planted.rules)
    outcome = next(one for one in Proofs(rulebook, planted.today).results() if one.id == planted.id)
    refuted = next(one for one in outcome.refuted if (one.subject, one.text) == (planted.subject, planted.text))
    assert refuted.confirmed
    assert refuted.patients
    if planted.patients is not None:
        assert refuted.patients == planted.patients
    if planted.id in STATUSES:
        assert f"({seen(rulebook, refuted)})" in planted.text
    assert as_line(refuted).startswith(f"{planted.subject}: {planted.text}; {{")


def seen(rulebook: Rulebook, refuted: Refutation) -> str:
    """What `decide` says of every rule, patient by patient."""
    statuses = ([status(rulebook, each, patient) for each in rulebook.rules] for patient in refuted.patients)
    return ", then ".join(" and ".join(each) for each in statuses)


def status(rulebook: Rulebook, rule_: Rule, patient: Mapping[str, Answer]) -> str:
    """What `decide` says of one rule."""
    statuses = [finding.status for finding in decide(rulebook, patient).findings if finding.rule.id == rule_.id]
    return str(statuses[0]) if statuses else "quiet"


def test_a_worse_answer_that_lowers_is_shown_by_two_patients_who_differ_in_it_alone() -> None:
    rulebook = book(rule({"not": {"age": {"min": 50}}}, **REVIEW), rule({"not": {"fear": {"min": 5}}}, "two"))
    for one in prove(rulebook):
        before, after = (decide(rulebook, patient) for patient in one.patients)
        assert [patient.keys() for patient in one.patients] == [{"age"}, {"age"}]
        assert (before.regions["head"], after.regions["head"]) == (Needling.REVIEW_BEFORE, Needling.OK)


# ---- engines broken on purpose


def missing_is_no(record: SymbolicIntake, node: Condition) -> TruthPair:
    """Reads a missing answer as "no": whatever is not true is false."""
    own = pair(record, node)
    return TruthPair(own.true, z3.Not(own.true))


def not_unknown_is_true(record: SymbolicIntake, node: Condition) -> TruthPair:
    """Turns `not` of an unknown into true."""
    if isinstance(node, Not):
        inner = pair(record, node.node)
        return TruthPair(z3.Not(inner.true), inner.true)
    return pair(record, node)


def reads_hidden(record: SymbolicIntake, node: Condition) -> TruthPair:
    """Reads what is stored for a question that does not apply."""
    asked, record.readings = record.readings, dict.fromkeys(record.vocabulary.facts, TruthPair(TRUE, FALSE))
    own, record.readings = pair(record, node), asked
    return own


def any_waits(record: SymbolicIntake, node: Condition) -> TruthPair:
    """Waits with `any` until every branch is known."""
    own = pair(record, node)
    if isinstance(node, AnyNode):
        known = [z3.Not(any_waits(record, each).unknown) for each in node.nodes]
        return TruthPair(z3.And(own.true, *known), own.false)
    return own


@pytest.mark.parametrize(
    ("broken", "caught", "text"),
    [
        (missing_is_no, {"P5"}, "withdrawn answers silence it (fires, then asks; the formulas say fires, then quiet)"),
        (not_unknown_is_true, {"P6"}, ", then asks; the formulas say "),
        (reads_hidden, {"P10"}, "an answer to `inr` is read where it is not asked (quiet, then quiet; the formulas "),
        (any_waits, set(), ""),
    ],
)
def test_a_broken_engine_is_caught_by_one_property_and_decide_does_not_confirm_it(
    broken: Callable[[SymbolicIntake, Condition], TruthPair], caught: set[str], text: str
) -> None:
    rulebook = book(
        rule({"any": [FEVER, {"reason": "headache"}]}, **REVIEW),
        rule({"not": {"danger": "numb"}}, "two", **REVIEW),
        rule({"inr": "high"}, "three", **REVIEW),
    )
    seen = [one for one in refutations(Search(rulebook, broken)) if one.id in {"P5", "P6", "P10"}]
    assert {one.id for one in seen} == caught
    assert all(one.patients and not one.confirmed for one in seen)
    assert all(text in as_line(one) for one in seen[:1])
    assert list(refutations(Search(rulebook))) == []


def waits_for_all(one: Truth, other: Truth) -> Truth:
    """An `any` that waits until every branch is known."""
    return None if one is None or other is None else one or other


def honest(rulebook: Rulebook, given: Mapping[str, Answer]) -> Truth:
    return truth(vocabulary(), rulebook.rules[0].when, given)


def test_an_any_that_waits_is_caught_by_exactness_alone() -> None:
    rulebook = book(rule({"any": [{"danger": "fever"}, {"reason": "headache"}]}, **REVIEW))
    when = rulebook.rules[0].when
    assert exactness(rulebook, when).inexact == ()
    caught, completed = exactness(rulebook, when, waits_for_all).inexact
    assert honest(rulebook, caught) is True
    assert honest(rulebook, completed) is True


@given(strategies.conditions(), st.data())
def test_the_diagrams_of_exactness_say_what_the_interpreter_says(when: dict[str, Any], data: st.DataObject) -> None:
    node = condition(when)
    trial = Exhaustion(vocabulary(), node, either)
    drawn = {name: data.draw(st.sampled_from(list(states))) for name, states in trial.states.items()}
    answers = {name: state for name, state in drawn.items() if state is not None}
    assert trial.says(answers) is truth(vocabulary(), node, answers)


@pytest.mark.parametrize("by_decide", [True, False])
def test_worse_levels_that_lower_a_label_are_shown_with_the_places_for_which_they_do(
    monkeypatch: pytest.MonkeyPatch, *, by_decide: bool
) -> None:
    """Planted: `avoid_area` closes the marked places that it spares."""
    closed, is_closed = Judgement._closed_area, body._area_is_closed  # noqa: SLF001

    def spares(self: Judgement, area: dict[str, Formula]) -> Formula:
        return z3.And(z3.Or(list(area.values())), z3.Not(closed(self, area)))

    monkeypatch.setattr(Judgement, "_closed_area", spares)
    if by_decide:
        monkeypatch.setattr(body, "_area_is_closed", lambda *given: not is_closed(*given))
    (refuted,) = (one for one in prove(book(rule(FEVER))) if one.id == "P8")
    assert refuted.subject == "do_not_needle"
    assert refuted.confirmed is by_decide
    assert ("NOT CONFIRMED" in as_line(refuted)) is not by_decide
    if by_decide:
        (places,) = ({*codes_in(one["pain_regions"])} for one in refuted.patients)
        assert re.search(r": do_not_needle, then avoid_area, .*: needs_review_before_needling", refuted.text)
        assert all(f"{place} at avoid_area" in refuted.text for place in places)


def test_advice_beside_a_stop_is_shown_with_the_patient_who_gets_both(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = rule({"reason": "headache"}, needling="do_not_needle", examples=GOOD | {"fires": [{"reason": "headache"}]})
    rulebook = book(stop, note({"reason": {"in": ["headache", "other"]}}))
    monkeypatch.setattr(deciding, "_notes", lambda rulebook, *_: rulebook.notes)
    outcome = next(one for one in Proofs(rulebook, date(2026, 6, 1)).results() if one.id == "P11")
    (refuted,) = outcome.refuted
    assert refuted.text == "note is shown beside do_not_needle"
    assert refuted.patients == ({"reason": "headache"},)


HERE: dict[str, Any] = {"where": {"fact": "skin_regions"}, "if_unknown": REVIEW | {"urgency": "none"}, **REVIEW}
UNSURE, RED = {"skin": ("not_sure",)}, {"skin": ("red", "not_sure")}


def test_a_place_that_only_the_worse_answer_asks_for_lowers_no_region_before_it_is_told() -> None:
    rulebook = book(rule({"skin": "red"}, **HERE))
    before, after, told_ = (decide(rulebook, one) for one in (UNSURE, RED, RED | {"skin_regions": ("head",)}))
    assert (set(before.regions.values()), set(after.regions.values()), set(told_.regions.values())) == (
        {2},
        {2},
        {0, 2},
    )
    assert list(prove(rulebook)) == []


def test_what_a_told_place_leaves_in_peace_is_shown_by_patients() -> None:
    rulebook = book(rule({"skin": "red"}, **HERE), rule({"skin": "red"}, "all", needling="precaution"))
    outcome = next(one for one in Proofs(rulebook, date(2026, 6, 1)).results() if one.id == "told")
    (refutation,) = outcome.shown
    x, y = refutation.patients
    (place,) = codes_in(y["skin_regions"])
    assert (x, y) == (UNSURE, RED | {"skin_regions": (place,)})
    before, after = (decide(rulebook, one).regions for one in refutation.patients)
    fallen = next(region for region in sorted(before) if region != place)
    assert (
        refutation.text
        == f"asks on {len(before)} regions, then fires on 1 region; {fallen} is review_before, then precaution"
    )
    assert (before[fallen].code, after[fallen].code) == ("review_before", "precaution")
    assert (outcome.refuted, refutation.confirmed) == ((), True)


def test_at_the_place_that_is_told_nothing_may_fall() -> None:
    """The place raises the level while it is not told: told, the level is lower also there."""
    raised = [{"when": {"skin_regions": "hand"}, **REVIEW, "while_asking": REVIEW | {"urgency": "none"}}]
    local = rule({"skin": "red"}, needling="precaution", where={"fact": "skin_regions"}, raises=raised)
    rulebook = book(local, rule({"skin": "red"}, "beside"))
    refuted = [one for one in prove(rulebook) if one.id == "P8"]
    assert refuted
    for one in refuted:
        before, after = (decide(rulebook, patient) for patient in one.patients)
        fallen = [region for region in before.regions if before.regions[region] > after.regions[region]]
        told_fallen = set(codes_in(one.patients[1]["skin_regions"])) & set(fallen)
        assert one.confirmed
        assert any(f" on {region}: " in one.text for region in told_fallen)


def test_a_local_rule_that_takes_the_place_of_a_wider_one_is_found() -> None:
    """A worse answer moves the level from the whole body to one hand: the rest of the body falls."""
    young = rule({"all": [{"danger": "fever"}, {"age": {"below": 50}}]}, "young", **REVIEW)
    old = rule({"all": [{"danger": "fever"}, {"age": {"min": 50}}]}, "old", where="hand", **REVIEW)
    refuted = [one for one in prove(book(young, old)) if one.id == "P8"]
    assert [(one.subject, one.text) for one in refuted] == [
        ("young", "a worse answer lowers needling below precaution on head: review_before, then ok"),
        ("young", "a worse answer lowers needling below review_before on head: review_before, then ok"),
    ]


def test_a_survivor_comes_with_the_example_that_would_tell_it_apart() -> None:
    thin = {"fires": [{"danger": ["fever", "numb"]}], "quiet": [{"danger": ["none"]}], "asks": [{}]}
    rulebook = book(rule({"danger": {"any_of": ["fever", "numb"]}}, examples=thin, **REVIEW))
    result = adequacy(Search(rulebook))
    assert {one.change for one in result.survivors} >= {"`danger`: `fever` dropped"}
    for one in result.survivors:
        assert (
            truth(vocabulary(), rulebook.rules[0].when, one.example)
            is {"fires": True, "quiet": False, "asks": None}[one.status]
        )


def test_a_note_is_held_by_its_examples_as_a_rule_is() -> None:
    thin = {"fires": [{"reason": "pain"}], "quiet": [{"reason": "headache"}], "asks": [{}]}
    rulebook = book(note({"reason": {"in": ["pain", "other"]}}) | {"examples": thin})
    result = adequacy(Search(rulebook))
    assert [(one.rule, one.change) for one in result.survivors] == [("note", "`reason`: `other` dropped")]
    assert result.survivors[0].example == {"reason": "other"}


def test_a_raise_is_held_by_examples_of_its_own() -> None:
    when = {"reason": {"in": ["pain", "other"]}}
    held = {"fires": [{"reason": "pain"}, {"reason": "other"}], "quiet": [{"reason": "headache"}], "asks": [{}]}
    raised = {"when": when, "needling": "do_not_needle"}
    bare = book(rule(FEVER, examples=GOOD, raises=[raised], **REVIEW))
    survivors = adequacy(Search(bare)).survivors
    assert {one.rule for one in survivors} == {"one, raise 1"}
    full = book(rule(FEVER, examples=GOOD, raises=[raised | {"examples": held}], **REVIEW))
    assert adequacy(Search(full)).survivors == ()
    assert bare.rules == full.rules, "examples judge nobody"
    wrong = book(
        rule(FEVER, examples=GOOD, raises=[raised | {"examples": held | {"asks": [{"reason": "pain"}]}}], **REVIEW)
    )
    assert [one.message for one in broken_examples(wrong)] == [
        "rule `one, raise 1`: example 1 of `asks` does not hold: it fires"
    ]


CHANGES: list[tuple[object, set[str]]] = [
    ({"all": [FEVER, {"reason": "pain"}]}, {"branch 1 dropped", "branch 2 dropped", "`all` made `any`"}),
    ({"any": [FEVER, {"reason": "pain"}]}, {"branch 1 dropped", "branch 2 dropped", "`any` made `all`"}),
    ({"not": FEVER}, {"`not` dropped"}),
    ({"danger": {"any_of": ["fever", "numb"]}}, {"`danger`: `fever` dropped", "`danger`: `numb` dropped"}),
    ({"danger": {"all_of": ["fever", "numb"]}}, {"`danger`: `fever` dropped", "`danger`: `numb` dropped"}),
    ({"reason": {"in": ["pain", "other"]}}, {"`reason`: `pain` dropped", "`reason`: `other` dropped"}),
    ({"danger": {"count": 2}}, {"`danger`: count 1", "`danger`: count 3"}),
    ({"age": {"min": 50, "below": 60}}, {f"`age`: {one}" for one in ("min 49", "min 51", "below 59", "below 61")}),
    (
        {"at_least": {"count": 2, "of": [FEVER, {"reason": "pain"}, {"fear": {"min": 5}}]}},
        {"branch 1 dropped", "branch 2 dropped", "branch 3 dropped", "count 1", "count 3"},
    ),
]


@pytest.mark.parametrize(("when", "changes"), CHANGES)
def test_every_kind_of_small_change_is_made(when: object, changes: set[str]) -> None:
    node = condition(when)
    made = list(mutants(node))
    assert {one.change for one in made} >= changes
    leaf_facts = {leaf.fact for leaf in leaves(node)}
    assert {f"`{fact}` negated" for fact in leaf_facts} <= {one.change for one in made}
    assert all(one.when != node for one in made)
