"""Asking the toy schema as a client does."""

from typing import Any

from app.core.refusals import Refusal, RefusalCode
from tests.reads.bed import Bed
from tests.reads.toy_schema import ToyContext, schema


def ask(bed: Bed, context: ToyContext, document: str, **variables: Any) -> Any:
    result = bed.run(schema.execute(document, variables, context_value=context))
    assert result.errors is None, result.errors
    return result.data


def refusal(
    bed: Bed, context: ToyContext, document: str, **variables: Any
) -> list[tuple[RefusalCode, tuple[Any, ...]]]:
    """The problems for which a query is refused."""
    result = bed.run(schema.execute(document, variables, context_value=context))
    assert result.errors is not None
    (error,) = result.errors
    assert isinstance(error.original_error, Refusal)
    assert error.original_error.code is RefusalCode.INVALID_INPUT
    return [(problem.code, problem.path) for problem in error.original_error.problems]
