"""No care card says what the patient did not say: every question x every answer state, alone on a healthy form."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from intake.app import build
from intake.engine.book.calm import saying
from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.engine.book.rulebook import Rule
from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, Answers, Fact, Kind, codes_in
from intake.engine.decide.decide import decide
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_rulebook
from intake.settings import RULEBOOK_PATH, load
from intake.web.patient.care import MOST_LINES, MOST_WORDS, CareCard, Tone, card
from intake.workflow.patient import alarms, interview
from intake.workflow.patient.alarms import NOT_EVALUATED, UNSURE_WHICH, AlarmReading
from tests.support.visitor import Visitor, bare_app, denies, questionnaire, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

V = vocabulary()
BOOK = load_rulebook(RULEBOOK_PATH, V)
SIGNS = (V.roles.danger_signs, *(name for name, fact in V.facts.items() if fact.narrows))
CRISIS = {"self_harm_thoughts", "mental_crisis"}
NUMBERS = {"emergency_number": "999", "urgent_line": "111", "crisis_line": "116 123", "clinic_phone": "01234 000 000"}
SEED, DRAWS = 20_261_130, 150


@pytest.fixture(scope="module", autouse=True)
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The clinic's numbers, and English."""
    folder: Path = tmp_path_factory.mktemp("instance")
    names = {f"INTAKE_{name.upper()}": number for name, number in NUMBERS.items() if name != "clinic_phone"}
    made = build(load({**names, "INTAKE_PHONE": NUMBERS["clinic_phone"]}, folder))
    with made.test_request_context():
        yield made


@pytest.fixture(scope="module")
def healthy() -> dict[str, Answer]:
    """All that somebody with pain low in the back and nothing else to report has said."""
    with bare_app().test_request_context():
        patient = Visitor()
        patient.walk(denies)
    return {**interview.resolve(V, patient.stored), "age_years": 41}


def states(fact: Fact) -> Iterator[Answer]:
    """Each code alone and each state that is not an answer."""
    if fact.kind not in {Kind.CHOICE, Kind.CHOICES, Kind.REGIONS}:
        return
    for code in (*fact.codes, NOT_SURE, DECLINED):
        yield (code,) if fact.kind is Kind.REGIONS and code in fact.codes else saying(fact, code)


def so_far(answers: Answers, fact: str) -> dict[str, Answer]:
    """What is known when the page of a fact is saved: what stands on the pages before it and on its own."""
    before: set[str] = {"age_years"}
    for page in questionnaire().pages:
        before |= {*page.facts}
        if fact in page.facts:
            break
    return {name: answer for name, answer in answers.items() if name in before}


def shown(reading: AlarmReading) -> CareCard | None:
    """The card of all that these answers call for."""
    return card(reading, (*(call.rule.id for call in reading.calls), UNSURE_WHICH, NOT_EVALUATED), {})


def every_state(healthy: dict[str, Answer]) -> Iterator[tuple[str, Answer, Answers, CareCard | None]]:
    """Each question in each state, when its page is saved and at the end of an otherwise healthy form."""
    for name, fact in V.facts.items():
        for answer in states(fact):
            whole = {**healthy, name: answer}
            for answers in (so_far(whole, name), whole):
                yield name, answer, answers, shown(alarms.read(BOOK, answers, answers))


def texts(found: CareCard) -> str:
    return " / ".join((found.headline, *found.said, *found.lines, *found.bullets))


def firing(answers: Answers) -> dict[str, Rule]:
    findings = decide(BOOK, answers).findings
    return {each.rule.id: each.rule for each in findings if each.status is Status.FIRES}


def told(rule: Rule) -> str:
    return (rule.tell or "").format(**NUMBERS)


def check_honest(answers: Answers, found: CareCard) -> None:
    """Every word on a card follows from what was said."""
    words, fires = questionnaire().words, firing(answers)
    labels = {
        f"{words.asked(name)} {words.code(name, code)}" if V.facts[name].kind is Kind.CHOICE else words.code(name, code)
        for name, given in answers.items()
        for code in codes_in(given)
        if V.facts[name].kind in {Kind.CHOICE, Kind.CHOICES}
    }
    assert {said.lower() for said in found.said} <= {label.lower() for label in labels}, texts(found)
    kept = {told(rule) for rule in fires.values()}
    others = {told(rule) for rule in BOOK.rules if rule.tell} - kept
    assert not others.intersection(found.lines), texts(found)
    if found.tone is Tone.NOW:
        assert found.said, texts(found)
        assert set(found.lines) <= kept, texts(found)
    if found.tone is Tone.IF:
        assert (found.said, found.lines) == ((), ()), texts(found)


def check_short(found: CareCard) -> None:
    assert len(texts(found).replace("/", "").split()) <= MOST_WORDS, texts(found)
    assert found.words <= MOST_WORDS, (found.words, texts(found))
    assert bool(found.said) + len(found.lines) + len(found.bullets) <= MOST_LINES, texts(found)


def test_every_question_in_every_state_brings_an_honest_short_card_or_none(healthy: dict[str, Answer]) -> None:
    tried = cards = 0
    for name, answer, answers, found in every_state(healthy):
        tried += 1
        if found is not None:
            cards += 1
            check_honest(answers, found)
            check_short(found)
            assert DECLINED not in codes_in(answer), (name, texts(found))
    assert tried > 1000
    assert cards > 50


def test_a_not_sure_interrupts_on_the_danger_list_and_where_it_counts_as_urgent_alone(
    healthy: dict[str, Answer],
) -> None:
    interrupting = {
        (name, found.tone)
        for name, answer, answers, found in every_state(healthy)
        if found is not None and NOT_SURE in codes_in(answer)
    }
    assert {name for name, tone in interrupting if tone is Tone.NOW} == set()
    assert {name for name, tone in interrupting if tone is Tone.KIND} == CRISIS
    asks = {name for name, tone in interrupting if tone is Tone.IF}
    assert V.roles.danger_signs in asks
    assert asks - {*SIGNS} <= {"new_weakness", "last_needling", "since_needling_signs"}


def test_whoever_says_nothing_of_the_kind_reads_no_card(healthy: dict[str, Answer]) -> None:
    assert shown(alarms.read(BOOK, healthy, healthy)) is None
    assert shown(alarms.read(BOOK, {}, {})) is None


def test_each_sign_that_is_not_sure_brings_its_own_lines_and_many_bring_all_in_three(
    healthy: dict[str, Answer],
) -> None:
    unsure = {**healthy, "danger_signs": (NOT_SURE,)}
    for code in V.facts["danger_signs_unsure"].codes:
        answers = {**unsure, "danger_signs_unsure": (code,)}
        found = shown(alarms.read(BOOK, answers, answers))
        if found is None:
            assert code == "fever"  # it is no danger on its own: the card of the page before was shown
            continue
        assert found.tone is Tone.IF
        assert found.number == "999"
    several = {**unsure, "danger_signs_unsure": (NOT_SURE,)}
    found = shown(alarms.read(BOOK, several, several))
    assert found is not None
    assert len(found.bullets) == MOST_LINES
    assert "chest" in texts(found)
    assert "numb between your legs" in texts(found)


def test_every_rule_fires_and_asks_on_a_card_that_fits() -> None:
    urgent = [rule for rule in BOOK.rules if rule.most_urgent >= Urgency.SAME_DAY]
    met = set()
    for rule in urgent:
        for raw in (*rule.examples.fires, *(each for part in rule.raises for each in part.examples.fires)):
            answers = parse_answers(V, raw)
            reading = alarms.read(BOOK, answers, answers)
            found = shown(reading)
            if found is not None:
                check_short(found)
                check_honest(answers, found)
                met |= {call.rule.id for call in reading.calls}
    assert len(met) > len(urgent) * 0.8, sorted({rule.id for rule in urgent} - met)


def test_a_card_about_much_at_once_is_as_short_and_names_the_worst_first(healthy: dict[str, Answer]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - drawn answers, no secret
    known = [fact for fact in V.facts.values() if fact.kind in {Kind.CHOICE, Kind.CHOICES}]
    for _draw in range(DRAWS):
        answers = dict(healthy)
        for fact in chance.sample(known, 25):
            codes = [code for code in fact.codes if code not in {fact.none, fact.benign}]
            several = tuple(sorted(chance.sample(codes, min(len(codes), 4)), key=fact.codes.index))
            answers[fact.name] = several if fact.kind is Kind.CHOICES else chance.choice(codes or fact.codes)
        reading = alarms.read(BOOK, answers, answers)
        found = shown(reading)
        if found is not None:
            check_short(found)
            bodily = [call.urgency for call in reading.calls if not call.rule.is_about_crisis]
            assert found.emergency == (max(bodily, default=None) is Urgency.EMERGENCY_NOW), texts(found)


def test_lines_that_complete_call_if_speak_to_the_patient_and_end_open() -> None:
    for rule in BOOK.rules:
        for line in rule.tell_if_asking:
            assert line[0].islower(), (rule.id, line)
            assert not line.endswith("."), (rule.id, line)
            assert "you told" not in line.lower(), (rule.id, line)


def test_a_fault_while_judging_brings_the_call_if_card_and_no_doubt_that_nobody_had() -> None:
    found = shown(AlarmReading(failed=True))
    assert found is not None
    assert (found.tone, found.why) == (Tone.IF, "We could not check your answers.")
