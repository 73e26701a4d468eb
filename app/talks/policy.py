"""What rules may say of formal talks (约谈)."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import in_, inherits, known, parent
from app.talks.models import FormalTalk, TalkCommitment

TALK = register(
    ObjectType(
        "talk",
        FormalTalk,
        frozenset({"view", "issue", "postpone", "hold", "cancel"}),
        {
            "case_hidden": ~inherits(FormalTalk.case_id, "case"),
            "issued": known(FormalTalk.issued_at),
            "of_own_unit": in_(FormalTalk.unit_id, principal("units")),
            "of_a_unit_of_mine": in_(FormalTalk.unit_id, principal("all_units")),
        },
        within_case=in_(FormalTalk.case_id, principal("cases")),
        mandatory=(
            ("*", "case_hidden"),
            ("issue", "of_a_unit_of_mine"),
            ("hold", "of_a_unit_of_mine"),
            ("cancel", "of_a_unit_of_mine"),
        ),
    )
)

TALK_COMMITMENT = register(
    ObjectType(
        "talk_commitment",
        TalkCommitment,
        frozenset({"view"}),
        {"talk_hidden": ~inherits(TalkCommitment.talk_id, "talk")},
        within_case=parent(TalkCommitment.talk_id, FormalTalk.id, in_(FormalTalk.case_id, principal("cases"))),
        mandatory=(("*", "talk_hidden"),),
    )
)
