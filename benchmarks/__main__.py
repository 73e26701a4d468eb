"""All benchmarks, one after the other: `python -m benchmarks`, or some of them: `python -m benchmarks escalation`."""

import importlib
import pkgutil
import sys
from pathlib import Path


def main(names: list[str]) -> None:
    """A module of this folder with a `main` is a benchmark."""
    found = {module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])} - {"__main__"}
    for name in sorted(found):
        module = importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main") and (not names or name in names):
            print(f"== {name}")
            module.main()


if __name__ == "__main__":
    main(sys.argv[1:])
