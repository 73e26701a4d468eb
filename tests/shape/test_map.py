"""The map of README.md names every folder of the house, in the order in which imports point."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]


def layers() -> list[set[str]]:
    """From the top; those that stand side by side in one set."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (order,) = (one for one in told["tool"]["importlinter"]["contracts"] if one.get("exhaustive"))
    return [set(layer.split(" | ")) for layer in order["layers"]]


def test_the_map_is_complete_and_in_order() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    mapped = [name for row in rows for name in re.findall(r"\w+", row)]
    places = {name: place for place, layer in enumerate(layers()) for name in layer}
    missing = places.keys() - set(mapped)
    assert not missing, f"add {missing} to the map in README.md"
    upwards = [pair for pair in pairwise(mapped) if places[pair[0]] > places[pair[1]]]
    assert upwards == [], "the map goes from the top to the bottom, as `layers` in pyproject.toml does"
