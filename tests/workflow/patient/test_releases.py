"""Drafts that a release overtakes: nothing new is skipped, nothing is asked twice, no answer is lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from intake.engine.book.roles import THERAPIES_SEEN
from intake.engine.book.rulebook import Named, Rule
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer, Kind, Vocabulary, codes_in
from intake.engine.prove.search import needed
from intake.engine.read.load import load_rulebook
from intake.errors import DataFileError, StorageError
from intake.questions.steps import Step
from intake.settings import RULEBOOK_PATH
from intake.storage import vocabularies
from intake.workflow.patient import drafts, interview
from intake.workflow.patient import releases as crossing
from intake.workflow.patient.drafts import after_showing
from intake.workflow.patient.interview import NO_NEWS, News
from intake.workflow.patient.releases import Earlier
from tests.support.releases import earlier, steps_of
from tests.support.small_clinic import COOKIE, SmallClinic, vocabulary
from tests.support.visitor import questionnaire

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from intake.engine.book.rulebook import Rulebook

V = vocabulary()
BOOK = load_rulebook(RULEBOOK_PATH, V)
DECIDING = crossing.deciding(BOOK)
CODED = [fact for fact in V.facts.values() if fact.kind in {Kind.CHOICE, Kind.CHOICES} and fact.narrows is None]
CODES = [
    (fact.name, code)
    for fact in CODED
    for code in fact.codes
    if code not in {fact.none, fact.benign, "none", "never", "no", "yes"} and len(fact.codes) > 2
]
STEPS = questionnaire().steps
MOST_PAGES = 3 * len(STEPS)


@dataclass
class Patient:
    """Somebody who answers by chance, and what the pages have shown: codes of questions, items of gates."""

    data: st.DataObject
    stored: dict[str, Answer] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)
    met: list[tuple[str, ...]] = field(default_factory=list)

    def answer(self, words_: Vocabulary, step: Step, names: Collection[str] = ()) -> None:
        """See and answer a page, or the questions of the extra page."""
        now = interview.asked(words_, self.stored)
        facts = [name for name in names or step.facts if name in now.facts]
        gates = [gate for gate in (names or (step.gate,)) if gate in now.items]
        self.met.append((*facts, *(gate for gate in gates if gate)))
        for name in facts:
            self.offered.setdefault(name, set()).update({"", *words_.facts[name].codes})
            self._say(words_, name)
        for gate in gates:
            if gate:
                self._tick(gate, now.items[gate])
        seen = Step(step.name, tuple(facts), next(iter(gates), None))
        self.shown = after_showing(self.shown, words_, seen)
        for gate in gates[1:]:
            self.shown = after_showing(self.shown, words_, Step("", (), gate))
        homes = [each.name for each in STEPS if {*facts, *gates} & {*each.facts, each.gate}]
        self.passed += homes if names else [step.name]

    def _say(self, words_: Vocabulary, name: str) -> None:
        fact = words_.facts[name]
        match fact.kind:
            case Kind.TEXT:
                return
            case Kind.NUMBER | Kind.SCORE:
                self.stored[name] = 3
            case Kind.CHOICE:
                self.stored[name] = self.data.draw(st.sampled_from((*fact.codes, *UNKNOWN_WORDS)))
            case _:
                code = self.data.draw(st.sampled_from((*fact.codes, *UNKNOWN_WORDS)))
                self.stored[name] = (code,)

    def _tick(self, gate: str, items: Sequence[str]) -> None:
        self.offered.setdefault(gate, set()).update(items)
        ticked = self.data.draw(st.sampled_from(("none", "not_sure", *items)))
        before = [code for code in codes_in(self.stored.get(gate)) if code not in {"none", *UNKNOWN_WORDS, *items}]
        self.stored[gate] = tuple(dict.fromkeys((*before, ticked))) if before and ticked != "none" else (ticked,)
        self.stored[f"{gate}_seen"] = tuple(items)
        self.stored[THERAPIES_SEEN] = V.facts["therapies_tried"].codes

    def news(self, words_: Vocabulary) -> News:
        now = words_.sha256
        older = [Earlier(OLD[name], frozenset(names)) for name, names in self.shown.items() if name != now]
        seen = frozenset(name for names in self.shown.values() for name in names)
        return crossing.news(over(words_), steps_of(words_), older, seen)


OLD: dict[str, Vocabulary] = {}


def over(words_: Vocabulary) -> Rulebook:
    """The rules that an earlier vocabulary has all the questions of."""
    rules = (rule for rule in BOOK.rules if {*needed(V, rule), *place(rule)} <= words_.facts.keys())
    return replace(BOOK, vocabulary=words_, rules=tuple(rules))


def place(rule: Rule) -> tuple[str, ...]:
    """The question that says where a rule applies, if one does."""
    return (rule.where.fact,) if isinstance(rule.where, Named) else ()


@st.composite
def releases(draw: st.DrawFn) -> tuple[Vocabulary, Vocabulary]:
    """Two earlier vocabularies, the older first."""
    came: list[dict[str, set[str]]] = [{}, {}]
    facts = [draw(st.sets(st.sampled_from(sorted(V.facts)), max_size=3)) for _release in came]
    for name, code in sorted(draw(st.sets(st.sampled_from(CODES), max_size=3))):
        if name not in facts[0] | facts[1]:
            for release in came[: draw(st.integers(1, 2))]:
                release.setdefault(name, set()).add(code)
    try:
        return earlier(facts[0] | facts[1], came[0]), earlier(facts[1], came[1])
    except DataFileError:
        assume(condition=False)
        raise


def walk(patient: Patient, words_: Vocabulary, most: int) -> None:
    """Answer the pages that come under this vocabulary, at most so many."""
    steps = steps_of(words_)
    named = {step.name: step for step in steps}
    for _page in range(most):
        news = patient.news(words_)
        name = interview.next_step(words_, steps, patient.stored, patient.passed, news)
        if name is None:
            return
        patient.answer(words_, named[name])
    assert most < MOST_PAGES, f"walks in circles: {patient.met[-6:]}"


def unseen(patient: Patient) -> Iterator[str]:
    """Questions that bear on safety and stand before the patient, and never were on a page as they are now."""
    now = interview.asked(V, patient.stored)
    for name in now.facts & DECIDING & {fact for step in STEPS for fact in step.facts}:
        offered = patient.offered.get(name)
        optional = V.facts[name].optional and name not in patient.stored
        if offered is None or not (optional or offered >= set(V.facts[name].codes)):
            yield name
    for gate, items in now.items.items():
        for item in items:
            if DECIDING & {*V.gates[gate][item]} and item not in patient.offered.get(gate, set()):
                yield f"{gate}: {item}"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(releases(), st.integers(0, 60), st.integers(0, 30), st.data())
def test_whatever_two_releases_add_is_shown_once_before_sending_and_nothing_else_again(
    before: tuple[Vocabulary, Vocabulary], first: int, second: int, data: st.DataObject
) -> None:
    OLD.update({each.sha256: each for each in before})
    patient = Patient(data)
    walk(patient, before[0], first)
    walk(patient, before[1], second)
    walk(patient, V, MOST_PAGES)
    for _round in range(5):
        names = interview.more(V, patient.stored, patient.news(V))
        if not names:
            break
        kept = {name: answer for name, answer in patient.stored.items() if name not in {*names}}
        told = [name for name in names if name in patient.offered]
        for name in told:
            now = set(V.facts[name].codes) if name in V.facts else set(V.gates[name])
            assert now - patient.offered[name], f"{name} is asked again, and nothing of it is new"
        patient.answer(V, Step("more"), names)
        assert all(patient.stored[name] == answer for name, answer in kept.items() if not name.startswith("gate_"))
        walk(patient, V, MOST_PAGES)
    else:
        pytest.fail(f"the extra page comes again and again: {names}")
    assert list(unseen(patient)) == []


def met(before: Vocabulary, *passed: str, **stored: Answer) -> tuple[str, ...]:
    """What the extra page asks somebody who passed these pages, calm, when all else is answered."""
    shown = frozenset(name for step in STEPS if step.name in passed for name in (*step.facts, step.gate or ""))
    news = crossing.news(BOOK, STEPS, [Earlier(before, shown)], shown & {*before.facts, *before.gates})
    return tuple(interview.more(V, stored, news))


def test_a_new_question_behind_the_patient_is_asked_and_one_ahead_is_not() -> None:
    before = earlier(["infection_risks", "wants_needling"])
    gate: dict[str, Answer] = {
        "gate_devices": ("infection_risks",),
        "gate_devices_seen": tuple(V.gates["gate_devices"]),
    }
    assert met(before, "skin_needles", **gate) == ("infection_risks",)
    assert met(before, "danger", **gate) == ()


def test_a_question_that_offers_more_is_asked_again_if_it_was_answered() -> None:
    before = earlier(codes={"danger_signs": ["fever"]})
    assert met(before, "danger", danger_signs=("none",)) == ("danger_signs",)
    assert met(before, "danger") == ()


def test_a_new_item_of_a_checklist_opens_it_again_if_it_applies() -> None:
    before = earlier(["new_lump"])
    seen = tuple(item for item in V.gates["gate_warning"] if item != "lump")
    assert met(before, "warning", gate_warning=("none",), gate_warning_seen=seen) == ("gate_warning",)
    assert met(before, "warning", gate_warning=("none",), gate_warning_seen=(*seen, "lump")) == ()


def test_an_answer_that_is_offered_no_more_is_no_answer() -> None:
    before = earlier(gone={"danger_signs": ["old_sign"], "main_reason": ["old_reason"]})
    assert met(before, "danger", danger_signs=("old_sign", "fever")) == ("danger_signs",)
    assert met(before, "reason", main_reason="old_reason") == ("main_reason",)
    assert met(before, "danger", "reason", danger_signs=("fever",), main_reason="headache") == ()


def test_what_bears_on_no_rule_is_not_asked_afterwards() -> None:
    before = earlier(["goals", "visit_frequency"])
    assert met(before, "mood") == ()
    assert {"goals", "visit_frequency", "medicines_text"}.isdisjoint(DECIDING)
    assert {"danger_signs", "danger_signs_unsure", "wants_needling", "age_years"} <= DECIDING


# ---- what a draft keeps


SHOWN = Step("needles", ("needle_fear", "wants_needling"), shown=V)
GATE = Step("warning", (), "gate_warning", shown=V)


def test_a_saved_page_keeps_under_which_vocabulary_it_was_shown(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.save(clinic.start(), SHOWN, {"needle_fear": 3}), GATE, {"gate_warning": ("none",)})
    again = drafts.load(clinic, COOKIE)
    assert draft.shown == again.shown == {V.sha256: ["gate_warning", "needle_fear", "wants_needling"]}
    with clinic.database.read() as connection:
        assert vocabularies.content(connection, V.sha256) == V.content
        with pytest.raises(StorageError, match="is not stored any more"):
            vocabularies.content(connection, "0" * 64)


def test_a_page_that_is_saved_again_was_shown_under_the_later_vocabulary() -> None:
    old, new = earlier(["new_lump"]), V
    shown = after_showing({}, old, SHOWN)
    shown = after_showing(shown, old, GATE)
    assert after_showing(shown, new, SHOWN) == {
        old.sha256: ["gate_warning"], new.sha256: ["needle_fear", "wants_needling"],
    }  # fmt: skip
    assert after_showing(after_showing(shown, new, SHOWN), new, GATE).keys() == {new.sha256}


def test_a_draft_of_this_release_costs_no_question(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), SHOWN, {"needle_fear": 3, "wants_needling": "yes"})
    assert not crossing.may_be_overtaken(V, draft)
    assert crossing.news_of(clinic, BOOK, STEPS, draft) == NO_NEWS
