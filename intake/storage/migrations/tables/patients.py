"""Patients: who they are, their drafts, what they sent, the archive of facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_patients() -> None:
    """Create the tables of who somebody is, sealed."""
    op.create_table(
        "subjects",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("identity", sa.LargeBinary()),
        sa.Column("master", sa.String(length=32)),
        sa.Column("data_key", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_subjects"),
    )
    op.create_table(
        "name_index",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_name_index_subject_id_subjects"),
        sa.PrimaryKeyConstraint("hash", "subject_id", name="pk_name_index"),
    )
    op.create_index("ix_name_index_subject_id", "name_index", ["subject_id"])


def create_drafts() -> None:
    """Create the tables of forms that are filled in, their trail and alarms."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.Column("texts", sa.LargeBinary()),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=16)),
        sa.Column("visit_id", sa.String(length=32)),
        sa.Column("intake_id", sa.String(length=32)),
        sa.Column("reference", sa.String(length=32)),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("earlier_id", sa.String(length=32)),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_drafts_subject_id_subjects"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_drafts_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("token_hash", name="uq_drafts_token_hash"),
    )
    op.create_index("ix_drafts_expires_at", "drafts", ["expires_at"])
    op.create_index("ix_drafts_version_started_at", "drafts", ["version", "started_at"])
    op.create_index("ix_drafts_subject_id", "drafts", ["subject_id"])
    op.create_index("ix_drafts_visit_id", "drafts", ["visit_id"])
    op.create_table(
        "trail",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("old", sa.JSON()),
        sa.Column("new", sa.JSON()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_trail_draft_id_drafts"),
        sa.PrimaryKeyConstraint("draft_id", "seq", name="pk_trail"),
    )
    op.create_table(
        "alerts",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("care", sa.LargeBinary()),
        sa.Column("shown_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawal_shown_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_alerts_draft_id_drafts"),
        sa.PrimaryKeyConstraint("draft_id", "rule", name="pk_alerts"),
    )
    op.create_index("ix_alerts_acknowledged_at", "alerts", ["acknowledged_at"])


def create_intakes() -> None:
    """Create the tables of what was sent."""
    op.create_table(
        "intakes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_at", sa.DateTime(timezone=True)),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("texts", sa.LargeBinary()),
        sa.Column("decision", sa.JSON()),
        sa.Column("rulebook_sha256", sa.String(length=64), nullable=False),
        sa.Column("rulebook_version", sa.String(length=32), nullable=False),
        sa.Column("label", sa.Integer()),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("needling", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("top", sa.JSON()),
        sa.Column("firing", sa.Integer(), nullable=False),
        sa.Column("asking", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("lineage", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("to_do", sa.String(length=80), nullable=False),
        sa.Column("held", sa.JSON()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("not_evaluated", sa.Boolean(), nullable=False),
        sa.Column("unread_words", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=40)),
        sa.Column("doer", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["doer"], ["staff.id"], name="fk_intakes_doer_staff"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_intakes_draft_id_drafts"),
        sa.ForeignKeyConstraint(["rulebook_sha256"], ["rulebooks.sha256"], name="fk_intakes_rulebook_sha256_rulebooks"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_intakes_subject_id_subjects"),
        sa.PrimaryKeyConstraint("id", name="pk_intakes"),
        sa.UniqueConstraint("draft_id", name="uq_intakes_draft_id"),
        sa.UniqueConstraint("reference", name="uq_intakes_reference"),
    )
    op.create_index("ix_intakes_archive", "intakes", ["newest", "rank", "due_at", "id"])
    op.create_index("ix_intakes_lineage", "intakes", ["lineage"])
    op.create_index("ix_intakes_to_do", "intakes", ["newest", "to_do"])
    op.create_index("ix_intakes_sent_at", "intakes", ["sent_at"])
    op.create_index("ix_intakes_queue", "intakes", ["newest", "open", "rank", "due_at", "id"])
    op.create_index("ix_intakes_subject_id", "intakes", ["subject_id"])
    op.create_index("ix_intakes_visit_at", "intakes", ["visit_at"])


def create_archive() -> None:
    """Create the tables of the facts of what was sent, in columns."""
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
