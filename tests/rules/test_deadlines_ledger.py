"""The ledger of dates in a database: generations, cancelling, what fires next, recomputation after a notice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Base, Database
from app.core.ids import new_id
from app.core.zone import SHANGHAI
from app.deadlines.dates import DueDate, Reckoning, given, printed, proposed, working
from app.deadlines.models import Deadline
from app.deadlines.queries import (
    cases_with_provisional,
    due_deadlines,
    oldest_unfired,
    pending_of,
    provisional_deadlines,
)
from app.deadlines.rules import DateSource, DayCount, DeadlineState, Stage, SubjectKind, TimeLimitTier
from app.deadlines.service import cancel, first_deadline, next_fire_at, recompute_provisional, set_deadline
from app.regulation.service import current_rule_set, load_regulation, rule_set_id
from app.workdays.queries import shipped_notices
from app.workdays.rules import Calendar, Holiday, YearNotice

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
REGULATION = load_regulation()
CALENDAR = Calendar.of(shipped_notices(), {})
RECKONING = Reckoning(REGULATION, rule_set_id(REGULATION), CALENDAR)
CASE, SLOT = UUID(int=10), UUID(int=20)

NOTICE_2027 = YearNotice(  # invented: the real one is not known
    year=2027,
    title="通知",
    number="试1号",
    issued_on=date(2026, 11, 25),
    holidays=(
        Holiday(name="元旦", first=date(2027, 1, 1), last=date(2027, 1, 3)),
        Holiday(
            name="春节", first=date(2027, 2, 5), last=date(2027, 2, 12), workdays=(date(2027, 2, 14), date(2027, 2, 20))
        ),
    ),
)
KNOWN = Calendar.of((*shipped_notices(), NOTICE_2027), {})


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with database.write() as session:
        await current_rule_set(session, REGULATION, NOW)
    yield database
    await database.close()


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=SHANGHAI)


def due_on(day: date) -> DueDate:
    return given(RECKONING, date(2026, 11, 23), day)


async def put(
    session: AsyncSession,
    due: DueDate,
    *,
    slot: UUID = SLOT,
    case_id: UUID | None = CASE,
    stage: Stage = Stage.URGE,
    source: DateSource = DateSource.TIER,
) -> Deadline:
    return await set_deadline(
        session,
        RECKONING,
        subject_kind=SubjectKind.SLOT,
        subject_id=slot,
        case_id=case_id,
        stage=stage,
        due=due,
        source=source,
    )


async def ledger(database: Database) -> list[tuple[int, date, DeadlineState]]:
    async with database.read() as session:
        rows = await session.scalars(select(Deadline).order_by(Deadline.generation, Deadline.due_on))
        return [(row.generation, row.due_on, row.state) for row in rows]


# -- setting and replacing ---------------------------------------------------------------------------------------------


async def test_a_date_is_written_with_all_that_it_was_counted_with(database: Database) -> None:
    due = proposed(RECKONING, TimeLimitTier.GENERAL, date(2026, 11, 23), time(18, 0))
    assert due is not None
    async with database.write() as session:
        key = (await put(session, due)).id
    async with database.read() as session:
        row = await session.get_one(Deadline, key)
    assert (row.subject_kind, row.subject_id, row.case_id) == (SubjectKind.SLOT, SLOT, CASE)
    assert (row.stage, row.generation, row.state) == (Stage.URGE, 1, DeadlineState.PENDING)
    assert (row.start_on, row.days, row.day_count) == (date(2026, 11, 23), 5, DayCount.WORKING)
    assert (row.due_on, row.due_time, row.due_at) == (date(2026, 11, 30), time(18, 0), at("2026-11-30T18:00"))
    assert (row.fire_at, row.source, row.provisional) == (at("2026-12-01T08:30"), DateSource.TIER, False)
    assert (row.rule_set_id, row.calendar_version) == (rule_set_id(REGULATION), CALENDAR.version)


async def test_a_replaced_date_is_a_new_generation(database: Database) -> None:
    async with database.write() as session:
        first = await put(session, due_on(date(2026, 11, 30)))
        second = await put(session, due_on(date(2026, 12, 4)), source=DateSource.LEADER)
    assert (first.state, second.state) == (DeadlineState.SUPERSEDED, DeadlineState.PENDING)
    assert await ledger(database) == [
        (1, date(2026, 11, 30), DeadlineState.SUPERSEDED),
        (2, date(2026, 12, 4), DeadlineState.PENDING),
    ]


async def test_the_same_date_is_no_change_but_the_same_date_from_a_leader_is(database: Database) -> None:
    async with database.write() as session:
        first = await put(session, due_on(date(2026, 11, 30)))
        again = await put(session, due_on(date(2026, 11, 30)))
        leader = await put(session, due_on(date(2026, 11, 30)), source=DateSource.LEADER)
    assert again is first
    assert leader.generation == 2
    assert [generation for generation, _, _ in await ledger(database)] == [1, 2]


async def test_stages_and_subjects_have_generations_of_their_own(database: Database) -> None:
    async with database.write() as session:
        rows = [
            await put(session, due_on(date(2026, 11, 30))),
            await put(session, due_on(date(2026, 11, 30)), stage=Stage.REMIND),
            await put(session, due_on(date(2026, 11, 30)), slot=UUID(int=21)),
        ]
    assert [(row.generation, row.state) for row in rows] == [(1, DeadlineState.PENDING)] * 3
    assert rows[1].fire_at == at("2026-11-25T08:30")  # seven days: yellow three working days before


async def test_a_subject_has_one_pending_date_of_a_stage(database: Database) -> None:
    def row() -> Deadline:
        return first_deadline(
            RECKONING,
            subject_kind=SubjectKind.URGE_RESPONSE,
            subject_id=SLOT,
            case_id=CASE,
            stage=Stage.TALK,
            due=due_on(date(2026, 11, 24)),
            source=DateSource.OFFICE,
        )

    second = row()
    second.generation = 2
    async with database.write() as session:
        session.add(row())
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(second)
    assert await ledger(database) == [(1, date(2026, 11, 24), DeadlineState.PENDING)]


# -- cancelling --------------------------------------------------------------------------------------------------------


async def test_cancelling_takes_what_is_pending_and_a_later_date_goes_on_counting(database: Database) -> None:
    async with database.write() as session:
        await put(session, due_on(date(2026, 11, 30)))
        await put(session, due_on(date(2026, 11, 30)), stage=Stage.REMIND)
        await put(session, due_on(date(2026, 11, 30)), slot=UUID(int=21))
        reminders = await cancel(session, SubjectKind.SLOT, SLOT, Stage.REMIND)
        rest = await cancel(session, SubjectKind.SLOT, SLOT)
        nothing = await cancel(session, SubjectKind.SLOT, SLOT)
        resumed = await put(session, due_on(date(2026, 12, 1)))
    assert [row.stage for row in reminders] == [Stage.REMIND]
    assert [row.stage for row in rest] == [Stage.URGE]
    assert nothing == []
    assert {row.state for row in (*reminders, *rest)} == {DeadlineState.CANCELLED}
    assert resumed.generation == 2
    assert len([state for _, _, state in await ledger(database) if state is DeadlineState.PENDING]) == 2


# -- what fires --------------------------------------------------------------------------------------------------------


async def test_a_case_is_looked_at_when_its_earliest_pending_date_fires(database: Database) -> None:
    async with database.write() as session:
        assert await next_fire_at(session, CASE) is None
        early = await put(session, due_on(date(2026, 11, 24)))
        late = await put(session, due_on(date(2026, 11, 26)), slot=UUID(int=21))
        await put(session, due_on(date(2026, 11, 23)), slot=UUID(int=22), case_id=UUID(int=11))
        assert await next_fire_at(session, CASE) == early.fire_at == at("2026-11-25T08:30")
        early.state = DeadlineState.FIRED
        await session.flush()
        assert await next_fire_at(session, CASE) == late.fire_at == at("2026-11-27T08:30")


async def test_what_is_due_in_the_claimed_cases(database: Database) -> None:
    async with database.write() as session:
        second = await put(session, due_on(date(2026, 11, 24)))
        first = await put(session, due_on(date(2026, 11, 23)), slot=UUID(int=21))
        await put(session, due_on(date(2026, 11, 25)), slot=UUID(int=22))
        other = await put(session, due_on(date(2026, 11, 23)), slot=UUID(int=23), case_id=UUID(int=11))
        now = at("2026-11-25T08:30")
        assert await due_deadlines(session, [CASE], now) == [first, second]
        assert set(await due_deadlines(session, [CASE, UUID(int=11)], now)) == {first, other, second}
        assert await oldest_unfired(session, now) == at("2026-11-24T08:30")
        assert await oldest_unfired(session, at("2026-11-24T08:29")) is None


async def plan_of(database: Database, ask: Callable[[AsyncSession], Awaitable[object]]) -> str:
    """How SQLite answers the one statement that a query sends."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: tuple[object, ...], *_: object) -> None:
        sent.append((statement, parameters))

    event.listen(database.reader.sync_engine, "before_cursor_execute", note)
    async with database.read() as session:
        await ask(session)
        event.remove(database.reader.sync_engine, "before_cursor_execute", note)
        connection = await session.connection()
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[-1][0]}", sent[-1][1])
        return str(plan.all())


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda session: next_fire_at(session, CASE), "ix_deadline_case"),
        (lambda session: due_deadlines(session, [CASE, SLOT], NOW), "ix_deadline_case"),
        (lambda session: oldest_unfired(session, NOW), "ix_deadline_fire"),
        (lambda session: pending_of(session, SubjectKind.SLOT, SLOT, Stage.URGE), "uq_deadline_pending"),
        # without statistics SQLite takes whichever index of pending dates was made first
        (provisional_deadlines, "USING INDEX ix_deadline_"),
        (cases_with_provisional, "USING INDEX ix_deadline_"),
    ],
)
async def test_the_sweeps_questions_are_answered_from_the_indexes_of_pending_dates(
    database: Database, ask: Callable[[AsyncSession], Awaitable[object]], index: str
) -> None:
    assert index in await plan_of(database, ask)


# -- a notice comes in -------------------------------------------------------------------------------------------------


async def test_counted_dates_move_and_printed_ones_stay_when_the_year_becomes_known(database: Database) -> None:
    start = date(2027, 2, 3)
    tier = proposed(RECKONING, TimeLimitTier.GENERAL, start)
    assert tier is not None
    notice = printed(RECKONING, TimeLimitTier.GENERAL, start, date(2027, 2, 10), time(18, 0))
    async with database.write() as session:
        counted = await put(session, tier, slot=UUID(int=1))
        copied = await put(session, tier, slot=UUID(int=2), source=DateSource.NOTICE)
        said = await put(session, notice, slot=UUID(int=3), source=DateSource.NOTICE)
        known = await put(session, due_on(date(2026, 11, 30)), slot=UUID(int=4))
    assert (counted.due_on, counted.provisional) == (date(2027, 2, 10), True)
    assert known.provisional is False

    async with database.write() as session:
        assert await cases_with_provisional(session) == [CASE]
        changed = {found.row.subject_id.int: found for found in await recompute_provisional(session, KNOWN)}
        assert await cases_with_provisional(session) == []
    assert sorted(changed) == [1, 2, 3]

    moved = changed[1]
    assert moved.replaced is not None
    assert (moved.replaced.id, moved.replaced.state) == (counted.id, DeadlineState.SUPERSEDED)
    assert (moved.row.generation, moved.row.state, moved.row.source) == (2, DeadlineState.PENDING, DateSource.TIER)
    assert (moved.row.due_on, moved.row.fire_at) == (date(2027, 2, 17), at("2027-02-18T08:30"))
    assert (moved.row.provisional, moved.row.calendar_version) == (False, KNOWN.version)
    assert moved.due.yellow_from == at("2027-02-16T00:00")

    for found, before in ((changed[2], copied), (changed[3], said)):
        assert found.replaced is not None
        assert (found.row.due_on, found.row.due_time, found.row.due_at) == (
            before.due_on,
            before.due_time,
            before.due_at,
        )
        assert found.row.fire_at == at("2027-02-14T08:30")  # a worked Sunday
        assert found.due.yellow_from == at("2027-02-04T00:00")


async def test_a_date_that_stays_only_loses_its_mark(database: Database) -> None:
    async with database.write() as session:
        row = await put(session, working(RECKONING, date(2026, 12, 24), 5))
        (found,) = await recompute_provisional(session, KNOWN)
        assert await recompute_provisional(session, KNOWN) == []
    assert (found.row.id, found.replaced) == (row.id, None)
    assert await ledger(database) == [(1, date(2026, 12, 31), DeadlineState.PENDING)]
    async with database.read() as session:
        kept = await session.get_one(Deadline, row.id)
    assert (kept.provisional, kept.calendar_version) == (False, KNOWN.version)


async def test_what_another_year_decides_and_what_is_no_longer_pending_is_left_alone(database: Database) -> None:
    async with database.write() as session:
        far = await put(session, given(RECKONING, date(2026, 11, 23), date(2028, 3, 1)))
        fired = await put(session, working(RECKONING, date(2027, 2, 3), 5), slot=UUID(int=21))
        fired.state = DeadlineState.FIRED
        assert await recompute_provisional(session, KNOWN) == []
    assert (far.provisional, far.calendar_version) == (True, CALENDAR.version)
    assert (fired.due_on, fired.provisional) == (date(2027, 2, 10), True)


async def test_a_rewritten_date_takes_the_calendar_that_confirms_it(database: Database) -> None:
    due = working(RECKONING, date(2026, 12, 24), 5)
    later = Reckoning(REGULATION, RECKONING.rule_set_id, KNOWN)
    async with database.write() as session:
        row = await put(session, due)
        again = await set_deadline(
            session,
            later,
            subject_kind=SubjectKind.SLOT,
            subject_id=SLOT,
            case_id=CASE,
            stage=Stage.URGE,
            due=working(later, date(2026, 12, 24), 5),
            source=DateSource.TIER,
        )
    assert again is row
    assert (row.generation, row.provisional, row.calendar_version) == (1, False, KNOWN.version)


async def test_many_dates_of_one_case_are_recomputed_at_once(database: Database) -> None:
    async with database.write() as session:
        session.add_all(
            first_deadline(
                RECKONING,
                subject_kind=SubjectKind.SLOT,
                subject_id=new_id(),
                case_id=CASE,
                stage=Stage.URGE,
                due=working(RECKONING, date(2027, 2, 3), 5),
                source=DateSource.TIER,
            )
            for _ in range(50)
        )
    async with database.write() as session:
        changed = await recompute_provisional(session, KNOWN)
        assert await next_fire_at(session, CASE) == at("2027-02-18T08:30")
    assert len(changed) == 50
    rows = await ledger(database)
    assert rows.count((1, date(2027, 2, 10), DeadlineState.SUPERSEDED)) == 50
    assert rows.count((2, date(2027, 2, 17), DeadlineState.PENDING)) == 50
