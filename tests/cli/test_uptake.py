"""`uptake`: forms begun, sent and left are counted by page, also those that are forgotten; no answer is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.workflow.keeping import retention
from tests.support import journeys
from tests.support.journeys import CALM
from tests.support.tablets import enrolled, step, walk, without_visit

if TYPE_CHECKING:
    from tests.support.practice import Practice


def told(practice: Practice, *words: str) -> list[str]:
    done = practice.app.test_cli_runner().invoke(args=["uptake", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output.splitlines()


def test_forms_are_counted_by_where_they_stopped_also_after_they_are_forgotten(practice: Practice) -> None:
    tablet, phone = enrolled(practice), practice.visitor()
    tablet.send(walk(tablet, without_visit(tablet), "/tablet/finish"), "/tablet/finish")
    tablet.send(step(tablet, step(tablet, without_visit(tablet))), "/tablet/clear")
    phone.send(journeys.begin(phone), **CALM["danger"])
    journeys.begin(practice.visitor())
    lines = [
        "Forms begun within 30 days:",
        "on the tablet: 2 begun, 1 sent (50 %)",
        "  1 not sent, last page answered: warning",
        "on a device of their own: 2 begun, 0 sent (0 %)",
        "  1 not sent, no page answered",
        "  1 not sent, last page answered: danger",
    ]
    assert told(practice) == lines
    practice.clock.now += timedelta(days=8)
    assert retention.purge(practice.clinic, clock_is_right=True) == 2
    assert told(practice) == lines
    assert told(practice, "--days", "7")[1:] == [
        "on the tablet: 0 begun, 0 sent",
        "on a device of their own: 0 begun, 0 sent",
    ]
