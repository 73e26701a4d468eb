"""Accountability proposals (问责建议): of whom, on what they rest, what waits for somebody, what was done outside.

Revision ID: 0019
Revises: 0018
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TODOS = (
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
    "DECIDE_REASSIGNMENT",
    "RESUME",
    "CHECK_RECORDED_ACT",
    "CONFIRM_IN_WRITING",
    "SHOW_EVALUATION",
    "SUBMIT_EVALUATION",
    "ANSWER_OBJECTION",
    "REPLY_TO_CIRCULAR",
    "REVIEW_CIRCULAR_REPLY",
)
_MORE_TODOS = (
    "APPROVE_ACCOUNTABILITY",
    "REVISE_ACCOUNTABILITY",
    "CITE_CRITICISM",
    "TRANSFER_ACCOUNTABILITY",
    "RECORD_ACCOUNTABILITY_ANSWER",
)
_DECISIONS = (
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
    "SUSPENSION",
    "RESUMPTION",
    "CANCELLATION",
    "REASSIGNMENT",
    "AMENDMENT",
)
_KNOWN = sa.text("accountability_id IS NOT NULL")
_OF_A_PROPOSAL = ("todo", "recorded_act", "stored_file")  # in this order they refer to each other


def upgrade() -> None:
    _allow("todo", "action", "todoaction", _TODOS, (*_TODOS, *_MORE_TODOS))
    _allow("decision", "kind", "decisionkind", _DECISIONS, (*_DECISIONS, "ACCOUNTABILITY"))
    for table in _OF_A_PROPOSAL:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("accountability_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_stored_file_accountability",
        "stored_file",
        ["accountability_id"],
        postgresql_where=_KNOWN,
        sqlite_where=_KNOWN,
    )
    op.create_table(
        "accountability_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            _choice(
                "accountabilitystatus",
                "DRAFT",
                "APPROVED",
                "DECLINED",
                "CRITICISED",
                "TRANSFERRED",
                "ANSWERED",
                "WITHDRAWN",
            ),
            nullable=False,
        ),
        sa.Column("conducts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("measure", _choice("accountabilitymeasure", "CRITICISM", "TRANSFER"), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("circular_id", sa.Uuid(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("document_number_id", sa.Uuid(), nullable=True),
        sa.Column("transferred_on", sa.Date(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("classification", sa.SmallInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("record_seq", sa.Integer(), nullable=False),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [key], name=op.f(f"fk_accountability_proposal_{column}"))
            for column, key in (
                ("answer_id", "content.id"),
                ("approval_id", "decision.id"),
                ("body_id", "content.id"),
                ("circular_id", "circular.id"),
                ("document_number_id", "content.id"),
                ("drafted_by", "person.id"),
                ("statement_id", "content.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_proposal")),
    )
    op.create_table(
        "accountability_party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_accountability_party_a_person_or_a_unit")
        ),
        *_references("accountability_party", {"person_id": "person.id", "unit_id": "unit.id"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_party")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_accountability_party_proposal_id_person_id")),
        sa.UniqueConstraint("proposal_id", "unit_id", name=op.f("uq_accountability_party_proposal_id_unit_id")),
    )
    named = {
        "case_id": "supervision_case.id",
        "assignment_id": "assignment.id",
        "urging_id": "urging.id",
        "report_id": "report.id",
    }
    op.create_table(
        "accountability_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column in named),
        sa.CheckConstraint(
            " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in named) + " = 1",
            name=op.f("ck_accountability_fact_one_fact"),
        ),
        *_references("accountability_fact", named),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accountability_fact")),
    )
    op.create_index(op.f("ix_accountability_fact_proposal_id"), "accountability_fact", ["proposal_id"])
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accountability_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_notification_accountability_id"), "accountability_proposal", ["accountability_id"], ["id"]
        )


def downgrade() -> None:
    """What few could know of is gone afterwards: the release before does not know how to hide it."""
    op.execute("DELETE FROM notification WHERE accountability_id IS NOT NULL")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_notification_accountability_id"), type_="foreignkey")
        batch_op.drop_column("accountability_id")
    proposals = "(SELECT id FROM accountability_proposal)"
    op.execute(f"DELETE FROM case_record WHERE case_id IN {proposals}")  # noqa: S608
    op.execute(f"DELETE FROM event WHERE case_id IN {proposals}")  # noqa: S608
    for table in ("accountability_fact", "accountability_party", "accountability_proposal"):
        op.drop_table(table)
    op.execute("DELETE FROM decision WHERE kind = 'ACCOUNTABILITY'")
    op.drop_index("ix_stored_file_accountability", "stored_file", postgresql_where=_KNOWN, sqlite_where=_KNOWN)
    for table in _OF_A_PROPOSAL:
        op.execute(f"DELETE FROM {table} WHERE accountability_id IS NOT NULL")  # noqa: S608
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("accountability_id")
    _allow("decision", "kind", "decisionkind", (*_DECISIONS, "ACCOUNTABILITY"), _DECISIONS)
    _allow("todo", "action", "todoaction", (*_TODOS, *_MORE_TODOS), _TODOS)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _references(table: str, named: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    keys = {"proposal_id": "accountability_proposal.id", **named}
    return [sa.ForeignKeyConstraint([column], [key], name=op.f(f"fk_{table}_{column}")) for column, key in keys.items()]


def _allow(table: str, column: str, check: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Another list under the same CHECK. SQLite keeps it in the text of the table, which is all that changes there."""
    old, new = (f"{column} IN ({', '.join(map(repr, values))})" for values in (before, after))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA writable_schema = ON")
        texts = ", ".join("'{}'".format(text.replace("'", "''")) for text in (old, new))
        op.execute(f"UPDATE sqlite_master SET sql = replace(sql, {texts}) WHERE name = '{table}'")  # noqa: S608
        op.execute("PRAGMA writable_schema = RESET")
        return
    op.drop_constraint(op.f(f"ck_{table}_{check}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{check}"), table, new)
