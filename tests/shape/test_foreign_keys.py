"""Foreign keys point down the ordered list, as imports do; import-linter does not see them."""

import tomllib
from pathlib import Path

from app.core.database import Base
from app.core.parts import import_parts


def test_foreign_keys_point_down() -> None:
    import_parts("models")
    contracts = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [layer.split(" | ") for layer in contracts[0]["layers"]]
    rank = {name: place for place, names in enumerate(layers) for name in names}
    home = {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
    }
    upward = [
        f"{table.name}.{key.parent.name} -> {key.column.table.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if rank[home[table.name]] > rank[home[key.column.table.name]]
    ]
    assert upward == [], "let the lower table hold a plain id, or move the table that refers"
