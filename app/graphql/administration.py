"""Accounts, sessions, grants and clearances as administrators see them, and everybody his own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from app.authz import Role
from app.core.levels import Classification
from app.graphql.cases import Case
from app.graphql.declarations import column, computed, global_id, reads, text, to_one
from app.graphql.made import made
from app.graphql.node import Node
from app.graphql.units import Person, Unit
from app.identity import models
from app.identity.rules import AccountKind, GrantState, RenewalState, state_of_grant
from app.reads.execution import Row
from app.reads.filters import Listing, equals, one_of, one_of_ids
from app.reads.keyset import ascending, descending


@strawberry.type(description="A way to sign in (账号). Its password is never shown.")
@reads(models.Account, object="account")
class Account(Node):
    id: strawberry.ID = global_id("account")
    kind: AccountKind = column(models.Account.kind, description="Whose account it is (账号类别).")
    login: str = column(models.Account.login, description="Login name (登录名), in small letters.")
    person: Person | None = to_one(models.Account.person_id, description="Who signs in; null for an outside system.")
    must_change_password: bool = column(
        models.Account.must_change_password, description="Whether its password is good for one sign-in only."
    )
    locked_until: datetime | None = column(
        models.Account.locked_until, description="Until when wrong passwords have locked it (锁定至)."
    )
    disabled_at: datetime | None = column(models.Account.disabled_at, description="When it was closed (停用).")
    created_at: datetime = column(models.Account.created_at, description="When it was opened (开立).")


@strawberry.type(description="A public key with which an outside system proves itself (外部系统公钥).")
@reads(models.ClientKey, object="client_key")
class ClientKey(Node):
    id: strawberry.ID = global_id("clientkey")
    account: Account | None = to_one(models.ClientKey.account_id, description="Whose it is.")
    fingerprint: str = column(
        models.ClientKey.fingerprint, description="SHA-256 of its DER form, in hex, to compare with the owner's (指纹)."
    )
    created_at: datetime = column(models.ClientKey.created_at, description="When it was registered.")
    created_by: Person | None = to_one(models.ClientKey.created_by, description="By whom.")
    last_used_at: datetime | None = column(
        models.ClientKey.last_used_at, description="When a token was last given for it (最近使用); null: never."
    )
    removed_at: datetime | None = column(models.ClientKey.removed_at, description="When it was taken away (撤销).")
    removed_by: Person | None = to_one(models.ClientKey.removed_by, description="By whom.")


@strawberry.type(description="A sign-in that lasts until it ends (登录).")
@reads(models.Session, object="session")
class Session:
    row: strawberry.Private[Row]
    id: strawberry.ID = global_id("session")
    account: Account | None = to_one(models.Session.account_id, description="Who signed in.")
    created_at: datetime = column(models.Session.created_at, description="When (登录时间).")
    expires_at: datetime = column(models.Session.expires_at, description="When it ends by itself.")
    revoked_at: datetime | None = column(models.Session.revoked_at, description="When it was ended before its time.")
    revoked_reason: str | None = column(models.Session.revoked_reason, description="Why.")


@strawberry.type(description="A one-time password that takes two people (重发一次性密码). It is never shown.")
@reads(models.PasswordRenewal, object="password_renewal")
class PasswordRenewal(Node):
    id: strawberry.ID = global_id("renewal")
    state: RenewalState = column(models.PasswordRenewal.state, description="Whether it was approved (状态).")
    person: Person | None = to_one(models.PasswordRenewal.person_id, description="Whose account it is for.")
    proposed_by: Person | None = to_one(
        models.PasswordRenewal.proposed_by, description="Who proposed it, and was told the password (提出人)."
    )
    proposed_at: datetime = column(models.PasswordRenewal.proposed_at, description="When.")
    approved_by: Person | None = to_one(models.PasswordRenewal.approved_by, description="The second person (批准人).")
    settled_at: datetime | None = column(
        models.PasswordRenewal.settled_at, description="When it was approved or withdrawn; null while it waits."
    )


def _for_one_case(case_id: UUID | None, _: datetime) -> bool:
    return case_id is not None


def _listed(actions: str | None) -> list[str]:
    return (actions or "").split()


@strawberry.type(description="A role of somebody, for what, from when to when, on what basis (授权).")
@reads(models.RoleGrant, object="grant")
class Grant(Node):
    id: strawberry.ID = global_id("grant")
    role: Role = column(models.RoleGrant.role, description="The role (职权).")
    state: GrantState = computed(
        state_of_grant,
        models.RoleGrant.pending,
        models.RoleGrant.revoked_at,
        models.RoleGrant.valid_from,
        models.RoleGrant.valid_until,
        description="Whether it holds now (状态).",
    )
    person: Person | None = to_one(models.RoleGrant.person_id, description="Who holds it; null for an outside system.")
    account: Account | None = to_one(
        models.RoleGrant.account_id, description="The account of an outside system that holds it."
    )
    unit: Unit | None = to_one(
        models.RoleGrant.unit_id, description="The unit for which it is held; null for the whole district."
    )
    for_one_case: bool = computed(
        _for_one_case,
        models.RoleGrant.case_id,
        description="Whether it is a temporary power for one case only (第三十条(六)).",
    )
    actions: list[str] = made(
        _listed,
        models.RoleGrant.actions,
        description="What a temporary power may do, as `case.decide`; empty: all that the role may.",
    )
    lent_from: Annotated["Grant", strawberry.lazy("app.graphql.administration")] | None = to_one(
        models.RoleGrant.lent_from,
        description="The role out of which a temporary power was lent; the power is void where that holds no more.",
    )
    case: Case | None = to_one(models.RoleGrant.case_id, description="That case, where the caller may see it.")
    valid_from: datetime = column(models.RoleGrant.valid_from, description="From then on.")
    valid_until: datetime | None = column(
        models.RoleGrant.valid_until, description="Up to and without that instant; null: until it is revoked."
    )
    basis: str = column(models.RoleGrant.basis, description="On what it rests: a document number or words (依据).")
    granted_by: Person | None = to_one(
        models.RoleGrant.granted_by, description="Who gave or proposed it; null for the first administrators'."
    )
    approved_by: Person | None = to_one(
        models.RoleGrant.approved_by, description="The second person, where two are needed (批准人)."
    )
    revoked_at: datetime | None = column(models.RoleGrant.revoked_at, description="When it was taken back (收回).")
    revoked_by: Person | None = to_one(models.RoleGrant.revoked_by, description="By whom.")


@strawberry.type(description="Up to which classification somebody may know of things, and on what basis (涉密等级).")
@reads(models.PersonClearance, object="clearance")
class Clearance(Node):
    id: strawberry.ID = global_id("clearance")
    level: Classification = column(models.PersonClearance.level, description="The level (等级).")
    state: GrantState = computed(
        state_of_grant,
        models.PersonClearance.pending,
        models.PersonClearance.revoked_at,
        models.PersonClearance.valid_from,
        models.PersonClearance.valid_until,
        description="Whether it holds now (状态).",
    )
    person: Person | None = to_one(models.PersonClearance.person_id, description="Whose it is.")
    valid_from: datetime = column(models.PersonClearance.valid_from, description="From then on.")
    valid_until: datetime | None = column(
        models.PersonClearance.valid_until,
        description="Up to and without that instant; null: until it is revoked or another takes its place.",
    )
    basis: str = column(models.PersonClearance.basis, description="On what it rests: a document number (依据).")
    reason: str | None = text(models.PersonClearance.reason_id, description="What it is needed for (理由).")
    granted_by: Person | None = to_one(
        models.PersonClearance.granted_by, description="Who proposed it; null where it was there from the start."
    )
    approved_by: Person | None = to_one(
        models.PersonClearance.approved_by, description="The second person (批准人); null while it waits for one."
    )
    revoked_at: datetime | None = column(
        models.PersonClearance.revoked_at, description="When it was taken back (收回)."
    )
    revoked_by: Person | None = to_one(models.PersonClearance.revoked_by, description="By whom.")
    revoked_reason: str | None = text(models.PersonClearance.revoked_reason_id, description="Why it was taken back.")


ACCOUNTS = Listing(
    model=models.Account,
    order=(ascending(models.Account.login),),
    filters={
        "login": equals(models.Account.login),
        "kinds": one_of(models.Account.kind),
        "people": one_of_ids(models.Account.person_id, "person"),
    },
    orders={},
)
PASSWORD_RENEWALS = Listing(
    model=models.PasswordRenewal,
    order=(descending(models.PasswordRenewal.proposed_at),),
    filters={
        "states": one_of(models.PasswordRenewal.state),
        "people": one_of_ids(models.PasswordRenewal.person_id, "person"),
    },
    orders={},
)
CLIENT_KEYS = Listing(
    model=models.ClientKey,
    order=(descending(models.ClientKey.created_at),),
    filters={"accounts": one_of_ids(models.ClientKey.account_id, "account")},
    orders={},
)
SESSIONS = Listing(
    model=models.Session,
    order=(descending(models.Session.created_at),),
    filters={"accounts": one_of_ids(models.Session.account_id, "account")},
    orders={},
)
GRANTS = Listing(
    model=models.RoleGrant,
    order=(descending(models.RoleGrant.valid_from),),
    filters={
        "roles": one_of(models.RoleGrant.role),
        "people": one_of_ids(models.RoleGrant.person_id, "person"),
        "units": one_of_ids(models.RoleGrant.unit_id, "unit"),
        "pending": equals(models.RoleGrant.pending),
    },
    orders={},
)
CLEARANCES = Listing(
    model=models.PersonClearance,
    order=(descending(models.PersonClearance.valid_from),),
    filters={
        "people": one_of_ids(models.PersonClearance.person_id, "person"),
        "pending": equals(models.PersonClearance.pending),
    },
    orders={},
)


@strawberry.input(description="Which accounts.")
class AccountFilter:
    login: str | None = strawberry.field(default=None, description="Login name, exactly, in small letters.")
    kinds: list[AccountKind] | None = strawberry.field(default=None, description="Kinds.")
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="Whose.")


@strawberry.input(description="Which proposed passwords.")
class PasswordRenewalFilter:
    states: list[RenewalState] | None = strawberry.field(default=None, description="States.")
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="For whose accounts.")


@strawberry.input(description="Which keys of outside systems.")
class ClientKeyFilter:
    accounts: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these accounts.")


@strawberry.input(description="Which sessions.")
class SessionFilter:
    accounts: list[strawberry.ID] | None = strawberry.field(default=None, description="Of these accounts.")


@strawberry.input(description="Which grants.")
class GrantFilter:
    roles: list[Role] | None = strawberry.field(default=None, description="Roles.")
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="Whose.")
    units: list[strawberry.ID] | None = strawberry.field(default=None, description="Units for which they are held.")
    pending: bool | None = strawberry.field(
        default=None, description="Whether it waits for the approval of a second person (待批准)."
    )


@strawberry.input(description="Which clearances.")
class ClearanceFilter:
    people: list[strawberry.ID] | None = strawberry.field(default=None, description="Whose.")
    pending: bool | None = strawberry.field(
        default=None, description="Whether it waits for the approval of a second person (待批准)."
    )
