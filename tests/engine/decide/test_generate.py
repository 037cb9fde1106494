"""The generated reader: its source, what it depends on, and that it says what the tree says."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.engine.book.rulebook import Finding, Rulebook
from intake.engine.book.tree import AnyOf
from intake.engine.book.vocabulary import Answers, Fact, Kind, Vocabulary, facts_behind
from intake.engine.decide.decide import compiled, decide, judge
from intake.engine.decide.generate import MOST_KEPT, MOST_TOTALS, source
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine import strategies
from tests.engine.small import book, decided, note, rule, vocabulary
from tests.support import random_intakes


def one_by_one(rulebook: Rulebook, answers: Answers) -> tuple[Finding, ...]:
    """What each rule says by itself, read from its tree."""
    intake = Intake(rulebook.vocabulary, answers)
    return tuple(found for each in rulebook.rules if (found := judge(each, intake)) is not None)


EXPECTED = """\
CODES_0_OF_THINNERS = frozenset({'apixaban', 'other', 'warfarin'})
CODES_1_OF_DANGER = frozenset({'fever', 'numb', 'weak'})


def judge(given, intake):
    found = []
    weighs, beside = 0, []
    a_thinners = may_thinners = given('thinners')
    if not a_thinners:
        a_thinners, may_thinners = (), CODES_0_OF_THINNERS
    elif 'not_sure' in a_thinners or 'declined' in a_thinners:
        a_thinners, may_thinners = intake.sides('thinners')
    asked_inr = ('warfarin' in a_thinners)
    a_inr = given('inr') if asked_inr else None if ('warfarin' in may_thinners) else ''
    a_danger = may_danger = given('danger')
    if not a_danger:
        a_danger, may_danger = (), CODES_1_OF_DANGER
    elif 'not_sure' in a_danger or 'declined' in a_danger:
        a_danger, may_danger = intake.sides('danger')
    a_age = given('age')
    if a_age in {'not_sure', 'declined'}:
        a_age = None
    # 'one'
    if (a_inr in {None, 'not_sure', 'declined', 'high'}):
        if (('warfarin' in a_thinners) and (a_inr in {'high'})):
            key = None
            found.append(fired_0(key) or new(intake, 0, True, key))
            weighs |= 1
        else:
            key = (asked_inr and 'inr' or (given('thinners'),))
            found.append(asked_0(key) or new(intake, 0, False, key))
            weighs |= 1
    # 'two'
    if (('fever' in may_danger) or (a_age is None or a_age < 9)):
        if (why_1 := (a_age is not None and a_age < 9) and (0, None) or ('fever' in a_danger) and (1, None)):
            key = why_1
            found.append(fired_1(key) or new(intake, 1, True, key))
            weighs |= 1
        else:
            key = (('fever' in may_danger) and 'danger', (a_age is None or a_age < 9) and 'age')
            found.append(asked_1(key) or new(intake, 1, False, key))
            weighs |= 1
    # 'three'
    if (a_age is None or a_age >= 90):
        if (a_age is not None and a_age >= 90):
            key = (None, (('weak' in may_danger) and (('weak' in a_danger) and (1, None) or (0, 'danger'))))
            found.append(fired_2(key) or new(intake, 2, True, key))
            beside.append(found[-1])
        else:
            key = ('age', (('weak' in may_danger) and (('weak' in a_danger) and (1, None) or (0, 'danger'))))
            found.append(asked_2(key) or new(intake, 2, False, key))
            beside.append(found[-1])
    return found, weighs, beside


def notes(given, intake):
    found = []
    a_fear = given('fear')
    if a_fear in {'not_sure', 'declined'}:
        a_fear = None
    if (a_fear is not None and a_fear < 3):
        found.append(0)
    return found
"""


def test_the_source_of_three_rules_and_a_note() -> None:
    two = rule({"any": [{"danger": "fever"}, {"age": {"below": 9}}]}, "two")
    levels = {"needling": "do_not_needle", "urgency": "none"}
    raised = {"when": {"danger": "weak"}, **levels, "if_unknown": levels}
    three = rule({"age": {"min": 90}}, "three", raises=[raised])
    rules = book(rule({"inr": "high"}), two, three, note({"fear": {"below": 3}}))
    assert source(rules) == EXPECTED


def test_words_are_quoted_and_names_are_letters() -> None:
    """Nothing that a book says can become code, not even words that no file could hold."""
    wild = "x'); open('/etc/passwd') #\n"
    facts = {name: Fact(name, Kind.CHOICES, (wild, *"abcd")) for name in (wild, "good", "1 2")}
    words = Vocabulary(facts, (), {}, {}, {})
    one = book(rule({"age": {"min": 65}})).rules[0]
    conditions = [AnyOf(wild, (wild,)), AnyOf("1 2", (wild, *"abcd"))]
    rules = tuple(replace(one, id=wild, when=when) for when in conditions)
    made = Rulebook("1", "", words, (), rules, (), {})
    names = {node.id for node in ast.walk(ast.parse(source(made))) if isinstance(node, ast.Name)}
    own = {"found", "weighs", "beside", "given", "intake", "key", "new", "frozenset", "next", "filter"}
    assert {name.rstrip("0123456789").rstrip("_") for name in names - own} == {
        "a", "may", "fired", "asked", "CODES_0_OF", "CODES_1_OF", "CODES_2_OF"
    }  # fmt: skip
    assert [found.deciding[0].code for found in decide(made, {wild: (wild,), "1 2": ("c",)}).findings] == [wild, "c"]


@settings(max_examples=100)
@given(strategies.rulebooks(), st.lists(strategies.answers(), max_size=4))
def test_the_reader_says_what_the_trees_say(specs: list[dict[str, Any]], series: list[dict[str, Any]]) -> None:
    rules = book(*specs)
    for answers in [parse_answers(vocabulary(), raw) for raw in [*series, *series]]:
        assert decide(rules, answers).findings == one_by_one(rules, answers)


def test_what_is_remembered_is_what_the_trees_say() -> None:
    """Many intakes over few facts, so that one finding serves several of them."""
    dice = random_intakes.seeded(5)
    few = {name: vocabulary().facts[name] for name in ("danger", "danger_unsure", "reason", "thinners", "inr", "fear")}
    words = Vocabulary(few, vocabulary().regions, {}, {}, {})
    one = book(rule({"reason": "pain"})).rules[0]
    for _ in range(120):
        whens = [random_intakes.condition(words, dice, depth=2) for _ in range(3)]
        rules = tuple(replace(one, id=str(place), when=when) for place, when in enumerate(whens))
        made = Rulebook("1", "", words, (), rules, (), {})
        for _ in range(60):
            answers = random_intakes.answers(words, dice)
            assert decide(made, answers).findings == one_by_one(made, answers)


def test_the_reader_says_what_the_trees_of_the_shipped_book_say() -> None:
    rules = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
    dice = random_intakes.seeded(3)
    for _ in range(150):
        answers = random_intakes.answers(rules.vocabulary, dice)
        intake = Intake(rules.vocabulary, answers)
        decision = decide(rules, answers)
        assert decision.findings == one_by_one(rules, answers)
        shown = tuple(each for each in rules.notes if intake.truth(each.when)) if decision.notes else ()
        assert decision.notes == shown


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["age"], {"age"}),
        (["inr_checked"], {"inr_checked", "inr", "thinners"}),
        (["danger"], {"danger", "danger_unsure"}),
        (["hand_signs", "age"], {"hand_signs", "pain_regions", "reason", "age"}),
    ],
)
def test_a_reading_depends_on_what_makes_it_apply_and_what_narrows_it(names: list[str], expected: set[str]) -> None:
    assert set(facts_behind(names, vocabulary())) == expected


def test_equal_evidence_is_drawn_up_once() -> None:
    rules = book(rule({"all": [{"danger": "fever"}, {"age": {"min": 65}}]}))
    one, other = (
        decided(rules, danger=["fever", *more], age=age).findings[0] for more, age in (([], 70), (["numb"], 80))
    )
    assert one is other


def test_what_is_remembered_is_bounded() -> None:
    rules = book(rule({"pain_regions": {"count": 1}}))
    regions = vocabulary().regions
    for number in range(1, MOST_KEPT + 50):
        said = [region for place, region in enumerate(regions) if number >> place & 1]
        assert decided(rules, pain_regions=said).findings[0].deciding[0].code == said[0]
    assert 0 < len(compiled(rules).fired[0]) <= MOST_KEPT


def test_the_totals_remembered_are_bounded() -> None:
    rules = book(rule({"danger": "fever"}))
    decided(rules)
    reader = compiled(rules)
    for bits in range(MOST_TOTALS + 50):
        reader.total(bits, [])
    assert 0 < len(reader.totals) <= MOST_TOTALS
