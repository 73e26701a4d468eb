"""What rules may say of cases and of what belongs to them. Documents, which lie below authz, are spoken of here too."""

from app.acts.models import Decision
from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, in_, inherits, known, le, parent
from app.cases.models import (
    Case,
    CaseAccess,
    CaseParticipant,
    CaseSource,
    Closure,
    HandlingProposal,
    Instruction,
    ProposedUnit,
    Reading,
    Recusal,
    Source,
)
from app.cases.rules import Disclosure, SourceKind
from app.documents.models import Document, DocumentRecipient, DocumentSubject
from app.documents.rules import DocumentKind, DocumentStatus

_ME, _UNITS, _ALL_UNITS = principal("person_id"), principal("units"), principal("all_units")
_CASES, _CLEARANCE = principal("cases"), principal("clearance")
_STANDS_FOR = principal("stands_for")  # a power that a leader lent is used as by himself

_HANDLES = eq(CaseParticipant.principal, True) | eq(CaseParticipant.supporting, True)
_NECESSARILY_KNOWS = (
    eq(CaseParticipant.in_scope, True) | eq(CaseParticipant.leader, True) | eq(CaseParticipant.proposer, True)
)
# Named in person or through a post; whoever instructs, decides or registered it knows of it in any event (第二十三条).
_NAMED = (eq(CaseParticipant.person_id, _ME) & _NECESSARILY_KNOWS) | (
    in_(CaseParticipant.unit_id, _ALL_UNITS) & eq(CaseParticipant.in_scope, True)
)
_REGISTERED_BY_ME = eq(Case.registered_by, _ME)
# The copied flag narrows the search to the few rows of restricted cases.
_NAMED_FOR_RESTRICTED = any_of(CaseParticipant.case_id, Case.id, eq(CaseParticipant.restricted, True) & _NAMED)

CASE = register(
    ObjectType(
        "case",
        Case,
        frozenset(
            {
                "view",
                "view_restricted",
                "register",
                "propose",
                "decide",
                "dispatch",
                "amend",
                "suspend",
                "resume",
                "cancel",
                "set_access_scope",
                "declare_recusal",
                "order_recusal",
                "lift_recusal",
                "submit_for_reading",
                "record_reading",
                "propose_closing",
                "confirm_closing",
                "reopen",
                "escalate",
            }
        ),
        {
            "above_clearance": gt(Case.classification, _CLEARANCE),
            "outside_need_to_know": eq(Case.restricted, True) & ~(_NAMED_FOR_RESTRICTED | _REGISTERED_BY_ME),
            "recused": any_of(
                CaseParticipant.case_id,
                Case.id,
                eq(CaseParticipant.person_id, _ME) & eq(CaseParticipant.recused, True),
            ),
            "named_in_scope": any_of(CaseParticipant.case_id, Case.id, _NAMED) | _REGISTERED_BY_ME,
            "leads_it": any_of(
                CaseParticipant.case_id,
                Case.id,
                eq(CaseParticipant.person_id, _STANDS_FOR) & eq(CaseParticipant.leader, True),
            ),
            "proposed_by_me": any_of(
                CaseParticipant.case_id,
                Case.id,
                eq(CaseParticipant.person_id, _ME) & eq(CaseParticipant.proposer, True),
            ),
            "own_unit_takes_part": any_of(
                CaseParticipant.case_id, Case.id, in_(CaseParticipant.unit_id, _UNITS) & _HANDLES
            ),
            "unit_of_mine_handles": any_of(
                CaseParticipant.case_id, Case.id, in_(CaseParticipant.unit_id, _ALL_UNITS) & _HANDLES
            ),
            "dispatched": le(Case.dispatched_at, principal("now")),
            "not_closed_by_another": ~any_of(
                Closure.case_id,
                Case.id,
                known(Closure.closed_at)
                & ~known(Closure.reopened_at)
                & ~parent(Closure.decision_id, Decision.id, eq(Decision.decided_by, _ME)),
            ),
            "closing_proposed_by_me": any_of(
                Closure.case_id, Case.id, eq(Closure.proposed_by, _ME) & ~known(Closure.closed_at)
            ),
        },
        within_case=in_(Case.id, _CASES),
        mandatory=(
            ("*", "above_clearance"),
            ("*", "outside_need_to_know"),
            ("*", "recused"),
            ("decide", "proposed_by_me"),
            ("decide", "unit_of_mine_handles"),
            ("confirm_closing", "closing_proposed_by_me"),
            ("confirm_closing", "unit_of_mine_handles"),
        ),
    )
)

IMPORT = register(ObjectType("import", Case, frozenset({"tasks"}), {}))  # the drafts that a task document becomes

SOURCE = register(
    ObjectType(
        "source",
        Source,
        frozenset({"view", "create"}),
        {
            "above_clearance": gt(Source.classification, _CLEARANCE),
            "outside_need_to_know": eq(Source.restricted, True)
            & ~any_of(CaseSource.source_id, Source.id, inherits(CaseSource.case_id, "case", "view_restricted")),
            "case_hidden": any_of(CaseSource.source_id, Source.id)
            & ~any_of(CaseSource.source_id, Source.id, inherits(CaseSource.case_id, "case")),
            "attached": any_of(CaseSource.source_id, Source.id),
            "of_open_kind": in_(Source.kind, {SourceKind.DOCUMENT, SourceKind.MEETING, SourceKind.SUPERIOR_LIST}),
        },
        within_case=any_of(CaseSource.source_id, Source.id, in_(CaseSource.case_id, _CASES)),
        mandatory=(("*", "above_clearance"), ("*", "outside_need_to_know"), ("*", "case_hidden")),
    )
)

INSTRUCTION = register(
    ObjectType(
        "instruction",
        Instruction,
        frozenset({"view", "create", "read", "read_excerpt"}),
        {
            "above_clearance": gt(Instruction.classification, _CLEARANCE),
            "outside_need_to_know": eq(Instruction.restricted, True)
            & ~inherits(Instruction.case_id, "case", "view_restricted"),
            "case_hidden": ~inherits(Instruction.case_id, "case"),
            "disclosed": in_(Instruction.disclosure, {Disclosure.FULL, Disclosure.EXCERPT}),
            "disclosed_in_full": eq(Instruction.disclosure, Disclosure.FULL),
            "excerpt_disclosed": eq(Instruction.disclosure, Disclosure.EXCERPT),
        },
        within_case=in_(Instruction.case_id, _CASES),
        mandatory=(("*", "above_clearance"), ("*", "outside_need_to_know"), ("*", "case_hidden")),
    )
)

CASE_ACCESS = register(
    ObjectType(
        "case_access",
        CaseAccess,
        frozenset({"view"}),
        {"case_hidden": ~inherits(CaseAccess.case_id, "case")},
        within_case=in_(CaseAccess.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

RECUSAL = register(
    ObjectType(
        "recusal",
        Recusal,
        frozenset({"view"}),
        {"case_hidden": ~inherits(Recusal.case_id, "case")},
        within_case=in_(Recusal.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

PROPOSAL = register(
    ObjectType(
        "proposal",
        HandlingProposal,
        frozenset({"view"}),
        {"case_hidden": ~inherits(HandlingProposal.case_id, "case")},
        within_case=in_(HandlingProposal.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

PROPOSED_UNIT = register(
    ObjectType(
        "proposed_unit",
        ProposedUnit,
        frozenset({"view"}),
        {"case_hidden": ~inherits(ProposedUnit.case_id, "case")},
        within_case=in_(ProposedUnit.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

READING = register(
    ObjectType(
        "reading",
        Reading,
        frozenset({"view"}),
        {"case_hidden": ~inherits(Reading.case_id, "case")},
        within_case=in_(Reading.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

CLOSURE = register(
    ObjectType(
        "closure",
        Closure,
        frozenset({"view"}),
        {"case_hidden": ~inherits(Closure.case_id, "case"), "closed": known(Closure.closed_at)},
        within_case=in_(Closure.case_id, _CASES),
        mandatory=(("*", "case_hidden"),),
    )
)

_OUT = {DocumentStatus.ISSUED, DocumentStatus.WITHDRAWN, DocumentStatus.SUPERSEDED}
_RECIPIENT = eq(DocumentRecipient.person_id, _ME)

DOCUMENT = register(
    ObjectType(
        "document",
        Document,
        frozenset({"view", "withdraw"}),
        {
            "above_clearance": gt(Document.classification, _CLEARANCE),
            # A restricted document is for those named in its case, and for whom it is addressed to.
            "outside_need_to_know": eq(Document.restricted, True)
            & ~any_of(
                DocumentSubject.document_id,
                Document.id,
                inherits(DocumentSubject.case_id, "case", "view_restricted"),
            )
            & ~any_of(
                DocumentRecipient.document_id,
                Document.id,
                _RECIPIENT | in_(DocumentRecipient.unit_id, _ALL_UNITS),
            ),
            # A circular goes to units that see nothing of the case that it cites.
            "case_hidden": ~eq(Document.kind, DocumentKind.CIRCULAR)
            & any_of(DocumentSubject.document_id, Document.id, ~inherits(DocumentSubject.case_id, "case")),
            "issued": in_(Document.status, _OUT),
            "addressed_to_me": any_of(DocumentRecipient.document_id, Document.id, _RECIPIENT),
            "addressed_to_own_unit": any_of(
                DocumentRecipient.document_id, Document.id, in_(DocumentRecipient.unit_id, _UNITS)
            ),
        },
        within_case=any_of(DocumentSubject.document_id, Document.id, in_(DocumentSubject.case_id, _CASES)),
        mandatory=(("*", "above_clearance"), ("*", "outside_need_to_know"), ("*", "case_hidden")),
    )
)

DOCUMENT_RECIPIENT = register(
    ObjectType(
        "document_recipient",
        DocumentRecipient,
        frozenset({"view"}),
        {"document_hidden": ~inherits(DocumentRecipient.document_id, "document")},
        within_case=any_of(
            DocumentSubject.document_id, DocumentRecipient.document_id, in_(DocumentSubject.case_id, _CASES)
        ),
        mandatory=(("*", "document_hidden"),),
    )
)
