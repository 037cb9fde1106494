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
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from intake.errors import NotFoundError, StaleError
from intake.storage import audit, meta
from intake.storage.staff import STAFF

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from intake.storage.crypto import Keys
    from intake.workflow.clinic import Clinic

SETUP = "setup_token"
SETUP_LIFE = timedelta(minutes=30)
STAMP_BYTES = 32
NO_SETUP = "This set-up link was used, is older than 30 minutes, or never existed. Restart the program for a new one."


@dataclass(frozen=True, slots=True)
class Account:
    """One member of staff. `stamp` is in every session of the account: a new one ends them all."""

    id: int
    email: str
    password: str
    active: bool
    stamp: str


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account about to be made."""

    email: str
    password: str
    stamp: str


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


def everyone(clinic: Clinic) -> tuple[Account, ...]:
    """All accounts, by address."""
    with clinic.database.read() as connection:
        return tuple(_account(row) for row in connection.execute(select(STAFF).order_by(STAFF.c.email)))


def by_email(clinic: Clinic, email: str) -> Account | None:
    """The account with that address."""
    with clinic.database.read() as connection:
        return _maybe(connection.execute(select(STAFF).where(STAFF.c.email == known_email(email))).first())


def by_stamp(clinic: Clinic, stamp: str) -> Account | None:
    """The account whose sessions carry that stamp."""
    with clinic.database.read() as connection:
        return _maybe(connection.execute(select(STAFF).where(STAFF.c.fs_uniquifier == stamp)).first())


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
        connection.execute(update(STAFF).where(STAFF.c.id == account_id).values(password=password))


def signed_in(clinic: Clinic, account_id: int) -> None:
    """Tell the audit that somebody signed in."""
    with clinic.database.begin() as connection:
        audit.record(connection, clinic.keys, _entry(account_id, "signed_in", clinic.clock()))


def sign_out(clinic: Clinic, account_id: int, stamp: str) -> None:
    """End every session of the account, the copied ones too."""
    with clinic.database.begin() as connection:
        connection.execute(update(STAFF).where(STAFF.c.id == account_id).values(fs_uniquifier=stamp))
        audit.record(connection, clinic.keys, _entry(account_id, "signed_out", clinic.clock()))


def offer_setup(clinic: Clinic, token: str) -> bool:
    """Open the way to the first account for 30 minutes; False where there is one. An older offer is void."""
    with clinic.database.begin() as connection:
        if _count(connection):
            return False
        offer = {"hash": _hash(token), "until": (clinic.clock() + SETUP_LIFE).isoformat()}
        meta.write(connection, SETUP, json.dumps(offer))
        return True


def setup_is_open(clinic: Clinic, token: str) -> bool:
    """Whether that token may make the first account now."""
    with clinic.database.read() as connection:
        return _open(connection, token, clinic.clock())


def complete_setup(clinic: Clinic, token: str, new: NewAccount) -> int:
    """Make the first account and spend the token, in one transaction; raises NotFoundError where it opens nothing."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not _open(connection, token, now):
            raise NotFoundError(NO_SETUP)
        _spend(connection)
        return _add(connection, clinic.keys, new, "setup", now)


def _open(connection: Connection, token: str, now: datetime) -> bool:
    offer = meta.read(connection, SETUP)
    if not offer or _count(connection):
        return False
    known = json.loads(offer)
    return hmac.compare_digest(known["hash"], _hash(token)) and now < datetime.fromisoformat(known["until"])


def _spend(connection: Connection) -> None:
    """Two that come with the token at once: one finds it spent."""
    unspent = update(meta.META).where(meta.META.c.name == SETUP, meta.META.c.value != "")
    if connection.execute(unspent.values(value="")).rowcount != 1:
        raise NotFoundError(NO_SETUP)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(STAFF)) or 0


def _add(connection: Connection, keys: Keys, new: NewAccount, by: str, now: datetime) -> int:
    email = known_email(new.email)
    if connection.scalar(select(STAFF.c.id).where(STAFF.c.email == email)) is not None:
        raise StaleError(f"{email} has an account already; `accounts reset` gives it a new password.")
    row = {"email": email, "password": new.password, "active": True, "fs_uniquifier": new.stamp}
    account_id = connection.execute(insert(STAFF).values(row).returning(STAFF.c.id)).scalar_one()
    audit.record(connection, keys, audit.Entry(now, by, "account_added", "staff", str(account_id), {}))
    return int(account_id)


def _change(clinic: Clinic, email: str, action: str, values: Mapping[str, object], act: Act) -> None:
    mine = update(STAFF).where(STAFF.c.email == known_email(email)).returning(STAFF.c.id)
    with clinic.database.begin() as connection:
        found = connection.execute(mine.values({**values, "fs_uniquifier": act.stamp})).scalar_one_or_none()
        if found is None:
            raise NotFoundError(f"No account has the address {known_email(email)}; `accounts list` shows them all.")
        audit.record(connection, clinic.keys, audit.Entry(clinic.clock(), act.by, action, "staff", str(found), {}))


def _entry(account_id: int, action: str, now: datetime) -> audit.Entry:
    return audit.Entry(now, f"staff:{account_id}", action, "staff", str(account_id), {})


def _maybe(row: Row[Any] | None) -> Account | None:
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.email, row.password, row.active, row.fs_uniquifier)
