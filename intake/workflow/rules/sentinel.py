"""The firing-rate sentinel: a rule that falls silent, or surges, against its own history.

The last 30 days are compared with the 180 days before them (for a younger rule: with the days since it was in force) by
Fisher's exact test: were firings spread over all intakes by chance, how likely would so few, or so many, fall into the
last 30 days? A rule is reported where that chance is below 0.05 divided by the number of rules compared (Bonferroni: at
most one false alarm in twenty looks), and the rate has at least doubled or halved. Rules with fewer than 20 intakes in
either window are not compared; silence is judged only where 5 firings were to be expected, a surge only from 5 firings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import exp, lgamma
from typing import TYPE_CHECKING

from intake.storage import firings
from intake.workflow.rules.history import came_later

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook

RECENT, HISTORY = timedelta(days=30), timedelta(days=180)
FEWEST_INTAKES, FEWEST_FIRINGS = 20, 5
CHANCE, FACTOR = 0.05, 2
NEGLIGIBLE = 1e-17


class Drift(StrEnum):
    """What a rule's rate did."""

    SILENT = "silent"
    SURGE = "surge"


@dataclass(frozen=True, slots=True)
class Window:
    """How often a rule fired on how many intakes."""

    fired: int
    intakes: int

    @property
    def rate(self) -> float:
        """Firings per intake."""
        return self.fired / self.intakes if self.intakes else 0.0


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule whose rate left its own history; `chance` is the probability of so strange a count."""

    rule: str
    drift: Drift
    recent: Window
    history: Window
    chance: float


def watch(connection: Connection, rulebook: Rulebook, now: datetime) -> tuple[Signal, ...]:
    """Every rule of the book that drifted, the least likely first."""
    split, start = now - RECENT, now - RECENT - HISTORY
    recent = firings.counts(connection, split, now)
    young = {rule: since for rule, since in came_later(connection).items() if since > start}
    history = firings.counts(connection, start, split)
    intakes = firings.evaluated(connection, split, now)
    sizes = {since: firings.evaluated(connection, since, split) for since in {start, *young.values()} if since < split}
    windows = {
        rule.id: (
            Window(recent.get(rule.id, firings.FiringCount()).fired, intakes),
            Window(history.get(rule.id, firings.FiringCount()).fired, sizes.get(young.get(rule.id, start), 0)),
        )
        for rule in rulebook.rules
    }
    return judge(windows)


def judge(windows: dict[str, tuple[Window, Window]]) -> tuple[Signal, ...]:
    """The rules, as (recent, history), that drifted."""
    compared = {
        rule: pair for rule, pair in windows.items() if all(window.intakes >= FEWEST_INTAKES for window in pair)
    }
    signals = [signal for rule, pair in compared.items() if (signal := _signal(rule, *pair)) is not None]
    return tuple(sorted(_unlikely(signals, len(compared)), key=lambda signal: (signal.chance, signal.rule)))


def _unlikely(signals: Iterable[Signal], compared: int) -> list[Signal]:
    return [signal for signal in signals if signal.chance < CHANCE / compared]


def _signal(rule: str, recent: Window, history: Window) -> Signal | None:
    expected = history.rate * recent.intakes
    if expected >= FEWEST_FIRINGS and recent.rate * FACTOR <= history.rate:
        return Signal(rule, Drift.SILENT, recent, history, fisher(recent, history, Drift.SILENT))
    if recent.fired >= FEWEST_FIRINGS and recent.rate >= history.rate * FACTOR:
        return Signal(rule, Drift.SURGE, recent, history, fisher(recent, history, Drift.SURGE))
    return None


def fisher(recent: Window, history: Window, drift: Drift) -> float:
    """The one-sided chance of Fisher's exact test: so few (silent), or so many (surge), among the recent intakes."""
    fired, intakes = recent.fired + history.fired, recent.intakes + history.intakes
    least, most = max(0, fired - history.intakes), min(fired, recent.intakes)
    counts = range(recent.fired, least - 1, -1) if drift is Drift.SILENT else range(recent.fired, most + 1)
    total = 0.0
    for count in counts:
        chance = exp(_ways(recent.intakes, count) + _ways(history.intakes, fired - count) - _ways(intakes, fired))
        total += chance
        if chance < NEGLIGIBLE * total:
            break
    return min(total, 1.0)


def _ways(size: int, chosen: int) -> float:
    """The logarithm of the number of ways to choose."""
    return lgamma(size + 1) - lgamma(chosen + 1) - lgamma(size - chosen + 1)
