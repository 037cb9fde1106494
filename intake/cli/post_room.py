"""The post room of a running server: for each way out a thread that sends what is due, until the server ends.

A round that fails is told to the log, and the next one begins a second later, whatever it was: alarms go out this way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import structlog

from intake.workflow.desk import invitations
from intake.workflow.keeping.messages import alarms, courier
from intake.workflow.patient.aftercare import check_in

if TYPE_CHECKING:
    from intake.workflow.keeping.messages.courier import WayOut
    from intake.workflow.shared.clinic import Clinic

LOG = structlog.get_logger()
PAUSE = 1.0  # seconds between two looks for what is due


@contextmanager
def at_work(clinic: Clinic, ways: Sequence[WayOut]) -> Iterator[None]:
    """Send meanwhile; a message that is being sent at the end is finished first."""
    closing = Event()
    threads = [Thread(target=_work, args=(clinic, way, closing), name=f"post-{way.channel}") for way in ways]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        closing.set()
        for thread in threads:
            thread.join()


def _work(clinic: Clinic, way: WayOut, closing: Event) -> None:
    with ThreadPoolExecutor(1) as hand:
        while not closing.wait(PAUSE):
            error = hand.submit(_round, clinic, way, closing).exception()
            if error is not None:
                LOG.error("messages_not_sent", kind=way.channel, error=type(error).__name__)


def _round(clinic: Clinic, way: WayOut, closing: Event) -> None:
    alarms.repeat(clinic)
    invitations.remind(clinic)
    check_in.ask(clinic)
    while not closing.is_set() and courier.deliver(clinic, way):
        pass
