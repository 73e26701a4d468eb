"""What rules may say of the policy itself, which nobody alone changes, and of the log of readings and refusals."""

from app.audit.models import AccessLog
from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, known
from app.authz.models import PolicyVersion
from app.cases.models import Case
from app.permissions.models import PolicyDryRun

_CLEARANCE = principal("clearance")
_MINE = eq(PolicyVersion.author_id, principal("person_id"))

POLICY = register(
    ObjectType(
        "policy",
        PolicyVersion,
        frozenset({"view", "explain", "dry_run", "draft", "discard", "propose", "approve", "refuse", "roll_back"}),
        {
            "drafted_by_me": _MINE,
            "drafted_by_another": known(PolicyVersion.author_id) & ~_MINE,
            "proposed_by_me": eq(PolicyVersion.proposer_id, principal("person_id")),
        },
        mandatory=(("draft", "drafted_by_another"), ("approve", "drafted_by_me"), ("approve", "proposed_by_me")),
        kept=("view", "draft", "propose", "approve", "roll_back"),
    )
)

ACCESS = register(
    ObjectType(
        "access",
        AccessLog,
        frozenset({"view"}),
        {
            "above_clearance": gt(AccessLog.classification, _CLEARANCE)
            | any_of(Case.id, AccessLog.of_case_id, gt(Case.classification, _CLEARANCE)),
        },
        mandatory=(("*", "above_clearance"),),
    )
)
DRY_RUN = register(
    ObjectType(
        "dry_run",
        PolicyDryRun,
        frozenset({"view"}),
        {"requested_by_another": ~eq(PolicyDryRun.requested_by, principal("person_id"))},
        mandatory=(("*", "requested_by_another"),),  # it was counted in what that person may know of
    )
)
