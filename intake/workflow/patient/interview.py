"""Which questions stand before this patient: gates read into facts, pages on the path, what is missing or withdrawn.

Pure functions over stored answers: the facts as given, the ticks of each gate (`gate_x`) and the items that were on its
page (`gate_x_seen`). An item that was not seen, and a gate that was not answered, say nothing: their facts stay open.
"I'm not sure" on a gate opens its items: each is asked by its own question, and so is the only item of a gate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from intake.engine.book.calm import denial, saying
from intake.engine.book.roles import THERAPIES_SEEN, Roles
from intake.engine.book.vocabulary import DECLINED, NOT_SURE, UNKNOWN_WORDS, Answer, Answers, Vocabulary, codes_in
from intake.engine.decide import applying as asking
from intake.questions.steps import Step

NONE = "none"


@dataclass(frozen=True, slots=True)
class News:
    """What a release brought behind a patient's back.

    Questions (facts, gates) that no page showed, items added to gates, answers added to questions and those that are
    offered no more (`gone`); and all facts that bear on safety.
    """

    unseen: frozenset[str] = frozenset()
    items: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    gone: Mapping[str, frozenset[str]] = field(default_factory=dict)
    deciding: frozenset[str] = frozenset()


NO_NEWS = News()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be asked of this patient: facts by their own question, items of gates; and what is known.

    `required` are the facts asked that may not be passed over.
    """

    facts: frozenset[str]
    required: frozenset[str]
    items: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """The way before a patient: what is asked, the steps in order, and the first that waits for an answer, if any."""

    asked: Asked
    path: tuple[str, ...]
    waiting: str | None


def resolve(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer]:
    """The facts that apply, with gates, the one marked place and the therapies read into them: what is judged."""
    return dict(asked(vocabulary, stored).answers)


def asked(vocabulary: Vocabulary, stored: Answers) -> Asked:
    """The questions and gate items that apply, in the light of what is stored."""
    behind = _behind(vocabulary, stored)
    told = _told(vocabulary, stored, behind)
    applying = asking.applying(vocabulary, told)
    shown = _shown(vocabulary, applying)
    lone = {gate: items for gate, items in shown.items() if len(items) == 1 and gate not in stored}
    if lone:
        opened = {name for gate, (item,) in lone.items() for name in vocabulary.gates[gate][item]}
        behind = {name: answer for name, answer in behind.items() if name not in opened}
        told = _told(vocabulary, stored, behind)
        applying = asking.applying(vocabulary, told)
        shown = _shown(vocabulary, applying) | dict.fromkeys(lone, ())
    facts = frozenset(applying.difference(behind, _answered_elsewhere(vocabulary.roles, stored)))
    answers = {name: answer for name, answer in told.items() if name in applying}
    return Asked(facts, facts - _optional(vocabulary), shown, answers)


def _shown(vocabulary: Vocabulary, applying: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The items of each gate that apply."""
    return {
        gate: tuple(item for item, facts in members.items() if not applying.isdisjoint(facts))
        for gate, members in vocabulary.gates.items()
    }


def route(
    vocabulary: Vocabulary, steps: Sequence[Step], stored: Answers, passed: Collection[str], news: News = NO_NEWS
) -> Route:
    """The steps that stand before this patient, and the first that was never passed or still needs something.

    What is new behind the patient's back leads to no step: `more` asks it.
    """
    now, seen = asked(vocabulary, stored), frozenset(passed)
    old = _before_news(now, news)
    before = [step for step in steps if _is_on_path(step, now)]
    waiting = before if old is now else [step for step in steps if _is_on_path(step, old)]
    unfinished = (step.name for step in waiting if step.name not in seen or _needs_more(step, stored, old))
    return Route(now, tuple(step.name for step in before), next(unfinished, None))


def next_step(
    vocabulary: Vocabulary, steps: Sequence[Step], stored: Answers, passed: Collection[str], news: News = NO_NEWS
) -> str | None:
    """The first step on the path that was never passed or still needs something; None: all is answered."""
    return route(vocabulary, steps, stored, passed, news).waiting


def more(vocabulary: Vocabulary, stored: Answers, news: News) -> dict[str, frozenset[str]]:
    """The questions to put before sending, each with the answers or items that are new on it (none: all of it is new).

    Facts and gates that apply, bear on safety, and were not shown as they are now; or whose answer is offered no more.
    """
    if news == NO_NEWS:
        return {}
    now = asked(vocabulary, stored)
    lost = {name for name, codes in news.gone.items() if codes.intersection(codes_in(stored.get(name)))}
    asking = (news.unseen | lost | (news.codes.keys() & stored.keys())) & now.facts & news.deciding
    gates = (gate for gate in now.items if _new_items(vocabulary, gate, now, stored, news))
    added = {**dict.fromkeys(lost, frozenset[str]()), **news.codes, **news.items}
    return {name: frozenset() if name in news.unseen else added[name] for name in (*sorted(asking), *gates)}


def _new_items(vocabulary: Vocabulary, gate: str, now: Asked, stored: Answers, news: News) -> tuple[str, ...]:
    """The items of a gate that apply, bear on safety and never were on its page."""
    added = frozenset(now.items[gate]) if gate in news.unseen else news.items.get(gate, frozenset())
    seen = codes_in(stored.get(f"{gate}_seen"))
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
    return Asked(now.facts - news.unseen, now.required - news.unseen, items, now.answers)


def withdrawn(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer]:
    """The stored answers that no longer count: not asked any more, or taken back by a later answer."""
    facts = resolve(vocabulary, stored)
    return {name: answer for name, answer in stored.items() if name in vocabulary.facts and facts.get(name) != answer}


def _needs_more(step: Step, stored: Answers, now: Asked) -> bool:
    """A required fact of the step has no answer, or an item of its gate was not on the page."""
    if any(name in now.required and name not in now.answers for name in step.facts):
        return True
    return step.gate is not None and not _is_gate_done(step.gate, now, stored)


@cache
def _optional(vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(name for name, fact in vocabulary.facts.items() if fact.optional)


@cache
def _denials(vocabulary: Vocabulary) -> dict[str, dict[str, dict[str, Answer | None]]]:
    """For each gate and item what an item that was seen and not ticked says of the facts behind it, if anything."""
    facts = vocabulary.facts
    return {
        gate: {item: {name: denial(facts[name]) for name in names} for item, names in items.items()}
        for gate, items in vocabulary.gates.items()
    }


def _behind(vocabulary: Vocabulary, stored: Answers) -> dict[str, Answer | None]:
    """The facts behind gate items that are not ticked, each with what the gate says of it, if anything."""
    found: dict[str, Answer | None] = {}
    for gate, items in _denials(vocabulary).items():
        ticked, seen = codes_in(stored.get(gate)), codes_in(stored.get(f"{gate}_seen"))
        for item, denied in items.items():
            if item in ticked:
                continue
            if not ticked or item not in seen:
                found.update(dict.fromkeys(denied))
            elif DECLINED in ticked:
                found.update(_declined(vocabulary, denied))
            elif NOT_SURE not in ticked:
                found.update(denied)
    return found


def _declined(vocabulary: Vocabulary, denied: Mapping[str, Answer | None]) -> dict[str, Answer | None]:
    """The gate's own "rather not say", in place of a denial."""
    return {name: answer and saying(vocabulary.facts[name], DECLINED) for name, answer in denied.items()}


def _told(vocabulary: Vocabulary, stored: Answers, behind: Mapping[str, Answer | None]) -> dict[str, Answer]:
    facts = {name: stored[name] for name in vocabulary.facts if name in stored and name not in behind}
    facts |= {name: answer for name, answer in behind.items() if answer is not None}
    return _with_therapies(vocabulary.roles, _with_worst_place(vocabulary.roles, facts), stored)


def _with_worst_place(roles: Roles, facts: dict[str, Answer]) -> dict[str, Answer]:
    """One marked place is the worst one; a worst one that is no longer marked is open again."""
    name = roles.worst_place
    places = [code for code in codes_in(facts.get(roles.where_it_hurts)) if code not in UNKNOWN_WORDS]
    if len(places) == 1:
        return _with(facts, name, places[0])
    if facts.get(name) in (*places, *UNKNOWN_WORDS):
        return facts
    return {other: answer for other, answer in facts.items() if other != name}


def _with(facts: dict[str, Answer], name: str, answer: Answer) -> dict[str, Answer]:
    return {**facts, name: answer} if name else facts


def _with_therapies(roles: Roles, facts: dict[str, Answer], stored: Answers) -> dict[str, Answer]:
    """The effects of the therapies tried; open again where a therapy was ticked that has not been asked about."""
    grid = (*roles.therapy_effects, roles.therapies_now)
    rest = {name: answer for name, answer in facts.items() if name not in grid}
    tried = codes_in(facts.get(roles.therapies_tried))
    therapies = set(tried).difference(UNKNOWN_WORDS, (NONE,))
    if not therapies:
        return _with(rest, roles.therapies_now, tried) if tried else rest
    if not therapies.issubset(codes_in(stored.get(THERAPIES_SEEN))):
        return rest
    return rest | {name: _only(facts[name], therapies) for name in grid if name in facts}


def _only(answer: Answer, therapies: Collection[str]) -> Answer:
    kept = tuple(code for code in codes_in(answer) if code in therapies or code in UNKNOWN_WORDS)
    return kept or (NONE,)


def _answered_elsewhere(roles: Roles, stored: Answers) -> frozenset[str]:
    """One marked place is the worst one, and who tried no therapy is having none: not asked again."""
    places = set(codes_in(stored.get(roles.where_it_hurts))).difference(UNKNOWN_WORDS)
    therapies = set(codes_in(stored.get(roles.therapies_tried))).difference(UNKNOWN_WORDS, (NONE,))
    worst_place = (roles.worst_place,) if len(places) == 1 else ()
    return frozenset(worst_place if therapies else (*worst_place, roles.therapies_now))


def _is_on_path(step: Step, now: Asked) -> bool:
    if step.gate is not None:
        return bool(now.items[step.gate])
    return not (now.facts if step.optional else now.required).isdisjoint(step.facts)


def _is_gate_done(gate: str, now: Asked, stored: Answers) -> bool:
    answered = codes_in(stored.get(gate))
    return bool(answered) and set(now.items[gate]).issubset((*codes_in(stored.get(f"{gate}_seen")),))
