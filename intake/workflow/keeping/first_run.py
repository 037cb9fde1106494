"""The first run in the browser: what a clinic is asked before its patients can begin, one step after the other.

It is open from the first account, made through the set-up link, until somebody finishes it. What a step is told stands
in the settings file at once, so that any step can be left and taken up again; it counts when the program begins anew.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from intake.errors import DeliveryError, NotFoundError
from intake.storage import audit, installation
from intake.storage.outbox import Channel, Message
from intake.workflow.keeping.messages.smtp import MailServer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

STATE = "first_run"
ID_BYTES = 16
DIGITS = 4
OVER = "The set-up is finished. Settings are changed in settings.toml, and count from the next start."
TEXT = """This is a test from the set-up of {clinic}.

Alarms will come to this address. Type these {count} digits on the set-up page:

    {digits}
"""


class SetUpStep(StrEnum):
    """What is asked, in this order."""

    CLINIC = "clinic"
    COUNTRY = "country"
    PHONE = "phone"
    DUTY = "duty"
    CHECK = "check"


NEEDS = {
    SetUpStep.CLINIC: "clinic_name",
    SetUpStep.COUNTRY: "emergency_number",
    SetUpStep.PHONE: "phone",
    SetUpStep.DUTY: "duty_address",
}
MAY_WAIT = SetUpStep.DUTY


class SettingsEdit(Protocol):
    """The settings file."""

    def read(self) -> dict[str, object]:
        """What is set, by name; raises SettingsError."""

    def fixed(self) -> frozenset[str]:
        """The names that the environment sets, whatever the file says."""

    def change(self, values: Mapping[str, object]) -> None:
        """Write these; raises SettingsError, and changes nothing, where the whole would not start."""


@dataclass(frozen=True, slots=True)
class TrialMail:
    """The last test mail that a mail server took: for whom, when, its digits, and whether somebody read them there."""

    address: str = ""
    sent_at: str = ""
    digits: str = ""
    arrived: bool = False

    @property
    def moment(self) -> datetime:
        """When the mail server took it."""
        return datetime.fromisoformat(self.sent_at)


def begin(connection: Connection) -> None:
    """Open the first run; belongs into the transaction that makes the first account."""
    installation.write(connection, STATE, json.dumps(asdict(TrialMail())))


def is_open(clinic: Clinic) -> bool:
    """Whether there is a first run that nobody has finished."""
    with clinic.database.read() as connection:
        return bool(installation.read(connection, STATE))


def last_test(clinic: Clinic) -> TrialMail:
    """What is known of the last test mail; raises NotFoundError where the first run is over."""
    with clinic.database.read() as connection:
        return _state(connection)


def done(values: Mapping[str, object]) -> frozenset[SetUpStep]:
    """The steps that have been answered."""
    return frozenset(step for step, name in NEEDS.items() if values.get(name))


def missing(values: Mapping[str, object]) -> list[SetUpStep]:
    """The steps without which no patient can be asked anything, in their order."""
    answered = done(values)
    return [step for step in NEEDS if step not in answered and step is not MAY_WAIT]


def keep(clinic: Clinic, settings_file: SettingsEdit, values: Mapping[str, object], by: str) -> None:
    """Write what a step was told into the settings file, and its names into the audit; raises SettingsError."""
    changeable = {name: value for name, value in values.items() if name not in settings_file.fixed()}
    settings_file.change(changeable)
    with clinic.database.begin() as connection:
        details = {"names": sorted(changeable)}
        entry = audit.AuditEntry(clinic.clock(), by, "settings_changed", "settings", "first_run", details)
        audit.record(connection, clinic.keys, entry)


def send_test(clinic: Clinic, values: Mapping[str, object]) -> str:
    """Send a mail with new digits to the duty address, past the outbox; why it was not taken, nothing where it was."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
    address, now = str(values["duty_address"]), clinic.clock()
    try:
        with mail_server(values).session() as send:
            send(_message(now), address, _mail(values, digits))
    except DeliveryError as error:
        return error.reason
    _write(clinic, TrialMail(address, now.isoformat(), digits))
    return ""


def has_arrived(clinic: Clinic, digits: str) -> bool:
    """Whether these are the digits of the last test mail; if so, that is kept."""
    test = last_test(clinic)
    if not test.digits or digits != test.digits:
        return False
    _write(clinic, replace(test, arrived=True))
    return True


def finish(clinic: Clinic, by: str) -> None:
    """Close the first run; raises NotFoundError where it is over."""
    with clinic.database.begin() as connection:
        if not installation.spend(connection, STATE):
            raise NotFoundError(OVER)
        entry = audit.AuditEntry(clinic.clock(), by, "first_run_finished", "settings", "first_run", {})
        audit.record(connection, clinic.keys, entry)


def mail_server(values: Mapping[str, object]) -> MailServer:
    """The mail server of some settings."""
    host, sender = str(values["smtp_host"]), str(values["mail_from"])
    port = int(str(values.get("smtp_port", 587)))
    return MailServer(host, port, sender, str(values.get("smtp_user", "")), str(values.get("smtp_password", "")))


def _message(now: datetime) -> Message:
    return Message(secrets.token_hex(ID_BYTES), Channel.MAIL, "test", now, now, 1, None, None, "", None, None)


def _mail(values: Mapping[str, object], digits: str) -> dict[str, object]:
    clinic = " ".join(str(values.get("clinic_name", "")).split())
    domain = str(values["mail_from"]).rpartition("@")[2]
    text = TEXT.format(clinic=clinic, count=DIGITS, digits=digits)
    return {"subject": f"Test - {clinic}", "text": text, "message_id": f"<{secrets.token_hex(ID_BYTES)}@{domain}>"}


def _state(connection: Connection) -> TrialMail:
    kept = installation.read(connection, STATE)
    if not kept:
        raise NotFoundError(OVER)
    return TrialMail(**json.loads(kept))


def _write(clinic: Clinic, test: TrialMail) -> None:
    with clinic.database.begin() as connection:
        _state(connection)
        installation.write(connection, STATE, json.dumps(asdict(test)))
