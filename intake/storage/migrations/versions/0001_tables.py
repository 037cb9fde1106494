"""Every table. The database itself refuses to rewrite the audit and the trail: a fault in the program cannot either.

The trail may still be forgotten (retention, erasure); the audit may not.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "installation",
    "rulebooks",
    "vocabularies",
    "audit",
    "tallies",
    "staff",
    "roles",
    "staff_roles",
    "publications",
    "publication_losses",
    "subjects",
    "name_index",
    "visits",
    "matches",
    "day_lists",
    "drafts",
    "trail",
    "alerts",
    "intakes",
    "firings",
    "archive_rows",
    "archive_blocks",
    "reviews",
    "taken_back",
    "closings",
    "outbox",
    "devices",
    "sittings",
    "invitations",
    "invitation_tokens",
    "draft_keys",
    "handovers",
    "corrections",
    "day_answers",
    "stops",
    "links",
    "link_keys",
    "asks",
    "reported",
    "treatments",
    "check_ins",
    "adverse_events",
    "plans",
    "consents",
)
APPEND_ONLY = (
    ("audit", "UPDATE"),
    ("audit", "DELETE"),
    ("trail", "UPDATE"),
    ("treatments", "UPDATE"),
    ("adverse_events", "UPDATE"),
)
LIVE = sa.text("state = 'live'")
WAITS = sa.text("accepted_at IS NULL")


def upgrade() -> None:
    """Create every table, the referred ones first, then the triggers."""
    _create_installation()
    _create_staff()
    _create_publications()
    _create_patients()
    _create_visits()
    _create_drafts()
    _create_intakes()
    _create_archive()
    _create_reviews()
    _create_outbox()
    _create_devices()
    _create_invitations()
    _create_ways_to_drafts()
    _create_links()
    _create_treatments()
    _create_consents()
    _create_replies()
    if op.get_bind().dialect.name == "postgresql":
        _refuse_in_postgresql()
    else:
        _refuse_in_sqlite()


def downgrade() -> None:
    """Drop every table, the referring ones first; its triggers go with it."""
    for name in reversed(TABLES):
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_rewriting()")


def _create_installation() -> None:
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


def _create_staff() -> None:
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


def _create_publications() -> None:
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


def _create_patients() -> None:
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


def _create_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("practitioner", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True)),
        sa.Column("speak_first", sa.Integer()),
        sa.Column("source_key", sa.String(length=64)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["speak_first"], ["staff.id"], name="fk_visits_speak_first_staff"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_visits_subject_id_subjects"),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index("ix_visits_starts_at", "visits", ["starts_at", "id"])
    op.create_index("ix_visits_subject_id", "visits", ["subject_id"])
    op.create_index("ix_visits_source_key", "visits", ["source_key"])
    op.create_table(
        "matches",
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("other_id", sa.String(length=64), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("by", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_matches_by_staff"),
        sa.ForeignKeyConstraint(["other_id"], ["subjects.id"], name="fk_matches_other_id_subjects"),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name="fk_matches_subject_id_subjects"),
        sa.PrimaryKeyConstraint("subject_id", "other_id", name="pk_matches"),
    )
    op.create_index("ix_matches_at", "matches", ["at"])
    op.create_index("ix_matches_other_id", "matches", ["other_id"])
    op.create_table(
        "day_lists",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("master", sa.String(length=32), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_day_lists_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_day_lists"),
    )
    op.create_index("ix_day_lists_at", "day_lists", ["at"])


def _create_drafts() -> None:
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


def _create_intakes() -> None:
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
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
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
    op.create_index("ix_intakes_archive", "intakes", ["rank", "due_at", "id"])
    op.create_index("ix_intakes_sent_at", "intakes", ["sent_at"])
    op.create_index("ix_intakes_queue", "intakes", ["open", "rank", "due_at", "id"])
    op.create_index("ix_intakes_subject_id", "intakes", ["subject_id"])
    op.create_index("ix_intakes_visit_at", "intakes", ["visit_at"])


def _create_archive() -> None:
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


def _create_reviews() -> None:
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


def _create_outbox() -> None:
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


def _create_devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_hash", sa.String(length=64)),
        sa.Column("code_until", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64)),
        sa.Column("enrolled_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("called_at", sa.DateTime(timezone=True)),
        sa.Column("called_for", sa.String(length=8)),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name="fk_devices_added_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("key_hash", name="uq_devices_key_hash"),
    )
    op.create_table(
        "sittings",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.LargeBinary()),
        sa.Column("helper", sa.String(length=12), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_at", sa.DateTime(timezone=True)),
        sa.Column("meant_visit", sa.String(length=32)),
        sa.Column("unclear_at", sa.DateTime(timezone=True)),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("day_only", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_sittings_draft_id_drafts", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_sittings_device_id_devices"),
        sa.ForeignKeyConstraint(
            ["meant_visit"], ["visits.id"], name="fk_sittings_meant_visit_visits", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("draft_id", name="pk_sittings"),
    )
    op.create_index("ix_sittings_device_id", "sittings", ["device_id", "state"])
    op.create_index("ix_sittings_unclear_at", "sittings", ["unclear_at"])


def _create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("spent_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_invitations_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
    )
    op.create_index("ix_invitations_remind_at", "invitations", ["remind_at"])
    op.create_index("ix_invitations_visit_id", "invitations", ["visit_id", "made_at"])
    op.create_table(
        "invitation_tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("invitation_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name="fk_invitation_tokens_invitation_id_invitations",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_invitation_tokens"),
    )
    op.create_index("ix_invitation_tokens_invitation_id", "invitation_tokens", ["invitation_id"])


def _create_ways_to_drafts() -> None:
    op.create_table(
        "draft_keys",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("invitation_id", sa.String(length=32)),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_draft_keys_draft_id_drafts"),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name="fk_draft_keys_invitation_id_invitations"),
        sa.PrimaryKeyConstraint("hash", name="pk_draft_keys"),
    )
    op.create_index("ix_draft_keys_draft_id", "draft_keys", ["draft_id"])
    op.create_table(
        "handovers",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_handovers_draft_id_drafts"),
        sa.PrimaryKeyConstraint("draft_id", name="pk_handovers"),
        sa.UniqueConstraint("code_hash", name="uq_handovers_code_hash"),
    )
    op.create_table(
        "corrections",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_corrections_draft_id_drafts"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_corrections_intake_id_intakes"),
        sa.PrimaryKeyConstraint("draft_id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_intake_id", "corrections", ["intake_id"])
    op.create_table(
        "day_answers",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True)),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_day_answers_draft_id_drafts", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draft_id", "question", name="pk_day_answers"),
    )
    op.create_table(
        "stops",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "way", "page", name="pk_stops"),
    )


def _create_links() -> None:
    op.create_table(
        "links",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.String(length=32)),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_links_intake_id_intakes"),
        sa.PrimaryKeyConstraint("hash", name="pk_links"),
    )
    op.create_index("ix_links_expires_at", "links", ["expires_at"])
    op.create_index("ix_links_intake_id", "links", ["intake_id"])
    op.create_index("ix_links_object", "links", ["purpose", "object_id", "made_at"])
    op.create_table(
        "link_keys",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link"], ["links.hash"], name="fk_link_keys_link_links", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_link_keys"),
    )
    op.create_index("ix_link_keys_link", "link_keys", ["link"])


def _create_treatments() -> None:
    op.create_table(
        "treatments",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("needled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("needles_in", sa.Integer(), nullable=False),
        sa.Column("needles_out", sa.Integer(), nullable=False),
        sa.Column("stimulation", sa.Boolean(), nullable=False),
        sa.Column("reactions", sa.JSON(), nullable=False),
        sa.Column("next_visit", sa.String(length=10)),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_treatments_by_staff"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_treatments_intake_id_intakes"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_treatments_visit_id_visits"),
        sa.PrimaryKeyConstraint("visit_id", "version", name="pk_treatments"),
    )
    op.create_index("ix_treatments_intake_id", "treatments", ["intake_id"])
    op.create_table(
        "check_ins",
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("needled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("given_up_at", sa.DateTime(timezone=True)),
        sa.Column("draft_id", sa.String(length=64)),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_check_ins_draft_id_drafts"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_check_ins_intake_id_intakes"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_check_ins_visit_id_visits"),
        sa.PrimaryKeyConstraint("visit_id", name="pk_check_ins"),
        sa.UniqueConstraint("draft_id", name="uq_check_ins_draft_id"),
    )
    op.create_index("ix_check_ins_due_at", "check_ins", ["asked_at", "due_at"])
    op.create_table(
        "adverse_events",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("visit_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("concept", sa.String(length=80)),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("words", sa.LargeBinary()),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_adverse_events_by_staff"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_adverse_events_intake_id_intakes"),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name="fk_adverse_events_visit_id_visits"),
        sa.PrimaryKeyConstraint("id", name="pk_adverse_events"),
    )
    op.create_index("ix_adverse_events_intake_id", "adverse_events", ["intake_id"])


def _create_consents() -> None:
    op.create_table(
        "plans",
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("stimulation", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_plans_by_staff"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_plans_intake_id_intakes"),
        sa.PrimaryKeyConstraint("intake_id", "version", name="pk_plans"),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("plan_intake", sa.String(length=32), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("text_version", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.LargeBinary(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=8), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        sa.Column("signature", sa.LargeBinary()),
        sa.Column("countersigned_at", sa.DateTime(timezone=True)),
        sa.Column("countersigned_by", sa.Integer()),
        sa.Column("countersignature", sa.LargeBinary()),
        sa.Column("copy", sa.String(length=8)),
        sa.Column("document", sa.LargeBinary()),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("withdrawn_by", sa.String(length=80)),
        sa.Column("device_id", sa.String(length=32)),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.LargeBinary()),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["countersigned_by"], ["staff.id"], name="fk_consents_countersigned_by_staff"),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name="fk_consents_device_id_devices"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_consents_intake_id_intakes"),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name="fk_consents_made_by_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index("ix_consents_device_id", "consents", ["device_id"])
    op.create_index("ix_consents_intake_id", "consents", ["intake_id"])


def _create_replies() -> None:
    op.create_table(
        "asks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("intake_id", sa.String(length=32), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.String(length=32)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["answer_id"], ["intakes.id"], name="fk_asks_answer_id_intakes"),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_asks_by_staff"),
        sa.ForeignKeyConstraint(["intake_id"], ["intakes.id"], name="fk_asks_intake_id_intakes"),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
    )
    op.create_index("ix_asks_intake_id", "asks", ["intake_id"])
    op.create_table(
        "reported",
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("own", sa.JSON()),
        sa.Column("answer", sa.JSON()),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name="fk_reported_by_staff"),
        sa.ForeignKeyConstraint(["draft_id"], ["drafts.id"], name="fk_reported_draft_id_drafts"),
        sa.PrimaryKeyConstraint("draft_id", "key", "at", name="pk_reported"),
    )


def _refuse_in_sqlite() -> None:
    for table, verb in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table, verb in (*APPEND_ONLY, ("audit", "TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        )
