"""What a proposal says, checked and written down: conduct, measure, whom it concerns, on what it rests."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.accountability.models import AccountabilityFact, AccountabilityParty, AccountabilityProposal
from app.accountability.queries import what_was_said
from app.accountability.rules import AccountabilityConduct, AccountabilityMeasure
from app.assignments.models import Assignment
from app.cases.models import Case
from app.content.service import put_text
from app.core.database import Base
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import BODY, clean
from app.escalation.models import Urging
from app.files.service import attach
from app.identity.models import Person, Unit
from app.reports.models import Report
from app.talks.service.issuing import check_open_to
from app.work import Work

_MOST = 50  # of each
_FACTS: dict[str, tuple[type[Base], str]] = {  # by the name of the input
    "cases": (Case, "case_id"),
    "assignments": (Assignment, "assignment_id"),
    "urgings": (Urging, "urging_id"),
    "reports": (Report, "report_id"),
}


@dataclass(frozen=True, slots=True)
class Charge:
    """At least one conduct, one person or unit, and one fact or file. `file_ids` come beside those already there."""

    conducts: tuple[AccountabilityConduct, ...]
    measure: AccountabilityMeasure
    statement: str
    person_ids: tuple[UUID, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    case_ids: tuple[UUID, ...] = ()
    assignment_ids: tuple[UUID, ...] = ()
    urging_ids: tuple[UUID, ...] = ()
    report_ids: tuple[UUID, ...] = ()
    file_ids: tuple[UUID, ...] = ()

    def lists(self) -> dict[str, tuple[UUID, ...]]:
        """By the names of the input: first what is named of the ledger."""
        return {
            "cases": self.case_ids,
            "assignments": self.assignment_ids,
            "urgings": self.urging_ids,
            "reports": self.report_ids,
            "people": self.person_ids,
            "units": self.unit_ids,
            "files": self.file_ids,
        }


async def write(work: Work, proposal: AccountabilityProposal, charge: Charge) -> None:
    """Put a proposal into these words, in place of any others. Refuses INVALID_INPUT, NOT_OPEN_TO_UNIT."""
    problems = Problems()
    statement = clean(problems, charge.statement, BODY, "input", "statement")
    _check_lists(problems, charge)
    parties = await _parties(work, problems, charge)
    facts, cases = await _facts(work, problems, charge)
    problems.raise_if_any()
    for unit_id in charge.unit_ids:
        await check_open_to(work, unit_id)
    statement_id = put_text(work.session, statement, work.now)
    await work.session.flush()  # words first: nothing else tells the order of the tables
    proposal.statement_id, proposal.measure = statement_id, charge.measure
    proposal.conducts = sorted(set(charge.conducts))
    proposal.classification = max((case.classification for case in cases), default=Classification.INTERNAL)
    work.session.add(proposal)
    await _say(work, proposal, [*parties, *facts])
    await keep_files(work, proposal, charge.file_ids)


async def keep_files(work: Work, proposal: AccountabilityProposal, file_ids: tuple[UUID, ...]) -> None:
    """Tie stored files to a proposal: nobody else will see them. Refuses BAD_ID, FILE_IN_USE."""
    await attach(
        work,
        file_ids,
        owner=proposal,
        case_id=None,
        accountability_id=proposal.id,
        subject=("accountability", proposal.id),
        unit_id=None,
        path=("input", "files"),
    )


async def _say(
    work: Work, proposal: AccountabilityProposal, rows: list[AccountabilityParty | AccountabilityFact]
) -> None:
    """These rows in place of those of before."""
    await work.session.flush()
    for row in await what_was_said(work.session, proposal.id):
        await work.session.delete(row)
    await work.session.flush()
    for row in rows:
        row.proposal_id = proposal.id
        work.session.add(row)
    await work.session.flush()


def _check_lists(problems: Problems, charge: Charge) -> None:
    lists = charge.lists()
    problems.check(bool(charge.conducts), RefusalCode.REQUIRED, "input", "conducts")
    problems.check(bool(charge.person_ids or charge.unit_ids), RefusalCode.REQUIRED, "input", "people")
    rests = any(lists[name] for name in _FACTS) or bool(charge.file_ids)
    problems.check(rests, RefusalCode.REQUIRED, "input", "cases")
    for name, keys in lists.items():
        problems.check(len(keys) <= _MOST, RefusalCode.TOO_MANY, "input", name, limit=_MOST)
        problems.check(len(set(keys)) == len(keys), RefusalCode.DUPLICATE, "input", name)


async def _parties(work: Work, problems: Problems, charge: Charge) -> list[AccountabilityParty]:
    for index, key in enumerate(charge.person_ids[:_MOST]):
        problems.check(await work.session.get(Person, key) is not None, RefusalCode.BAD_ID, "input", "people", index)
    for index, key in enumerate(charge.unit_ids[:_MOST]):
        unit = await work.session.get(Unit, key)
        valid = unit is not None and (unit.valid_until is None or unit.valid_until >= work.today)
        problems.check(valid, RefusalCode.BAD_ID, "input", "units", index)
    return [
        *(AccountabilityParty(person_id=key) for key in charge.person_ids),
        *(AccountabilityParty(unit_id=key) for key in charge.unit_ids),
    ]


async def _facts(work: Work, problems: Problems, charge: Charge) -> tuple[list[AccountabilityFact], list[Case]]:
    """What is named of the ledger, as far as the actor sees it, and the cases in which all of it lies."""
    facts: list[AccountabilityFact] = []
    case_ids: set[UUID] = set()
    for name, (model, column) in _FACTS.items():
        for index, key in enumerate(charge.lists()[name][:_MOST]):
            found = await _seen(work, model, key)
            if found is None:
                problems.add(RefusalCode.BAD_ID, "input", name, index)
                continue
            case_ids.add(key if model is Case else found.case_id)
            if model is not Case:
                facts.append(AccountabilityFact(**{column: key}))
    cases = [await work.session.get_one(Case, key) for key in sorted(case_ids)]
    return [*(AccountabilityFact(case_id=case.id) for case in cases), *facts], cases


async def _seen(work: Work, model: type[Base], key: UUID) -> Any:
    try:
        return await work.load(model, key, lock=False)
    except Refusal:
        return None
