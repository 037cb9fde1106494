"""Which questions stand before this patient: gates read into facts, pages on the path, what is missing or withdrawn.

Pure functions over stored answers: the facts as given, the ticks of each gate (`gate_x`) and the items that were on its
page (`gate_x_seen`). An item that was not seen, and a gate that was not answered, say nothing: their facts stay open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from intake.engine.truth import Intake, words
from intake.engine.vocabulary import UNKNOWN_WORDS, Answer, Answers, Fact, Kind, Vocabulary

TRIED, NOW = "therapies_tried", "therapies_now"
EFFECTS = ("therapies_helped", "therapies_no_change", "therapies_worse")
THERAPIES_SEEN = "gate_therapies_seen"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Step:
    """One page: the facts it asks, the gate it puts, whether all of it may be passed over.

    As a patient saw it: the vocabulary it was shown under, and the steps that it passes (its own if none is named).
    """

    name: str
    facts: tuple[str, ...] = ()
    gate: str | None = None
    optional: bool = False
    shown: Vocabulary | None = None
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """What a release brought behind a patient's back.

    Questions (facts, gates) that no page showed, items added to gates, answers added to questions; and all facts that
    bear on safety.
    """

    unseen: frozenset[str] = frozenset()
    items: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deciding: frozenset[str] = frozenset()


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be asked of this patient: facts by their own question, items of gates; and what is known."""

    facts: frozenset[str]
    items: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Answer]


def resolve(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer]:
    """The facts that apply, with gates, the one marked place and the therapies read into them: what is judged."""
    return dict(asked(vocabulary, stored).answers)


def asked(vocabulary: Vocabulary, stored: Answers) -> Asked:
    """The questions and gate items that apply, in the light of what is stored."""
    return _asked(vocabulary, frozenset(stored.items()))


@lru_cache(maxsize=256)
def _asked(vocabulary: Vocabulary, items: frozenset[tuple[str, Answer]]) -> Asked:
    """Several functions ask the same of one draft in one request: the answer is kept for the last few."""
    stored = dict(items)
    told = _told(vocabulary, stored)
    intake = Intake(vocabulary, told)
    applying = {name for name in vocabulary.facts if intake.read(name).applies}
    behind = {name for name in applying if _is_behind(vocabulary.facts[name], stored)}
    shown = {
        gate: tuple(item for item, facts in members.items() if applying.intersection(facts))
        for gate, members in vocabulary.gates.items()
    }
    answers = {name: answer for name, answer in told.items() if name in applying}
    return Asked(frozenset(applying - behind - _answered_elsewhere(stored)), shown, answers)


def path(vocabulary: Vocabulary, steps: Sequence[Step], stored: Answers) -> tuple[str, ...]:
    """The names of the steps that stand before this patient, in order."""
    now = asked(vocabulary, stored)
    return tuple(step.name for step in steps if _is_on_path(vocabulary, step, now))


def missing(vocabulary: Vocabulary, step: Step, stored: Answers) -> tuple[str, ...]:
    """What a step still needs: required facts without an answer, and its gate where an item was not on the page."""
    return _missing(vocabulary, step, stored, asked(vocabulary, stored))


def next_step(
    vocabulary: Vocabulary, steps: Sequence[Step], stored: Answers, passed: Collection[str], news: News = NO_NEWS
) -> str | None:
    """The first step on the path that was never passed or still needs something; None: all is answered.

    What is new behind the patient's back leads to no step: `more` asks it.
    """
    now = _before_news(asked(vocabulary, stored), news)
    waiting = (step for step in steps if _is_on_path(vocabulary, step, now))
    unfinished = (step for step in waiting if step.name not in passed or _missing(vocabulary, step, stored, now))
    return next((step.name for step in unfinished), None)


def more(vocabulary: Vocabulary, stored: Answers, news: News) -> dict[str, frozenset[str]]:
    """The questions to put before sending, each with the answers or items that are new on it (none: all of it is new).

    Facts and gates that apply, bear on safety, and were not shown as they are now.
    """
    if news == NO_NEWS:
        return {}
    now = asked(vocabulary, stored)
    asking = (news.unseen | (news.codes.keys() & stored.keys())) & now.facts & news.deciding
    gates = (gate for gate in now.items if _new_items(vocabulary, gate, now, stored, news))
    added = {**news.codes, **news.items}
    return {name: frozenset() if name in news.unseen else added[name] for name in (*sorted(asking), *gates)}


def _new_items(vocabulary: Vocabulary, gate: str, now: Asked, stored: Answers, news: News) -> tuple[str, ...]:
    """The items of a gate that apply, bear on safety and never were on its page."""
    added = frozenset(now.items[gate]) if gate in news.unseen else news.items.get(gate, frozenset())
    seen = words(stored.get(f"{gate}_seen"))
    behind = vocabulary.gates[gate]
    applying = (item for item in now.items[gate] if item in added and item not in seen)
    return tuple(item for item in applying if news.deciding.intersection(behind[item]))


def _before_news(now: Asked, news: News) -> Asked:
    """What is to be asked but for what is new."""
    if news == NO_NEWS:
        return now
    items = {
        gate: () if gate in news.unseen else tuple(item for item in shown if item not in news.items.get(gate, ()))
        for gate, shown in now.items.items()
    }
    return Asked(now.facts - news.unseen, items, now.answers)


def withdrawn(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer]:
    """The stored answers that no longer count: not asked any more, or taken back by a later answer."""
    facts = resolve(vocabulary, stored)
    return {name: answer for name, answer in stored.items() if name in vocabulary.facts and facts.get(name) != answer}


def _missing(vocabulary: Vocabulary, step: Step, stored: Answers, now: Asked) -> tuple[str, ...]:
    required = [name for name in step.facts if name in now.facts and not vocabulary.facts[name].optional]
    unanswered = tuple(name for name in required if name not in now.answers)
    gate = step.gate
    return unanswered if gate is None or _is_gate_done(gate, now, stored) else (*unanswered, gate)


def _told(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer]:
    facts = {name: stored[name] for name in vocabulary.facts if name in stored}
    for fact in vocabulary.facts.values():
        if fact.gate is not None and not _is_ticked(fact.gate, stored):
            facts.pop(fact.name, None)
            facts.update(_through_gate(fact, *fact.gate, stored))
    return _with_therapies(_with_main_region(facts), stored)


def _is_ticked(gate: tuple[str, str], stored: Answers) -> bool:
    name, item = gate
    return item in words(stored.get(name))


def _through_gate(fact: Fact, gate: str, item: str, stored: Answers) -> dict[str, Answer]:
    """What an unticked item says: benign or the gate's own not sure or declined if it was seen, else nothing."""
    ticked = words(stored.get(gate))
    if not ticked or item not in words(stored.get(f"{gate}_seen")) or fact.benign is None:
        return {}
    state = next((state for state in UNKNOWN_WORDS if state in ticked), None)
    code = state or fact.benign
    return {fact.name: (code,) if fact.kind is Kind.CHOICES else code}


def _with_main_region(facts: dict[str, Answer]) -> dict[str, Answer]:
    """One marked place is the main one; a main one that is no longer marked is open again."""
    places = [code for code in words(facts.get("pain_regions")) if code not in UNKNOWN_WORDS]
    if len(places) == 1:
        return {**facts, "main_region": places[0]}
    if facts.get("main_region") in (*places, *UNKNOWN_WORDS):
        return facts
    return {name: answer for name, answer in facts.items() if name != "main_region"}


def _with_therapies(facts: dict[str, Answer], stored: Answers) -> dict[str, Answer]:
    """The effects of the therapies tried; open again where a therapy was ticked that has not been asked about."""
    grid = (*EFFECTS, NOW)
    rest = {name: answer for name, answer in facts.items() if name not in grid}
    tried = words(facts.get(TRIED))
    therapies = set(tried).difference(UNKNOWN_WORDS, (NONE,))
    if not therapies:
        return {**rest, NOW: tried} if tried else rest
    if not therapies.issubset(words(stored.get(THERAPIES_SEEN))):
        return rest
    return rest | {name: _only(facts[name], therapies) for name in grid if name in facts}


def _only(answer: Answer, therapies: Collection[str]) -> Answer:
    kept = tuple(code for code in words(answer) if code in therapies or code in UNKNOWN_WORDS)
    return kept or (NONE,)


def _is_behind(fact: Fact, stored: Answers) -> bool:
    return fact.gate is not None and not _is_ticked(fact.gate, stored)


def _answered_elsewhere(stored: Answers) -> frozenset[str]:
    """One marked place is the main one, and who tried no therapy is having none: not asked again."""
    places = set(words(stored.get("pain_regions"))).difference(UNKNOWN_WORDS)
    therapies = set(words(stored.get(TRIED))).difference(UNKNOWN_WORDS, (NONE,))
    return frozenset((*(("main_region",) if len(places) == 1 else ()), *(() if therapies else (NOW,))))


def _is_on_path(vocabulary: Vocabulary, step: Step, now: Asked) -> bool:
    if step.gate is not None:
        return bool(now.items[step.gate])
    asking = now.facts.intersection(step.facts)
    return any(step.optional or not vocabulary.facts[name].optional for name in asking)


def _is_gate_done(gate: str, now: Asked, stored: Answers) -> bool:
    answered = words(stored.get(gate))
    return bool(answered) and set(now.items[gate]).issubset((*words(stored.get(f"{gate}_seen")),))
