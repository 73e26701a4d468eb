"""Errors at the top level of an answer: their codes, their words in both languages, and the mask over our own faults.

What a mutation refuses by the regulation is a member of its result union and never comes here. Here is what is wrong
with the request itself, what a query root may not answer, and what broke on our side.
"""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

import structlog
from graphql import GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError

from app.core.logs import code_of
from app.core.refusals import Language, Refusal, RefusalKind

_log = structlog.get_logger(__name__)
_MAX_FRAMES = 12


class ErrorCode(StrEnum):
    """`extensions.code` of every top-level error. A code never changes its meaning."""

    BAD_REQUEST = "BAD_REQUEST"
    PARSE_FAILED = "PARSE_FAILED"
    VALIDATION_FAILED = "VALIDATION_FAILED"
    INVALID_INPUT = "INVALID_INPUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    TOO_LARGE = "TOO_LARGE"
    TIMEOUT = "TIMEOUT"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Fault:
    """One error, with its words in both languages. `details` become extensions beside the code."""

    code: ErrorCode
    chinese: str
    english: str
    path: tuple[str | int, ...] = ()
    locations: tuple[tuple[int, int], ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        return self.chinese if language is Language.ZH else self.english

    def answer(self, language: Language, correlation_id: UUID) -> dict[str, Any]:
        """The error as the GraphQL specification writes it."""
        body: dict[str, Any] = {"message": self.message(language)}
        if self.locations:
            body["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        if self.path:
            body["path"] = list(self.path)
        body["extensions"] = {"code": self.code.value, **self.details, "correlationId": str(correlation_id)}
        return body


class Rejected(Exception):  # noqa: N818  # an answer, not an error
    """The request, or the field whose resolver raises it, gets these errors instead of data."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


def bad_request(chinese: str, english: str) -> Rejected:
    return Rejected(Fault(ErrorCode.BAD_REQUEST, chinese, english))


def sign_in_required() -> Rejected:
    """For resolvers that answer nobody who is not signed in."""
    return Rejected(Fault(ErrorCode.UNAUTHENTICATED, "请先登录。", "Sign in first."))


def limit_exceeded(limit: str, maximum: int) -> Rejected:
    return Rejected(
        Fault(
            ErrorCode.LIMIT_EXCEEDED,
            f"请求超出限制：{limit}最多为{maximum}。",
            f"The request exceeds a limit: {limit} is at most {maximum}.",
            details={"limit": limit, "maximum": maximum},
        )
    )


TIMED_OUT = Fault(ErrorCode.TIMEOUT, "处理超时，请缩小请求后重试。", "This took too long. Ask for less, or try again.")
INTERNAL = Fault(
    ErrorCode.INTERNAL,
    "服务器内部错误。请稍后重试，或将编号告知管理员。",
    "Something broke on our side. Try again later, or tell an administrator the correlation id.",
)

INVALID_ARGUMENT = Fault(ErrorCode.INVALID_INPUT, "参数的值无效。", "The value of an argument is not valid.")

_CODE_OF_KIND = {
    RefusalKind.INVALID: ErrorCode.INVALID_INPUT,
    RefusalKind.NOT_ALLOWED: ErrorCode.NOT_ALLOWED,
    RefusalKind.NOT_FOUND: ErrorCode.NOT_FOUND,
    RefusalKind.CONFLICT: ErrorCode.CONFLICT,
}


def refusal_faults(refusal: Refusal) -> list[Fault]:
    """A refusal that no result union took: a query root that needs a right, or a scalar that read a bad value."""
    code = _CODE_OF_KIND[refusal.kind]
    if refusal.problems:
        return [
            Fault(
                code,
                problem.message(Language.ZH),
                problem.message(Language.EN),
                details={"refusal": problem.code.value, "path": list(problem.path)},
            )
            for problem in refusal.problems
        ]
    details = {"refusal": refusal.code.value}
    if refusal.rule_id is not None:
        details["rule"] = refusal.rule_id
    return [Fault(code, refusal.message(Language.ZH), refusal.message(Language.EN), details=details)]


def field_faults(errors: Iterable[GraphQLError], correlation_id: UUID, operation: str | None) -> list[Fault]:
    """The errors of an executed operation. What nobody expected is masked, and logged once."""
    faults: list[Fault] = []
    unexpected: list[GraphQLError] = []
    for error in errors:
        expected = _expected(error)
        if expected is None:
            unexpected.append(error)
        faults.extend(_placed(fault, error) for fault in expected or (INTERNAL,))
    if unexpected:
        first = unexpected[0]
        log_failure(_cause(first), correlation_id, operation=operation, path=first.path, count=len(unexpected))
    return faults


def exception_faults(error: Exception, correlation_id: UUID) -> Sequence[Fault]:
    """The errors that answer for an exception which ended a request or a stream."""
    if isinstance(error, Rejected):
        return error.faults
    if isinstance(error, Refusal):
        return refusal_faults(error)
    log_failure(error, correlation_id)
    return (INTERNAL,)


def log_failure(error: BaseException, correlation_id: UUID, **facts: Any) -> None:
    """Write down what broke and where. Never the message: the words of an exception may hold what a person wrote."""
    _log.error(
        "unexpected failure",
        correlation_id=str(correlation_id),
        exception=f"{type(error).__module__}.{type(error).__qualname__}{code_of(error)}",
        frames=_frames(error),
        **facts,
    )


def answer_errors(faults: Sequence[Fault], language: Language, correlation_id: UUID) -> list[dict[str, Any]]:
    return [fault.answer(language, correlation_id) for fault in faults]


def locations_of(error: GraphQLError) -> tuple[tuple[int, int], ...]:
    return tuple((location.line, location.column) for location in error.locations or ())


def _expected(error: GraphQLError) -> Sequence[Fault] | None:
    cause = _cause(error)
    if isinstance(cause, Rejected):
        return cause.faults
    if isinstance(cause, Refusal):
        return refusal_faults(cause)
    # An argument that only its variable's value makes wrong is found by graphql-core while the field runs, as an error
    # without a cause. Resolvers raise Rejected or Refusal; a GraphQLError of their own is masked like any surprise.
    if isinstance(cause, StrawberryInputCoercionError) or (
        type(cause) is GraphQLError and cause.message.startswith("Argument '")
    ):
        return (INVALID_ARGUMENT,)
    return None


def _cause(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _placed(fault: Fault, error: GraphQLError) -> Fault:
    return replace(fault, path=tuple(error.path or ()), locations=locations_of(error))


def _frames(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
