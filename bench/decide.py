"""One decision: three-valued with evidence, against straight-line two-valued Python (the floor) and three peers.

    python -m bench.decide [ROUNDS]

Prints the time an intake and the ratio to the floor. In each round every engine runs over all its intakes, and for
each intake the fastest of ROUNDS counts, so that other work on the machine weighs least. `decide` remembers what it has
drawn up, by the answers it depends on: it is timed with a new book, on other intakes after these, and on those again.
The engines are checked to agree before anything is timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bench import harness, peers
from intake.engine.book.rulebook import Decision, Rulebook, Status
from intake.engine.decide.decide import compiled, decide, judge
from intake.engine.interpret.truth import Intake

Engine = tuple[Callable[[Any], Any], Sequence[Any]]
FLOOR = "straight-line Python, two-valued (floor)"
SLOW = 100


def main(rounds: int = 5) -> None:
    """Check agreement, then time the engines."""
    words = harness.vocabulary()
    book = harness.rulebook(words)
    floor = harness.floor(book)
    first, other = harness.intakes(words), harness.intakes(words, seed=7)
    plain = [as_plain(words, one) for one in other]
    two_valued: dict[str, Engine] = {
        "zen-engine, two-valued": (peers.zen_engine(book), plain),
        "datalogic-py, two-valued": (peers.datalogic(book), plain),
        "json-logic, two-valued": (peers.json_logic(book), plain[:SLOW]),
    }
    for run, work in two_valued.values():
        agree([sorted(floor(one)) for one in other[: len(work)]], [sorted(run(one)) for one in work])
    complete = harness.intakes(words, missing=0.0)
    agree([floor(one) for one in complete], [fired(decide(book, one)) for one in complete])
    agree([decide(book, one).findings for one in first], [one_by_one(book, one) for one in first])
    report(timed(book, floor, first, other, two_valued, rounds))


def timed(  # noqa: PLR0913, PLR0917 - what the rounds need
    book: Rulebook,
    floor: Callable[[Any], Any],
    first: Sequence[Any],
    other: Sequence[Any],
    two_valued: dict[str, Engine],
    rounds: int,
) -> list[dict[str, list[float]]]:
    """By stage and engine, the fastest seconds of each intake."""
    ours, run = "decide, three-valued with evidence: ", partial(decide, book)
    stages: list[dict[str, Engine]] = [
        {FLOOR: (floor, first), ours + "new book": (run, first)},
        {FLOOR: (floor, other), ours + "others after": (run, other), **two_valued},
        {FLOOR: (floor, other), ours + "those again": (run, other)},
    ]
    best: list[dict[str, list[float]]] = [{name: [] for name in stage} for stage in stages]
    for _ in range(rounds):
        compiled.cache_clear()
        decide(book, {})
        for stage, kept in zip(stages, best, strict=True):
            for name, seconds in once(stage).items():
                kept[name] = list(map(min, kept[name] or seconds, seconds))
    return best


def once(stage: dict[str, Engine]) -> dict[str, list[float]]:
    """The seconds of each intake in each engine, one engine after the other."""
    seconds: dict[str, list[float]] = {name: [] for name in stage}
    for name, (run, work) in stage.items():
        for intake in work:
            start = time.perf_counter()
            run(intake)
            seconds[name].append(time.perf_counter() - start)
    return seconds


def report(stages: list[dict[str, list[float]]]) -> None:
    """Print one line an engine and stage: microseconds an intake, and the ratio to the floor on the same intakes."""
    for stage in stages:
        for name, seconds in stage.items():
            base = sum(stage[FLOOR][: len(seconds)])
            print(f"{name:50s} {sum(seconds) / len(seconds) * 1e6:10.1f} us {sum(seconds) / base:8.2f} x floor")


def fired(decision: Decision) -> list[str]:
    """Ids of the rules that fire."""
    return [finding.rule.id for finding in decision.findings if finding.status is Status.FIRES]


def one_by_one(book: Rulebook, answers: Any) -> tuple[Any, ...]:  # noqa: ANN401 - plain answers
    """The findings, each read from its tree."""
    intake = Intake(book.vocabulary, answers)
    return tuple(found for rule in book.rules if (found := judge(rule, intake)) is not None)


def as_plain(words: Any, intake: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data for the peers
    """The intake as the peers want it: lists, every fact present, counts for JsonLogic."""
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in intake.items()}
    counts = {f"{name}__count": len(v) for name, v in plain.items() if isinstance(v, list)}
    return dict.fromkeys(words.facts) | plain | counts


def agree(one: list[Any], other: list[Any]) -> None:
    """Exit with the number of differences unless both say the same of every intake."""
    differences = sum(a != b for a, b in zip(one, other, strict=True))
    if differences:
        sys.exit(f"{differences} of {len(one)} intakes differ; nothing was timed")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
