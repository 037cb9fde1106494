"""The columnar form of sent intakes, which replay reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; intakes sent before are added by the first replay."""
    op.create_table(
        "archive_rows",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("layout", sa.String(length=16), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name="fk_archive_rows_intake_id_intakes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", name="pk_archive_rows"),
    )
    op.create_index("ix_archive_rows_layout", "archive_rows", ["layout"])
    op.create_table(
        "archive_blocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("intake_ids", sa.Text(), nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_archive_blocks"),
    )


def downgrade() -> None:
    """Drop the tables; the intakes stay."""
    op.drop_table("archive_blocks")
    op.drop_table("archive_rows")
