"""Log lines: JSON, with keys from a fixed list only, so that no answer and no name can reach a log."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

ABOUT = frozenset({"error", "event", "level", "place", "route", "rule", "status", "timestamp", "version"})
LOOKS = frozenset({"action", "actor", "kind", "object_id"})  # who saw which record, by their ids
ALLOWED = ABOUT | LOOKS


class SteadyLogger(structlog.PrintLogger):
    """Prints lines; one that cannot be written is lost: a full disk must not take the page along with it."""

    def msg(self, message: str) -> None:
        """Print one line."""
        with suppress(OSError):
            super().msg(message)

    info = error = warning = msg


def configure() -> None:
    """Set up logging for the process."""
    structlog.configure(
        logger_factory=SteadyLogger,
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(),
        ],
    )


def only_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop every key that is not on the list, and say that something was dropped."""
    kept = {key: value for key, value in event.items() if key in ALLOWED}
    return kept if len(kept) == len(event) else {**kept, "dropped": len(event) - len(kept)}
