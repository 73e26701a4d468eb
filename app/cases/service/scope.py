"""知悉范围 (第二十三条): who may know of a restricted case. Whoever is taken out of it loses sight with the commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case, CaseAccess
from app.cases.service.participants import add_participant, publish
from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.identity.models import Person, Unit
from app.work import Work

_MOST = 100
_Member = tuple[UUID | None, UUID | None]  # a person, or a unit


@dataclass(frozen=True, slots=True)
class SetAccessScope:
    """The whole scope: whoever is not named is out of it. Empty lists with `restricted` leave only its officers."""

    case_id: UUID
    expected_version: int
    restricted: bool
    person_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeCaseAccess:
    """Some people and units, to let into the scope or to take out of it; all others stay as they are."""

    case_id: UUID
    person_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()


async def set_access_scope(work: Work, command: SetAccessScope) -> Case:
    """Name who may know. Refuses as every decision does."""
    case = await work.load(Case, command.case_id)
    await work.require("case.set_access_scope", case)
    work.expect_version(case, command.expected_version)
    named = await _named(work, command)
    case.restricted = command.restricted
    if case.restricted:
        forget_document(case)
    case.version += 1
    known = await _scope_of(work, case)
    await _take_out(work, case, [access for member, access in known.items() if member not in named])
    await _let_in(work, case, [member for member in named if member not in known])
    await publish(work, case)
    await work.record("case.scope_set", ("case", case.id), case=case, action="case.set_access_scope")
    return case


async def grant_case_access(work: Work, command: ChangeCaseAccess) -> Case:
    """Let more people and units know of a restricted case.

    Refuses INVALID_INPUT, NOT_ALLOWED, NOT_FOUND; STATUS_CONFLICT where all may know who see such cases; ALREADY_DONE
    where all of these know.
    """
    case, named, known = await _to_change(work, command)
    newcomers = [member for member in named if member not in known]
    if not newcomers:
        raise Refusal(RefusalCode.ALREADY_DONE)
    for place, name in enumerate(("people", "units")):
        many = sum(member[place] is not None for member in (*known, *newcomers))
        if many > _MOST:
            raise invalid(RefusalCode.TOO_MANY, "input", name, limit=_MOST)
    await _let_in(work, case, newcomers)
    await work.record("case.access_granted", ("case", case.id), case=case, action="case.set_access_scope")
    return case


async def revoke_case_access(work: Work, command: ChangeCaseAccess) -> Case:
    """Take people and units out of the scope of a restricted case. Refuses as `grant_case_access` does."""
    case, named, known = await _to_change(work, command)
    leaving = [known[member] for member in named if member in known]
    if not leaving:
        raise Refusal(RefusalCode.ALREADY_DONE)
    await _take_out(work, case, leaving)
    await work.record("case.access_revoked", ("case", case.id), case=case, action="case.set_access_scope")
    return case


async def let_unit_in(work: Work, case: Case, unit_id: UUID) -> None:
    """Who is to handle a restricted case must know of it."""
    if case.restricted and (None, unit_id) not in await _scope_of(work, case):
        await _let_in(work, case, [(None, unit_id)])


async def let_unit_out(work: Work, case: Case, unit_id: UUID) -> None:
    """Who handles a case no more takes no part in it, and need not know of it."""
    await add_participant(work, case, unit_id=unit_id, principal=False, supporting=False)
    access = (await _scope_of(work, case)).get((None, unit_id))
    if access is not None:
        await _take_out(work, case, [access])


def forget_document(case: Case) -> None:
    """Who imports its document again makes another draft, and does not learn that one is kept from him."""
    case.plan_digest = case.plan_item_digest = None


async def _to_change(work: Work, command: ChangeCaseAccess) -> tuple[Case, list[_Member], dict[_Member, CaseAccess]]:
    """The case, who is named by the command, and who knows already."""
    case = await work.load(Case, command.case_id)
    await work.require("case.set_access_scope", case)
    named = await _named(work, command)
    if not named:
        raise invalid(RefusalCode.REQUIRED, "input", "people")
    if not case.restricted:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=case.status.value, version=case.version)
    return case, named, await _scope_of(work, case)


async def _named(work: Work, command: SetAccessScope | ChangeCaseAccess) -> list[_Member]:
    """Whom a command names, each once. Refuses INVALID_INPUT for too many and for whoever is not known."""
    problems = Problems()
    for name, model, ids in (("people", Person, command.person_ids), ("units", Unit, command.unit_ids)):
        problems.check(len(ids) <= _MOST, RefusalCode.TOO_MANY, "input", name, limit=_MOST)
        for index, key in enumerate(ids[:_MOST]):
            found = await work.session.get(model, key)
            problems.check(found is not None, RefusalCode.BAD_ID, "input", name, index)
    problems.raise_if_any()
    people, units = [(key, None) for key in command.person_ids], [(None, key) for key in command.unit_ids]
    return list(dict.fromkeys([*people, *units]))


async def _scope_of(work: Work, case: Case) -> dict[_Member, CaseAccess]:
    statement = select(CaseAccess).where(CaseAccess.case_id == case.id, CaseAccess.revoked_at.is_(None))
    return {(access.person_id, access.unit_id): access for access in await work.session.scalars(statement)}


async def _let_in(work: Work, case: Case, members: Iterable[_Member]) -> None:
    for person_id, unit_id in members:
        work.session.add(
            CaseAccess(
                id=new_id(),
                case_id=case.id,
                person_id=person_id,
                unit_id=unit_id,
                granted_by=work.actor.person_id,
                granted_at=work.now,
            )
        )
        await add_participant(work, case, unit_id=unit_id, person_id=person_id, in_scope=True)


async def _take_out(work: Work, case: Case, leaving: Iterable[CaseAccess]) -> None:
    for access in leaving:
        access.revoked_by, access.revoked_at = work.actor.person_id, work.now
        await add_participant(work, case, unit_id=access.unit_id, person_id=access.person_id, in_scope=False)
