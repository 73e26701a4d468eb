"""the first data model

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index("ix_access_log_at", ["at"], unique=False)
        batch_op.create_index("ix_access_log_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "admin_chain",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_chain")),
    )
    op.create_table(
        "admin_record",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_account_id", sa.Uuid(), nullable=True),
        sa.Column("actor_person_id", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_admin_record")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("OFF", "WORK", name="daykind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", "version", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "case_record",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_account_id", sa.Uuid(), nullable=True),
        sa.Column("actor_person_id", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_case_record")),
        sa.UniqueConstraint("event_id", name=op.f("uq_case_record_event_id")),
    )
    op.create_table(
        "content",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "TEXT",
                "BLOCKS",
                "COMMAND",
                "FILE",
                name="contentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expunged_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text IS NULL OR data IS NULL", name=op.f("ck_content_one_form")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("case_seq", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_person_id", sa.Uuid(), nullable=True),
        sa.Column("act_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_set_id", sa.Uuid(), nullable=True),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("position", name=op.f("uq_event_position")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_case", ["case_id", "case_seq"], unique=False)
        batch_op.create_index("ix_event_recorded", ["recorded_at"], unique=False)
        batch_op.create_index(
            "ix_event_without_place",
            ["case_id", "case_seq"],
            unique=False,
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )

    op.create_table(
        "idempotency_key",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("input_digest", sa.String(length=64), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_act_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "mutation", "key", name=op.f("pk_idempotency_key")),
    )
    op.create_table(
        "number_series",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "year", "classification", "restricted", name=op.f("pk_number_series")),
    )
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["next_at"],
            unique=False,
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "system",
            sa.Enum(
                "GOVERNMENT",
                "PARTY",
                "NPC",
                "CPPCC",
                name="leadersystem",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("chief", sa.Boolean(), nullable=False),
        sa.Column("portfolio", sa.String(length=120), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_set")),
        sa.UniqueConstraint("digest", name=op.f("uq_rule_set_digest")),
    )
    op.create_table(
        "search_token",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token", "case_id", "field", name=op.f("pk_search_token")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.create_index("ix_search_token_case", ["case_id", "field"], unique=False)

    op.create_table(
        "sweep_state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_count", sa.Integer(), nullable=True),
        sa.Column("last_error_code", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweep_state")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "GOVERNMENT",
                "SUPERVISION_OFFICE",
                "TOWN",
                "SUBDISTRICT",
                "DEPARTMENT",
                "ENTERPRISE",
                "INSTITUTION",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "subordination",
            sa.Enum(
                "DISTRICT",
                "DUAL",
                "VERTICAL",
                "PARTY",
                "OTHER_LEVEL",
                "ENTERPRISE",
                name="subordination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_table(
        "unit_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_group")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_group_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "PERSON",
                "SERVICE",
                "OPERATOR",
                name="accountkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "SLOT",
                "COMPLETION",
                "CONTRIBUTION",
                "URGE_RESPONSE",
                "ACKNOWLEDGEMENT",
                "TALK",
                "CONSULTATION",
                "RECTIFICATION",
                "CIRCULAR_ACKNOWLEDGEMENT",
                "REGISTRATION",
                "DISPATCH",
                "REVIEW",
                "EXPLANATION",
                "EXTENSION",
                "REASSIGNMENT",
                "ORAL_CONFIRMATION",
                "CLOSING",
                "ANALYSIS",
                "ARCHIVING",
                "EXPUNGING_REPORT",
                "DECISION",
                "READING",
                "CONCLUSION_REVIEW",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "REMIND",
                "URGE",
                "TALK",
                "NOTICE",
                "LAPSE",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column(
            "day_count",
            sa.Enum(
                "CALENDAR",
                "WORKING",
                "CALENDAR_ROLL",
                name="daycount",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fire_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "TIER",
                "NOTICE",
                "LEADER",
                "SUPERIOR",
                "PLAN",
                "OFFICE",
                name="datesource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule_set_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_version", sa.String(length=16), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PENDING",
                "FIRED",
                "CANCELLED",
                "SUPERSEDED",
                name="deadlinestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_deadline_rule_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "stage",
            "generation",
            name=op.f("uq_deadline_subject_kind_subject_id_stage_generation"),
        ),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deadline_case",
            ["case_id", "fire_at"],
            unique=False,
            postgresql_where=sa.text("state = 'PENDING'"),
            sqlite_where=sa.text("state = 'PENDING'"),
        )
        batch_op.create_index(
            "ix_deadline_fire",
            ["fire_at"],
            unique=False,
            postgresql_where=sa.text("state = 'PENDING'"),
            sqlite_where=sa.text("state = 'PENDING'"),
        )
        batch_op.create_index(
            "ix_deadline_provisional",
            ["case_id"],
            unique=False,
            postgresql_where=sa.text("state = 'PENDING' AND provisional"),
            sqlite_where=sa.text("state = 'PENDING' AND provisional"),
        )
        batch_op.create_index(
            "uq_deadline_pending",
            ["subject_kind", "subject_id", "stage"],
            unique=True,
            postgresql_where=sa.text("state = 'PENDING'"),
            sqlite_where=sa.text("state = 'PENDING'"),
        )

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SUPERVISION_NOTICE",
                "OFFICE_DOCUMENT",
                "AMENDMENT_NOTICE",
                "URGING_NOTICE",
                "TALK_NOTICE",
                "CONCLUSION",
                "CIRCULAR",
                name="documentkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "SIGNED",
                "ISSUED",
                "WITHDRAWN",
                "SUPERSEDED",
                name="documentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=200), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason_id", sa.Uuid(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["content.id"], name=op.f("fk_document_body_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["document.id"], name=op.f("fk_document_supersedes_id")),
        sa.ForeignKeyConstraint(["title_id"], ["content.id"], name=op.f("fk_document_title_id")),
        sa.ForeignKeyConstraint(["withdrawn_reason_id"], ["content.id"], name=op.f("fk_document_withdrawn_reason_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("number", name=op.f("uq_document_number")),
    )
    op.create_table(
        "person_clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "NOT pending OR approved_by IS NULL", name=op.f("ck_person_clearance_pending_is_not_approved")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> granted_by", name=op.f("ck_person_clearance_two_persons")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> person_id", name=op.f("ck_person_clearance_not_approved_by_oneself")
        ),
        sa.CheckConstraint(
            "granted_by IS NULL OR granted_by <> person_id", name=op.f("ck_person_clearance_not_to_oneself")
        ),
        sa.CheckConstraint(
            "pending OR granted_by IS NULL OR approved_by IS NOT NULL",
            name=op.f("ck_person_clearance_approved_unless_pending"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_person_clearance_approved_by")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_person_clearance_granted_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_clearance_person_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_person_clearance_reason_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_person_clearance_revoked_by")),
        sa.ForeignKeyConstraint(
            ["revoked_reason_id"], ["content.id"], name=op.f("fk_person_clearance_revoked_reason_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_clearance")),
    )
    with op.batch_alter_table("person_clearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_clearance_person_id"), ["person_id"], unique=False)

    op.create_table(
        "policy_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rows", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "PROPOSED",
                "ACTIVE",
                "RETIRED",
                name="policystatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> author_id", name=op.f("ck_policy_version_two_persons")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_policy_version_reason_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_policy_version")),
    )
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_policy_version_active",
            ["status"],
            unique=True,
            postgresql_where=sa.text("status = 'ACTIVE'"),
            sqlite_where=sa.text("status = 'ACTIVE'"),
        )

    op.create_table(
        "post_holding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.String(length=120), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "HEAD",
                "ACTING",
                "IN_CHARGE",
                "AUTHORISED",
                "MEMBER",
                name="postcapacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_holding_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_holding_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_holding")),
    )
    with op.batch_alter_table("post_holding", schema=None) as batch_op:
        batch_op.create_index("ix_post_holding_person", ["person_id"], unique=False)
        batch_op.create_index("ix_post_holding_unit", ["unit_id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "INSTRUCTED_DOCUMENT",
                "DOCUMENT",
                "MEETING",
                "PETITION",
                "SUPERIOR_LIST",
                "OTHER",
                name="sourcekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("issuing_body", sa.String(length=200), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("superior_number", sa.String(length=80), nullable=True),
        sa.Column("superior_due_on", sa.Date(), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["title_id"], ["content.id"], name=op.f("fk_source_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_table(
        "supervision_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_number", sa.String(length=80), nullable=True),
        sa.Column("register_year", sa.Integer(), nullable=True),
        sa.Column("register_seq", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "CONSULTING",
                "PENDING_DECISION",
                "APPROVED",
                "DISPATCHED",
                "CLOSING",
                "CLOSED",
                "ARCHIVED",
                "SUSPENDED",
                "CANCELLED",
                "MERGED",
                "DECLINED",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "matter_type",
            sa.Enum(
                "INSPECTION_TASK",
                "LEADER_INSTRUCTION",
                "MAJOR_DECISION",
                "IMPORTANT_DOCUMENT",
                "MEETING_DECISION",
                "OTHER",
                name="mattertype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "procedure",
            sa.Enum("A", "B", name="procedure", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "inspection_kind",
            sa.Enum(
                "COMPREHENSIVE",
                "SPECIAL_INSPECTION",
                "INCIDENT_INVESTIGATION",
                "DAILY_SUPERVISION",
                "CLUE_VERIFICATION",
                name="inspectionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_id", sa.Uuid(), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column(
            "handling",
            sa.Enum("SOLE", "JOINT", "SEPARATE", name="handling", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "tier",
            sa.Enum(
                "URGENT",
                "GENERAL",
                "COMPLEX",
                "LEADER_SPECIFIED",
                name="timelimittier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("report_due_time", sa.Time(), nullable=True),
        sa.Column("completion_due_on", sa.Date(), nullable=True),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("yellow_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_fire_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_digest", sa.String(length=64), nullable=True),
        sa.Column("plan_item_digest", sa.String(length=64), nullable=True),
        sa.Column("item_no", sa.String(length=20), nullable=True),
        sa.Column("original_words_id", sa.Uuid(), nullable=True),
        sa.Column("rule_set_id", sa.Uuid(), nullable=False),
        sa.Column("record_seq", sa.Integer(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_supervision_case_leader_id")),
        sa.ForeignKeyConstraint(
            ["original_words_id"], ["content.id"], name=op.f("fk_supervision_case_original_words_id")
        ),
        sa.ForeignKeyConstraint(["registered_by"], ["person.id"], name=op.f("fk_supervision_case_registered_by")),
        sa.ForeignKeyConstraint(["requirement_id"], ["content.id"], name=op.f("fk_supervision_case_requirement_id")),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name=op.f("fk_supervision_case_rule_set_id")),
        sa.ForeignKeyConstraint(["title_id"], ["content.id"], name=op.f("fk_supervision_case_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_case")),
        sa.UniqueConstraint("register_number", name=op.f("uq_supervision_case_register_number")),
    )
    with op.batch_alter_table("supervision_case", schema=None) as batch_op:
        batch_op.create_index("ix_case_created", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_case_due", ["due_at", "id"], unique=False)
        batch_op.create_index(
            "ix_case_fire", ["next_fire_at", "id"], unique=False, postgresql_where=sa.text("next_fire_at IS NOT NULL")
        )
        batch_op.create_index("ix_case_number", ["register_year", "register_seq", "id"], unique=False)
        batch_op.create_index("ix_case_status_due", ["status", "due_at", "id"], unique=False)
        batch_op.create_index("ix_case_updated", ["updated_at", "id"], unique=False)
        batch_op.create_index(
            "uq_case_plan_item",
            ["plan_digest", "plan_item_digest"],
            unique=True,
            postgresql_where=sa.text("plan_digest IS NOT NULL"),
            sqlite_where=sa.text("plan_digest IS NOT NULL"),
        )

    op.create_table(
        "todo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "PROPOSE",
                "DECIDE",
                "DISPATCH",
                "ACKNOWLEDGE",
                "REPORT",
                "COMPLETION",
                "REWORK",
                "CONTRIBUTE",
                "REVIEW_REPORT",
                "ANSWER_EXPLANATION",
                "DECIDE_EXTENSION",
                "RESPOND_TO_URGING",
                "ISSUE_TALK_NOTICE",
                "HOLD_TALK",
                "ISSUE_CONCLUSION",
                "APPROVE_CIRCULAR",
                "REVISE_CIRCULAR",
                "PUBLISH_CIRCULAR",
                "ACKNOWLEDGE_CIRCULAR",
                "READ_RESULT",
                "CLOSE",
                "CONFIRM_CLOSING",
                "CHECK_RECORDED_ACT",
                "CONFIRM_IN_WRITING",
                name="todoaction",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR person_id IS NOT NULL OR role IS NOT NULL", name=op.f("ck_todo_somebody")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_todo_closed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_todo_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_todo_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo")),
    )
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.create_index("ix_todo_case", ["case_id"], unique=False)
        batch_op.create_index(
            "ix_todo_person",
            ["person_id", "due_at"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_todo_role",
            ["role", "due_at"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_todo_unit",
            ["unit_id", "due_at"],
            unique=False,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "uq_todo_open",
            ["subject_kind", "subject_id", "action"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "unit_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "HANDLER",
                "LIAISON",
                "DUTY",
                "SEAL_KEEPER",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_contact_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_contact_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_contact")),
    )
    with op.batch_alter_table("unit_contact", schema=None) as batch_op:
        batch_op.create_index(
            "uq_unit_contact",
            ["unit_id", "person_id", "kind"],
            unique=True,
            postgresql_where=sa.text("removed_at IS NULL"),
            sqlite_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "unit_group_member",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["unit_group.id"], name=op.f("fk_unit_group_member_group_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_group_member_unit_id")),
        sa.PrimaryKeyConstraint("group_id", "unit_id", name=op.f("pk_unit_group_member")),
    )
    op.create_table(
        "unit_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_name_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_name")),
    )
    with op.batch_alter_table("unit_name", schema=None) as batch_op:
        batch_op.create_index("ix_unit_name_name", ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_name_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.String(length=120), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["from_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_from_unit_id")),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_to_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_succession")),
        sa.UniqueConstraint("from_unit_id", "to_unit_id", name=op.f("uq_unit_succession_from_unit_id_to_unit_id")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "LEAD",
                "PRINCIPAL",
                "SUPPORTING",
                name="assignmentrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("via_group_id", sa.Uuid(), nullable=True),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ISSUED",
                "ACKNOWLEDGED",
                "COMPLETED",
                "ENDED",
                name="assignmentstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "ended_reason",
            sa.Enum(
                "REASSIGNED",
                "WITHDRAWN",
                "CASE_ENDED",
                name="endedreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("responsible_id", sa.Uuid(), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("yellow_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completion_due_on", sa.Date(), nullable=True),
        sa.Column("completion_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completion_yellow_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("original_completion_due_on", sa.Date(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_on_time", sa.Boolean(), nullable=True),
        sa.Column("in_review", sa.Boolean(), nullable=False),
        sa.Column("returned_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_assignment_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_assignment_document_id")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_assignment_handler_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["person.id"], name=op.f("fk_assignment_responsible_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.ForeignKeyConstraint(["via_group_id"], ["unit_group.id"], name=op.f("fk_assignment_via_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("case_id", "unit_id", "round", name=op.f("uq_assignment_case_id_unit_id_round")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_unit_due", ["unit_id", "due_at", "id"], unique=False)

    op.create_table(
        "case_link",
        sa.Column("from_case_id", sa.Uuid(), nullable=False),
        sa.Column("to_case_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SAME_MATTER",
                "MERGED_INTO",
                "SPLIT_FROM",
                "REOPENS",
                "DERIVED_FROM",
                "DUPLICATE_OF",
                "SUGGESTED_BY",
                name="caselinkkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["from_case_id"], ["supervision_case.id"], name=op.f("fk_case_link_from_case_id")),
        sa.ForeignKeyConstraint(["to_case_id"], ["supervision_case.id"], name=op.f("fk_case_link_to_case_id")),
        sa.PrimaryKeyConstraint("from_case_id", "to_case_id", "kind", name=op.f("pk_case_link")),
    )
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_to_case_id"), ["to_case_id"], unique=False)

    op.create_table(
        "case_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("principal", sa.Boolean(), nullable=False),
        sa.Column("supporting", sa.Boolean(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("proposer", sa.Boolean(), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=False),
        sa.Column("recused", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "REGISTERED",
                "CONSULTING",
                "PENDING_DECISION",
                "APPROVED",
                "DISPATCHED",
                "CLOSING",
                "CLOSED",
                "ARCHIVED",
                "SUSPENDED",
                "CANCELLED",
                "MERGED",
                "DECLINED",
                name="casestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("red_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_case_participant_one_participant")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_case_participant_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_participant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_participant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_participant")),
    )
    with op.batch_alter_table("case_participant", schema=None) as batch_op:
        batch_op.create_index("ix_case_participant_case", ["case_id"], unique=False)
        batch_op.create_index("ix_case_participant_person_due", ["person_id", "due_at", "case_id"], unique=False)
        batch_op.create_index(
            "ix_case_participant_recused",
            ["person_id", "case_id"],
            unique=False,
            postgresql_where=sa.text("recused"),
            sqlite_where=sa.text("recused = 1"),
        )
        batch_op.create_index(
            "ix_case_participant_restricted_person",
            ["person_id", "case_id"],
            unique=False,
            postgresql_where=sa.text("restricted"),
            sqlite_where=sa.text("restricted = 1"),
        )
        batch_op.create_index(
            "ix_case_participant_restricted_unit",
            ["unit_id", "case_id"],
            unique=False,
            postgresql_where=sa.text("restricted"),
            sqlite_where=sa.text("restricted = 1"),
        )
        batch_op.create_index("ix_case_participant_unit_due", ["unit_id", "due_at", "case_id"], unique=False)
        batch_op.create_index(
            "uq_case_participant_person",
            ["case_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("person_id IS NOT NULL"),
            sqlite_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_case_participant_unit",
            ["case_id", "unit_id"],
            unique=True,
            postgresql_where=sa.text("unit_id IS NOT NULL"),
            sqlite_where=sa.text("unit_id IS NOT NULL"),
        )

    op.create_table(
        "case_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(unit_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_case_access_one_member")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_case_access_case_id")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_case_access_granted_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_access_person_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_case_access_revoked_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_access_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_access")),
    )
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.create_index("ix_case_access_case", ["case_id"], unique=False)
        batch_op.create_index(
            "uq_case_access_person",
            ["case_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("person_id IS NOT NULL AND revoked_at IS NULL"),
            sqlite_where=sa.text("person_id IS NOT NULL AND revoked_at IS NULL"),
        )
        batch_op.create_index(
            "uq_case_access_unit",
            ["case_id", "unit_id"],
            unique=True,
            postgresql_where=sa.text("unit_id IS NOT NULL AND revoked_at IS NULL"),
            sqlite_where=sa.text("unit_id IS NOT NULL AND revoked_at IS NULL"),
        )

    op.create_table(
        "recusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_recusal_case_id")),
        sa.ForeignKeyConstraint(["declared_by"], ["person.id"], name=op.f("fk_recusal_declared_by")),
        sa.ForeignKeyConstraint(["lift_reason_id"], ["content.id"], name=op.f("fk_recusal_lift_reason_id")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_recusal_lifted_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_recusal_reason_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.create_index("ix_recusal_case", ["case_id"], unique=False)
        batch_op.create_index(
            "uq_recusal_person",
            ["case_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("lifted_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "case_source",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_case_source_case_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_case_source_source_id")),
        sa.PrimaryKeyConstraint("case_id", "source_id", name=op.f("pk_case_source")),
    )
    with op.batch_alter_table("case_source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_source_source_id"), ["source_id"], unique=False)

    op.create_table(
        "document_recipient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum("MAIN", "CC", name="recipientcapacity", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum("SYSTEM", "PAPER", name="deliverychannel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_document_recipient_one_recipient")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_recipient_document_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_recipient")),
    )
    with op.batch_alter_table("document_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_document_recipient_document", ["document_id"], unique=False)
        batch_op.create_index("ix_document_recipient_unit", ["unit_id"], unique=False)

    op.create_table(
        "document_subject",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_subject_document_id")),
        sa.PrimaryKeyConstraint("document_id", "case_id", name=op.f("pk_document_subject")),
    )
    with op.batch_alter_table("document_subject", schema=None) as batch_op:
        batch_op.create_index("ix_document_subject_case", ["case_id"], unique=False)

    op.create_table(
        "instruction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("words_id", sa.Uuid(), nullable=False),
        sa.Column("excerpt_id", sa.Uuid(), nullable=True),
        sa.Column(
            "disclosure",
            sa.Enum("FULL", "EXCERPT", "NONE", name="disclosure", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_instruction_case_id")),
        sa.ForeignKeyConstraint(["excerpt_id"], ["content.id"], name=op.f("fk_instruction_excerpt_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_instruction_leader_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_instruction_source_id")),
        sa.ForeignKeyConstraint(["words_id"], ["content.id"], name=op.f("fk_instruction_words_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index("ix_instruction_case", ["case_id"], unique=False)

    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_notification_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notification_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notification_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notification_dedupe_key")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_person", ["person_id", "created_at"], unique=False)

    op.create_table(
        "password_renewal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PENDING",
                "APPROVED",
                "WITHDRAWN",
                name="renewalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'APPROVED') = (approved_by IS NOT NULL)", name=op.f("ck_password_renewal_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "(state = 'PENDING') = (password_hash IS NOT NULL)", name=op.f("ck_password_renewal_kept_while_pending")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> person_id", name=op.f("ck_password_renewal_not_approved_by_oneself")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_password_renewal_two_persons")
        ),
        sa.CheckConstraint("proposed_by <> person_id", name=op.f("ck_password_renewal_not_for_oneself")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_password_renewal_account_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_password_renewal_approved_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_renewal_person_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_password_renewal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_renewal")),
    )
    with op.batch_alter_table("password_renewal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_password_renewal_account_id"), ["account_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "anyone",
                "supervision_officer",
                "supervision_head",
                "permission_admin",
                "office_leader",
                "district_leader",
                "district_head",
                "unit_head",
                "unit_deputy",
                "unit_handler",
                "seal_keeper",
                "service",
                "machine",
                "system_admin",
                "security_admin",
                "security_auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("lent_from", sa.Uuid(), nullable=True),
        sa.Column("actions", sa.String(length=400), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "pending OR granted_by IS NULL OR approved_by IS NOT NULL OR lent_from IS NOT NULL OR role NOT IN ('district_head', 'district_leader', 'office_leader', 'permission_admin', 'security_admin', 'security_auditor', 'system_admin')",
            name=op.f("ck_role_grant_approved_where_it_must_be"),
        ),
        sa.CheckConstraint(
            "(case_id IS NULL) = (lent_from IS NULL) AND (case_id IS NULL) = (actions IS NULL) AND "
            "(case_id IS NULL OR valid_until IS NOT NULL)",
            name=op.f("ck_role_grant_lent_for_one_case_until_a_day"),
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_role_grant_one_holder")),
        sa.CheckConstraint("NOT pending OR approved_by IS NULL", name=op.f("ck_role_grant_pending_is_not_approved")),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> granted_by", name=op.f("ck_role_grant_two_persons")),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> person_id", name=op.f("ck_role_grant_not_approved_by_oneself")
        ),
        sa.CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name=op.f("ck_role_grant_not_to_oneself")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_role_grant_approved_by")),
        sa.ForeignKeyConstraint(["granted_by"], ["person.id"], name=op.f("fk_role_grant_granted_by")),
        sa.ForeignKeyConstraint(["lent_from"], ["role_grant.id"], name=op.f("fk_role_grant_lent_from")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_role_grant_revoked_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index("ix_role_grant_account", ["account_id"], unique=False)
        batch_op.create_index("ix_role_grant_person", ["person_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("name_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_stored_file_content_id")),
        sa.ForeignKeyConstraint(["name_id"], ["content.id"], name=op.f("fk_stored_file_name_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_stored_file_unit_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["account.id"], name=op.f("fk_stored_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_case", ["case_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "DOCUMENT",
                "PHONE",
                "NETWORK",
                "VISIT",
                "OTHER",
                name="followupchannel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("person_reached", sa.String(length=200), nullable=True),
        sa.Column("words_id", sa.Uuid(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("explains", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_follow_up_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_follow_up_case_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_follow_up_recorded_by")),
        sa.ForeignKeyConstraint(["words_id"], ["content.id"], name=op.f("fk_follow_up_words_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index("ix_follow_up_case", ["case_id"], unique=False)

    op.create_table(
        "formal_talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("urging_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "ISSUED",
                "HELD",
                "NO_SHOW",
                "CANCELLED",
                name="talkstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ground_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("second_officer_id", sa.Uuid(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postponed_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("postpone_reason_id", sa.Uuid(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeared_id", sa.Uuid(), nullable=True),
        sa.Column("appeared_post", sa.String(length=200), nullable=True),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.Column("minutes_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["appeared_id"], ["person.id"], name=op.f("fk_formal_talk_appeared_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_formal_talk_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_formal_talk_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_formal_talk_document_id")),
        sa.ForeignKeyConstraint(["ground_id"], ["content.id"], name=op.f("fk_formal_talk_ground_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_formal_talk_holder_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_formal_talk_issued_by")),
        sa.ForeignKeyConstraint(["minutes_id"], ["content.id"], name=op.f("fk_formal_talk_minutes_id")),
        sa.ForeignKeyConstraint(["postpone_reason_id"], ["content.id"], name=op.f("fk_formal_talk_postpone_reason_id")),
        sa.ForeignKeyConstraint(["second_officer_id"], ["person.id"], name=op.f("fk_formal_talk_second_officer_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["content.id"], name=op.f("fk_formal_talk_statement_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_formal_talk_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formal_talk")),
        sa.UniqueConstraint("urging_id", name=op.f("uq_formal_talk_urging_id")),
    )
    with op.batch_alter_table("formal_talk", schema=None) as batch_op:
        batch_op.create_index("ix_formal_talk_case", ["case_id"], unique=False)

    op.create_table(
        "handling_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "handling",
            sa.Enum("SOLE", "JOINT", "SEPARATE", name="handling", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "tier",
            sa.Enum(
                "URGENT",
                "GENERAL",
                "COMPLEX",
                "LEADER_SPECIFIED",
                name="timelimittier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("report_due_on", sa.Date(), nullable=True),
        sa.Column("report_due_time", sa.Time(), nullable=True),
        sa.Column("completion_due_on", sa.Date(), nullable=True),
        sa.Column("instruction_id", sa.Uuid(), nullable=True),
        sa.Column("opinion_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_handling_proposal_case_id")),
        sa.ForeignKeyConstraint(
            ["instruction_id"], ["instruction.id"], name=op.f("fk_handling_proposal_instruction_id")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_handling_proposal_leader_id")),
        sa.ForeignKeyConstraint(["opinion_id"], ["content.id"], name=op.f("fk_handling_proposal_opinion_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_handling_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling_proposal")),
        sa.UniqueConstraint("case_id", "round", name=op.f("uq_handling_proposal_case_id_round")),
    )
    op.create_table(
        "recorded_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mutation", sa.String(length=60), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("entered_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("circular_id", sa.Uuid(), nullable=True),
        sa.Column("assignment_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column(
            "medium",
            sa.Enum(
                "SYSTEM", "PAPER", "PHONE", "ORAL", name="medium", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("evidence_file_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "AWAITING_CHECK",
                "EFFECTIVE",
                "REJECTED",
                name="recordedactstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("confirmation_file_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "checked_by IS NULL OR checked_by <> recorded_by", name=op.f("ck_recorded_act_second_officer")
        ),
        sa.CheckConstraint("recorded_by <> decided_by", name=op.f("ck_recorded_act_recorder_is_not_decider")),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("fk_recorded_act_checked_by")),
        sa.ForeignKeyConstraint(["command_id"], ["content.id"], name=op.f("fk_recorded_act_command_id")),
        sa.ForeignKeyConstraint(["entered_id"], ["content.id"], name=op.f("fk_recorded_act_entered_id")),
        sa.ForeignKeyConstraint(
            ["confirmation_file_id"], ["stored_file.id"], name=op.f("fk_recorded_act_confirmation_file_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_recorded_act_decided_by")),
        sa.ForeignKeyConstraint(
            ["evidence_file_id"], ["stored_file.id"], name=op.f("fk_recorded_act_evidence_file_id")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_recorded_act_reason_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_recorded_act_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_act")),
    )
    with op.batch_alter_table("recorded_act", schema=None) as batch_op:
        batch_op.create_index("ix_recorded_act_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_recorded_act_case", ["case_id"], unique=False)

    op.create_table(
        "refresh_token",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_refresh_token_session_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_token")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_token_session_id"), ["session_id"], unique=False)

    op.create_table(
        "report_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "slot",
            sa.Enum(
                "ON_NOTICE",
                "MONTHLY",
                "STAGE",
                "YEAR_END",
                "COMPREHENSIVE",
                "ON_REQUEST",
                "REWORK",
                "CONTRIBUTION",
                name="slotkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "content",
            sa.Enum("RESULT", "PROGRESS", name="reportcontent", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "OPEN",
                "MET",
                "RETURNED",
                "CANCELLED",
                "SUPERSEDED",
                name="slotstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("yellow_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("red_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_on_time", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_report_slot_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_report_slot_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_slot")),
        sa.UniqueConstraint("assignment_id", "ordinal", name=op.f("uq_report_slot_assignment_id_ordinal")),
    )
    with op.batch_alter_table("report_slot", schema=None) as batch_op:
        batch_op.create_index("ix_report_slot_case", ["case_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "HANDLING",
                "ACKNOWLEDGEMENT",
                "SIGNATURE",
                "REPORT",
                "EXTENSION",
                "READING",
                "CLOSING",
                "TALK_NOTICE",
                "CONCLUSION",
                "CIRCULAR",
                name="decisionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "APPROVED",
                "APPROVED_WITH_CHANGES",
                "RETURNED",
                "DECLINED",
                "NOTED",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("printed_post", sa.String(length=200), nullable=True),
        sa.Column("printed_unit", sa.String(length=200), nullable=True),
        sa.Column("acted_for", sa.Uuid(), nullable=True),
        sa.Column(
            "medium",
            sa.Enum(
                "SYSTEM", "PAPER", "PHONE", "ORAL", name="medium", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("recorded_act_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["acted_for"], ["person.id"], name=op.f("fk_decision_acted_for")),
        sa.ForeignKeyConstraint(["comment_id"], ["content.id"], name=op.f("fk_decision_comment_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_decision_decided_by")),
        sa.ForeignKeyConstraint(["post_id"], ["post_holding.id"], name=op.f("fk_decision_post_id")),
        sa.ForeignKeyConstraint(["recorded_act_id"], ["recorded_act.id"], name=op.f("fk_decision_recorded_act_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_case", ["case_id"], unique=False)
        batch_op.create_index("ix_decision_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "explanation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column(
            "clock",
            sa.Enum("REPORT", "COMPLETION", name="dueclock", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("for_due_on", sa.Date(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=True),
        sa.Column("blocking_unit_id", sa.Uuid(), nullable=True),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "NOTED",
                "CONVERT",
                "INSUFFICIENT",
                name="explanationanswer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_reason_id", sa.Uuid(), nullable=True),
        sa.Column("check_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_reason_id"], ["content.id"], name=op.f("fk_explanation_answer_reason_id")),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_explanation_answered_by")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_explanation_assignment_id")),
        sa.ForeignKeyConstraint(["blocking_unit_id"], ["unit.id"], name=op.f("fk_explanation_blocking_unit_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_explanation_case_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_explanation_filed_by")),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name=op.f("fk_explanation_follow_up_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["report_slot.id"], name=op.f("fk_explanation_slot_id")),
        sa.ForeignKeyConstraint(["text_id"], ["content.id"], name=op.f("fk_explanation_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanation")),
    )
    with op.batch_alter_table("explanation", schema=None) as batch_op:
        batch_op.create_index("ix_explanation_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_explanation_case", ["case_id"], unique=False)

    op.create_table(
        "proposed_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "LEAD",
                "PRINCIPAL",
                "SUPPORTING",
                name="assignmentrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("printed_name", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_proposed_unit_case_id")),
        sa.ForeignKeyConstraint(["group_id"], ["unit_group.id"], name=op.f("fk_proposed_unit_group_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["handling_proposal.id"], name=op.f("fk_proposed_unit_proposal_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_proposed_unit_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_unit")),
    )
    with op.batch_alter_table("proposed_unit", schema=None) as batch_op:
        batch_op.create_index("ix_proposed_unit_case", ["case_id"], unique=False)
        batch_op.create_index("ix_proposed_unit_proposal", ["proposal_id"], unique=False)

    op.create_table(
        "talk_commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["talk_id"], ["formal_talk.id"], name=op.f("fk_talk_commitment_talk_id")),
        sa.ForeignKeyConstraint(["text_id"], ["content.id"], name=op.f("fk_talk_commitment_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_commitment")),
    )
    with op.batch_alter_table("talk_commitment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_commitment_talk_id"), ["talk_id"], unique=False)

    op.create_table(
        "urging",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column(
            "clock",
            sa.Enum("REPORT", "COMPLETION", name="dueclock", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("for_due_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("AUTOMATIC", "MANUAL", name="urgingkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reason_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("respond_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_urging_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_urging_case_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_urging_document_id")),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_urging_issued_by")),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_urging_reason_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["report_slot.id"], name=op.f("fk_urging_slot_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_urging_unit_id")),
        sa.ForeignKeyConstraint(["withdrawn_reason_id"], ["content.id"], name=op.f("fk_urging_withdrawn_reason_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
        sa.UniqueConstraint("key", name=op.f("uq_urging_key")),
    )
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.create_index("ix_urging_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_urging_case", ["case_id"], unique=False)
        batch_op.create_index("ix_urging_slot", ["slot_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.Column("reopen_reason_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_closure_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_closure_decision_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_closure_proposed_by")),
        sa.ForeignKeyConstraint(["reopen_reason_id"], ["content.id"], name=op.f("fk_closure_reopen_reason_id")),
        sa.ForeignKeyConstraint(["reopened_by"], ["person.id"], name=op.f("fk_closure_reopened_by")),
        sa.ForeignKeyConstraint(["summary_id"], ["content.id"], name=op.f("fk_closure_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("case_id", "nth", name=op.f("uq_closure_case_id_nth")),
    )
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=True),
        sa.Column(
            "clock",
            sa.Enum("REPORT", "COMPLETION", name="dueclock", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "REQUESTED",
                "GRANTED",
                "DECLINED",
                name="extensionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("current_due_on", sa.Date(), nullable=False),
        sa.Column("requested_due_on", sa.Date(), nullable=False),
        sa.Column("granted_due_on", sa.Date(), nullable=True),
        sa.Column("reason_id", sa.Uuid(), nullable=False),
        sa.Column("progress_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_extension_request_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_extension_request_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_extension_request_decision_id")),
        sa.ForeignKeyConstraint(["progress_id"], ["content.id"], name=op.f("fk_extension_request_progress_id")),
        sa.ForeignKeyConstraint(["reason_id"], ["content.id"], name=op.f("fk_extension_request_reason_id")),
        sa.ForeignKeyConstraint(["requested_by"], ["person.id"], name=op.f("fk_extension_request_requested_by")),
        sa.ForeignKeyConstraint(["slot_id"], ["report_slot.id"], name=op.f("fk_extension_request_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.create_index("ix_extension_request_case", ["case_id"], unique=False)
        batch_op.create_index(
            "uq_extension_request_open",
            ["assignment_id", "clock"],
            unique=True,
            postgresql_where=sa.text("status = 'REQUESTED'"),
            sqlite_where=sa.text("status = 'REQUESTED'"),
        )

    op.create_table(
        "inspection_conclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("urging_id", sa.Uuid(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "ISSUED",
                "WITHDRAWN",
                name="conclusionstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("facts_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_inspection_conclusion_assignment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_inspection_conclusion_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_inspection_conclusion_decision_id")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_inspection_conclusion_document_id")),
        sa.ForeignKeyConstraint(["facts_id"], ["content.id"], name=op.f("fk_inspection_conclusion_facts_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_inspection_conclusion_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_conclusion")),
        sa.UniqueConstraint("urging_id", name=op.f("uq_inspection_conclusion_urging_id")),
    )
    with op.batch_alter_table("inspection_conclusion", schema=None) as batch_op:
        batch_op.create_index("ix_inspection_conclusion_case", ["case_id"], unique=False)

    op.create_table(
        "reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_reading_case_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_reading_decision_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_reading_leader_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_reading_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index("ix_reading_case", ["case_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("contribution", sa.Boolean(), nullable=False),
        sa.Column(
            "content",
            sa.Enum("RESULT", "PROGRESS", name="reportcontent", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "SIGNED",
                "SUBMITTED",
                "RETURNED",
                "ACCEPTED",
                "WITHDRAWN",
                name="reportstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("contact_phone", sa.String(length=40), nullable=True),
        sa.Column("seal_file_id", sa.Uuid(), nullable=True),
        sa.Column("missing_contributions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("signature_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("return_grounds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum("SUPPLEMENT", "REDO", name="remedy", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("rework_due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_report_assignment_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_report_case_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_report_drafted_by")),
        sa.ForeignKeyConstraint(["review_id"], ["decision.id"], name=op.f("fk_report_review_id")),
        sa.ForeignKeyConstraint(["seal_file_id"], ["stored_file.id"], name=op.f("fk_report_seal_file_id")),
        sa.ForeignKeyConstraint(["signature_id"], ["decision.id"], name=op.f("fk_report_signature_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("fk_report_submitted_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_assignment", ["assignment_id"], unique=False)
        batch_op.create_index("ix_report_case", ["case_id"], unique=False)

    op.create_table(
        "circular",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "PRAISE",
                "CRITICISM",
                "PERIODIC",
                "EVALUATION",
                "AFTER_TALK",
                name="circularkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum(
                "DISTRICT",
                "GOVERNMENT_SYSTEM",
                "ADDRESSEES",
                name="circularscope",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "APPROVED",
                "PUBLISHED",
                "WITHDRAWN",
                name="circularstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("talk_id", sa.Uuid(), nullable=True),
        sa.Column("conclusion_id", sa.Uuid(), nullable=True),
        sa.Column("title_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["approval_id"], ["decision.id"], name=op.f("fk_circular_approval_id")),
        sa.ForeignKeyConstraint(["body_id"], ["content.id"], name=op.f("fk_circular_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["supervision_case.id"], name=op.f("fk_circular_case_id")),
        sa.ForeignKeyConstraint(
            ["conclusion_id"], ["inspection_conclusion.id"], name=op.f("fk_circular_conclusion_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_circular_document_id")),
        sa.ForeignKeyConstraint(["drafted_by"], ["person.id"], name=op.f("fk_circular_drafted_by")),
        sa.ForeignKeyConstraint(["talk_id"], ["formal_talk.id"], name=op.f("fk_circular_talk_id")),
        sa.ForeignKeyConstraint(["title_id"], ["content.id"], name=op.f("fk_circular_title_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
        sa.UniqueConstraint("talk_id", name=op.f("uq_circular_talk_id")),
    )
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.create_index("ix_circular_case", ["case_id"], unique=False)

    op.create_table(
        "report_coverage",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_coverage_report_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["report_slot.id"], name=op.f("fk_report_coverage_slot_id")),
        sa.PrimaryKeyConstraint("report_id", "slot_id", name=op.f("pk_report_coverage")),
    )
    with op.batch_alter_table("report_coverage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_coverage_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "report_file",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_report_file_file_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_file_report_id")),
        sa.PrimaryKeyConstraint("report_id", "file_id", name=op.f("pk_report_file")),
    )
    op.create_table(
        "report_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SITUATION",
                "MEASURES",
                "RESULTS",
                "PROGRESS",
                "PROBLEMS",
                "SUGGESTIONS",
                name="sectionkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_section_report_id")),
        sa.ForeignKeyConstraint(["text_id"], ["content.id"], name=op.f("fk_report_section_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_section")),
        sa.UniqueConstraint("report_id", "kind", name=op.f("uq_report_section_report_id_kind")),
    )


def downgrade() -> None:
    op.drop_table("report_section")
    op.drop_table("report_file")
    with op.batch_alter_table("report_coverage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_coverage_slot_id"))

    op.drop_table("report_coverage")
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.drop_index("ix_circular_case")

    op.drop_table("circular")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_case")
        batch_op.drop_index("ix_report_assignment")

    op.drop_table("report")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_case")

    op.drop_table("reading")
    with op.batch_alter_table("inspection_conclusion", schema=None) as batch_op:
        batch_op.drop_index("ix_inspection_conclusion_case")

    op.drop_table("inspection_conclusion")
    with op.batch_alter_table("extension_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extension_request_open",
            postgresql_where=sa.text("status = 'REQUESTED'"),
            sqlite_where=sa.text("status = 'REQUESTED'"),
        )
        batch_op.drop_index("ix_extension_request_case")

    op.drop_table("extension_request")
    op.drop_table("closure")
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.drop_index("ix_urging_slot")
        batch_op.drop_index("ix_urging_case")
        batch_op.drop_index("ix_urging_assignment")

    op.drop_table("urging")
    with op.batch_alter_table("talk_commitment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_talk_commitment_talk_id"))

    op.drop_table("talk_commitment")
    with op.batch_alter_table("proposed_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_proposed_unit_proposal")
        batch_op.drop_index("ix_proposed_unit_case")

    op.drop_table("proposed_unit")
    with op.batch_alter_table("explanation", schema=None) as batch_op:
        batch_op.drop_index("ix_explanation_case")
        batch_op.drop_index("ix_explanation_assignment")

    op.drop_table("explanation")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_subject")
        batch_op.drop_index("ix_decision_case")

    op.drop_table("decision")
    with op.batch_alter_table("report_slot", schema=None) as batch_op:
        batch_op.drop_index("ix_report_slot_case")

    op.drop_table("report_slot")
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_token_session_id"))

    op.drop_table("refresh_token")
    with op.batch_alter_table("recorded_act", schema=None) as batch_op:
        batch_op.drop_index("ix_recorded_act_case")
        batch_op.drop_index("ix_recorded_act_assignment")

    op.drop_table("recorded_act")
    op.drop_table("handling_proposal")
    with op.batch_alter_table("formal_talk", schema=None) as batch_op:
        batch_op.drop_index("ix_formal_talk_case")

    op.drop_table("formal_talk")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_case")

    op.drop_table("follow_up")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_case")

    op.drop_table("stored_file")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_account_id"))

    op.drop_table("session")
    with op.batch_alter_table("password_renewal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_password_renewal_account_id"))

    op.drop_table("password_renewal")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_role_grant_person")
        batch_op.drop_index("ix_role_grant_account")

    op.drop_table("role_grant")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_person")

    op.drop_table("notification")
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.drop_index("ix_instruction_case")

    op.drop_table("instruction")
    with op.batch_alter_table("document_subject", schema=None) as batch_op:
        batch_op.drop_index("ix_document_subject_case")

    op.drop_table("document_subject")
    with op.batch_alter_table("document_recipient", schema=None) as batch_op:
        batch_op.drop_index("ix_document_recipient_unit")
        batch_op.drop_index("ix_document_recipient_document")

    op.drop_table("document_recipient")
    with op.batch_alter_table("case_source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_source_source_id"))

    op.drop_table("case_source")
    with op.batch_alter_table("recusal", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_recusal_person",
            postgresql_where=sa.text("lifted_at IS NULL"),
            sqlite_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.drop_index("ix_recusal_case")

    op.drop_table("recusal")
    with op.batch_alter_table("case_access", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_access_unit",
            postgresql_where=sa.text("unit_id IS NOT NULL AND revoked_at IS NULL"),
            sqlite_where=sa.text("unit_id IS NOT NULL AND revoked_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_case_access_person",
            postgresql_where=sa.text("person_id IS NOT NULL AND revoked_at IS NULL"),
            sqlite_where=sa.text("person_id IS NOT NULL AND revoked_at IS NULL"),
        )
        batch_op.drop_index("ix_case_access_case")

    op.drop_table("case_access")
    with op.batch_alter_table("case_participant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_participant_unit",
            postgresql_where=sa.text("unit_id IS NOT NULL"),
            sqlite_where=sa.text("unit_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_case_participant_person",
            postgresql_where=sa.text("person_id IS NOT NULL"),
            sqlite_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_case_participant_unit_due")
        batch_op.drop_index(
            "ix_case_participant_restricted_unit",
            postgresql_where=sa.text("restricted"),
            sqlite_where=sa.text("restricted = 1"),
        )
        batch_op.drop_index(
            "ix_case_participant_restricted_person",
            postgresql_where=sa.text("restricted"),
            sqlite_where=sa.text("restricted = 1"),
        )
        batch_op.drop_index(
            "ix_case_participant_recused", postgresql_where=sa.text("recused"), sqlite_where=sa.text("recused = 1")
        )
        batch_op.drop_index("ix_case_participant_person_due")
        batch_op.drop_index("ix_case_participant_case")

    op.drop_table("case_participant")
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_link_to_case_id"))

    op.drop_table("case_link")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_unit_due")

    op.drop_table("assignment")
    op.drop_table("unit_succession")
    with op.batch_alter_table("unit_name", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_name_unit_id"))
        batch_op.drop_index("ix_unit_name_name")

    op.drop_table("unit_name")
    op.drop_table("unit_group_member")
    with op.batch_alter_table("unit_contact", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_unit_contact",
            postgresql_where=sa.text("removed_at IS NULL"),
            sqlite_where=sa.text("removed_at IS NULL"),
        )

    op.drop_table("unit_contact")
    with op.batch_alter_table("todo", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_todo_open", postgresql_where=sa.text("closed_at IS NULL"), sqlite_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(
            "ix_todo_unit", postgresql_where=sa.text("closed_at IS NULL"), sqlite_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(
            "ix_todo_role", postgresql_where=sa.text("closed_at IS NULL"), sqlite_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index(
            "ix_todo_person", postgresql_where=sa.text("closed_at IS NULL"), sqlite_where=sa.text("closed_at IS NULL")
        )
        batch_op.drop_index("ix_todo_case")

    op.drop_table("todo")
    with op.batch_alter_table("supervision_case", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_case_plan_item",
            postgresql_where=sa.text("plan_digest IS NOT NULL"),
            sqlite_where=sa.text("plan_digest IS NOT NULL"),
        )
        batch_op.drop_index("ix_case_updated")
        batch_op.drop_index("ix_case_status_due")
        batch_op.drop_index("ix_case_number")
        batch_op.drop_index("ix_case_fire", postgresql_where=sa.text("next_fire_at IS NOT NULL"))
        batch_op.drop_index("ix_case_due")
        batch_op.drop_index("ix_case_created")

    op.drop_table("supervision_case")
    op.drop_table("source")
    with op.batch_alter_table("post_holding", schema=None) as batch_op:
        batch_op.drop_index("ix_post_holding_unit")
        batch_op.drop_index("ix_post_holding_person")

    op.drop_table("post_holding")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_policy_version_active",
            postgresql_where=sa.text("status = 'ACTIVE'"),
            sqlite_where=sa.text("status = 'ACTIVE'"),
        )

    op.drop_table("policy_version")
    with op.batch_alter_table("person_clearance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_clearance_person_id"))

    op.drop_table("person_clearance")
    op.drop_table("document")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_deadline_pending",
            postgresql_where=sa.text("state = 'PENDING'"),
            sqlite_where=sa.text("state = 'PENDING'"),
        )
        batch_op.drop_index(
            "ix_deadline_provisional",
            postgresql_where=sa.text("state = 'PENDING' AND provisional"),
            sqlite_where=sa.text("state = 'PENDING' AND provisional"),
        )
        batch_op.drop_index(
            "ix_deadline_fire", postgresql_where=sa.text("state = 'PENDING'"), sqlite_where=sa.text("state = 'PENDING'")
        )
        batch_op.drop_index(
            "ix_deadline_case", postgresql_where=sa.text("state = 'PENDING'"), sqlite_where=sa.text("state = 'PENDING'")
        )

    op.drop_table("deadline")
    op.drop_table("account")
    op.drop_table("unit_group")
    op.drop_table("unit")
    op.drop_table("sweep_state")
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.drop_index("ix_search_token_case")

    op.drop_table("search_token")
    op.drop_table("rule_set")
    op.drop_table("person")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due",
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.drop_table("outbox")
    op.drop_table("number_series")
    op.drop_table("idempotency_key")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_event_without_place",
            postgresql_where=sa.text("position IS NULL"),
            sqlite_where=sa.text("position IS NULL"),
        )
        batch_op.drop_index("ix_event_recorded")
        batch_op.drop_index("ix_event_case")

    op.drop_table("event")
    op.drop_table("content")
    op.drop_table("case_record")
    op.drop_table("calendar_year")
    op.drop_table("calendar_day")
    op.drop_table("admin_record")
    op.drop_table("admin_chain")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_subject")
        batch_op.drop_index("ix_access_log_at")

    op.drop_table("access_log")
