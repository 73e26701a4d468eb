"""What rules may say of accountability proposals (问责建议). Whom one concerns learns nothing of it."""

from app.accountability.models import AccountabilityFact, AccountabilityParty, AccountabilityProposal
from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, in_, inherits, known

_ME = principal("person_id")

ACCOUNTABILITY = register(
    ObjectType(
        "accountability",
        AccountabilityProposal,
        frozenset({"view", "draft", "approve", "carry_out", "withdraw"}),
        {
            "above_clearance": gt(AccountabilityProposal.classification, principal("clearance")),
            # Who may not know of a case, or is recused from it, would hear of it here (第二十三条).
            "cites_what_is_hidden": any_of(
                AccountabilityFact.proposal_id,
                AccountabilityProposal.id,
                known(AccountabilityFact.case_id) & ~inherits(AccountabilityFact.case_id, "case"),
            ),
            "concerns_me": any_of(
                AccountabilityParty.proposal_id, AccountabilityProposal.id, eq(AccountabilityParty.person_id, _ME)
            ),
            "concerns_a_unit_of_mine": any_of(
                AccountabilityParty.proposal_id,
                AccountabilityProposal.id,
                in_(AccountabilityParty.unit_id, principal("all_units")),
            ),
            "drafted_by_me": eq(AccountabilityProposal.drafted_by, _ME),
            "not_approved": ~known(AccountabilityProposal.approved_at),
        },
        within_case=any_of(
            AccountabilityFact.proposal_id,
            AccountabilityProposal.id,
            in_(AccountabilityFact.case_id, principal("cases")),
        ),
        mandatory=(
            ("*", "above_clearance"),
            ("*", "cites_what_is_hidden"),
            ("*", "concerns_me"),
            ("*", "concerns_a_unit_of_mine"),
            ("approve", "drafted_by_me"),
        ),
    )
)
