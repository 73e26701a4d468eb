"""The demo district as the real use cases leave it, with some reports signed but not yet submitted: the stencil."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time
from uuid import UUID

from sqlalchemy import select

from app.assignments.models import Assignment
from app.assignments.rules import AssignmentStatus, ReportContent
from app.authz import Policy
from app.cases.models import Case
from app.cases.rules import Handling
from app.core.clock import FixedClock, local_instant
from app.core.database import Database
from app.core.ids import set_id_source
from app.core.migrate import upgrade
from app.demo.district import District, key_of
from app.demo.seeding import seed
from app.files.rules import MediaType
from app.files.service import StoreFile, store_file
from app.identity.passwords import Passwords
from app.identity.queries import actor_of_person
from app.regulation import load_regulation
from app.reports.models import Report
from app.reports.rules import SectionKind
from app.reports.service import DraftReport, SectionInput, SignReport, draft_report, sign_report
from app.work.opening import Workplace, load_policy

MORNING = local_instant(date(2026, 6, 15), time(9))
_SEAL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


async def draw(url: str) -> District:
    """Fill an empty database with the demo. The same ids, dates and words every time."""
    await upgrade(url)
    database, policy = Database(url), load_policy()
    workplace = Workplace(database, FixedClock(MORNING), load_regulation(), b"k" * 32)
    try:
        with _same_ids():
            district = await seed(workplace, policy, Passwords())
            await _sign_some(workplace, policy, district)
    finally:
        await database.close()
    return district


@contextmanager
def _same_ids() -> Iterator[None]:
    source = random.Random(60)
    set_id_source(lambda: UUID(int=source.getrandbits(128), version=4))
    try:
        yield
    finally:
        set_id_source(None)


async def _sign_some(workplace: Workplace, policy: Policy, district: District) -> None:
    """Every unit that has just begun, and has no other unit to wait for, has a signed report on its desk."""
    begun = (
        select(Assignment)
        .join(Case, Case.id == Assignment.case_id)
        .outerjoin(Report, Report.assignment_id == Assignment.id)
        .where(
            Assignment.status == AssignmentStatus.ACKNOWLEDGED,
            Assignment.completion_due_at.is_not(None),
            Case.handling != Handling.JOINT,
            Report.id.is_(None),
        )
        .order_by(Assignment.id)
    )
    async with workplace.database.read() as session:
        parts = list(await session.scalars(begun))
    for part in parts:
        await _sign(workplace, policy, district, part)


async def _sign(workplace: Workplace, policy: Policy, district: District, part: Assignment) -> None:
    key = key_of(part.unit_name)
    async with workplace.database.read() as session:
        handler, head = [
            replace(
                await actor_of_person(session, district.people[login], workplace.clock.now()),
                account_id=district.accounts[login],
            )
            for login in (f"{key}.handler", f"{key}.head")
        ]
    async with workplace.open(handler, policy) as work:
        seal = await store_file(work, StoreFile("公章.png", MediaType.PNG, _SEAL, max_bytes=len(_SEAL)))
    async with workplace.open(handler, policy) as work:
        sections = (
            SectionInput(SectionKind.SITUATION, "接到督办通知后，主要领导当日部署，明确专人负责。"),
            SectionInput(SectionKind.MEASURES, "逐项排查，建立台账，分类处置。"),
            SectionInput(SectionKind.PROGRESS, "排查点位38处，已整改35处，其余3处本周内完成。"),
        )
        command = DraftReport(
            assignment_id=part.id,
            content=ReportContent.PROGRESS,
            sections=sections,
            contact_name=handler.name,
            contact_phone="0451-80001000",
            seal_file_id=seal.id,
        )
        report = await draft_report(work, command)
    async with workplace.open(head, policy) as work:
        await sign_report(work, SignReport(report.id, report.version))
