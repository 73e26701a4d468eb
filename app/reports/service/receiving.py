"""A sealed sheet that a unit sent (代录): written, signed and submitted in the name of its head, in one act."""

from dataclasses import dataclass
from uuid import UUID

from app.assignments.rules import ReportContent
from app.core.refusals import RefusalCode, invalid
from app.reports.models import Report
from app.reports.service.composing import SectionInput
from app.reports.service.drafting import DraftReport, draft_report
from app.reports.service.signing import SignReport, sign_report
from app.reports.service.submitting import SubmitReport, submit_report
from app.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveReport:
    """What the sheet says. The evidence of the recorded act is the sheet itself, with its seal."""

    assignment_id: UUID
    content: ReportContent
    sections: tuple[SectionInput, ...]
    contact_name: str | None = None
    contact_phone: str | None = None
    slot_ids: tuple[UUID, ...] | None = None
    missing_contributions: tuple[UUID, ...] = ()
    acting_post_id: UUID | None = None


async def receive_report(work: Work, command: ReceiveReport) -> Report:
    """Let a sheet count as of the day on which it came, urged since or not. Refuses what each of its three acts does.

    Runs in the name of the head whose signature the sheet bears. Whoever works in the system reports there himself.
    """
    if work.act.evidence_file_id is None:
        raise invalid(RefusalCode.REQUIRED, "input", "recorded")
    draft = DraftReport(
        assignment_id=command.assignment_id,
        content=command.content,
        sections=command.sections,
        contact_name=command.contact_name,
        contact_phone=command.contact_phone,
        seal_file_id=work.act.evidence_file_id,
        slot_ids=command.slot_ids,
        missing_contributions=command.missing_contributions,
    )
    report = await draft_report(work, draft)
    report = await sign_report(work, SignReport(report.id, report.version, command.acting_post_id))
    return await submit_report(work, SubmitReport(report.id, report.version))
