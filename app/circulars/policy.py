"""What rules may say of circulars (通报)."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import any_of, eq, gt, in_, inherits, known
from app.circulars.models import Circular, CircularEdition, CircularItem, CircularReply
from app.circulars.rules import CircularKind, CircularScope
from app.documents.models import DocumentRecipient

_ME = principal("person_id")

CIRCULAR = register(
    ObjectType(
        "circular",
        Circular,
        frozenset({"view", "draft", "approve", "publish", "acknowledge", "withdraw"}),
        {
            "above_clearance": gt(Circular.classification, principal("clearance")),
            "outside_need_to_know": eq(Circular.restricted, True)
            & ~inherits(Circular.case_id, "case", "view_restricted")
            & ~any_of(
                DocumentRecipient.document_id,
                Circular.document_id,
                eq(DocumentRecipient.person_id, _ME) | in_(DocumentRecipient.unit_id, principal("all_units")),
            ),
            # Once published it is for its addressees, who see nothing of the case that it cites.
            "case_hidden": known(Circular.case_id)
            & ~known(Circular.published_at)
            & ~inherits(Circular.case_id, "case"),
            "drafted_by_me": eq(Circular.drafted_by, _ME),
            "published": known(Circular.published_at),
            "to_the_district": in_(Circular.scope, {CircularScope.DISTRICT, CircularScope.GOVERNMENT_SYSTEM}),
            "names_own_unit": in_(Circular.unit_id, principal("units")),
            "names_a_unit_of_mine": in_(Circular.unit_id, principal("all_units")),
            "addressed_to_own_unit": any_of(
                DocumentRecipient.document_id,
                Circular.document_id,
                in_(DocumentRecipient.unit_id, principal("units")),
            ),
            "criticises_or_praises": in_(
                Circular.kind, {CircularKind.PRAISE, CircularKind.CRITICISM, CircularKind.AFTER_TALK}
            ),
            "informs": in_(Circular.kind, {CircularKind.PERIODIC, CircularKind.EVALUATION}),
        },
        within_case=in_(Circular.case_id, principal("cases")),
        mandatory=(
            ("*", "above_clearance"),
            ("*", "outside_need_to_know"),
            ("*", "case_hidden"),
            ("approve", "drafted_by_me"),
            ("approve", "names_a_unit_of_mine"),
        ),
    )
)

EDITION = register(
    ObjectType(
        "circular_edition",
        CircularEdition,
        frozenset({"view"}),
        {
            "above_clearance": gt(CircularEdition.classification, principal("clearance")),
            # Who does not see each of its cases would learn from its numbers that there are others (第二十三条).
            "counts_what_is_hidden": eq(CircularEdition.restricted, True)
            & any_of(CircularItem.edition_id, CircularEdition.id, ~inherits(CircularItem.case_id, "case")),
            "circular_hidden": ~inherits(CircularEdition.circular_id, "circular"),
        },
        mandatory=(("*", "above_clearance"), ("*", "counts_what_is_hidden"), ("*", "circular_hidden")),
    )
)

ITEM = register(
    ObjectType(
        "circular_item",
        CircularItem,
        frozenset({"view"}),
        {
            "edition_hidden": ~inherits(CircularItem.edition_id, "circular_edition"),
            "case_hidden": ~inherits(CircularItem.case_id, "case"),
        },
        mandatory=(("*", "edition_hidden"), ("*", "case_hidden")),
    )
)

REPLY = register(
    ObjectType(
        "circular_reply",
        CircularReply,
        frozenset({"view", "file", "review"}),
        {
            "circular_hidden": ~inherits(CircularReply.circular_id, "circular"),
            "of_own_unit": in_(CircularReply.unit_id, principal("units")),
            "of_a_unit_of_mine": in_(CircularReply.unit_id, principal("all_units")),
        },
        mandatory=(("*", "circular_hidden"), ("review", "of_a_unit_of_mine")),
    )
)
