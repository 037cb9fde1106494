"""The product behind its real server, on a loopback port of its own, in a thread of the test process; or over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from waitress.server import create_server
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.certificates import certified

if TYPE_CHECKING:
    from pathlib import Path

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


@contextmanager
def serving_tls(app: Flask, port: int, folder: Path) -> Iterator[str]:
    """Serve the application over TLS, under a certificate that nobody trusts; gives the address."""
    context, _certificate = certified(folder, "127.0.0.1")
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet, ssl_context=context)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class Quiet(WSGIRequestHandler):
    """Requests that nobody needs to read about."""

    def log(self, *_args: object) -> None:
        """Nothing."""
