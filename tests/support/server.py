"""The product behind its real server, on a loopback port of its own, in a thread of the test process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

from waitress.server import create_server

if TYPE_CHECKING:
    from flask import Flask


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve the application; gives its address without a slash at the end."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident="")
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)
