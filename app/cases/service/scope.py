"""知悉范围 (第二十三条): who may know of a restricted case."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case, CaseParticipant
from app.cases.service.participants import add_participant, publish
from app.core.refusals import Problems, RefusalCode
from app.identity.models import Person, Unit
from app.work import Work

_MOST = 100


@dataclass(frozen=True, slots=True)
class SetAccessScope:
    """The whole scope: whoever is not named is out of it. Empty lists with `restricted` leave only its officers."""

    case_id: UUID
    expected_version: int
    restricted: bool
    person_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()


async def set_access_scope(work: Work, command: SetAccessScope) -> Case:
    """Name who may know. Who is removed loses it with the commit. Refuses as every decision does."""
    case = await work.load(Case, command.case_id)
    await work.require("case.set_access_scope", case)
    work.expect_version(case, command.expected_version)
    await _check(work, command)
    case.restricted = command.restricted
    if case.restricted:
        forget_document(case)
    case.version += 1
    await _rename_scope(work, case, command)
    await publish(work, case)
    await work.record("case.scope_set", ("case", case.id), case=case, action="case.set_access_scope")
    return case


def forget_document(case: Case) -> None:
    """Who imports its document again makes another draft, and does not learn that one is kept from him."""
    case.plan_digest = case.plan_item_digest = None


async def _check(work: Work, command: SetAccessScope) -> None:
    problems = Problems()
    for name, model, ids in (("people", Person, command.person_ids), ("units", Unit, command.unit_ids)):
        problems.check(len(ids) <= _MOST, RefusalCode.TOO_MANY, "input", name, limit=_MOST)
        for index, key in enumerate(ids[:_MOST]):
            found = await work.session.get(model, key)
            problems.check(found is not None, RefusalCode.BAD_ID, "input", name, index)
    problems.raise_if_any()


async def _rename_scope(work: Work, case: Case, command: SetAccessScope) -> None:
    statement = select(CaseParticipant).where(CaseParticipant.case_id == case.id, CaseParticipant.in_scope)
    for participant in (await work.session.execute(statement)).scalars():
        participant.in_scope = False
    await work.session.flush()
    for person_id in command.person_ids:
        await add_participant(work, case, person_id=person_id, in_scope=True)
    for unit_id in command.unit_ids:
        await add_participant(work, case, unit_id=unit_id, in_scope=True)
