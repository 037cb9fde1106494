"""What only somebody with the database's password can do: rewrite what the program may only add to."""

from __future__ import annotations

from sqlalchemy import Connection, text

TRIGGERS = (
    ("audit", "audit_refuses_update"),
    ("audit", "audit_refuses_delete"),
    ("trail", "trail_refuses_update"),
)


def allow_rewriting(connection: Connection) -> None:
    """Take the triggers away that refuse to rewrite the audit and the trail."""
    for table, trigger in TRIGGERS:
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {trigger}{on}"))
