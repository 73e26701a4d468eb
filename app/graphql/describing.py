"""Descriptions that follow from the shape of the schema: values of enumerations, results of mutations, their inputs."""

from graphql import GraphQLEnumType, GraphQLSchema, GraphQLUnionType, get_named_type

from app.core.refusals import RefusalCode, catalogue
from app.graphql.terms import TERMS


def describe(schema: GraphQLSchema) -> None:
    """Add what is not said where the types are defined. What is said there stands."""
    terms = {name: _terms(text) for name, text in TERMS.items()}
    terms[RefusalCode.__name__] = {code.value: f"{chinese} {english}" for code, _, chinese, english in catalogue()}
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLEnumType) and name in terms:
            for value, definition in kind.values.items():
                definition.description = definition.description or terms[name].get(value)
    if schema.mutation_type is None:
        return
    schema.mutation_type.description = "What can be done. Every mutation answers its payload, or why not."
    for name, field in schema.mutation_type.fields.items():
        for argument in field.args.values():
            argument.description = argument.description or "What it needs to know."
        answer = get_named_type(field.type)
        if isinstance(answer, GraphQLUnionType):
            answer.description = f"What `{name}` answers: what it did, or why it was refused (结果)."


def _terms(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split("; "):
        name, _, term = part.partition(" ")
        found[name] = term
    return found
