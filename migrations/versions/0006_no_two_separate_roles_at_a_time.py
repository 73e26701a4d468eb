"""nobody holds two of the three administrators' roles, or one and another role, at a time

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NAME = "ex_role_grant_separate_roles"
_SEPARATE = "'security_admin', 'security_auditor', 'system_admin'"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # comes with PostgreSQL; whoever owns a database may
    op.execute(
        f"ALTER TABLE role_grant ADD CONSTRAINT {_NAME} EXCLUDE USING gist (person_id WITH =, "
        f"(CASE WHEN role IN ({_SEPARATE}) THEN role ELSE 'business' END) WITH <>, "
        "tstzrange(valid_from, valid_until) WITH &&) WHERE (revoked_at IS NULL)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_NAME, "role_grant")
