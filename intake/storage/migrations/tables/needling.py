"""Before and after the needles: consent, treatment, what is asked back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_treatments() -> None:
    """Create the tables of what was done, check-ins, adverse events."""
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


def create_consents() -> None:
    """Create the tables of plans and consents."""
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
        sa.Column("placed_at", sa.DateTime(timezone=True)),
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


def create_replies() -> None:
    """Create the tables of what is asked back, and what staff enter."""
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
