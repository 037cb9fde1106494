"""A real mail server in a thread of the test process, which keeps what it accepts and refuses what it is told to."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.server_process import free_port

OK = "250 OK"
Reply = Callable[[str], str | None]


@dataclass(slots=True)
class Inbox:
    """What a mail server accepted. `reply` is asked at each step (MAIL, RCPT, DATA); an answer of its own refuses.

    `seen` is told of each mail before it is accepted, `accepted` after its last byte was answered.
    """

    host: str = "127.0.0.1"
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    reply: Reply = lambda _step: None
    seen: Callable[[EmailMessage], None] = lambda _mail: None

    @property
    def ids(self) -> list[str]:
        """The Message-IDs, in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    @property
    def subjects(self) -> list[str]:
        """The subjects, in the order of arrival."""
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_MAIL(  # noqa: N802 - the library's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.reply("MAIL") or OK

    async def handle_RCPT(  # noqa: N802 - the library's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """A recipient."""
        refused = self.reply("RCPT")
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """The mail itself."""
        mail = message_from_bytes(cast("bytes", envelope.content), policy=default)
        self.seen(mail)
        refused = self.reply("DATA")
        if refused:
            return refused
        self.mails.append(mail)
        self.recipients.extend(envelope.rcpt_tos)
        self.secured.append(session.ssl is not None)
        return OK

    def sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, said: object
    ) -> AuthResult:
        """One user, one password."""
        right = isinstance(said, LoginPassword) and (said.login, said.password) == (b"clinic", b"right")
        self.users.append("clinic" if right else "refused")
        return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, *, sign_in: bool = False
) -> Iterator[Inbox]:
    """A server that listens on a port of its own; with `tls` it offers STARTTLS and takes mail over it alone."""
    inbox = Inbox(host, free_port())
    secured: dict[str, Any] = {} if tls is None else {"tls_context": tls, "require_starttls": True}
    asked: dict[str, Any] = {"authenticator": inbox.sign_in, "auth_required": True, "auth_require_tls": True}
    controller = Controller(inbox, hostname=host, port=inbox.port, **secured, **(asked if sign_in else {}))
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """The clinic's mail server."""
    with mail_server() as opened:
        yield opened
