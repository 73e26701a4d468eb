"""The parameter file: what it says, how strictly it is read, and that its versions are kept."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.core.database import Base, Database
from app.core.paths import shipped
from app.regulation.models import RuleSet
from app.regulation.rules import DayCount, Regulation, TimeLimitTier, parse_regulation, regulation_of_body
from app.regulation.service import current_rule_set, load_regulation, rule_set_id, rule_set_of

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TEXT = (shipped("policies") / "regulation.toml").read_text(encoding="utf-8")
REGULATION = load_regulation()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}")
    async with database.writer.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield database
    await database.close()


def edited(before: str, after: str) -> str:
    assert TEXT.count(before) == 1
    return TEXT.replace(before, after)


# -- what the file says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tier", "day_count", "days", "any_printed_date"),
    [
        (TimeLimitTier.URGENT, DayCount.CALENDAR, (1, 2, 2), True),
        (TimeLimitTier.GENERAL, DayCount.WORKING, (3, 5, 5), False),
        (TimeLimitTier.COMPLEX, DayCount.CALENDAR_ROLL, (7, 15, 15), False),
    ],
)
def test_the_tiers_of_article_seven(
    tier: TimeLimitTier, day_count: DayCount, days: tuple[int, int, int], any_printed_date: bool
) -> None:
    rule = REGULATION.tiers.counted(tier)
    assert rule is not None
    assert (rule.minimum_days, rule.maximum_days, rule.default_days) == days
    assert (rule.day_count, rule.any_printed_date) == (day_count, any_printed_date)
    assert REGULATION.tiers.day_count(tier) is day_count
    assert REGULATION.tiers.redo_days(tier) == rule.default_days


def test_a_leaders_own_date_has_no_length() -> None:
    assert REGULATION.tiers.counted(TimeLimitTier.LEADER_SPECIFIED) is None
    assert REGULATION.tiers.day_count(TimeLimitTier.LEADER_SPECIFIED) is DayCount.CALENDAR
    assert REGULATION.tiers.redo_days(TimeLimitTier.LEADER_SPECIFIED) == 5


def test_the_ladder() -> None:
    ladder = REGULATION.ladder
    assert ladder.procedures == ("A",)
    assert (ladder.window_from, ladder.window_until) == (time(8, 30), time(12, 0))
    assert (ladder.quiet_from, ladder.quiet_until) == (time(20, 0), time(8, 30))
    assert REGULATION.explanation.answer_workdays == 1
    assert REGULATION.explanation.check_on_maximum_workdays == 3


def test_the_evaluation() -> None:
    weights, grades = REGULATION.evaluation.weights, REGULATION.evaluation.grades
    assert (weights.effect, weights.timeliness, weights.form) == (50, 30, 20)
    assert (grades.excellent, grades.good) == (90, 70)


def test_closing_time() -> None:
    assert REGULATION.closing_time.time is None
    assert parse_regulation(edited('"24:00"', '"17:30"')).closing_time.time == time(17, 30)


def test_every_parameter_is_explained_in_chinese() -> None:
    keys = [line for line in TEXT.splitlines() if re.match(r"\w+ = ", line)]
    assert [line for line in keys if not re.search(r"#.*[\u4e00-\u9fff]", line)] == []


@pytest.mark.parametrize(
    "article",
    [
        "制度第七条（二）",
        "制度第七条（三）",
        "制度第八条（四）",
        "制度第十条",
        "制度第二十六条、第二十七条",
        "条例第十七条",
    ],
)
def test_the_articles_are_cited(article: str) -> None:
    assert article in TEXT


# -- strictness --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("margin_workdays = 2", "margin_workdays = 2\nmargin_days = 2", "superior.margin_days"),
        ("margin_workdays = 2", "", "superior.margin_workdays"),
        ("margin_workdays = 2", 'margin_workdays = "2"', "superior.margin_workdays"),
        ("margin_workdays = 2", "margin_workdays = 2.0", "superior.margin_workdays"),
        ("margin_workdays = 2", "margin_workdays = -1", "superior.margin_workdays"),
        ('day_count = "WORKING"', 'day_count = "WORKDAYS"', "tiers.general.day_count"),
        ("maximum_days = 15", "maximum_days = 6", "tiers.complex"),
        ("default_days = 15", "default_days = 16", "tiers.complex"),
        ('procedures = ["A"]', 'procedures = ["C"]', "ladder.procedures"),
        ("window_until = 12:00:00", "window_until = 08:00:00", "ladder"),
        ("quiet_from = 20:00:00", "quiet_from = 11:00:00", "ladder"),
        ("effect = 50", "effect = 60", "evaluation.weights"),
        ("good = 70", "good = 95", "evaluation.grades"),
        ('cutoff = "24:00"', 'cutoff = "25:00"', "closing_time.cutoff"),
        ('year_end = "12-25"', 'year_end = "02-29"', "recurring_reports.year_end"),
        ("report_hours = 24", "report_hours = 48", "expunging.report_hours"),
    ],
)
def test_a_wrong_file_is_refused_and_the_key_named(before: str, after: str, named: str) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        parse_regulation(edited(before, after))


def test_the_value_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        setattr(REGULATION.superior, "margin_workdays", 3)  # noqa: B010  # what mypy forbids must fail when run, too


# -- the digest --------------------------------------------------------------------------------------------------------


def test_the_digest_follows_the_content_alone() -> None:
    without_comments = re.sub(r"#.*", "", TEXT)
    assert parse_regulation(without_comments).digest() == REGULATION.digest()
    assert parse_regulation(edited("margin_workdays = 2", "margin_workdays = 3")).digest() != REGULATION.digest()
    assert re.fullmatch(r"[0-9a-f]{64}", REGULATION.digest())


def test_a_recorded_body_gives_the_same_value() -> None:
    assert regulation_of_body(REGULATION.body()) == REGULATION


# -- versions ----------------------------------------------------------------------------------------------------------


async def recorded(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(RuleSet)) or 0


async def current(database: Database, regulation: Regulation) -> RuleSet:
    async with database.write() as session:
        return await current_rule_set(session, regulation, NOW)


async def test_an_unknown_digest_becomes_a_row_and_a_known_one_does_not(database: Database) -> None:
    first = await current(database, REGULATION)
    again = await current(database, REGULATION)
    other = await current(database, parse_regulation(edited("margin_workdays = 2", "margin_workdays = 3")))
    back = await current(database, REGULATION)
    assert first.id == again.id == back.id == rule_set_id(REGULATION)
    assert other.id != first.id
    assert await recorded(database) == 2
    assert (first.digest, first.body) == (REGULATION.digest(), REGULATION.body())
    assert (first.effective_from, first.recorded_at) == (date(2017, 12, 20), NOW)


async def test_processes_that_start_at_once_agree(database: Database) -> None:
    other = Database(database.url)
    rows = await asyncio.gather(*(current(each, REGULATION) for each in (database, other) * 4))
    await other.close()
    assert {row.id for row in rows} == {rule_set_id(REGULATION)}
    assert await recorded(database) == 1


async def test_a_row_that_another_process_writes_meanwhile_is_taken(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await current(database, REGULATION)

    async def sees_nothing_yet(*_: object) -> None:
        return None

    async with database.write() as session:
        monkeypatch.setattr(session, "get", sees_nothing_yet)
        row = await current_rule_set(session, REGULATION, NOW)
    assert row.id == rule_set_id(REGULATION)
    assert await recorded(database) == 1


async def test_a_version_is_found_by_its_id(database: Database) -> None:
    row = await current(database, REGULATION)
    async with database.read() as session:
        assert await rule_set_of(session, row.id) == REGULATION
        assert await rule_set_of(session, row.id) is await rule_set_of(session, row.id)
        with pytest.raises(LookupError):
            await rule_set_of(session, UUID(int=0))


async def test_what_a_version_did_not_know_yet_counts_as_it_is_shipped(database: Database) -> None:
    """A release brings parameters: cases that run under an earlier version go on."""
    key, body = UUID(int=7), REGULATION.body()
    body["numbering"]["circular"] = "原督通"
    del body["numbering"]["amendment_notice"], body["evaluation"]
    async with database.write() as session:
        session.add(RuleSet(id=key, digest="7", body=body, effective_from=date(2025, 1, 1), recorded_at=NOW))
    async with database.read() as session:
        found = await rule_set_of(session, key)
    assert (found.numbering.circular, found.numbering.amendment_notice) == ("原督通", "道政督变")
    assert found.evaluation == REGULATION.evaluation


async def test_a_file_that_takes_effect_later_is_refused(database: Database) -> None:
    regulation = parse_regulation(edited("effective_from = 2017-12-20", "effective_from = 2026-11-23"))
    with pytest.raises(ValueError, match="takes effect on 2026-11-23"):
        await current(database, regulation)
    assert await recorded(database) == 0
