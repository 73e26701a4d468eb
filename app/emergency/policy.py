"""What rules may say of the seal of the emergency account. What the opened account does is `account.restore`."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import eq
from app.emergency.models import EmergencySeal

EMERGENCY_SEAL = register(
    ObjectType(
        "emergency_seal",
        EmergencySeal,
        frozenset({"view", "begin", "complete", "close"}),
        {"begun_by_me": eq(EmergencySeal.begun_by, principal("person_id"))},
        mandatory=(("complete", "begun_by_me"),),
        kept=("begin", "complete", "close"),
    )
)
