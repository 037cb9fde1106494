"""Rule books on their way to being in force, and what each would lose."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LIVE = sa.text("state = 'live'")


def upgrade() -> None:
    """Create the tables; the shipped rule book stays in force."""
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("drafted_by", sa.Integer()),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("base_sha256", sa.String(length=64)),
        sa.Column("report", sa.JSON()),
        sa.Column("read_by", sa.Integer()),
        sa.Column("approved_by", sa.Integer()),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["drafted_by"], ["staff.id"], name="fk_publications_drafted_by_staff"),
        sa.ForeignKeyConstraint(["read_by"], ["staff.id"], name="fk_publications_read_by_staff"),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name="fk_publications_approved_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
    op.create_index(
        "uq_publications_live", "publications", ["state"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_table(
        "publication_losses",
        sa.Column("publication_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("concept", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("intakes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("reason_by", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name="fk_publication_losses_publication_id_publications"
        ),
        sa.ForeignKeyConstraint(["reason_by"], ["staff.id"], name="fk_publication_losses_reason_by_staff"),
        sa.PrimaryKeyConstraint("publication_id", "concept", "level", name="pk_publication_losses"),
    )


def downgrade() -> None:
    """Drop the tables; the shipped rule book is in force again."""
    op.drop_table("publication_losses")
    op.drop_index("uq_publications_live", "publications")
    op.drop_table("publications")
