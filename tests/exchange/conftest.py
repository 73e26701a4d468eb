import os
from collections.abc import Callable
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_REAL = _HERE.parents[2] / "shared" / "realdocs"


@pytest.fixture(scope="session")
def written() -> Callable[[str], str]:
    """A committed document, written for these tests in the patterns of the real ones."""
    return lambda name: (_HERE / "documents" / f"{name}.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def real() -> Callable[[str], str]:
    """A public document, which is not part of the project. Where tests must be complete, its absence is a failure."""

    def read(number: str) -> str:
        found = sorted(_REAL.glob(f"{number}_*.txt"))
        if not found and os.environ.get("CI") != "true":
            pytest.skip(f"document {number} is not here")
        assert len(found) == 1
        return found[0].read_bytes().decode()

    return read
