"""The SELECTs of the conclusion use cases."""

from uuid import UUID

from app.cases.models import Case
from app.inspections.models import InspectionConclusion
from app.work import Work


async def load_conclusion(work: Work, conclusion_id: UUID) -> tuple[Case, InspectionConclusion]:
    """A conclusion that the actor may see, with its case: locked in the order case, conclusion."""
    seen = await work.load(InspectionConclusion, conclusion_id, lock=False)
    case = await work.reach(Case, seen.case_id)
    return case, await work.reach(InspectionConclusion, conclusion_id)
