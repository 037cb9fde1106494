"""Visits, and the ways to a form: tablets, invitations, keys, links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_visits() -> None:
    """Create the tables of visits, who is one person, day lists."""
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


def create_devices() -> None:
    """Create the tables of tablets, and who sits at them."""
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


def create_invitations() -> None:
    """Create the tables of invitations and their tokens."""
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


def create_ways_to_drafts() -> None:
    """Create the tables of keys to drafts, codes, corrections."""
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


def create_links() -> None:
    """Create the tables of links to what comes after the form."""
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
