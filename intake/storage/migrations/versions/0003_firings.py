"""Firings by rule, filled from the stored decisions; the times of intakes and reviews become searchable."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AT_ONCE = 500


def upgrade() -> None:
    """Create the table and read every stored decision once."""
    op.create_table(
        "firings",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=5), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_firings_intake_id_intakes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("intake_id", "rule", name="pk_firings"),
    )
    op.create_index("ix_firings_sent_at", "firings", ["sent_at", "rule", "status"])
    op.create_index("ix_intakes_sent_at", "intakes", ["sent_at"])
    op.create_index("ix_reviews_at", "reviews", ["at"])
    _fill(op.get_bind())


def downgrade() -> None:
    """Drop what the decisions hold as well."""
    op.drop_index("ix_reviews_at", "reviews")
    op.drop_index("ix_intakes_sent_at", "intakes")
    op.drop_table("firings")


def _fill(connection: sa.Connection) -> None:
    moment = sa.DateTime(timezone=True)
    intakes = sa.table("intakes", sa.column("id"), sa.column("sent_at", moment), sa.column("decision", sa.JSON))
    firings = sa.table(
        "firings", sa.column("intake_id"), sa.column("rule"), sa.column("status"), sa.column("sent_at", moment)
    )
    last = ""
    while page := connection.execute(
        sa.select(intakes).where(intakes.c.id > last).order_by(intakes.c.id).limit(AT_ONCE)
    ).all():
        last = page[-1].id
        rows = [
            {"intake_id": row.id, "rule": found["rule"], "status": found["status"], "sent_at": row.sent_at}
            for row in page
            for found in (row.decision or {}).get("findings", ())
        ]
        if rows:
            connection.execute(sa.insert(firings), rows)
