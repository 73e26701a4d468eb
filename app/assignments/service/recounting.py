"""A year's notice comes in (节假日安排): what was counted without it is counted again, in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from app.assignments.models import Assignment, ReportSlot
from app.assignments.service.dates import refresh_dates, show_completion_date, show_slot_date
from app.cases.models import Case
from app.deadlines.dates import DueDate
from app.deadlines.queries import cases_with_provisional
from app.deadlines.rules import SubjectKind
from app.deadlines.service import Recomputed, recompute_provisional
from app.work import Work
from app.workdays import YearNotice, current_calendar, import_year


async def import_calendar_year(work: Work, notice: YearNotice) -> Sequence[UUID]:
    """Record the notice and recount every pending provisional date. Answers the cases whose dates have changed.

    Dates that somebody said or printed stay; their lights may change. Refuses INVALID_INPUT and VERSION_CONFLICT.
    """
    cases = {case_id: await work.reach(Case, case_id) for case_id in await cases_with_provisional(work.session)}
    year = await import_year(work.session, notice, work.now)
    await work.record_admin("calendar.imported", ("calendar_year", None))
    changed: list[UUID] = []
    for case_id, moved in _by_case(await recompute_provisional(work.session, await current_calendar(work.session))):
        for recomputed in moved:
            await _show(work, recomputed.row.subject_kind, recomputed.row.subject_id, recomputed.due)
        case = cases[case_id]
        await refresh_dates(work, case)
        await work.record("case.dates_recounted", ("case", case.id), case=case, payload={"year": year.year})
        changed.append(case_id)
    return changed


def _by_case(moved: Sequence[Recomputed]) -> list[tuple[UUID, list[Recomputed]]]:
    found: dict[UUID, list[Recomputed]] = {}
    for recomputed in moved:
        if recomputed.row.case_id is not None:
            found.setdefault(recomputed.row.case_id, []).append(recomputed)
    return sorted(found.items(), key=lambda item: str(item[0]))


async def _show(work: Work, kind: SubjectKind, subject_id: UUID, due: DueDate) -> None:
    if kind in {SubjectKind.SLOT, SubjectKind.CONTRIBUTION}:
        await show_slot_date(work, await work.reach(ReportSlot, subject_id), due)
    elif kind is SubjectKind.COMPLETION:
        await show_completion_date(work, await work.reach(Assignment, subject_id), due)
