"""The use cases of a case itself: register, instruct, propose, decide; who takes part, who may know, who is recused."""

from app.cases.service.deciding import (
    DecideHandling,
    HandlingChanges,
    current_proposal,
    decide_handling,
    proposed_units,
)
from app.cases.service.handling_units import HandlingUnit, ProposedUnitChoice, handling_units
from app.cases.service.instructing import InstructionInput, RecordInstruction, record_instruction
from app.cases.service.lending import LendPower, lend_power, take_power_back
from app.cases.service.participants import add_participant, publish
from app.cases.service.proposing import (
    ProposeHandling,
    propose_handling,
    reckoning_of,
)
from app.cases.service.recusing import (
    DeclareRecusal,
    LiftRecusal,
    OrderRecusal,
    declare_recusal,
    lift_recusal,
    order_recusal,
)
from app.cases.service.registering import (
    RegisterCase,
    SourceInput,
    register_case,
)
from app.cases.service.scope import (
    ChangeCaseAccess,
    SetAccessScope,
    grant_case_access,
    let_unit_in,
    let_unit_out,
    revoke_case_access,
    set_access_scope,
)
from app.cases.service.standing_in import recused_from, waits_for, waits_for_leader

__all__ = [
    "ChangeCaseAccess",
    "DecideHandling",
    "DeclareRecusal",
    "HandlingChanges",
    "HandlingUnit",
    "InstructionInput",
    "LendPower",
    "LiftRecusal",
    "OrderRecusal",
    "ProposeHandling",
    "ProposedUnitChoice",
    "RecordInstruction",
    "RegisterCase",
    "SetAccessScope",
    "SourceInput",
    "add_participant",
    "current_proposal",
    "decide_handling",
    "declare_recusal",
    "grant_case_access",
    "handling_units",
    "lend_power",
    "let_unit_in",
    "let_unit_out",
    "lift_recusal",
    "order_recusal",
    "propose_handling",
    "proposed_units",
    "publish",
    "reckoning_of",
    "record_instruction",
    "recused_from",
    "register_case",
    "revoke_case_access",
    "set_access_scope",
    "take_power_back",
    "waits_for",
    "waits_for_leader",
]
