"""A toy district of a few rows in which everything occurs: hidden and missing things, ties, nulls, several parents."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import DeclarativeBase

from app.core.levels import Classification
from tests.reads.toy import Case, CaseLabel, Label, Report, Status, Unit, content

LEVELS = [Classification.PUBLIC, Classification.INTERNAL, Classification.WORK_SECRET]
BEGAN = datetime(2026, 11, 1, 16, tzinfo=UTC)


def units() -> list[Unit]:
    return [Unit(id=UUID(int=number), name=f"单位{number}") for number in (1, 2)]


def rows() -> list[DeclarativeBase]:
    words = [content(UUID(int=10), "整改"), content(UUID(int=11), "限期上报"), content(UUID(int=12), None)]
    labels = [Label(id=UUID(int=number), name=f"标签{number}") for number in (20, 21, 22)]
    cases = [_case(number) for number in range(8)]
    reports = [_report(8 * number + nth) for number in range(8) for nth in range(number % 5)]
    links = [CaseLabel(case_id=case.id, label_id=label.id) for case in cases[::2] for label in labels[:2]]
    return [*words, *units(), *labels, *cases, *reports, *links]


def _case(number: int) -> Case:
    return Case(
        id=UUID(int=100 + number),
        number=f"督〔2026〕{number:03}",
        unit_id=None if number == 5 else UUID(int=1 + number % 2),
        title_id=UUID(int=10 + number % 3),
        words_id=None if number % 2 else UUID(int=11),
        due_on=None if number % 3 == 0 else date(2026, 11, 20) + timedelta(days=number // 2),
        opened_at=BEGAN + timedelta(microseconds=number // 2),
        weight=None if number % 4 == 0 else number,
        status=list(Status)[number % 3],
        level=LEVELS[number % 3],
        bytes_stored=2**40 + number,
        year=None,
        nth=None,
        reopens_id=None if number < 2 else UUID(int=101 + number % 2),
    )


def _report(number: int) -> Report:
    return Report(
        id=UUID(int=200 + number),
        case_id=UUID(int=100 + number // 8),
        unit_id=UUID(int=1 + number % 2),
        submitted_at=None if number % 3 == 0 else BEGAN + timedelta(days=number // 2),
        grade=None if number % 4 == 1 else number,
        level=LEVELS[number % 3],
    )
