"""A statement compiled once: its text, and how the values of a request become the driver's arguments.

SQLAlchemy builds, names and compiles; at execution it would add more work than the driver has (measured: 82 to 380 µs
beside 35). So what is read with every request goes to the driver as text and arguments (`connections.py`).
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]


class Query(NamedTuple):
    """What a driver is handed."""

    text: str
    arguments: Sequence[Any]


class _Parameter(NamedTuple):
    """One place in the text. `constant` is what stands there when the request gives no value of that name."""

    name: str
    constant: Any
    convert: Convert | None


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """The text of a statement, and its parameters in their order."""

    text: str
    parameters: tuple[_Parameter, ...]

    def query(self, values: Mapping[str, Any]) -> Query:
        """The statement for these values; more may be given than it names."""
        arguments = [
            constant if name not in values else values[name] if convert is None else convert(values[name])
            for name, constant, convert in self.parameters
        ]
        return Query(self.text, arguments)

    def arguments_of(self, rows: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """Those of many rows that name every parameter: worked out column by column, which takes half as long."""
        columns = (
            [row[name] for row in rows] if convert is None else [convert(row[name]) for row in rows]
            for name, _, convert in self.parameters
        )
        return list(zip(*columns, strict=True))


def prepare(
    statement: Select[Any] | Insert | Update,
    dialect: Dialect,
    *,
    raw: frozenset[str] = frozenset(),
    in_text: Mapping[str, Any] | None = None,
) -> Prepared:
    """Compile a statement. The values of the parameters `raw` are given as the driver takes them.

    `in_text` are the values of those that stand in the text itself.
    """
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    kinds = {name: bind.type for bind, name in compiled.bind_names.items()}
    # lists of constants, and what must stand in the text itself, are written out here
    nothing = {bind.key: None for bind in compiled.bind_names if bind.required}
    written = compiled.construct_expanded_state({**nothing, **(in_text or {})})

    def parameter(name: str) -> _Parameter:
        kind = kinds.get(name) or kinds[name.rpartition("_")[0]]  # `status_1_2`: the second of a list of constants
        convert = None if name in raw else writer_of(kind, dialect)
        constant = written.parameters[name]
        return _Parameter(name, constant if convert is None or constant is None else convert(constant), convert)

    return Prepared(written.statement, tuple(parameter(name) for name in written.positiontup or ()))


class PreparedRows:
    """A statement whose rows are read as values under the names of its columns."""

    def __init__(self, statement: Select[Any], dialect: Dialect) -> None:
        columns = statement.selected_columns
        self._prepared = prepare(statement, dialect)
        self._readers = [(str(column.key), reader_of(column.type, dialect)) for column in columns]

    def read(self, values: Mapping[str, Any]) -> Generator[Query, Sequence[Sequence[Any]], Sequence[Sequence[Any]]]:
        """The rows for these values as the driver gives them, as a job of `connections.py`."""
        found = yield self._prepared.query(values)
        return found

    def column(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """The values of the first column."""
        _, read = self._readers[0]
        return [row[0] if read is None else read(row[0]) for row in rows]

    def row(self, row: Sequence[Any]) -> Any:
        """The values of a row under the names of its columns."""
        values = zip(self._readers, row, strict=True)
        return SimpleNamespace(**{name: value if read is None else read(value) for (name, read), value in values})


def writer_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How a value of a type becomes what the driver takes; None where it is the same."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def reader_of(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How what the driver gives becomes a value of a type; None where it is the same."""
    return kind.dialect_impl(dialect).result_processor(dialect, None)
