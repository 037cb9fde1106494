"""Uptake for the clinic: how many forms were begun and sent, and after which page the others stopped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import uptake

if TYPE_CHECKING:
    from intake.storage.uptake import Stop
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True)
class WayUptake:
    """Forms of one way (tablet; own device). `stopped`: by the last page answered, forgotten ones and open ones."""

    way: str
    begun: int
    sent: int
    stopped: tuple[tuple[str, int], ...]


def report(clinic: Clinic, days: int) -> tuple[WayUptake, ...]:
    """The forms begun within so many days, by way; no answer is read."""
    with clinic.database.read() as connection:
        found = uptake.counted(connection, clinic.clock() - timedelta(days=days))
    stopped = found.stopped + found.open
    return tuple(_of_way(way, found.sent[way], stopped) for way in (uptake.TABLET, uptake.OWN))


def _of_way(way: str, sent: int, stopped: Counter[Stop]) -> WayUptake:
    pages: Counter[str] = Counter()
    for stop, times in stopped.items():
        if stop.way == way:
            pages[stop.page] += times
    return WayUptake(way, sent + pages.total(), sent, tuple(sorted(pages.items(), key=_most_first)))


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    page, times = counted
    return -times, page
