"""Every table. The database itself refuses to rewrite the audit and the trail: a fault in the program cannot either.

The trail may still be forgotten (retention, erasure); the audit may not.
"""

from __future__ import annotations

from alembic import op

from intake.storage.migrations.tables import needling, patients, practice, visits

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


def upgrade() -> None:
    """Create every table, the referred ones first, then the triggers."""
    practice.create_installation()
    practice.create_staff()
    practice.create_publications()
    patients.create_patients()
    visits.create_visits()
    patients.create_drafts()
    patients.create_intakes()
    patients.create_archive()
    practice.create_reviews()
    practice.create_outbox()
    visits.create_devices()
    visits.create_invitations()
    visits.create_ways_to_drafts()
    visits.create_links()
    needling.create_treatments()
    needling.create_consents()
    needling.create_replies()
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
