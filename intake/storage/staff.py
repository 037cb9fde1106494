"""Staff accounts and roles, with the columns that Flask-Security asks for (naive UTC times, comma-separated lists)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, String, Table, Text, func, select

from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

STAFF = Table(
    "staff",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("email", String(255), nullable=False, unique=True),
    Column("username", String(255), unique=True),
    Column("password", String(255)),
    Column("active", Boolean, nullable=False),
    Column("fs_uniquifier", String(64), nullable=False, unique=True),
    Column("confirmed_at", DateTime),
    Column("last_login_at", DateTime),
    Column("current_login_at", DateTime),
    Column("last_login_ip", String(64)),
    Column("current_login_ip", String(64)),
    Column("login_count", Integer),
    Column("tf_primary_method", String(64)),
    Column("tf_totp_secret", String(255)),
    Column("tf_phone_number", String(128)),
    Column("mf_recovery_codes", Text),
    Column("create_datetime", DateTime, nullable=False, server_default=func.now()),
    Column("update_datetime", DateTime, nullable=False, server_default=func.now()),
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


def emails(connection: Connection) -> dict[int, str]:
    """The address of every account by its number, disabled ones too: what was done stays signed."""
    return {row.id: row.email for row in connection.execute(select(STAFF.c.id, STAFF.c.email))}
