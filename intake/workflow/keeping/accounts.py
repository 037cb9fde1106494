"""Staff accounts: nobody has one until the one-time set-up token of the first start made the first administrator.

Passwords arrive hashed; only the hash of the set-up token is stored. Every change gives the account a new `stamp`,
which ends its sessions, and leaves an audit entry.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError, StaleError
from intake.storage import audit, installation, staff
from intake.storage.staff import Account, Role
from intake.workflow.keeping import first_run
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.workflow.shared.clinic import Clinic

__all__ = [
    "SETUP",
    "Account",
    "Act",
    "NewAccount",
    "Role",
    "add",
    "by_email",
    "by_stamp",
    "complete_setup",
    "everyone",
    "is_email",
    "known_email",
    "offer_setup",
    "rehash",
    "set_active",
    "set_password",
    "setup_is_open",
    "sign_out",
    "signed_in",
]
SETUP = "setup_token"
SETUP_LIFE = timedelta(minutes=30)
STAMP_BYTES = 32
NO_SETUP = "This set-up link was used, is older than 30 minutes, or never existed. Restart the program for a new one."


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account about to be made."""

    email: str
    password: str
    stamp: str
    role: Role = Role.PRACTITIONER


@dataclass(frozen=True, slots=True)
class Act:
    """Who changes an account, and the new stamp that ends its sessions."""

    by: str
    stamp: str


def new_stamp() -> str:
    """A stamp that no account has had."""
    return secrets.token_hex(STAMP_BYTES)


def known_email(email: str) -> str:
    """The form under which an address is stored and found."""
    return email.strip().casefold()


def is_email(text: str) -> bool:
    """Whether a text looks like an address; that mail arrives there only mail can show."""
    return "@" in text


def everyone(clinic: Clinic) -> tuple[Account, ...]:
    """All accounts, by address."""
    with clinic.database.read() as connection:
        return staff.everyone(connection)


def by_email(clinic: Clinic, email: str) -> Account | None:
    """The account with that address."""
    with clinic.database.read() as connection:
        return staff.by_email(connection, known_email(email))


def by_stamp(clinic: Clinic, stamp: str) -> Account | None:
    """The account whose sessions carry that stamp."""
    with clinic.database.read() as connection:
        return staff.by_stamp(connection, stamp)


def add(clinic: Clinic, new: NewAccount, by: str) -> int:
    """Make an account; its number. Raises StaleError where the address has one."""
    with clinic.database.begin() as connection:
        return _add(connection, clinic.keys, new, by, clinic.clock())


def set_active(clinic: Clinic, email: str, act: Act, *, active: bool) -> None:
    """Let an account in, or keep it out from its next request on."""
    _change(clinic, email, "account_enabled" if active else "account_disabled", {"active": active}, act)


def set_password(clinic: Clinic, email: str, password: str, act: Act) -> None:
    """Replace the password; everybody who is signed in with the old one is out."""
    _change(clinic, email, "password_reset", {"password": password}, act)


def rehash(clinic: Clinic, account_id: int, password: str) -> None:
    """Keep the same password under the present hash parameters."""
    with clinic.database.begin() as connection:
        staff.set_password(connection, account_id, password)


def signed_in(clinic: Clinic, account_id: int) -> None:
    """Tell the audit that somebody signed in; like a look, it does not wait for a disk that takes no writes."""
    looks.record(clinic, _entry(account_id, "signed_in", clinic.clock()))


def sign_out(clinic: Clinic, account_id: int, stamp: str) -> None:
    """End every session of the account, the copied ones too."""
    with clinic.database.begin() as connection:
        staff.set_stamp(connection, account_id, stamp)
        audit.record(connection, clinic.keys, _entry(account_id, "signed_out", clinic.clock()))


def offer_setup(clinic: Clinic, token: str) -> bool:
    """Open the way to the first account for 30 minutes; False where there is one. An older offer is void."""
    with clinic.database.begin() as connection:
        if staff.exist(connection):
            return False
        offer = {"hash": _hash(token), "until": (clinic.clock() + SETUP_LIFE).isoformat()}
        installation.write(connection, SETUP, json.dumps(offer))
        return True


def setup_is_open(clinic: Clinic, token: str) -> bool:
    """Whether that token may make the first account now."""
    with clinic.database.read() as connection:
        return _open(connection, token, clinic.clock())


def complete_setup(clinic: Clinic, token: str, new: NewAccount) -> int:
    """Make the first account, spend the token and open the first run, in one transaction.

    Raises NotFoundError where the token opens nothing.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not _open(connection, token, now):
            raise NotFoundError(NO_SETUP)
        if not installation.spend(connection, SETUP):
            raise NotFoundError(NO_SETUP)
        first_run.begin(connection)
        return _add(connection, clinic.keys, new, "setup", now)


def _open(connection: Connection, token: str, now: datetime) -> bool:
    offer = installation.read(connection, SETUP)
    if not offer or staff.exist(connection):
        return False
    known = json.loads(offer)
    return hmac.compare_digest(known["hash"], _hash(token)) and now < datetime.fromisoformat(known["until"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _add(connection: Connection, keys: Keys, new: NewAccount, by: str, now: datetime) -> int:
    email = known_email(new.email)
    if staff.by_email(connection, email) is not None:
        raise StaleError(f"{email} has an account already; `accounts reset` gives it a new password.")
    account_id = staff.add(connection, email, new.password, new.stamp, new.role)
    audit.record(
        connection, keys, audit.AuditEntry(now, by, "account_added", "staff", str(account_id), {"role": new.role})
    )
    return account_id


def _change(clinic: Clinic, email: str, action: str, values: Mapping[str, object], act: Act) -> None:
    with clinic.database.begin() as connection:
        account_id = staff.change(connection, known_email(email), values, act.stamp)
        if account_id is None:
            raise NotFoundError(f"No account has the address {known_email(email)}; `accounts list` shows them all.")
        audit.record(
            connection, clinic.keys, audit.AuditEntry(clinic.clock(), act.by, action, "staff", str(account_id), {})
        )


def _entry(account_id: int, action: str, now: datetime) -> audit.AuditEntry:
    return audit.AuditEntry(now, f"staff:{account_id}", action, "staff", str(account_id), {})
