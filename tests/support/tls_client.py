"""A browser's requests over TLS, through a proxy, in the shape that `client.Visitor` walks with.

Below a prefix every address of ours must begin with it, and every cookie be kept there: each response is held to that,
and given back as it would be on a host of its own, so that the same walks serve both.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from http.client import HTTPSConnection
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse

ADDRESS = re.compile(r'(?<= )(href|src|action)="(/[^"]*)"')
SECONDS = 20


class TlsClient:
    """One browser; it trusts one file, as a tablet of the clinic does."""

    def __init__(self, host: str, port: int, trusted: Path, prefix: str = "") -> None:
        self.host, self.port, self.prefix = host, port, prefix
        self.context = ssl.create_default_context(cafile=str(trusted))
        self.cookies: dict[str, Morsel[str]] = {}
        self._connection = self.connection()

    def connection(self) -> HTTPSConnection:
        """A connection of its own."""
        return HTTPSConnection(self.host, self.port, timeout=SECONDS, context=self.context)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        """Open an address."""
        return self._ask("GET", path, None, headers or {})

    def post(
        self, path: str, data: str = "", content_type: str = "", headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send a form, as a page of this site does."""
        own = {"Content-Type": content_type, "Origin": f"https://{self.host}:{self.port}", **(headers or {})}
        return self._ask("POST", path, data.encode(), own)

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> TestResponse:
        here = [each for each in self.cookies.values() if (self.prefix + path).startswith(each["path"])]
        sent = "; ".join(f"{each.key}={each.value}" for each in here)
        self._connection.request(method, self.prefix + path, body, {**headers, **({"Cookie": sent} if sent else {})})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        pairs = [(name, value) for name, value in answer.getheaders() if name != "Content-Length"]
        self._keep(pairs)
        own = Headers((name, self._inside(value) if name == "Location" else value) for name, value in pairs)
        request = EnvironBuilder(path).get_request()
        return TestResponse([self._as_at_home(text).encode()], str(answer.status), own, request)

    def _keep(self, headers: list[tuple[str, str]]) -> None:
        for name, value in headers:
            if name != "Set-Cookie":
                continue
            for key, morsel in SimpleCookie(value).items():
                ends = morsel["max-age"] == "0"
                assert key == "big" or morsel["path"].startswith(self.prefix or "/"), value
                assert key == "big" or ends or morsel["secure"], value
                self.cookies.pop(key, None)
                self.cookies |= {} if ends else {key: morsel}

    def _as_at_home(self, text: str) -> str:
        return ADDRESS.sub(lambda found: f'{found[1]}="{self._inside(found[2])}"', text)

    def _inside(self, address: str) -> str:
        assert address.startswith(f"{self.prefix}/"), f"{address} leads out of {self.prefix}"
        return address.removeprefix(self.prefix)
