"""The calendar: every day of three notices, a year without one, imports, corrections, local days."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.database import Base, Database
from app.core.refusals import Refusal, RefusalCode
from app.workdays.models import CalendarDay, CalendarYear
from app.workdays.queries import current_calendar, read_notice, shipped_notices
from app.workdays.rules import Calendar, DayKind, Holiday, YearNotice, check_notice, year_without_notice
from app.workdays.service import import_year, set_local_day

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CALENDAR = Calendar.of(shipped_notices(), {})
NOTICE_2019 = next(iter((Path(__file__).resolve().parents[3] / "shared" / "realdocs").glob("12_*.txt")), Path("absent"))

days = st.dates(date(2023, 6, 1), date(2028, 6, 1))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


def every_day(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


# -- the shipped years -------------------------------------------------------------------------------------------------


def test_each_day_of_the_shipped_years_agrees_with_an_independent_transcription() -> None:
    days = list(every_day(date(2024, 1, 1), date(2026, 12, 31)))
    assert len(days) == 366 + 365 + 365
    assert [day for day in days if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_shipped_years_are_known_with_their_notices() -> None:
    assert [(notice.year, notice.number) for notice in shipped_notices()] == [
        (2024, "国办发明电〔2023〕7号"),
        (2025, "国办发明电〔2024〕12号"),
        (2026, "国办发明电〔2025〕7号"),
    ]
    assert CALENDAR.known_years == {2024, 2025, 2026}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 4), True),  # a Sunday, worked for 元旦
        (date(2026, 2, 14), True),  # a Saturday, worked for 春节
        (date(2026, 2, 16), False),  # 除夕, a Monday
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # a Saturday
        (date(2026, 9, 20), True),  # a Sunday, worked for 国庆
        (date(2026, 9, 25), False),  # 中秋
        (date(2026, 9, 28), True),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday
        (date(2026, 10, 11), False),
        (date(2024, 2, 9), True),  # 除夕 2024: only recommended as leave
    ],
)
def test_days_around_the_holidays(day: date, worked: bool) -> None:
    assert CALENDAR.is_workday(day) is worked


# -- counting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # Friday, and the Saturday after it is worked
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 24), 5, date(2026, 3, 2)),  # over the worked Saturday 2-28
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 10, 4), -1, date(2026, 9, 30)),
        (date(2026, 10, 4), 0, date(2026, 10, 4)),
    ],
)
def test_adding_workdays(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_workdays(start, count) == end


@given(days, st.integers(-300, 300))
def test_counting_undoes_adding(day: date, count: int) -> None:
    assert CALENDAR.workdays_between(day, CALENDAR.add_workdays(day, count)) == count


@given(days, st.integers(-60, 60).filter(bool))
def test_adding_ends_on_a_workday(day: date, count: int) -> None:
    assert CALENDAR.is_workday(CALENDAR.add_workdays(day, count))


@given(days, days)
def test_counting_agrees_with_walking(start: date, end: date) -> None:
    if start <= end:
        walked = sum(CALENDAR.is_workday(day) for day in every_day(start + timedelta(days=1), end))
    else:
        walked = -sum(CALENDAR.is_workday(day) for day in every_day(end, start - timedelta(days=1)))
    assert CALENDAR.workdays_between(start, end) == walked


@given(days)
def test_next_and_rolled_workday(day: date) -> None:
    assert CALENDAR.next_workday(day) > day
    rolled = CALENDAR.workday_from(day)
    assert rolled == (day if CALENDAR.is_workday(day) else CALENDAR.next_workday(day))


# -- a year without notice ---------------------------------------------------------------------------------------------


def test_a_year_without_notice_is_weekdays_without_the_fixed_statutory_days() -> None:
    off = [day for day in every_day(date(2027, 1, 1), date(2027, 12, 31)) if not CALENDAR.is_workday(day)]
    assert [day for day in off if day.weekday() < 5] == [date(2027, 1, 1), date(2027, 10, 1)]
    assert not CALENDAR.is_workday(date(2028, 5, 1))
    assert not CALENDAR.is_workday(date(2028, 5, 2))
    assert CALENDAR.is_workday(date(2027, 2, 8))  # within 春节 2027: not guessed
    assert not CALENDAR.is_known(2027)


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        (date(2024, 1, 1), date(2026, 12, 31), True),
        (date(2026, 12, 31), date(2027, 1, 1), False),
        (date(2023, 12, 31), date(2024, 1, 2), False),
    ],
)
def test_what_rests_on_notices(first: date, last: date, known: bool) -> None:
    assert CALENDAR.knows(first, last) is known


@pytest.mark.parametrize(
    ("today", "missing"),
    [(date(2026, 11, 30), None), (date(2026, 12, 1), 2027), (date(2027, 3, 1), 2027), (date(2025, 12, 5), None)],
)
def test_the_missing_notice_is_told_from_december(today: date, missing: int | None) -> None:
    assert year_without_notice(CALENDAR, today) == missing


# -- versions ----------------------------------------------------------------------------------------------------------


def test_the_version_follows_the_content() -> None:
    same = Calendar.of(reversed(shipped_notices()), {})
    other = Calendar.of(shipped_notices(), {date(2026, 11, 23): DayKind.OFF})
    assert same == CALENDAR
    assert other != CALENDAR
    assert len(CALENDAR.version) == 16
    assert other.version != CALENDAR.version


# -- notices -----------------------------------------------------------------------------------------------------------


def notice_2027(**changes: object) -> YearNotice:
    """Invented: the real one is not known."""
    holidays = (
        Holiday(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3)),
        Holiday(
            name="春节", first=date(2027, 2, 5), last=date(2027, 2, 12), workdays=(date(2027, 2, 14), date(2027, 2, 20))
        ),
        Holiday(name="清明节", first=date(2027, 4, 3), last=date(2027, 4, 5)),
        Holiday(name="劳动节", first=date(2027, 5, 1), last=date(2027, 5, 5), workdays=(date(2027, 5, 8),)),
        Holiday(name="端午节", first=date(2027, 6, 9), last=date(2027, 6, 9)),
        Holiday(name="中秋节", first=date(2027, 9, 15), last=date(2027, 9, 15)),
        Holiday(name="国庆节", first=date(2027, 10, 1), last=date(2027, 10, 7), workdays=(date(2027, 9, 26),)),
    )
    fields = {"year": 2027, "title": "通知", "number": "试1号", "issued_on": date(2026, 11, 25), "holidays": holidays}
    return YearNotice.model_validate(fields | changes)


def problems_of(notice: YearNotice) -> list[tuple[RefusalCode, tuple[str | int, ...]]]:
    with pytest.raises(Refusal) as refused:
        check_notice(notice)
    assert refused.value.code is RefusalCode.INVALID_INPUT
    return [(problem.code, problem.path) for problem in refused.value.problems]


def with_holiday(index: int, **changes: object) -> YearNotice:
    holidays = list(notice_2027().holidays)
    holidays[index] = Holiday.model_validate(holidays[index].model_dump() | changes)
    return notice_2027(holidays=tuple(holidays))


def test_a_notice_in_order_passes() -> None:
    check_notice(notice_2027())


@pytest.mark.parametrize(
    ("notice", "problems"),
    [
        (notice_2027(year=1800), [(RefusalCode.OUT_OF_RANGE, ("input", "year"))]),
        (notice_2027(title=" "), [(RefusalCode.REQUIRED, ("input", "title"))]),
        (notice_2027(number="号" * 101), [(RefusalCode.TOO_LONG, ("input", "number"))]),
        (notice_2027(holidays=notice_2027().holidays[1:]), [(RefusalCode.REQUIRED, ("input", "holidays"))]),
        (with_holiday(2, last=date(2027, 4, 2)), [(RefusalCode.BAD_DATE, ("input", "holidays", 2, "first"))]),
        (with_holiday(6, last=date(2027, 10, 31)), [(RefusalCode.BAD_DATE, ("input", "holidays", 6, "first"))]),
        (with_holiday(0, first=date(2026, 11, 30)), [(RefusalCode.BAD_DATE, ("input", "holidays", 0, "first"))]),
        (
            with_holiday(4, first=date(2027, 5, 5), last=date(2027, 5, 6)),
            [(RefusalCode.DUPLICATE, ("input", "holidays", 4, "first"))],
        ),
        (
            with_holiday(3, workdays=(date(2027, 5, 10),)),
            [(RefusalCode.BAD_DATE, ("input", "holidays", 3, "workdays", 0))],
        ),
        (
            with_holiday(3, workdays=(date(2027, 5, 8), date(2027, 5, 8))),
            [(RefusalCode.DUPLICATE, ("input", "holidays", 3, "workdays", 1))],
        ),
    ],
)
def test_an_incomplete_or_impossible_notice_is_refused(
    notice: YearNotice, problems: list[tuple[RefusalCode, tuple[str | int, ...]]]
) -> None:
    assert problems_of(notice) == problems


def test_a_notice_file_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "2027.json"
    path.write_text(notice_2027().model_dump_json().replace('"title"', '"titel"'), encoding="utf-8")
    with pytest.raises(ValueError, match="titel"):
        read_notice(path)


# -- imports and local days --------------------------------------------------------------------------------------------


async def test_importing_a_year_makes_it_known(database: Database) -> None:
    async with database.write() as session:
        before = await current_calendar(session)
        row = await import_year(session, notice_2027(), NOW)
        after = await current_calendar(session)
    assert before == CALENDAR
    assert (row.year, row.version, row.imported_at) == (2027, 1, NOW)
    assert after.is_known(2027)
    assert not after.is_workday(date(2027, 2, 8))
    assert after.is_workday(date(2027, 2, 20))
    assert after.version != before.version


async def test_the_same_notice_again_changes_nothing_and_a_correction_is_the_next_version(database: Database) -> None:
    corrected = with_holiday(4, last=date(2027, 6, 10))
    async with database.write() as session:
        first = await import_year(session, notice_2027(), NOW)
        again = await import_year(session, notice_2027(), NOW + timedelta(days=1))
        second = await import_year(session, corrected, NOW + timedelta(days=2))
        calendar = await current_calendar(session)
    assert again is first
    assert (second.year, second.version) == (2027, 2)
    assert not calendar.is_workday(date(2027, 6, 10))
    async with database.read() as session:
        kept = await session.get_one(CalendarYear, (2027, 1))
    assert YearNotice.model_validate(kept.body, strict=False) == notice_2027()


async def test_an_impossible_import_changes_nothing(database: Database) -> None:
    async with database.write() as session:
        with pytest.raises(Refusal):
            await import_year(session, notice_2027(title=""), NOW)
        assert await session.get(CalendarYear, (2027, 1)) is None
        assert await current_calendar(session) == CALENDAR


async def test_of_two_imports_at_once_the_later_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sees_nothing_yet(*_: object) -> None:
        return None

    async with database.write() as session:
        await import_year(session, notice_2027(), NOW)
        monkeypatch.setattr(session, "scalar", sees_nothing_yet)
        with pytest.raises(Refusal) as refused:
            await import_year(session, with_holiday(4, last=date(2027, 6, 10)), NOW)
        calendar = await current_calendar(session)
    assert refused.value.code is RefusalCode.VERSION_CONFLICT
    assert calendar == Calendar.of((*shipped_notices(), notice_2027()), {})


async def test_a_local_day_wins_over_the_notice_and_can_be_taken_back(database: Database) -> None:
    snow, order = date(2026, 11, 23), ("哈政发〔2026〕1号", "暴雪停工")
    async with database.write() as session:
        await set_local_day(session, snow, DayKind.OFF, *order)
        closed = await current_calendar(session)
    async with database.write() as session:
        await set_local_day(session, snow, DayKind.WORK, *order)
        reopened = await current_calendar(session)
    assert not closed.is_workday(snow)
    assert closed.next_workday(date(2026, 11, 20)) == date(2026, 11, 24)
    assert reopened.is_workday(snow)
    async with database.read() as session:
        row = await session.get_one(CalendarDay, snow)
    assert (row.kind, row.source, row.note) == (DayKind.WORK, *order)


# -- the real notice of 2019 -------------------------------------------------------------------------------------------


def holidays_in(text: str, year: int) -> tuple[Holiday, ...]:
    """Read the prose of a notice: “春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。”"""
    found = []
    for name, line in re.findall(r"[一二三四五六七]、(\S+?)：(.+)", text):
        off, _, work = line.partition("放假")
        first, last = read_days(off, year)[0], read_days(off, year)[-1]
        found.append(Holiday(name=name, first=first, last=last, workdays=tuple(read_days(work, year))))
    return tuple(found)


def read_days(text: str, year: int) -> list[date]:
    days, month = [], 0
    for year_text, month_text, day_text in re.findall(r"(?:(\d{4})年)?(?:(\d+)月)?(\d+)日", text):
        year, month = int(year_text or year), int(month_text or month)
        days.append(date(year, month, int(day_text)))
    return days


@pytest.mark.skipif(not NOTICE_2019.exists(), reason="the document is not beside this checkout")
async def test_the_notice_of_2019_and_its_later_amendment(database: Database) -> None:
    text = NOTICE_2019.read_text(encoding="utf-8")
    holidays = holidays_in(text, 2019)
    notice = YearNotice(
        year=2019,
        title="国务院办公厅关于2019年部分节假日安排的通知",
        number="国办发明电〔2018〕15号",
        issued_on=date(2018, 12, 4),
        holidays=holidays,
    )
    days = list(every_day(date(2018, 12, 29), date(2019, 12, 31)))
    async with database.write() as session:
        await import_year(session, notice, NOW)
        calendar = await current_calendar(session)
        wrong = [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)]
        # 国办发明电〔2019〕3号 gave 劳动节 four days in the spring of that year.
        assert wrong == [date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 5)]
        longer = Holiday(
            name="劳动节",
            first=date(2019, 5, 1),
            last=date(2019, 5, 4),
            workdays=(date(2019, 4, 28), date(2019, 5, 5)),
        )
        amended = tuple(longer if holiday.name.startswith("劳动") else holiday for holiday in holidays)
        row = await import_year(session, notice.model_copy(update={"holidays": amended}), NOW)
        calendar = await current_calendar(session)
    assert row.version == 2
    assert [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []
