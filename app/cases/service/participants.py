"""`case_participant`: the one place that says who has to do with a case, and its copies of what lists sort by."""

from uuid import UUID

from sqlalchemy import select, update

from app.cases.models import Case, CaseParticipant
from app.core.ids import new_id
from app.work import Work


async def add_participant(
    work: Work, case: Case, *, unit_id: UUID | None = None, person_id: UUID | None = None, **capacities: bool
) -> CaseParticipant:
    """Give a unit or a person further capacities in a case (`principal`, `supporting`, `leader`, `proposer`, …)."""
    await work.session.flush()
    statement = select(CaseParticipant).where(
        CaseParticipant.case_id == case.id,
        CaseParticipant.unit_id == unit_id if unit_id else CaseParticipant.person_id == person_id,
    )
    row = (await work.session.execute(statement)).scalar_one_or_none()
    if row is None:
        row = CaseParticipant(
            id=new_id(),
            case_id=case.id,
            unit_id=unit_id,
            person_id=person_id,
            status=case.status,
            due_at=case.due_at,
            red_from=case.red_from,
            classification=case.classification,
            restricted=case.restricted,
        )
        work.session.add(row)
    for capacity, held in capacities.items():
        setattr(row, capacity, held)
    return row


async def publish(work: Work, case: Case) -> None:
    """Copy what lists filter and sort by to all participants. Every use case that changes it ends with this."""
    await work.session.flush()
    await work.session.execute(
        update(CaseParticipant)
        .where(CaseParticipant.case_id == case.id)
        .values(
            status=case.status,
            due_at=case.due_at,
            red_from=case.red_from,
            classification=case.classification,
            restricted=case.restricted,
        )
        .execution_options(synchronize_session=False)
    )
