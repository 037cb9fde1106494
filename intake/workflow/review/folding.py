"""Findings as people meet them: a stored decision becomes few cards, folded by cause and sorted by danger. Pure.

Fired findings with equal deciding sets are one card with several consequences; rules that ask because of one question
or one gate are one question. Nothing is dropped: every finding of the decision stands on exactly one card.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from intake.engine.book.decision import Status
from intake.engine.book.levels import CALM, Level, Levels, Needling, Tier, Urgency
from intake.engine.book.rulebook import AVOID
from intake.engine.book.vocabulary import codes_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intake.engine.book.vocabulary import Answers, Vocabulary

UNKNOWN = {"not_sure", "declined"}

JsonObject: TypeAlias = "Mapping[str, object]"
LevelKind = TypeVar("LevelKind", bound=Level)


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """One finding of the decision, read back from its stored form."""

    rule: str
    concept: str
    title: str
    status: Status
    levels: Levels
    at_most: Levels
    where: tuple[str, ...]
    because: str
    do: str
    answers: JsonObject
    raised_by: JsonObject
    open: tuple[str, ...]
    sources: tuple[str, ...]
    strength: str
    reviewed: JsonObject
    depth: str
    policy: str
    electrical_stimulation: str

    @property
    def decided_by(self) -> JsonObject:
        """The answers that decide it, without the open questions."""
        return {fact: value for fact, value in self.answers.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What folding reads of an intake beside its findings.

    `gate_of` names the open gate of a fact that stands behind one, `where_it_hurts` the fact in that role, `marked` the
    regions that hurt, `left_open` the facts that the patient left open in so many words ("not sure", "rather not say").
    """

    gate_of: Mapping[str, str] = field(default_factory=dict)
    where_it_hurts: str = ""
    marked: frozenset[str] = frozenset()
    left_open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Card:
    """Findings with one cause, worst first. `questions` names the open facts or gates of a card that asks.

    `near`: it covers a place that hurts, or no place was marked.
    """

    entries: tuple[ReviewFinding, ...]
    questions: tuple[str, ...]
    levels: Levels
    near: bool = True

    @property
    def key(self) -> str:
        """How forms and the audit name the card: the rule of its worst finding."""
        return self.entries[0].rule

    @property
    def asks(self) -> bool:
        """Whether the card is a question: nothing on it is established."""
        return bool(self.questions)

    @property
    def tier(self) -> Tier:
        """The word at the card's head."""
        return tier(self.counted)

    @property
    def counted(self) -> Levels:
        """How the card counts for the whole intake: no needle in an area that does not hurt is a precaution."""
        if self.levels.needling is Needling.AVOID_AREA and not self.near:
            return Levels(Needling.PRECAUTION, self.levels.urgency)
        return self.levels

    @property
    def stimulation(self) -> bool:
        """Whether it speaks against electrical stimulation."""
        return any(entry.electrical_stimulation == AVOID for entry in self.entries)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules on the card."""
        return tuple(entry.rule for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Cause:
    """What findings of one card have in common: the answers that decided, the open questions, or only the rule."""

    answers: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    rule: str = ""


def tier(levels: Levels) -> Tier:
    """Any urgency is Urgent; then the needling axis decides."""
    if levels.urgency > Urgency.NONE:
        return Tier.URGENT
    if levels.needling >= Needling.AVOID_AREA:
        return Tier.DO_NOT_NEEDLE_YET
    return Tier.CAUTION if levels.needling > Needling.OK else Tier.NOTE


def entries(decision: JsonObject) -> tuple[ReviewFinding, ...]:
    """The findings of a stored decision, in the rule book's order."""
    return tuple(_entry(row) for row in _rows(decision.get("findings")))


def fold(findings: Iterable[ReviewFinding], about: Circumstances) -> tuple[Card, ...]:
    """One card a cause, the gravest consequence first.

    What asks because of several questions joins the most dangerous card of one of them: it adds nothing to ask. What
    asks only `where_it_hurts`, the fact in that role, is one question, unless it may be urgent.
    """
    by_cause: dict[Cause, list[ReviewFinding]] = {}
    for entry in findings:
        by_cause.setdefault(_cause(entry, about), []).append(entry)
    own = {cause: _worst(group) for cause, group in by_cause.items()}
    for cause in [cause for cause in by_cause if len(cause.questions) > 1]:
        alone = [Cause(questions=(name,)) for name in cause.questions if name != about.where_it_hurts]
        home = max((each for each in alone if each in own), key=own.__getitem__, default=None)
        if home is not None:
            by_cause[home] += by_cause.pop(cause)
    return tuple(sorted((_card(cause, group, about) for cause, group in by_cause.items()), key=_consequence))


def circumstances(vocabulary: Vocabulary, answers: Answers) -> Circumstances:
    """What folding reads of stored answers."""
    roles = vocabulary.roles
    return Circumstances(
        gate_of=open_gates(vocabulary, answers),
        where_it_hurts=roles.where_it_hurts,
        marked=frozenset(codes_in(answers.get(roles.where_it_hurts))).intersection(vocabulary.regions),
        left_open=frozenset(name for name, answer in answers.items() if answer is not None and unknown(answer)),
    )


def worst(cards: Iterable[Card]) -> Levels:
    """The levels at which an intake stands in the queue."""
    return reduce(Levels.worst, (card.counted for card in cards), CALM)


def open_gates(vocabulary: Vocabulary, answers: Answers) -> dict[str, str]:
    """Fact -> gate, for the facts that are unknown because the checklist in front of them is unanswered or not sure."""
    gated = {name: fact.gate[0] for name, fact in vocabulary.facts.items() if fact.gate}
    return {name: gate for name, gate in gated.items() if unknown(answers.get(name)) and unknown(answers.get(gate))}


def unknown(answer: object) -> bool:
    """Whether an answer leaves its question open: none at all, declined, or not sure (also beside codes)."""
    if answer is None:
        return True
    return bool(
        UNKNOWN & ({answer} if isinstance(answer, str) else set(answer) if isinstance(answer, (tuple, list)) else set())
    )


def _cause(entry: ReviewFinding, about: Circumstances) -> Cause:
    if entry.status is Status.FIRES:
        return Cause(answers=_canonical(entry.decided_by), rule="" if entry.decided_by else entry.rule)
    alone = entry.open == (about.where_it_hurts,) and entry.levels.urgency > Urgency.NONE
    return Cause(questions=_questions(entry, about.gate_of), rule=entry.rule if alone else "")


def _questions(entry: ReviewFinding, gate_of: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({gate_of.get(fact, fact) for fact in entry.open}))


def _canonical(answers: JsonObject) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            (fact, repr(sorted(value) if isinstance(value, (list, tuple)) else value))
            for fact, value in answers.items()
        )
    )


def _card(cause: Cause, group: list[ReviewFinding], about: Circumstances) -> Card:
    worst_first = tuple(sorted(group, key=lambda entry: (-entry.levels.urgency, -entry.levels.needling)))
    near = not about.marked or any(about.marked.intersection(entry.where) for entry in group)
    return Card(worst_first, cause.questions, _levels(worst_first, cause, about), near)


def _worst(group: list[ReviewFinding]) -> tuple[int, int]:
    return max((entry.levels.urgency, entry.levels.needling) for entry in group)


def _levels(group: tuple[ReviewFinding, ...], cause: Cause, about: Circumstances) -> Levels:
    """The worst of a group. A question counts that holds back the place, or that was left open and may be urgent."""
    needling = max(entry.levels.needling for entry in group)
    urgency = max(entry.levels.urgency for entry in group)
    asks_where = cause.questions == (about.where_it_hurts,)
    if urgency == Urgency.NONE and (asks_where or any(_left_open(entry, about) for entry in group)):
        needling = max(needling, Needling.REVIEW_BEFORE)
    return Levels(needling, urgency)


def _left_open(entry: ReviewFinding, about: Circumstances) -> bool:
    asks = entry.status is Status.ASKS and entry.at_most.urgency >= Urgency.SAME_DAY
    return asks and not about.left_open.isdisjoint(entry.open)


def _consequence(card: Card) -> tuple[int, int, bool, bool]:
    """The gravest first: urgency, then needling, where a device that current could harm counts as one to review."""
    levels = card.counted
    device = card.stimulation and not card.asks
    needling = max(levels.needling, Needling.REVIEW_BEFORE) if device else levels.needling
    return (-levels.urgency, -needling, card.asks, not device)


def _entry(row: JsonObject) -> ReviewFinding:
    return ReviewFinding(
        rule=str(row["rule"]),
        concept=str(row.get("concept", "")),
        title=str(row.get("title", row["rule"])),
        status=Status(str(row["status"])),
        levels=_pair(row),
        at_most=_pair(at_most) if isinstance(at_most := row.get("at_most"), dict) else _pair(row),
        where=_texts(row.get("where")),
        because=_text(row.get("because")),
        do=_text(row.get("do")),
        answers=_mapping(row.get("answers")),
        raised_by=_mapping(row.get("raised_by")),
        open=_texts(row.get("open"))
        or tuple(fact for fact, value in _mapping(row.get("answers")).items() if value is None),
        sources=_texts(row.get("sources")),
        strength=_text(row.get("strength")),
        reviewed=_mapping(row.get("reviewed")),
        depth=_text(row.get("depth")),
        policy=_text(row.get("policy")),
        electrical_stimulation=_text(row.get("electrical_stimulation")),
    )


def _pair(row: JsonObject) -> Levels:
    return Levels(level(Needling, row["needling"]), level(Urgency, row["urgency"]))


def level(kind: type[LevelKind], code: object) -> LevelKind:
    """The level with that public code."""
    return kind[str(code).upper()]


def _rows(value: object) -> tuple[JsonObject, ...]:
    return tuple(row for row in value if isinstance(row, dict)) if isinstance(value, list) else ()


def _mapping(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
