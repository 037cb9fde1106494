"""waitress as this product runs it, in front of one application.

It answers others while slow or half-open connections wait. Beyond that, here:
- a body of unknown length is refused (411): waitress would gather it and tell the application a length;
- at the limit of connections the newest is refused, and those at work go on; a request that has not
  arrived whole within 30 seconds is given up, so that slow ones do not hold their places for good;
- at SIGTERM or SIGINT nothing that was accepted is cut: it stops listening, answers what came, and ends; at SIGHUP
  too, so that the caller can begin anew with other settings;
- its loop costs the same however many connections are open (`intake/cli/connections.py`).
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import socket
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

from intake.cli.connections import HttpChannel, Parser, Sockets, open_sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from flask import Flask

CONNECTIONS = 1000
DRAIN_SECONDS = 30
IDLE_GRACE = 0.5  # how long a stopping server hears an idle connection whose next request may be on its way
HANDSHAKE = 0.3  # how long connections that are being made when a server stops may take until they are there
SO_ATTACH_FILTER = 26  # Linux, socket(7)
NOBODY_NEW = struct.pack(  # a packet filter: byte 13 of a TCP header has the flags, the second of which asks to connect
    "HBBI" * 4, *(0x30, 0, 0, 13), *(0x45, 0, 1, 2), *(0x06, 0, 0, 0), *(0x06, 0, 0, 0xFFFF)
)
SPARE_FILES = 200  # beside the connections: the database, logs, static files
LIMITS = {
    "threads": 4,  # more contend for the one interpreter: a step cost 1.5 times the processor time with 8 of them
    "connection_limit": 2**31,  # `Listening` refuses; waitress would stop to listen, also to those at work
    "channel_timeout": 15,
    "cleanup_interval": 5,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 1024 * 1024,
    "inbuf_overflow": 2 * 1024 * 1024,  # no body is put into a temporary file: a day list would lie there unsealed
    "ident": "",
}


@dataclass(frozen=True, slots=True)
class ServedAt:
    """Where the server listens; `prefix` is the path that a trusted proxy serves it below."""

    host: str
    port: int
    trust_proxy: bool = False
    prefix: str = ""


def run(app: Flask, place: ServedAt, headers: Mapping[str, str]) -> bool:
    """Serve until a signal; whether it asked to begin anew (SIGHUP). Raises OSError where the address cannot be had."""
    logging.getLogger("waitress.queue").setLevel(
        logging.ERROR
    )  # that others wait is no news, and a line for each is work
    _allow_files()
    sockets = open_sockets()
    create_server(
        app,
        map=sockets,
        host=place.host,
        port=place.port,
        url_prefix=place.prefix,
        clear_untrusted_proxy_headers=not place.trust_proxy,
        **LIMITS,
    )
    HttpChannel.error_task_class = strict_errors(headers)
    listening = [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]
    for server in listening:
        server.channel_class = HttpChannel
        server.handle_accept = _refusing_the_newest(server)
        server.maintenance = _giving_up_the_late(server)
    sockets.watch(listening)
    asked = _stop_signals(listening)
    while not asked:
        sockets.turn(1)
    _drain(sockets, listening)
    return asked[0] == signal.SIGHUP


def renew() -> bool:
    """Ask the server of this process to begin anew; False where it is not ours, and would only end."""
    if not callable(signal.getsignal(signal.SIGHUP)):
        return False
    os.kill(os.getpid(), signal.SIGHUP)
    return True


def strict_errors(headers: Mapping[str, str]) -> type[ErrorTask]:
    """What the server refuses before any page is asked, with the headers that every page has."""

    class StrictError(ErrorTask):  # type: ignore[misc]  # waitress carries no types
        def execute(self) -> None:
            self.response_headers.extend([*headers.items(), ("Cache-Control", "no-store")])
            super().execute()

    return StrictError


def _refusing_the_newest(server: BaseWSGIServer) -> Callable[[], None]:
    accept = server.handle_accept

    def handle_accept() -> None:
        if len(server.active_channels) < CONNECTIONS:
            accept()
            return
        found = server.accept()
        if found is not None:
            found[0].close()

    return handle_accept


def _giving_up_the_late(server: BaseWSGIServer) -> Callable[[float], None]:
    clean = server.maintenance

    def maintenance(now: float) -> None:
        clean(now)
        for channel in list(server.active_channels.values()):
            channel.will_close = channel.will_close or channel.is_late
            if channel.will_close:
                channel.expect()

    return maintenance


def _stop_signals(listening: list[BaseWSGIServer]) -> list[int]:
    """The signals that asked this process to end, as they come; the second of one kind ends it at once."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        signal.signal(number, signal.SIG_DFL)
        listening[0].trigger.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ask)
    return asked


def _drain(sockets: Sockets, listening: list[BaseWSGIServer]) -> None:
    """Answer what was accepted, for at most `DRAIN_SECONDS`; idle connections are heard a moment longer."""
    quiet_since = begun = time.monotonic()
    Parser.stopping = True
    _accept_the_last(sockets, listening)
    while (now := time.monotonic()) - begun < DRAIN_SECONDS:
        channels = [each for each in sockets.values() if isinstance(each, HttpChannel)]
        if any(channel.is_at_work for channel in channels):
            quiet_since = now
        elif now - quiet_since > IDLE_GRACE or not channels:
            break
        sockets.turn(0.05)
    listening[0].task_dispatcher.shutdown(timeout=1)
    wasyncore.close_all(sockets)


def _accept_the_last(sockets: Sockets, listening: list[BaseWSGIServer]) -> None:
    """Take the connections that the system has accepted already, then listen no more."""
    if all(_let_nobody_in(server.socket) for server in listening):
        closing_at = time.monotonic() + HANDSHAKE
        while time.monotonic() < closing_at:
            sockets.turn(0.05)
    for server in listening:
        waiting = True
        while waiting:
            before = len(server.active_channels)
            server.handle_accept()
            waiting = len(server.active_channels) > before
        server.accepting = False
        server.del_channel()
        server.socket.close()


def _let_nobody_in(listening: socket.socket) -> bool:
    """Whether from now on the system drops whoever wants to connect: who is let in as it closes would be reset.

    They try again a second later, when nobody listens any more. Other systems than Linux have no such filter.
    """
    commands = ctypes.create_string_buffer(NOBODY_NEW)
    program = struct.pack("HP", len(NOBODY_NEW) // 8, ctypes.addressof(commands))
    try:
        listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
    except OSError:
        return False
    return True


def _allow_files() -> None:
    """Let the process open as many files as its connections need, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )
