"""One connection of waitress, and all of them: what may happen next on each.

waitress asks every open connection twice at every wake what it waits for, and each answer wakes it once more: with 64
patients that loop took a fifth of the processor and held up the threads that answer. Here the system is told what a
connection waits for when that changes, by the thread that changed it (`Channel.expect`), and names those that are due.
"""

from __future__ import annotations

import select
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from waitress.server import BaseWSGIServer

WHOLE_SECONDS = 30


class LengthRequiredError(Error):  # type: ignore[misc]  # waitress carries no types
    """A body whose length nobody told."""

    code = 411
    reason = "Length Required"


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress carries no types
    """A request as it arrives; one that is sent in chunks is refused as soon as that is known."""

    error: Error | None
    stopping = False

    def received(self, data: bytes) -> int:
        """Take what came; the number of bytes that belong to this request."""
        taken: int = super().received(data)
        if self.chunked and self.error is None:
            self.error = LengthRequiredError("Say how long the request is.")
            self.connection_close = self.completed = True
            return len(data)
        if self.stopping:
            self.headers["CONNECTION"] = "close"
        return taken


class HttpChannel(HTTPChannel):  # type: ignore[misc]  # waitress carries no types
    """One connection."""

    parser_class = Parser
    begun = 0.0  # when the request that is arriving began to arrive
    is_watched = False  # whether the system was told of it once

    def __init__(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - waitress's own
        super().__init__(*parts, **named)
        self.expect()

    def expect(self) -> None:
        """Say what is to happen next here; any thread may, in the middle of whatever the others do."""
        with self.requests_lock:
            self._map.expect(self)

    def writable(self) -> bool:
        """Whether there is something to send now; what a task is still writing is sent when it ends, or is long."""
        written = self.total_outbufs_len >= self.adj.send_bytes if self.requests else self.total_outbufs_len > 0
        return bool(self.will_close or self.close_when_flushed or written)

    def received(self, data: bytes) -> bool:
        """Take what came, and remember since when an unfinished request is arriving."""
        was = self.request
        taken = bool(super().received(data))
        if self.request is not None and self.request is not was:
            self.begun = time.monotonic()
        return taken

    def write_soon(self, data: Any) -> int:  # noqa: ANN401 - waitress's own
        """Send a part of the answer; what the network does not take at once follows when it does."""
        taken: int = super().write_soon(data)
        if self.total_outbufs_len:
            self.expect()
        return taken

    def service(self) -> None:
        """Answer one request; then the next may arrive."""
        try:
            super().service()
        finally:
            self.expect()

    @property
    def is_late(self) -> bool:
        """Whether a request has been arriving for too long."""
        return self.request is not None and not self.requests and time.monotonic() - self.begun > WHOLE_SECONDS

    @property
    def is_at_work(self) -> bool:
        """Whether a request is arriving, being answered, or its answer not all sent."""
        return bool(self.request or self.requests or self.total_outbufs_len)


class Sockets(dict[int, Any]):
    """Every open socket by its number, as waitress keeps them. Where the system has no epoll, waitress's loop asks."""

    def watch(self, listening: Iterable[BaseWSGIServer]) -> None:
        """Hear of those who connect."""

    def expect(self, channel: HttpChannel) -> None:
        """Hear of what this connection waits for now."""

    def turn(self, seconds: float) -> None:
        """Do what is due, and wait for it as long as that."""
        wasyncore.loop(timeout=seconds, map=self, use_poll=True, count=1)


class WatchedSockets(Sockets):
    """The same with epoll. A connection is heard of once each time that it is told what it waits for."""

    def __init__(self) -> None:
        super().__init__()
        self._system = select.epoll()
        self._listening: list[BaseWSGIServer] = []

    def watch(self, listening: Iterable[BaseWSGIServer]) -> None:
        """Hear of those who connect; from then on no answer wakes the loop to make it ask all connections."""
        self._listening = list(listening)
        for number in self:
            self._system.register(number, select.EPOLLIN)
        for server in self._listening:
            server.pull_trigger = _nobody_asks

    def expect(self, channel: HttpChannel) -> None:
        """Hear of it once: while a request is answered nothing is expected, and the answer's end expects the next."""
        events = select.EPOLLIN | select.EPOLLPRI if channel.readable() else 0
        events |= select.EPOLLOUT if channel.writable() else 0
        number = channel._fileno  # noqa: SLF001 - waitress's name for it
        if not events or number is None:
            return
        tell = self._system.modify if channel.is_watched else self._system.register
        channel.is_watched = True
        with suppress(OSError):  # it was closed this moment
            tell(number, events | select.EPOLLONESHOT)

    def turn(self, seconds: float) -> None:
        """Do what is due, and wait for it as long as that."""
        for number, events in self._system.poll(seconds):
            due = self.get(number)
            if due is not None:
                wasyncore.readwrite(due, events)
            if isinstance(due, HttpChannel):
                due.expect()
        for server in self._listening:
            server.readable()  # gives up the idle and the late, every few seconds


def open_sockets() -> Sockets:
    """None is open yet."""
    return WatchedSockets() if hasattr(select, "epoll") else Sockets()


def _nobody_asks() -> None:
    """What an answer's end does in place of waking the loop."""
