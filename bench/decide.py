"""One decision, three-valued, against straight-line two-valued Python (the floor) and three peers, in one run.

    python -m bench.decide [ROUNDS]

Three figures of ours: which rules fire and which ask, as the peers say which fire; the whole decision (findings with
levels and places, label); and the decision with the evidence of every finding, read from the trees. Prints the time an
intake and the ratio to the floor on the same intakes. In each round every engine runs over all its intakes, one engine
after the other, and for each intake the fastest of ROUNDS counts, so that other work on the machine weighs least.
The engines are checked to agree before anything is timed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench import harness, peers
from intake.engine.book.decision import Decision, Status
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Answers
from intake.engine.decide.compiled import Judged, compiled
from intake.engine.decide.decide import decide
from intake.engine.interpret.evidence import Evidence, evidence
from intake.engine.interpret.judge import findings
from intake.engine.interpret.truth import Intake

Engine = tuple[Callable[[Any], Any], Sequence[Any]]
FLOOR = "straight-line Python, two-valued (floor)"
SLOW = 100


def main(rounds: int = 5) -> None:
    """Check agreement, then time the engines."""
    words = harness.vocabulary()
    book = harness.rulebook(words)
    floor = harness.floor(book)
    intakes = harness.intakes(words)
    plain = [as_plain(words, intake) for intake in intakes]
    two_valued: dict[str, Engine] = {
        "datalogic-py, two-valued": (peers.datalogic(book), plain),
        "zen-engine, two-valued": (peers.zen_engine(book), plain),
        "json-logic, two-valued": (peers.json_logic(book), plain[:SLOW]),
    }
    for run, work in two_valued.values():
        agree([sorted(floor(intake)) for intake in intakes[: len(work)]], [sorted(run(intake)) for intake in work])
    complete = harness.intakes(words, missing=0.0)
    agree([floor(intake) for intake in complete], [fired(decide(book, intake)) for intake in complete])
    agree([decide(book, each).findings for each in intakes], [findings(book, Intake(words, each)) for each in intakes])
    ours: dict[str, Engine] = {
        "(a) which rules fire and ask": (lambda intake: judged(book, intake), intakes),
        "(b) decide: findings, levels, places, label": (lambda intake: decide(book, intake), intakes),
        "(c) decide, and the evidence of every finding": (lambda intake: explained(book, intake), intakes),
    }
    report(timed({FLOOR: (floor, intakes)} | ours | two_valued, rounds))


def judged(book: Rulebook, answers: Answers) -> list[Judged]:
    """Which rules fire and which ask."""
    return compiled(book).judged(answers.get, Intake(book.vocabulary, answers))


def explained(book: Rulebook, answers: Answers) -> list[Evidence]:
    """The evidence of every finding of the decision."""
    intake = Intake(book.vocabulary, answers)
    return [evidence(finding.rule, intake) for finding in decide(book, answers).findings]


def fired(decision: Decision) -> list[str]:
    """Ids of the rules that fire."""
    return [finding.rule.id for finding in decision.findings if finding.status is Status.FIRES]


def timed(engines: dict[str, Engine], rounds: int) -> dict[str, list[float]]:
    """By engine, the fastest seconds of each intake."""
    best: dict[str, list[float]] = {name: [float("inf")] * len(work) for name, (_, work) in engines.items()}
    for _ in range(rounds):
        for name, (run, work) in engines.items():
            best[name] = list(map(min, best[name], seconds(run, work)))
    return best


def seconds(run: Callable[[Any], Any], work: Sequence[Any]) -> list[float]:
    """The seconds of each intake."""
    spent = []
    for intake in work:
        start = time.perf_counter()
        run(intake)
        spent.append(time.perf_counter() - start)
    return spent


def report(best: dict[str, list[float]]) -> None:
    """Print one line an engine: microseconds an intake, and the ratio to the floor on the same intakes."""
    for name, spent in best.items():
        base = sum(best[FLOOR][: len(spent)])
        print(f"{name:50s} {sum(spent) / len(spent) * 1e6:10.1f} us {sum(spent) / base:8.2f} x floor")


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
