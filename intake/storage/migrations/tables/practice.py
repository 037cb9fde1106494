"""The practice: what is installed, who works here, rule books, decisions, messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

LIVE = sa.text("state = 'live'")
WAITS = sa.text("accepted_at IS NULL")


def create_installation() -> None:
    """Create the tables of what is installed: settings, rule books, vocabularies, the audit."""
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_installation"),
    )
    op.create_table(
        "rulebooks",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_rulebooks"),
    )
    op.create_table(
        "vocabularies",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_vocabularies"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_index("ix_audit_kind_object_id_seq", "audit", ["kind", "object_id", "seq"])
    op.create_table(
        "tallies",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_tallies"),
    )
    op.create_index("ix_tallies_last", "tallies", ["last"])


def create_staff() -> None:
    """Create the tables of who works here, and what they may do."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64)),
        sa.Column("tf_totp_secret", sa.String(length=255)),
        sa.Column("tf_phone_number", sa.String(length=128)),
        sa.Column("mf_recovery_codes", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("email", name="uq_staff_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_staff_fs_uniquifier"),
    )
    op.create_table(
        "roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("description", sa.String(length=255)),
        sa.Column("permissions", sa.Text()),
        sa.Column("update_datetime", sa.DateTime(), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("name", name="uq_roles_name"),
    )
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_staff_roles_role_id_roles", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_roles_staff_id_staff", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "role_id", name="pk_staff_roles"),
    )


def create_publications() -> None:
    """Create the tables of rule books on their way into force."""
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("drafted_by", sa.Integer()),
        sa.Column("base_sha256", sa.String(length=64)),
        sa.Column("report", sa.JSON()),
        sa.Column("read_by", sa.Integer()),
        sa.Column("approved_by", sa.Integer()),
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


def create_reviews() -> None:
    """Create the tables of decisions, and what closed them."""
    op.create_table(
        "reviews",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("intake_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("handled", sa.JSON(), nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.Column("doer", sa.Integer()),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_reviews_by_staff"),
        sa.ForeignKeyConstraint(["doer"], ["staff.id"], name="fk_reviews_doer_staff"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_reviews_intake_id_intakes"),
        sa.PrimaryKeyConstraint("intake_id", "intake_version", name="pk_reviews"),
    )
    op.create_index("ix_reviews_at", "reviews", ["at"])
    op.create_table(
        "taken_back",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name="fk_taken_back_intake_id_intakes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", "rule", name="pk_taken_back"),
    )
    op.create_table(
        "closings",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=90), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_closings_by_staff"),
        sa.ForeignKeyConstraint(
            ["intake_id"], ["intakes.id"], name="fk_closings_intake_id_intakes", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("intake_id", "item", name="pk_closings"),
    )


def create_outbox() -> None:
    """Create the tables of messages on their way out."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=32)),
        sa.Column("failure", sa.String(length=80)),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("master", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.LargeBinary()),
        sa.Column("payload", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "urgent", "due_at"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
