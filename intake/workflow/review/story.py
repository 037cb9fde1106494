"""The intake told for somebody with two minutes: story in one line, 0-10 scores, what was denied, what stays open.

Pure. Words come from outside (`Words`), so that the practitioner reads what the patient read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from intake.engine.book.calm import denies
from intake.engine.book.vocabulary import DECLINED, NOT_SURE, UNKNOWN_WORDS, Fact, Kind, codes_in
from intake.engine.interpret.words import stem_in_words
from intake.workflow.review.scores import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from intake.engine.book.roles import Roles
    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary

EFFECTS = ("helped", "no change", "worse")
NOTHING = (*UNKNOWN_WORDS, "none")
BESIDE = {"right": "R", "left": "L"}
SIDES = {"right": "right", "left": "left"}


class Words(Protocol):
    """What the patient read."""

    def question(self, fact: str) -> str:
        """The question, short."""

    def code(self, fact: str, code: str) -> str:
        """One answer to it."""


@dataclass(frozen=True, slots=True)
class DangerLine:
    """The danger signs in four figures, and the words of those that were said or not ruled out."""

    asked: int
    yes: tuple[str, ...]
    not_sure: tuple[str, ...]
    denied: int


@dataclass(frozen=True, slots=True)
class Score:
    """One answer from 0 to 10; `value` None: not given."""

    fact: str
    words: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """One question with its answer in words."""

    fact: str
    question: str
    answer: str
    known: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The line under the findings: places (worst first), then the rest in a fixed order."""

    places: tuple[str, ...]
    parts: tuple[str, ...]
    danger: DangerLine
    scores: tuple[Score, ...]
    line: tuple[tuple[str, str], ...]


def tell(vocabulary: Vocabulary, answers: Answers, words: Words) -> Story:
    """The story of one intake."""
    roles = vocabulary.roles
    parts = (
        _short(answers, roles.duration, words),
        _short(answers, roles.course, words),
        _scores_in_words(answers, roles),
        _labelled(answers, roles.quality, "feels", words),
        _sleep(answers.get(roles.sleep_unrefreshing)),
        _labelled(answers, roles.seen_by_doctor, "doctor in 3 months", words),
        *(f"{name}: {effect}" for name, effect in therapies(answers, roles, words)),
        _labelled(answers, roles.goals, "wants", words),
        _labelled(answers, roles.visit_frequency, "could come", words),
    )
    return Story(
        places=marked(answers, roles),
        parts=tuple(part for part in parts if part),
        danger=danger_line(vocabulary, answers, words),
        scores=tuple(
            Score(fact, words.question(fact), number(answers.get(fact))) for fact in roles.scores if fact in answers
        ),
        line=course(answers, roles, words),
    )


def in_words(fact: Fact, answer: Answer | None, words: Words) -> str:
    """An answer as a person would say it."""
    if answer is None:
        return "not answered"
    if isinstance(answer, tuple):
        return ", ".join(_word(fact, code, words) for code in answer) or "none"
    if isinstance(answer, str) and fact.kind is not Kind.TEXT:
        return _word(fact, answer, words)
    return f"{answer:g} of 10" if fact.kind is Kind.SCORE and not isinstance(answer, str) else str(answer)


def place(code: str, sides: Mapping[str, str] = BESIDE) -> str:
    """A region code in few words: `low_back_left` is "L low back"."""
    stem, _, side = code.rpartition("_")
    if side in sides:
        return f"{sides[side]} {stem_in_words(stem)}"
    return stem_in_words(code)


def places(codes: Iterable[str], sides: Mapping[str, str] = BESIDE) -> tuple[str, ...]:
    """Region codes in few words; both sides of one are one."""
    regions = tuple(codes)
    words: dict[str, None] = {}
    for code in regions:
        stem, _, side = code.rpartition("_")
        both = side in sides and {f"{stem}_right", f"{stem}_left"} <= set(regions)
        words[f"{stem_in_words(stem)} (both sides)" if both else place(code, sides)] = None
    return tuple(words)


def marked(answers: Answers, roles: Roles) -> tuple[str, ...]:
    """Where it hurts, the worst place first and named so."""
    codes = [code for code in codes_in(answers.get(roles.where_it_hurts)) if code not in UNKNOWN_WORDS]
    main = answers.get(roles.worst_place)
    if main in codes and len(codes) > 1:
        return (f"{place(str(main))} (worst)", *places(code for code in codes if code != main))
    return places(codes)


def danger_line(vocabulary: Vocabulary, answers: Answers, words: Words) -> DangerLine:
    """Every danger sign is said, open or denied; one that was narrowed away counts as denied."""
    fact = _danger_list(vocabulary)
    signs = tuple(code for code in fact.codes if code != fact.none)
    given = codes_in(answers.get(fact.name))
    yes = tuple(code for code in signs if code in given)
    unsure = tuple(code for code in signs if code not in given and _open(code, fact, answers))
    return DangerLine(
        len(signs),
        tuple(words.code(fact.name, code) for code in yes),
        tuple(words.code(fact.name, code) for code in unsure),
        len(signs) - len(yes) - len(unsure),
    )


def therapies(answers: Answers, roles: Roles, words: Words) -> tuple[tuple[str, str], ...]:
    """What was tried, and what it did."""
    tried = [code for code in codes_in(answers.get(roles.therapies_tried)) if code not in NOTHING]
    said = zip(roles.therapy_effects, EFFECTS, strict=True)
    effects = {code: effect for fact, effect in said for code in codes_in(answers.get(fact))}
    return tuple((words.code(roles.therapies_tried, code), effects.get(code, "effect not known")) for code in tried)


def course(answers: Answers, roles: Roles, words: Words) -> tuple[tuple[str, str], ...]:
    """How it went, in the order of time as far as that is known: the beginning, what was tried, what runs, now."""
    onset, since = _short(answers, roles.onset, words), _short(answers, roles.duration, words)
    points = (
        ("Began", ", ".join(part for part in (onset, since) if part)),
        ("Needled before", _listed(answers, roles.needled_before, words)),
        *therapies(answers, roles, words),
        ("Having now", _listed(answers, roles.therapies_now, words)),
        ("Course", _short(answers, roles.course, words)),
    )
    return tuple((label, text) for label, text in points if text)


def denied(vocabulary: Vocabulary, answers: Answers, words: Words) -> tuple[str, ...]:
    """What was asked and answered with no: the patient's own no, never a gap."""
    signs = _danger_list(vocabulary)
    given = codes_in(answers.get(signs.name))
    no_signs = [c for c in signs.codes if c != signs.none and c not in given and not _open(c, signs, answers)]
    others = [fact for fact in vocabulary.facts.values() if fact.safety and fact.name != signs.name]
    noes = [fact.name for fact in others if _is_no(fact, answers.get(fact.name))]
    return (*(words.code(signs.name, code) for code in no_signs), *map(words.question, noes))


def not_known(
    vocabulary: Vocabulary,
    answers: Answers,
    words: Words,
    applies: Callable[[str], bool | None],
    gate_of: Mapping[str, str],
) -> tuple[Said, ...]:
    """Questions that were put and stay open, one line each; what stands behind an open checklist is that checklist."""
    lines: dict[str, Said] = {}
    for fact in vocabulary.facts.values():
        answer = answers.get(fact.name)
        if fact.kind is not Kind.TEXT and _unknown(answer) and applies(fact.name):
            name = gate_of.get(fact.name, fact.name)
            lines.setdefault(name, Said(name, words.question(name), in_words(fact, answer, words), known=False))
    return tuple(lines.values())


def everything(vocabulary: Vocabulary, answers: Answers, words: Words) -> tuple[Said, ...]:
    """All answers, in the vocabulary's order."""
    return tuple(
        Said(name, words.question(name), in_words(fact, answers[name], words), known=not _unknown(answers[name]))
        for name, fact in vocabulary.facts.items()
        if name in answers
    )


def _word(fact: Fact, code: str, words: Words) -> str:
    if code == NOT_SURE:
        return "I'm not sure"
    if code == DECLINED:
        return "I'd rather not say"
    if fact.names_regions:
        return place(code)
    return words.code(fact.name, code)


def _danger_list(vocabulary: Vocabulary) -> Fact:
    """The fact of the danger signs; one without codes where the vocabulary has none."""
    name = vocabulary.roles.danger_signs
    return vocabulary.facts[name] if name else Fact("", Kind.CHOICES)


def _open(code: str, signs: Fact, answers: Answers) -> bool:
    """Whether a danger sign that was not ticked is open, as the narrowing question left it."""
    given = codes_in(answers.get(signs.name))
    if given and not set(UNKNOWN_WORDS) & set(given):
        return False
    named = codes_in(answers.get(signs.narrowed_by or ""))
    return not named or DECLINED in given or bool(set(UNKNOWN_WORDS) & set(named)) or code in named


def _is_no(fact: Fact, answer: Answer | None) -> bool:
    if answer is None or fact.kind not in {Kind.CHOICE, Kind.CHOICES}:
        return False
    return denies(fact, answer) or answer == "no"


def _unknown(answer: Answer | None) -> bool:
    return answer is None or bool(set(UNKNOWN_WORDS) & set(codes_in(answer)))


def _short(answers: Answers, fact: str, words: Words) -> str:
    answer = answers.get(fact)
    return words.code(fact, answer) if isinstance(answer, str) and answer not in UNKNOWN_WORDS else ""


def _scores_in_words(answers: Answers, roles: Roles) -> str:
    scores = {"average": number(answers.get(roles.average_pain)), "worst": number(answers.get(roles.worst_pain))}
    return ", ".join(f"{name} {value:g}" for name, value in scores.items() if value is not None)


def _sleep(unrefreshing: Answer | None) -> str:
    return {"yes": "sleep not refreshing", "no": "sleep refreshing"}.get(str(unrefreshing), "")


def _labelled(answers: Answers, fact: str, label: str, words: Words) -> str:
    said = _listed(answers, fact, words)
    return f"{label}: {said}" if said else ""


def _listed(answers: Answers, fact: str, words: Words) -> str:
    return ", ".join(words.code(fact, code) for code in codes_in(answers.get(fact)) if code not in NOTHING)
