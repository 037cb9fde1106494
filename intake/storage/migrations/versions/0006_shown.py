"""Drafts remember which questions they showed under which vocabulary; the vocabularies of earlier rule books are kept.

What a draft showed before was not recorded: it counts as shown under the oldest vocabulary that is known.
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table and the column."""
    op.create_table(
        "vocabularies",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("first_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_vocabularies"),
    )
    op.add_column("drafts", sa.Column("shown", sa.JSON(), nullable=False, server_default="{}"))
    _keep(op.get_bind())


def downgrade() -> None:
    """Drop both."""
    op.drop_column("drafts", "shown")
    op.drop_table("vocabularies")


def _keep(connection: sa.Connection) -> None:
    books = sa.table("rulebooks", sa.column("content", sa.Text), sa.column("first_used_at", MOMENT))
    vocabularies = sa.table(
        "vocabularies", sa.column("sha256"), sa.column("content"), sa.column("first_used_at", MOMENT)
    )
    known = set()
    for row in connection.execute(sa.select(books).order_by(books.c.first_used_at)):
        text = json.loads(row.content).get("facts", "")
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if text and sha256 not in known:
            known.add(sha256)
            values = {"sha256": sha256, "content": text, "first_used_at": row.first_used_at}
            connection.execute(sa.insert(vocabularies).values(values))
