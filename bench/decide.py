"""One decision: three-valued with evidence, against straight-line two-valued Python (the floor) and two peers.

    python -m bench.decide [RUNS]

Prints the median time an intake and the ratio to the floor, in one interleaved run; checks first that they agree.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench import harness, peers
from intake.engine.decide import decide
from intake.engine.rulebook import Status


def main(runs: int = 5) -> None:
    """Check agreement, then time every engine `runs` times in turn."""
    words = harness.vocabulary()
    book = harness.rulebook(words)
    floor = harness.floor(book)
    partial, complete = harness.intakes(words), harness.intakes(words, missing=0.0)
    plain = [as_plain(words, one) for one in partial]
    engines: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]] = {
        "straight-line Python, two-valued (floor)": (floor, partial),
        "decide, three-valued with evidence": (lambda one: decide(book, one), partial),
        "zen-engine, two-valued": (peers.zen_engine(book), plain),
        "json-logic, two-valued": (peers.json_logic(book), plain[:100]),
    }
    agree(floor, engines["zen-engine, two-valued"][0], partial, plain)
    agree(floor, engines["json-logic, two-valued"][0], partial[:100], plain[:100])
    agree(floor, lambda one: fired(decide(book, one)), complete, complete)
    report(engines, runs)


def fired(decision: Any) -> list[str]:  # noqa: ANN401 - a Decision; kept loose for the table of engines
    """Ids of the rules that fire."""
    return [finding.rule.id for finding in decision.findings if finding.status is Status.FIRES]


def as_plain(words: Any, intake: Any) -> dict[str, Any]:  # noqa: ANN401 - plain data for the peers
    """The intake as the peers want it: lists, every fact present, counts for JsonLogic."""
    plain = {name: list(v) if isinstance(v, tuple) else v for name, v in intake.items()}
    counts = {f"{name}__count": len(v) for name, v in plain.items() if isinstance(v, list)}
    return dict.fromkeys(words.facts) | plain | counts


def agree(one: Callable[[Any], list[str]], other: Callable[[Any], list[str]], left: Any, right: Any) -> None:  # noqa: ANN401
    """Exit with the number of differences unless both engines fire the same rules in the same order."""
    differences = sum(sorted(one(a)) != sorted(other(b)) for a, b in zip(left, right, strict=True))
    if differences:
        sys.exit(f"{differences} of {len(left)} intakes differ; nothing was timed")


def report(engines: dict[str, tuple[Callable[[Any], Any], Sequence[Any]]], runs: int) -> None:
    """Print one line an engine: median microseconds an intake, and the ratio to the first engine."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(runs):
        for name, (run, work) in engines.items():
            start = time.perf_counter()
            for one in work:
                run(one)
            times[name].append((time.perf_counter() - start) / len(work) * 1e6)
    base = statistics.median(next(iter(times.values())))
    for name, values in times.items():
        middle = statistics.median(values)
        print(f"{name:45s} {middle:10.1f} us  {middle / base:8.2f} x floor")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
