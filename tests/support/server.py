"""The product behind its real server, on a loopback port of its own, in a thread of the test process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from waitress.server import create_server

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def serving(app: Flask, prefix: str = "") -> Iterator[str]:
    """Serve the application below a prefix; gives the server's address without a slash at the end."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident="", url_prefix=prefix)
    closing = Event()

    def run() -> None:
        try:
            server.run()
        except OSError:  # it waited at a connection that was closed under it
            if not closing.is_set():
                raise

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        closing.set()
        server.close()
        thread.join(timeout=5)
