"""A webhook: one signed POST of JSON to the address that the settings name, and to no other.

It goes over https, or to this machine itself. A redirect is a refusal, nothing of the answer is read but its status,
and no answer closes an alarm. The signature is an HMAC (SHA-256) over time stamp, a full stop and body.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from intake.errors import DeliveryError
from intake.storage.outbox import Channel, Message
from intake.workflow.keeping.messages.courier import Send

SECONDS = 15
ACCEPTED = range(200, 300)
TIMESTAMP, SIGNATURE, MESSAGE = "X-Intake-Timestamp", "X-Intake-Signature", "X-Intake-Message"


@dataclass(frozen=True, slots=True, repr=False)
class Webhook:
    """The receiver that the clinic has set, the secret that both share, and what tells the time of a signature."""

    url: str
    secret: str
    clock: Callable[[], datetime]
    channel: Channel = Channel.WEBHOOK
    keeps: bool = False

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Each message has a connection of its own."""
        yield self._send

    def _send(self, message: Message, recipient: str, payload: Mapping[str, object]) -> None:
        if recipient != self.url:
            raise DeliveryError("written for another address than the one that is set")
        body = json.dumps(dict(payload), separators=(",", ":")).encode()
        try:
            status = self._post(body, {MESSAGE: message.id, **self._signed(body)})
        except (OSError, HTTPException, UnicodeError) as error:
            raise DeliveryError(_reason(error), is_whole=True) from None
        if status not in ACCEPTED:
            raise DeliveryError(f"the receiver answered {status}")

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        connection = _connection(self.url)
        try:
            parts = urlsplit(self.url)
            path = parts._replace(scheme="", netloc="").geturl() or "/"
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            return connection.getresponse().status
        finally:
            connection.close()

    def _signed(self, body: bytes) -> dict[str, str]:
        stamp = str(int(self.clock().timestamp()))
        return {TIMESTAMP: stamp, SIGNATURE: f"sha256={signature(self.secret, stamp, body)}"}


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What a receiver computes to know that a message is ours, and of when."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=SECONDS, context=ssl.create_default_context())
    return HTTPConnection(host, parts.port, timeout=SECONDS)


def _reason(error: Exception) -> str:
    """Why, in words of ours."""
    match error:
        case ssl.SSLError():
            return "the receiver's certificate or TLS is not sound"
        case TimeoutError():
            return "the receiver does not answer in time"
        case ConnectionRefusedError():
            return "the receiver refuses the connection"
        case _:
            return f"the receiver cannot be reached ({type(error).__name__})"
