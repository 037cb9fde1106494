"""Mail over SMTP: with TLS to every server that is not this machine's own, or not at all.

What a server says about a refusal may quote an address: only its number is kept.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime

from intake.addresses import LOOPBACK
from intake.errors import DeliveryError
from intake.storage.outbox import Channel, Message
from intake.workflow.keeping.messages.courier import Send

SECONDS = 15  # the longest that a server may take for one answer
IMPLICIT_TLS = 465
OF_THE_MESSAGE = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused)

REASONS: dict[type[Exception], str] = {
    smtplib.SMTPNotSupportedError: "the mail server offers no TLS, or no sign-in",
    ssl.SSLError: "the mail server's certificate or TLS is not sound",
    TimeoutError: "the mail server does not answer in time",
    ConnectionRefusedError: "the mail server refuses the connection",
}


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """The clinic's mail server, and the address that its mails come from; without a `user` nobody signs in."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    channel: Channel = Channel.MAIL
    keeps: bool = False

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that nobody listens on the way."""
        return self.host in LOOPBACK

    @contextmanager
    def session(self) -> Iterator[Send]:
        """A connection for some mails; raises DeliveryError where there is none, or none with TLS."""
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise DeliveryError(_reason(error), is_whole=True) from None

        def send(message: Message, recipient: str, payload: Mapping[str, object]) -> None:
            _hand_over(server, letter(self.sender, message, recipient, payload))

        try:
            yield send
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        if self.port == IMPLICIT_TLS and not self.is_here:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if not (self.is_here or isinstance(server, smtplib.SMTP_SSL)):
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def letter(sender: str, message: Message, recipient: str, payload: Mapping[str, object]) -> EmailMessage:
    """The mail of a message, the same at every try: date and Message-ID are those of its writing."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = str(payload["subject"])
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = str(payload["message_id"])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(str(payload["text"]), cte="quoted-printable")
    return mail


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    try:
        server.send_message(mail)
    except OF_THE_MESSAGE as error:
        raise DeliveryError(_reason(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(_reason(error), is_whole=True) from None


def _reason(error: Exception) -> str:
    """Why, in words of ours."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _said in error.recipients.values()}
        return f"recipient refused ({', '.join(map(str, sorted(codes)))})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    known = (words for kind, words in REASONS.items() if isinstance(error, kind))
    return next(known, f"the mail server cannot be reached ({type(error).__name__})")
