"""The use cases of a case itself: register, instruct, propose, decide; who takes part; its dates and its scope."""

from app.cases.service.deciding import (
    DecideHandling,
    HandlingChanges,
    current_proposal,
    decide_handling,
    proposed_units,
)
from app.cases.service.instructing import InstructionInput, RecordInstruction, record_instruction
from app.cases.service.participants import add_participant, publish
from app.cases.service.proposing import (
    ProposedUnitChoice,
    ProposeHandling,
    propose_handling,
    reckoning_of,
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
    revoke_case_access,
    set_access_scope,
)

__all__ = [
    "ChangeCaseAccess",
    "DecideHandling",
    "HandlingChanges",
    "InstructionInput",
    "ProposeHandling",
    "ProposedUnitChoice",
    "RecordInstruction",
    "RegisterCase",
    "SetAccessScope",
    "SourceInput",
    "add_participant",
    "current_proposal",
    "decide_handling",
    "grant_case_access",
    "let_unit_in",
    "propose_handling",
    "proposed_units",
    "publish",
    "reckoning_of",
    "record_instruction",
    "register_case",
    "revoke_case_access",
    "set_access_scope",
]
