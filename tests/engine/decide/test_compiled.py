"""The compiled book: its source, what it depends on, that a debugger finds it, and that it says what the trees say."""

from __future__ import annotations

import ast
import inspect
import traceback
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.engine.book.rulebook import Rulebook
from intake.engine.book.tree import AnyOf
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary, facts_behind
from intake.engine.decide.compiled import compiled, source
from intake.engine.decide.decide import decide
from intake.engine.interpret.judge import findings
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine import strategies
from tests.engine.small import book, note, rule, vocabulary
from tests.support import random_intakes

FEVER = {"danger": "fever"}
EXPECTED = """\
CODES_0_OF_THINNERS = frozenset({'apixaban', 'other', 'warfarin'})
CODES_1_OF_DANGER = frozenset({'fever', 'numb', 'weak'})


def judged(given, intake):
    found = []
    said_thinners = may_thinners = given('thinners')
    if not said_thinners:
        said_thinners, may_thinners = (), CODES_0_OF_THINNERS
    elif 'not_sure' in said_thinners or 'declined' in said_thinners:
        said_thinners, may_thinners = intake.sides('thinners')
    asked_inr = ('warfarin' in said_thinners)
    said_inr = given('inr') if asked_inr else None if ('warfarin' in may_thinners) else ''
    said_danger = may_danger = given('danger')
    if not said_danger:
        said_danger, may_danger = (), CODES_1_OF_DANGER
    elif 'not_sure' in said_danger or 'declined' in said_danger:
        said_danger, may_danger = intake.sides('danger')
    said_age = given('age')
    if said_age in {'not_sure', 'declined'}:
        said_age = None
    # 'A title'
    if (said_inr in {None, 'not_sure', 'declined', 'high'}):
        if (said_inr in {'high'}):
            found.append(('one', True, ()))
        else:
            found.append(('one', False, ()))
    # 'A title'
    if (('fever' in may_danger) or (said_age is None or said_age < 9)):
        if (('fever' in said_danger) or (said_age is not None and said_age < 9)):
            found.append(('two', True, ()))
        else:
            found.append(('two', False, ()))
    # 'A title'
    if (said_age is None or said_age >= 90):
        raises = (True if ('weak' in said_danger) else None if ('weak' in may_danger) else False,)
        if (said_age is not None and said_age >= 90):
            found.append(('three', True, raises))
        else:
            found.append(('three', False, raises))
    return found


def notes(given, intake):
    found = []
    said_fear = given('fear')
    if said_fear in {'not_sure', 'declined'}:
        said_fear = None
    if (said_fear is not None and said_fear < 3):  # 'note'
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
    conditions = {wild: AnyOf(wild, (wild,)), "good": AnyOf("1 2", (wild, *"abcd"))}
    rules = tuple(replace(one, id=name, when=when) for name, when in conditions.items())
    made = Rulebook("1", "", words, (), rules, (), {})
    names = {node.id for node in ast.walk(ast.parse(source(made))) if isinstance(node, ast.Name)}
    assert {name.rstrip("0123456789").rstrip("_") for name in names} == {
        "found", "given", "intake", "frozenset", "said", "may", "CODES_0_OF", "CODES_1_OF"
    }  # fmt: skip
    decision = decide(made, {wild: (wild,), "1 2": ("c",)})
    assert [finding.rule.id for finding in decision.findings] == [wild, "good"]


@given(strategies.rulebooks(), st.lists(strategies.answers(), max_size=4))
def test_the_compiled_book_says_what_the_trees_say(specs: list[dict[str, Any]], series: list[dict[str, Any]]) -> None:
    rules = book(*specs)
    for answers in [parse_answers(vocabulary(), raw) for raw in [*series, *series]]:
        assert decide(rules, answers).findings == findings(rules, Intake(rules.vocabulary, answers))


def test_conditions_of_any_shape_say_what_the_trees_say() -> None:
    """Many intakes over few facts, hidden and narrowed ones among them."""
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
            assert decide(made, answers).findings == findings(made, Intake(words, answers))


def test_the_compiled_shipped_book_says_what_its_trees_say() -> None:
    rules = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
    dice = random_intakes.seeded(3)
    for _ in range(150):
        answers = random_intakes.answers(rules.vocabulary, dice)
        intake = Intake(rules.vocabulary, answers)
        decision = decide(rules, answers)
        assert decision.findings == findings(rules, Intake(rules.vocabulary, answers))
        notes = tuple(each for each in rules.notes if intake.truth(each.when)) if decision.notes else ()
        assert decision.notes == notes


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


def test_a_debugger_and_a_traceback_find_the_lines() -> None:
    """An answer of another kind than its fact fails in the line of the rule."""
    made = compiled(book(rule({"age": {"min": 65}})))
    with pytest.raises(TypeError) as caught:
        made.judged({"age": ("old",)}.get, Intake(vocabulary(), {}))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert last.line == "if (said_age is None or said_age >= 65):"
    assert inspect.getsource(made.judged).startswith("def judged(given, intake):")


def test_books_that_share_a_hash_are_compiled_apart() -> None:
    """Books made by hand may: they are one book only if all their fields are equal."""
    one, other = book(rule(FEVER)), book(rule({"age": {"min": 65}}))
    other = replace(other, sha256=one.sha256, version=one.version, content=one.content)
    assert hash(one) == hash(other)
    assert [len(decide(each, {"danger": ("fever",), "age": 3}).findings) for each in (one, other)] == [1, 0]
    assert compiled(one) is compiled(replace(one))
