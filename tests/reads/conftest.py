from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from app.core.levels import Classification
from tests.reads import toy
from tests.reads.bed import BEDS, POSTGRES_URL, Bed
from tests.reads.toy import Report, Unit
from tests.reads.toy_schema import ToyContext


@pytest.fixture(scope="package", params=BEDS)
def bed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bed]:
    file: Path = tmp_path_factory.mktemp("reads") / "reads.sqlite3"
    found = Bed(f"sqlite+aiosqlite:///{file}" if request.param == "sqlite" else POSTGRES_URL)
    yield found
    found.close()


@pytest.fixture
def office(bed: Bed) -> ToyContext:
    """Twenty cases of one unit, each with three reports of another, and one case that stays hidden."""
    units = [Unit(id=UUID(int=number), name=f"unit {number}") for number in (1, 2)]
    cases = [toy.case_at(number, day=number // 2, unit=units[0]) for number in range(20)]
    hidden = toy.case_at(20, day=0, unit=units[1])
    reports = [
        Report(
            id=UUID(int=5000 + 10 * number + nth),
            case_id=case.id,
            unit_id=units[1 - nth % 2].id,
            submitted_at=datetime(2026, 1, 1 + nth, tzinfo=UTC),
            grade=nth,
            level=Classification.PUBLIC,
        )
        for number, case in enumerate(cases)
        for nth in range(3)
    ]
    bed.fill([toy.content(UUID(int=7), "整改"), *units, *cases, hidden, *reports])
    return ToyContext(bed.database, toy.actor_of(units[0], Classification.INTERNAL))
