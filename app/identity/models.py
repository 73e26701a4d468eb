"""Tables of units and people. Names, posts and grants are valid for a time; nothing is deleted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.authz.roles import Role
from app.core.database import Base, LevelType, choice, unique_where
from app.core.ids import new_id
from app.core.levels import Classification
from app.identity.rules import (
    LONGEST_ACTIONS,
    LONGEST_PHONE,
    SEPARATE_ROLES,
    TWO_PERSON_ROLES,
    AccountKind,
    ContactKind,
    LeaderSystem,
    PostCapacity,
    RenewalState,
    Subordination,
    UnitKind,
)

# PostgreSQL compares keys in an index of ranges by this extension of its own.
_RANGES = DDL("CREATE EXTENSION IF NOT EXISTS btree_gist")  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it so
event.listen(Base.metadata, "before_create", _RANGES.execute_if(dialect="postgresql"))

_NAME = String(120)
_SEPARATE_ROLES = ", ".join(f"'{role.value}'" for role in sorted(SEPARATE_ROLES))
_TWO_PERSON_ROLES = ", ".join(f"'{role.value}'" for role in sorted(TWO_PERSON_ROLES))


class Unit(Base):
    """单位. `name` is today's name; `unit_name` has those of every day."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[UnitKind] = mapped_column(choice(UnitKind))
    subordination: Mapped[Subordination] = mapped_column(choice(Subordination))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(_NAME, unique=True)
    short_name: Mapped[str | None] = mapped_column(_NAME)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class UnitName(Base):
    __tablename__ = "unit_name"
    __table_args__ = (Index("ix_unit_name_name", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(_NAME)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class UnitSuccession(Base):
    """机构改革: open duties pass from one unit to another in one confirmed act."""

    __tablename__ = "unit_succession"
    __table_args__ = (UniqueConstraint("from_unit_id", "to_unit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    from_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    share: Mapped[str] = mapped_column(_NAME)
    effective_on: Mapped[date]
    basis: Mapped[str] = mapped_column(_NAME)


class UnitGroup(Base):
    """各区、县级市 and the like: a name for many units, resolved when a case is dispatched."""

    __tablename__ = "unit_group"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(_NAME, unique=True)


class UnitGroupMember(Base):
    __tablename__ = "unit_group_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("unit_group.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class UnitContact(Base):
    """联系人: to whom a unit's notices go, and whom to call. It gives no right; who was removed stays on record."""

    __tablename__ = "unit_contact"
    __table_args__ = (unique_where("uq_unit_contact", "unit_id", "person_id", "kind", where="removed_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[ContactKind] = mapped_column(choice(ContactKind))
    phone: Mapped[str | None] = mapped_column(String(LONGEST_PHONE))
    removed_at: Mapped[datetime | None]


class Person(Base):
    """A human being, with or without an account. Leaders carry `system`, `chief` and `portfolio` (分管)."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(_NAME)
    system: Mapped[LeaderSystem | None] = mapped_column(choice(LeaderSystem))
    chief: Mapped[bool] = mapped_column(default=False)
    portfolio: Mapped[str | None] = mapped_column(_NAME)
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class PostHolding(Base):
    """Who holds which post where, how, and from when to when (both days included)."""

    __tablename__ = "post_holding"
    __table_args__ = (Index("ix_post_holding_person", "person_id"), Index("ix_post_holding_unit", "unit_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    post: Mapped[str] = mapped_column(_NAME)
    capacity: Mapped[PostCapacity] = mapped_column(choice(PostCapacity))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    basis: Mapped[str | None] = mapped_column(_NAME)


class PersonClearance(Base):
    """涉密等级: up to which classification somebody may know of things, from when to when (end excluded).

    `pending`: proposed by one person, waiting for another. Only what was there from the start was given by nobody.
    """

    __tablename__ = "person_clearance"
    __table_args__ = (
        CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_to_oneself"),
        CheckConstraint("approved_by IS NULL OR approved_by <> granted_by", name="two_persons"),
        CheckConstraint("approved_by IS NULL OR approved_by <> person_id", name="not_approved_by_oneself"),
        CheckConstraint("pending OR granted_by IS NULL OR approved_by IS NOT NULL", name="approved_unless_pending"),
        CheckConstraint("NOT pending OR approved_by IS NULL", name="pending_is_not_approved"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    level: Mapped[Classification] = mapped_column(LevelType(Classification))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    basis: Mapped[str] = mapped_column(_NAME)
    reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    pending: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    revoked_reason_id: Mapped[UUID | None] = mapped_column(ForeignKey("content.id"))


class Account(Base):
    """A way to sign in. `login` of a person, client id of an outside system, or the operator's."""

    __tablename__ = "account"
    __table_args__ = (unique_where("uq_account_emergency", "kind", where="kind = 'EMERGENCY'"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[AccountKind] = mapped_column(choice(AccountKind))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), unique=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ClientKey(Base):
    """A public key (PEM, P-256) with which an outside system proves itself; a removed one stays on record."""

    __tablename__ = "client_key"
    __table_args__ = (unique_where("uq_client_key", "account_id", "fingerprint", where="removed_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    public_key: Mapped[str] = mapped_column(String(400))
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    last_used_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class ClientAssertion(Base):
    """The id of an assertion that was used, by its SHA-256, kept as long as the assertion could come again."""

    __tablename__ = "client_assertion"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    forgotten_at: Mapped[datetime] = mapped_column(index=True)


class PasswordRenewal(Base):
    """A one-time password that waits for a second person: whoever made it could otherwise act as an administrator.

    The hash is gone once it was put into the account, or withdrawn. Real time throughout.
    """

    __tablename__ = "password_renewal"
    __table_args__ = (
        CheckConstraint("proposed_by <> person_id", name="not_for_oneself"),
        CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_persons"),
        CheckConstraint("approved_by IS NULL OR approved_by <> person_id", name="not_approved_by_oneself"),
        CheckConstraint("(state = 'APPROVED') = (approved_by IS NOT NULL)", name="approved_by_somebody"),
        CheckConstraint("(state = 'PENDING') = (password_hash IS NOT NULL)", name="kept_while_pending"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # whose account it is
    state: Mapped[RenewalState] = mapped_column(choice(RenewalState), default=RenewalState.PENDING)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]


class RoleGrant(Base):
    """A role held by a person or an outside system, for a unit or a case, from when to when (end excluded).

    `pending`: proposed by one person, waiting for the approval of another; it gives no right yet. Only the first
    administrators have a grant that nobody gave. With `case_id` it is a temporary power (第三十条(六)): `actions` of
    that case, lent by a leader out of his own grant, without which it is void.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (account_id IS NULL)", name="one_holder"),
        CheckConstraint("granted_by IS NULL OR granted_by <> person_id", name="not_to_oneself"),
        CheckConstraint("approved_by IS NULL OR approved_by <> granted_by", name="two_persons"),
        CheckConstraint("approved_by IS NULL OR approved_by <> person_id", name="not_approved_by_oneself"),
        CheckConstraint("NOT pending OR approved_by IS NULL", name="pending_is_not_approved"),
        CheckConstraint(
            "pending OR granted_by IS NULL OR approved_by IS NOT NULL OR lent_from IS NOT NULL OR "
            f"role NOT IN ({_TWO_PERSON_ROLES})",
            name="approved_where_it_must_be",
        ),
        CheckConstraint(
            "(case_id IS NULL) = (lent_from IS NULL) AND (case_id IS NULL) = (actions IS NULL) AND "
            "(case_id IS NULL OR valid_until IS NOT NULL)",
            name="lent_for_one_case_until_a_day",
        ),
        CheckConstraint(
            f"role <> '{Role.EMERGENCY.value}' OR (account_id IS NOT NULL AND valid_until IS NOT NULL)",
            name="emergency_ends",
        ),
        # 三员分立, in time too. On SQLite, where one writes at a time, the use case alone sees to it.
        ExcludeConstraint(
            ("person_id", "="),
            (text(f"(CASE WHEN role IN ({_SEPARATE_ROLES}) THEN role ELSE 'business' END)"), "<>"),
            (text("tstzrange(valid_from, valid_until)"), "&&"),
            where=text("revoked_at IS NULL"),
            name="ex_role_grant_separate_roles",
        ).ddl_if(dialect="postgresql"),
        Index("ix_role_grant_person", "person_id"),
        Index("ix_role_grant_account", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(choice(Role))  # an enumeration, so that the record of a grant names it
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    case_id: Mapped[UUID | None]  # no foreign key: cases lie above identity
    lent_from: Mapped[UUID | None] = mapped_column(ForeignKey("role_grant.id"))
    actions: Mapped[str | None] = mapped_column(String(LONGEST_ACTIONS))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    basis: Mapped[str] = mapped_column(_NAME)
    pending: Mapped[bool] = mapped_column(default=False)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class Session(Base):
    """One sign-in: the family of its refresh tokens. Real time throughout."""

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(40))


class RefreshToken(Base):
    """A refresh token by its SHA-256. Used twice, it revokes its session."""

    __tablename__ = "refresh_token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("session.id"), index=True)
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
