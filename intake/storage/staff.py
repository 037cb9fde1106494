"""Staff accounts and roles, with the columns that Flask-Security asks of a second factor (comma-separated lists).

`fs_uniquifier` is in every session of the account: a new one ends them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row


class Role(StrEnum):
    """What a member of staff is here for: the front desk reads no answer, a practitioner reads both sides."""

    PRACTITIONER = "practitioner"
    DESK = "desk"


STAFF = Table(
    "staff",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("email", String(255), nullable=False, unique=True),
    Column("password", String(255)),
    Column("active", Boolean, nullable=False),
    Column("role", String(16), nullable=False, default=Role.PRACTITIONER),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),
    Column("tf_primary_method", String(64)),
    Column("tf_totp_secret", String(255)),
    Column("tf_phone_number", String(128)),
    Column("mf_recovery_codes", Text),
)
ROLES = Table(
    "roles",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("description", String(255)),
    Column("permissions", Text),
    Column("update_datetime", DateTime, nullable=False, server_default=func.now()),
)
STAFF_ROLES = Table(
    "staff_roles",
    METADATA,
    Column("staff_id", ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One member of staff. `stamp` is in every session of the account: a new one ends them all."""

    id: int
    email: str
    password: str
    active: bool
    stamp: str
    role: Role


def everyone(connection: Connection) -> tuple[Account, ...]:
    """All accounts, by address."""
    return tuple(_account(row) for row in connection.execute(select(STAFF).order_by(STAFF.c.email)))


def by_email(connection: Connection, email: str) -> Account | None:
    """The account with exactly this address."""
    row = connection.execute(select(STAFF).where(STAFF.c.email == email)).first()
    return None if row is None else _account(row)


def by_stamp(connection: Connection, stamp: str) -> Account | None:
    """The account whose sessions carry this stamp."""
    row = connection.execute(select(STAFF).where(STAFF.c.fs_uniquifier == stamp)).first()
    return None if row is None else _account(row)


def exist(connection: Connection) -> bool:
    """Whether there is any account."""
    return connection.execute(select(STAFF.c.id).limit(1)).first() is not None


def emails(connection: Connection) -> dict[int, str]:
    """The address of every account by its number, disabled ones too: what was done stays signed."""
    return {row.id: row.email for row in connection.execute(select(STAFF.c.id, STAFF.c.email))}


def add(connection: Connection, email: str, password: str, stamp: str, role: Role = Role.PRACTITIONER) -> int:
    """Make an active account; its number. The address must be free, the password is hashed."""
    row = {"email": email, "password": password, "active": True, "fs_uniquifier": stamp, "role": role}
    return int(connection.execute(insert(STAFF).values(row).returning(STAFF.c.id)).scalar_one())


def change(connection: Connection, email: str, values: Mapping[str, object], stamp: str) -> int | None:
    """Set columns of the account with this address, and a new stamp; its number, None where there is none."""
    changed = update(STAFF).where(STAFF.c.email == email).values({**values, "fs_uniquifier": stamp})
    return connection.execute(changed.returning(STAFF.c.id)).scalar_one_or_none()


def set_password(connection: Connection, account_id: int, password: str) -> None:
    """Keep another hash of the same password; sessions go on."""
    connection.execute(update(STAFF).where(STAFF.c.id == account_id).values(password=password))


def set_stamp(connection: Connection, account_id: int, stamp: str) -> None:
    """End every session of the account."""
    connection.execute(update(STAFF).where(STAFF.c.id == account_id).values(fs_uniquifier=stamp))


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.email, row.password, row.active, row.fs_uniquifier, Role(row.role))
