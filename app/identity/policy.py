"""What rules may say of units, people, posts, accounts, sessions and grants."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, in_, known, names_subject_role
from app.identity.models import (
    Account,
    ClientKey,
    PasswordRenewal,
    Person,
    PersonClearance,
    PostHolding,
    RoleGrant,
    Session,
    Unit,
    UnitContact,
)
from app.identity.rules import GRANTABLE_ROLES, RESTORABLE_ROLES, TWO_PERSON_ROLES

# held, or to be held: a password is kept until the day on which the role begins
_TWO_PERSON_ROLE = (
    in_(RoleGrant.role, TWO_PERSON_ROLES)
    & ~known(RoleGrant.revoked_at)
    & (~known(RoleGrant.valid_until) | gt(RoleGrant.valid_until, principal("now")))
)
_RESTORABLE_ROLE = (
    in_(RoleGrant.role, RESTORABLE_ROLES)
    & ~eq(RoleGrant.pending, True)
    & ~known(RoleGrant.revoked_at)
    & (~known(RoleGrant.valid_until) | gt(RoleGrant.valid_until, principal("now")))
)
_OF_ADMINISTRATOR = any_of(RoleGrant.person_id, Account.person_id, _RESTORABLE_ROLE)

UNIT = register(ObjectType("unit", Unit, frozenset({"view", "create", "rename", "close"}), {}))
PERSON = register(ObjectType("person", Person, frozenset({"view", "create"}), {}))
POST = register(ObjectType("post", PostHolding, frozenset({"view", "hold", "end"}), {}))
CONTACT = register(
    ObjectType(
        "contact",
        UnitContact,
        frozenset({"view", "name", "remove"}),
        {"of_own_unit": in_(UnitContact.unit_id, principal("units"))},
    )
)
ACCOUNT = register(
    ObjectType(
        "account",
        Account,
        frozenset({"view", "create", "disable", "renew_password", "restore"}),
        {
            "own": eq(Account.id, principal("account_id")),
            "of_two_person_role": any_of(RoleGrant.person_id, Account.person_id, _TWO_PERSON_ROLE),
            "of_administrator": _OF_ADMINISTRATOR,
            "of_no_administrator": ~_OF_ADMINISTRATOR,
        },
        mandatory=(
            ("renew_password", "of_two_person_role"),
            ("create", "of_two_person_role"),
            ("restore", "of_no_administrator"),
        ),
        kept=("restore",),
    )
)
CLIENT_KEY = register(
    ObjectType(
        "client_key",
        ClientKey,
        frozenset({"view", "add", "remove"}),
        {"own": eq(ClientKey.account_id, principal("account_id"))},
    )
)
PASSWORD_RENEWAL = register(
    ObjectType(
        "password_renewal",
        PasswordRenewal,
        frozenset({"view", "propose", "approve", "withdraw"}),
        {
            "own": eq(PasswordRenewal.person_id, principal("person_id")),
            "proposed_by_me": eq(PasswordRenewal.proposed_by, principal("person_id")),
            "of_two_person_role": any_of(RoleGrant.person_id, PasswordRenewal.person_id, _TWO_PERSON_ROLE),
        },
        mandatory=(("propose", "own"), ("approve", "own"), ("approve", "proposed_by_me")),
    )
)
SESSION = register(
    ObjectType(
        "session",
        Session,
        frozenset({"view", "revoke"}),
        {"own": eq(Session.account_id, principal("account_id"))},
    )
)
GRANT = register(
    ObjectType(
        "grant",
        RoleGrant,
        frozenset({"view", "give", "propose", "approve", "lend", "revoke"}),
        {
            "own": eq(RoleGrant.person_id, principal("person_id")),
            "proposed_by_me": eq(RoleGrant.granted_by, principal("person_id")),
            "lent_by_me": eq(RoleGrant.granted_by, principal("person_id")) & known(RoleGrant.case_id),
            "of_my_role": names_subject_role(RoleGrant.role),
            "one_person_role": in_(RoleGrant.role, GRANTABLE_ROLES - TWO_PERSON_ROLES),
            "two_person_role": in_(RoleGrant.role, TWO_PERSON_ROLES),
        },
        mandatory=(
            ("give", "own"),
            ("propose", "own"),
            ("approve", "own"),
            ("approve", "proposed_by_me"),
            ("lend", "own"),
        ),
    )
)
CLEARANCE = register(
    ObjectType(
        "clearance",
        PersonClearance,
        frozenset({"view", "propose", "approve", "revoke"}),
        {
            "own": eq(PersonClearance.person_id, principal("person_id")),
            "proposed_by_me": eq(PersonClearance.granted_by, principal("person_id")),
        },
        mandatory=(("propose", "own"), ("approve", "own"), ("approve", "proposed_by_me")),
    )
)
