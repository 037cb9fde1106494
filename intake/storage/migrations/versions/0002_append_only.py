"""The database itself refuses to rewrite the audit and the trail: a fault in the program cannot either.

The trail may still be forgotten (retention, erasure); the audit may not.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSED = (("audit", "UPDATE"), ("audit", "DELETE"), ("trail", "UPDATE"))


def upgrade() -> None:
    """Add the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        _refuse_in_postgresql()
    else:
        _refuse_in_sqlite()


def downgrade() -> None:
    """Drop the triggers; the rows stay."""
    for table, verb in REFUSED:
        _drop(table, verb)
    if op.get_bind().dialect.name == "postgresql":
        _drop("audit", "TRUNCATE")
        op.execute("DROP FUNCTION refuse_rewriting()")


def _refuse_in_sqlite() -> None:
    for table, verb in REFUSED:
        op.execute(
            f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, verb in (*REFUSED, ("audit", "TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )


def _drop(table: str, verb: str) -> None:
    on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER {_name(table, verb)}{on}")


def _name(table: str, verb: str) -> str:
    return f"{table}_refuses_{verb.lower()}"
