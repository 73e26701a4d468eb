"""Two acts on one thing at the same instant: one wins, the other gets a typed conflict. On both databases."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import pytest

from app.authz import Policy
from app.core.clock import FixedClock
from app.core.database import Database
from app.core.refusals import Refusal, RefusalCode
from app.demo.district import District
from app.regulation import load_regulation
from app.reports.rules import Remedy, ReturnGround
from app.reports.service import (
    AcceptReport,
    ProposeClosing,
    ReturnReport,
    SubmitReport,
    WithdrawReport,
    accept_report,
    propose_closing,
    return_report,
    submit_report,
    withdraw_report,
)
from app.work.opening import Workplace
from tests.reports.desk import MONDAY, Desk


@pytest.fixture
async def both(world_url: str, district: District, policy: Policy) -> AsyncIterator[Desk]:
    database, clock = Database(world_url), FixedClock(MONDAY)
    yield Desk(Workplace(database, clock, load_regulation(), b"k" * 32), clock, policy, district)
    await database.close()


async def at_once(*acts: Coroutine[Any, Any, Any]) -> list[RefusalCode]:
    """The codes of those that were refused."""
    results = await asyncio.gather(*acts, return_exceptions=True)
    unexpected = [result for result in results if isinstance(result, BaseException) and not isinstance(result, Refusal)]
    assert unexpected == []
    return [result.code for result in results if isinstance(result, Refusal)]


async def test_accepted_returned_and_taken_back(both: Desk) -> None:
    case = await both.dispatched()
    report = await both.submitted(case)
    sent_back = ReturnReport(report.id, report.version, (ReturnGround.UNCLEAR,), Remedy.REDO, "不清楚。")
    refused = await at_once(
        both.do("duban.wu", accept_report, AcceptReport(report.id, report.version)),
        both.do("duban.zheng", return_report, sent_back),
        both.do("chengguan.handler", withdraw_report, WithdrawReport(report.id, report.version)),
    )
    assert refused == [RefusalCode.VERSION_CONFLICT] * 2


async def test_two_reports_that_cover_each_others_cases(both: Desk) -> None:
    cases = [await both.dispatched(), await both.dispatched()]
    slots = [(await both.slots(case))[0].id for case in cases]
    reports = [await both.signed(case, slot_ids=tuple(slots)) for case in cases]
    commands = [SubmitReport(report.id, report.version) for report in reports]
    refused = await at_once(*[both.do("chengguan.handler", submit_report, command) for command in commands])
    assert refused == [RefusalCode.STATUS_CONFLICT]


async def test_two_proposals_to_close(both: Desk) -> None:
    case = await both.dispatched()
    report = await both.submitted(case)
    await both.do("duban.wu", accept_report, AcceptReport(report.id, report.version))
    command = ProposeClosing(case.id, "已办结。")
    refused = await at_once(*[both.do(login, propose_closing, command) for login in ("duban.wu", "duban.zheng")])
    assert refused == [RefusalCode.STATUS_CONFLICT]
