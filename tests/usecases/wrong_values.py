"""Values that are wrong wherever they stand, by the type of the place."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from graphql import GraphQLInputType, get_named_type, is_enum_type, is_input_object_type, is_list_type, is_non_null_type

from app.core.ids import encode_id
from tests.usecases.mutations import Place

UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")
# By the name of the field: the tag of the ids that belong there.
TAGS = {
    "account": "account", "grant": "grant", "parent": "unit", "person": "person", "post": "post",
    "webhook": "webhook", "messages": "delivery",
    "key": "clientkey", "session": "session", "clearance": "clearance", "contact": "contact", "renewal": "renewal",
    "policy": "policy", "base": "policy",
    "actingPost": "post", "act": "act", "appeared": "person", "assignment": "assignment", "assignments": "assignment",
    "blockingUnit": "unit", "case": "case", "circular": "circular", "conclusion": "conclusion", "decidedBy": "person",
    "reassignmentRequest": "reassignment", "suggestedUnit": "unit",
    "draft": "case", "evidence": "file", "explanation": "explanation", "extensionRequest": "extension", "file": "file",
    "files": "file", "group": "group", "handler": "person", "holder": "person", "instruction": "instruction",
    "leader": "person", "missingContributions": "assignment", "notification": "notification", "people": "person",
    "reading": "reading", "report": "report", "responsible": "person", "seal": "file", "secondOfficer": "person",
    "slot": "slot", "slots": "slot", "talk": "talk", "unit": "unit", "units": "unit", "urging": "urging",
}  # fmt: skip
TAGS |= {"emergencySeal": "emergencyseal"}
TAGS |= {"evaluation": "evaluation", "facts": "fact", "objection": "objection", "sheet": "sheet", "reply": "reply"}
TAGS |= {"minutesFile": "file"}
TAGS |= {"proposal": "accountability", "cases": "case", "urgings": "urging", "reports": "report"}
_SIGNED = frozenset({"points"})
_MANY = 1_000


def wrong_values(at: Place, kind: GraphQLInputType, *, of_type: bool) -> Iterator[tuple[str, Any]]:
    """What must be refused in this place, each with a name; with `of_type` also what is of another type."""
    inner = kind.of_type if is_non_null_type(kind) else kind
    if is_non_null_type(kind):
        yield "null", None
    if of_type:
        yield from _of_another_type(inner)
    if is_list_type(inner):
        yield "a list with null", [None]
    elif is_input_object_type(inner):
        yield "an unknown field", {"nonsense": 1}
    elif is_enum_type(inner):
        yield "an unknown name", "NOPE"
    else:
        yield from _of_scalar(get_named_type(inner).name, at, required=is_non_null_type(kind))


def _of_another_type(inner: GraphQLInputType) -> Iterator[tuple[str, Any]]:
    yield "an object", {"x": 1}
    yield "a list", [[], []]
    match get_named_type(inner).name:
        case "String":
            yield from (("a number", 7), ("true", True))
        case "Int":
            yield from (("too large", 2**31), ("huge", 2**70), ("part", 1.5), ("text", "1"), ("true", True))
        case "Boolean":
            yield from (("text", "yes"), ("a number", 1))
        case "Date" | "DateTime":
            yield from (("a number", 20260625), ("words", "tomorrow"), ("empty", ""), ("a zero byte", "2026-06-25\x00"))
            yield from (("the year 0", "0000-01-01"), ("the year 10000", "10000-01-01"))
        case "Time":
            yield from (("a number", 9), ("words", "noon"), ("empty", ""))
        case _:
            yield from (("empty", ""), ("a fraction", 1.5))


def _of_scalar(name: str, at: Place, *, required: bool) -> Iterator[tuple[str, Any]]:
    match name:
        case "ID":
            yield from _ids(at)
        case "String":
            yield from _strings(required)
        case "Int":
            yield from (("unseen", 999), *(() if at[-1] in _SIGNED else (("negative", -1),)))
        case "Boolean":
            pass
        case "Date":
            yield from (("the 30th of February", "2026-02-30"), ("with a time", "2026-06-25T00:00:00"))
        case "Time":
            yield from (("25 o'clock", "25:00"), ("with an offset", "09:00+08:00"))
        case "DateTime":
            yield from (("without an offset", "2026-06-25T09:00:00"), ("25 o'clock", "2026-06-25T25:00:00+08:00"))
        case _:
            raise AssertionError(name)


def _ids(at: Place) -> Iterator[tuple[str, Any]]:
    name = next(step for step in reversed(at) if isinstance(step, str))
    tag = TAGS[name]
    other = "unit" if tag != "unit" else "case"
    yield "nothing like an id", "督办"
    yield "of another kind", encode_id(other, UNKNOWN)
    yield "unknown", encode_id(tag, UNKNOWN)
    yield "with a tail", f"{encode_id(tag, UNKNOWN)}A"
    yield "endless", f"{tag}_{'A' * 5_000}"
    yield "a zero byte", f"{tag}_\x00"


def _strings(required: bool) -> Iterator[tuple[str, Any]]:
    yield "too long", "长" * 20_001
    yield "a zero byte", "甲\x00乙"
    yield "an escape", "甲\x1b[31m乙"
    yield "a lone surrogate", "甲\ud800"
    yield "a private character", "甲\ue000"
    if required:
        yield "blank", " \n\t　"


def odd_values(kind: GraphQLInputType, given: Any) -> Iterator[tuple[str, Any]]:
    """What may be right or wrong in this place, and must break nothing either way."""
    inner = kind.of_type if is_non_null_type(kind) else kind
    if is_list_type(inner):
        yield "empty", []
        if given:
            yield "a thousand times the same", [given[0]] * _MANY
        return
    if is_input_object_type(inner) or is_enum_type(inner):
        return
    match get_named_type(inner).name:
        case "String":
            yield "markup", "<script>alert('1')</script>&amp;<b>"
            yield "SQL", "'; DROP TABLE supervision_case; --"
            yield "a template", "{{7*7}} ${jndi:x} %s %(x)s"
            yield "right to left", "\u202e督办\u200b\u2066"
            yield "beyond the first plane", "𠮷野家🀄️👨‍👩‍👧"
            yield "a combining flood", "e" + "\u0301" * 150
        case "Date":
            yield from (("the first day", "1900-01-01"), ("the last day", "2199-12-31"), ("a leap day", "2028-02-29"))
        case "DateTime":
            yield from (("the first instant", "1900-01-01T00:00:00+14:00"), ("the last", "2199-12-31T23:59:59-12:00"))
            yield "an odd offset", "2026-06-25T09:00:00.123456+05:45"
        case "Time":
            yield from (("midnight", "00:00"), ("the last minute", "23:59"))
