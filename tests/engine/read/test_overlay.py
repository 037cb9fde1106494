"""An overlay adds rules and makes policies stricter under a hash of its own; what would loosen a rule is refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.patients import patients
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.prove.losses import loosened
from intake.engine.read.load import kept_rulebook, load_rulebook, load_vocabulary
from intake.engine.read.overlay import loosenings, read_overlay
from intake.errors import DataFileError
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine.small import book, rule, vocabulary

SHIPPED = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
CAREFUL = {"needling": "precaution", "policy": "care"}
HIGH = {"needling": "review_before", "policy": "care", "if_unknown": {"needling": "precaution", "urgency": "none"}}
BASE = book(
    rule({"reason": "pain"}, "low", **CAREFUL),
    rule({"reason": "headache"}, "high", **HIGH, electrical_stimulation="avoid"),
    rule({"fear": {"min": 7}}, "plain"),
)
RULE = """
  - id: own
    concept: danger
    title: A title
    when: {reason: headache}
    needling: do_not_needle
    if_unknown: {needling: ok, urgency: none}
    because: Because.
    do: Do.
    sources: []
    strength: consensus
    examples: {fires: [{reason: headache}], quiet: [{reason: pain}], asks: [{}]}
"""
REVIEWED = "reviewed: {by: A. Tester, on: 2026-01-01, again_by: 2027-01-01}\n"
LEVELS = [level.code for level in Needling]


def over(base: Rulebook, text: str, folder: Path) -> Rulebook:
    file = folder / "overlay.yaml"
    file.write_text(text, encoding="utf-8")
    return read_overlay(file).over(base)


def faults(text: str, folder: Path) -> list[str]:
    with pytest.raises(DataFileError) as refused:
        over(BASE, text, folder)
    return [f"{problem.line}: {problem.text}" for problem in refused.value.problems]


def counted(book: Rulebook) -> dict[str, tuple[Levels, Levels, str | None]]:
    return {each.id: (each.levels, each.if_unknown, each.electrical_stimulation) for each in book.rules}


def test_rules_are_added_behind_the_book_s_own_with_a_version_and_hash_that_say_so(tmp_path: Path) -> None:
    merged = over(BASE, f"{REVIEWED}rules:{RULE}", tmp_path)
    assert [each.id for each in merged.rules] == ["low", "high", "plain", "own"]
    assert merged.rules[:3] == BASE.rules
    assert merged.version == "1+overlay"
    assert merged.sha256 != BASE.sha256
    assert kept_rulebook(merged.content, BASE.vocabulary) == merged


def test_an_overlay_has_lists_conditions_concepts_and_sources_of_its_own(tmp_path: Path) -> None:
    own = RULE.replace("{reason: headache}", "{condition: ill}", 1).replace("concept: danger", "concept: mine")
    own = own.replace("sources: []", "sources: [me2026]")
    own = own.replace("fires: [{reason: headache}]", "fires: [{danger: [fever]}]")
    text = f"""
{REVIEWED}
concepts: [mine]
lists: {{bad: [fever, numb]}}
conditions: {{ill: {{danger: {{any_of: bad}}}}}}
sources: {{me2026: {{citation: Mine, year: 2026, kind: review}}}}
rules:{own}
"""
    added = over(BASE, text, tmp_path).rules[-1]
    assert (added.concept, added.sources) == ("mine", ("me2026",))


def test_a_policy_is_counted_as_the_clinic_wants_it(tmp_path: Path) -> None:
    levels = "needling: do_not_needle, if_unknown: {needling: review_before}"
    text = f"policies: {{care: {{{levels}, electrical_stimulation: avoid}}}}"
    stop, wait = Levels(Needling.DO_NOT_NEEDLE, Urgency.NONE), Levels(Needling.REVIEW_BEFORE, Urgency.NONE)
    found = counted(over(BASE, text, tmp_path))
    assert found == {"low": (stop, wait, "avoid"), "high": (stop, wait, "avoid"), "plain": counted(BASE)["plain"]}
    narrowed = "policies: {care: {needling: review_before, rules: [low]}}"
    assert counted(over(BASE, narrowed, tmp_path))["low"][0] == wait


WRONG = [
    (
        "policies:\n  care:\n    needling: precaution",
        "3: policy `care` would loosen rule `high`: needling is review_before",
    ),
    (
        "policies:\n  care:\n    rules: [high]\n    if_unknown: {needling: ok}",
        "4: policy `care` would loosen rule `high`: if unknown, needling is precaution there, not ok",
    ),
    (
        "policies: {care: {electrical_stimulation: allowed}}",
        "1: policy `care` would loosen rule `high`: it forbids electrical stimulation",
    ),
    ("policies: {care: {electrical_stimulation: never}}", "1: unknown word for electrical stimulation `never`"),
    ("policies: {car: {needling: do_not_needle}}", "1: unknown policy `car`; did you mean `care`?"),
    ("policies: {care: {needle: ok}}", "1: unknown key in policy `care` `needle`; did you mean `needling`?"),
    ("policies: {care: {rules: [plain]}}", "1: unknown rule of policy `care` `plain`"),
    ("policies: {care: {urgency: same_day}}", "1: policy `care`: rule `high` has no words for the patient"),
    (
        "policies: {care: {if_unknown: {needling: do_not_needle}}}",
        "1: policy `care`: rule `high` would count more unknown than known",
    ),
    (
        f"{REVIEWED}rules:{RULE}".replace("id: own", "id: high"),
        "3: rule `high` is the rule book's own",
    ),
    (f"rules:{RULE}", "2: rule `own` lacks `reviewed`, and the overlay gives none for all"),
    (f"{REVIEWED}rules:{RULE}".replace("danger\n", "dangr\n"), "4: unknown concept `dangr`; did you mean `danger`?"),
    (f"{REVIEWED}rules:{RULE}".replace("headache}\n", "hedache}\n"), "6: unknown code of `reason` `hedache`"),
    ("ruls: []", "1: unknown key in the overlay `ruls`; did you mean `rules`?"),
    ("lists: {mine: [fever]}", "1: list `mine` is not used"),
    ("rules: {a: 1}", "1: `rules` must be a list"),
]


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    found = faults(text, tmp_path)
    assert any(line.startswith(told) for line in found), found


@pytest.mark.parametrize(
    ("given", "loosened"),
    [
        ("needling: ok", ["low", "high"]),
        ("needling: precaution", ["high"]),
        ("if_unknown: {needling: ok}", ["high"]),
        ("electrical_stimulation: allowed", ["high"]),
    ],
)
def test_each_rule_that_a_policy_would_loosen_is_told_once_and_nothing_else(
    given: str, loosened: list[str], tmp_path: Path
) -> None:
    told = [line.partition(":")[2].partition(":")[0] for line in faults(f"policies: {{care: {{{given}}}}}", tmp_path)]
    assert told == [f" policy `care` would loosen rule `{name}`" for name in loosened]


def test_names_of_the_book_are_not_redefined(tmp_path: Path) -> None:
    ill = {"ill": {"danger": {"any_of": "bad"}}}
    care = {"care": {"needling": "review_before"}}
    base = book(rule({"condition": "ill"}, policy="care"), lists={"bad": ["fever"]}, conditions=ill, policies=care)
    file = tmp_path / "overlay.yaml"
    text = "lists: {bad: [numb]}\nconditions: {ill: {reason: pain}}\npolicies: {care: {needling: do_not_needle}}\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        read_overlay(file).over(base)
    assert [problem.text for problem in refused.value.problems] == [
        "list `bad` is the rule book's own: give yours another name",
        "condition `ill` is the rule book's own: give yours another name",
        "the rule book counts policy `care` already: change it there",
    ]


def test_not_yaml_is_refused_before_it_is_laid_over_anything(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text("rules: [", encoding="utf-8")
    with pytest.raises(DataFileError, match="not YAML"):
        read_overlay(tmp_path / "overlay.yaml")


def test_an_empty_overlay_changes_nothing_but_the_version(tmp_path: Path) -> None:
    assert over(BASE, "", tmp_path).rules == BASE.rules


SPOILT: dict[str, Any] = {
    "it counts lower": {"levels": Levels(Needling.OK, Urgency.NONE)},
    "it counts lower while an answer is missing": {"if_unknown": Levels(Needling.OK, Urgency.NONE)},
    "it allows electrical stimulation": {"electrical_stimulation": None},
    "it is another rule": {"when": BASE.rules[0].when},
}


@pytest.mark.parametrize("text", SPOILT)
def test_a_book_that_loosens_a_rule_is_seen_by_its_structure(text: str) -> None:
    low, high, plain = BASE.rules
    spoilt = replace(BASE, rules=(low, replace(high, **SPOILT[text]), plain))
    assert list(loosenings(BASE, spoilt)) == [("high", text)]
    assert {one.subject for one in loosened(BASE, spoilt)} == {"high"}


def test_a_rule_that_is_less_urgent_is_seen() -> None:
    base = book(rule({"reason": "pain"}, needling="ok", urgency="same_day"))
    calmer = replace(base.rules[0], levels=Levels(Needling.OK, Urgency.WITHIN_DAYS))
    assert list(loosenings(base, replace(base, rules=(calmer,)))) == [("one", "it counts lower")]


def test_a_rule_that_is_gone_is_seen() -> None:
    assert list(loosenings(BASE, replace(BASE, rules=BASE.rules[1:]))) == [("low", "it is not there")]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS), st.booleans(), st.sampled_from(["", "[low]", "[high]"]))
def test_whatever_an_overlay_says_nobody_is_judged_lower(
    tmp_path_factory: pytest.TempPathFactory, needling: str, unknown: str, add: bool, narrowed: str
) -> None:
    rules = f", rules: {narrowed}" if narrowed else ""
    text = f"{REVIEWED}policies: {{care: {{needling: {needling}, if_unknown: {{needling: {unknown}}}{rules}}}}}\n"
    try:
        merged = over(BASE, text + (f"rules:{RULE}" if add else ""), tmp_path_factory.mktemp("overlay"))
    except DataFileError:
        return
    assert list(loosened(BASE, merged)) == []
    for answers in patients(vocabulary(), 30, missing=0.3):
        was, now = decide(BASE, answers), decide(merged, answers)
        assert all(higher(now_, was_) for now_, was_ in zip(levels(now), levels(was), strict=True))


def levels(decision: Any) -> Iterable[int]:  # noqa: ANN401 - a decision
    return (decision.label, decision.levels.needling, decision.levels.urgency, *decision.regions.values())


def higher(now: int, was: int) -> bool:
    return now >= was


def test_the_shipped_book_takes_the_strictest_policy_and_loosens_nothing(tmp_path: Path) -> None:
    text = "policies: {anticoagulants: {needling: do_not_needle, if_unknown: {needling: do_not_needle}}}"
    merged = over(SHIPPED, text, tmp_path)
    mine = [each for each in merged.rules if each.policy == "anticoagulants"]
    assert len(mine) > 10
    assert {each.levels.needling for each in mine} == {Needling.DO_NOT_NEEDLE}
    assert list(loosened(SHIPPED, merged)) == []
