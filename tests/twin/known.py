"""What both worlds share: matters of the viewers' units at every stage, each with all that a unit gets to see of it."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select

from app.acts.rules import Outcome
from app.assignments.rules import FollowUpChannel, ReportContent
from app.assignments.service import (
    AcknowledgeAssignment,
    RecordFollowUp,
    acknowledge_assignment,
    record_follow_up,
)
from app.cases.models import Case
from app.cases.rules import Disclosure, Handling, MatterType
from app.circulars.models import Circular
from app.circulars.service import (
    AcknowledgeCircular,
    ApproveCircular,
    PublishCircular,
    acknowledge_circular,
    approve_circular,
    hold_talk_before_circular,
    issue_conclusion_before_circular,
    publish_circular,
)
from app.escalation.drafting import draft_talk
from app.escalation.models import Urging
from app.escalation.rules import DueClock, ExplanationAnswer
from app.escalation.service import (
    AnswerExplanation,
    DecideExtension,
    ExplainDelay,
    RecordExplanation,
    RequestExtension,
    answer_explanation,
    decide_extension,
    explain_delay,
    record_explanation,
    request_extension,
)
from app.escalation.sweep import escalate
from app.inspections.models import InspectionConclusion
from app.inspections.service import IssueConclusion
from app.notifications.delivery import relay
from app.reports.rules import Remedy, ReturnGround, SectionKind
from app.reports.service import (
    AcceptReport,
    ConfirmClosing,
    ProposeClosing,
    ReturnReport,
    SectionInput,
    SubmitContribution,
    accept_report,
    confirm_closing,
    propose_closing,
    return_report,
    submit_contribution,
)
from app.talks.service import CommitmentInput, HoldTalk, IssueTalkNotice, issue_talk_notice
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT, shanghai
from tests.twin.hand import Hand, Matter

SCHOOLS = "区教育局"


@dataclass(slots=True)
class Known:
    """The cases that viewers see, by what they are there for."""

    cases: dict[str, UUID] = field(default_factory=dict)


async def tell_known(hand: Hand) -> Known:
    """From Monday, 15 June 2026, to Tuesday, 30 June, 09:00."""
    known = Known()
    hand.at(6, 15)
    for name, matter in _MATTERS.items():
        known.cases[name] = (await hand.out(matter)).id
    hand.at(6, 15, 10)
    await _acknowledged(hand, known)
    hand.at(6, 16)
    await _contributed_and_returned(hand, await hand.row(Case, known.cases["joint"]))
    await _explained(hand, await hand.row(Case, known.cases["separate"]))
    await _not_extended(hand, await hand.row(Case, known.cases["late"]))
    await _closed(hand, await hand.row(Case, known.cases["closed"]))
    hand.at(6, 24)
    await escalate(hand.workplace, hand.policy)
    await relay(hand.workplace, hand.policy)
    await _up_the_ladder(hand, known.cases["late"])
    hand.at(6, 30)  # a morning, at which everything may be delivered: no message is left for what follows
    await relay(hand.workplace, hand.policy)
    return known


_MATTERS = {
    "late": Matter("占道经营", (CITY,), words=(("全文甲。", Disclosure.EXCERPT), ("全文乙。", Disclosure.NONE))),
    "joint": Matter("老旧管网", (CITY, BUILDING), Handling.JOINT),
    "separate": Matter("冬季供热", (CITY, BUILDING, ENVIRONMENT), Handling.SEPARATE),
    "closed": Matter("夜市油烟", (CITY,), matter_type=MatterType.INSPECTION_TASK),
    "schools": Matter("校车安全", (SCHOOLS,)),
    "silent": Matter("背街小巷", (CITY,), matter_type=MatterType.INSPECTION_TASK),
}


async def _acknowledged(hand: Hand, known: Known) -> None:
    for name in ("late", "joint", "closed"):
        await hand.acknowledge(await hand.row(Case, known.cases[name]), CITY, "chengguan.handler")
    await hand.acknowledge(await hand.row(Case, known.cases["joint"]), BUILDING, "zhujian.handler")
    part = await hand.part(await hand.row(Case, known.cases["separate"]))
    people = hand.district.people
    command = AcknowledgeAssignment(part.id, people["chengguan.handler"])
    read = TypeAdapter(AcknowledgeAssignment)
    act = await hand.entered(
        "duban.wu",
        "acknowledgeAssignment",
        read.dump_json(command).decode(),
        assignment_id=part.id,
        decided_by=people["chengguan.head"],
        occurred_at=hand.clock.now(),
    )
    await hand.checked("duban.zheng", act, acknowledge_assignment, read.validate_json)


async def _contributed_and_returned(hand: Hand, case: Case) -> None:
    part = await hand.part(case, BUILDING)
    words = (SectionInput(SectionKind.PROGRESS, "协办单位已完成。"),)
    await hand.do("zhujian.handler", submit_contribution, SubmitContribution(part.id, words))
    report = await hand.submitted(case, file_ids=(await hand.file("chengguan.handler", "附件.pdf"),))
    command = ReturnReport(
        report.id, report.version, (ReturnGround.NO_CONCLUSION,), Remedy.SUPPLEMENT, "请补充完成数量。"
    )
    await hand.do("duban.zheng", return_report, command)


async def _explained(hand: Hand, case: Case) -> None:
    (slot, *_) = await hand.slots(case)
    part = await hand.part(case)
    told = RecordFollowUp(part.id, FollowUpChannel.PHONE, "来电说明。", person_reached="杜鹃")
    spoken = await hand.do("duban.wu", record_explanation, RecordExplanation(told))
    answer = AnswerExplanation(spoken.id, spoken.version, ExplanationAnswer.NOTED, check_on=date(2026, 6, 18))
    await hand.do("duban.wu", answer_explanation, answer)
    await hand.do("chengguan.handler", explain_delay, ExplainDelay(part.id, "雨天误工。", slot.id))
    await hand.do("duban.wu", record_follow_up, RecordFollowUp(part.id, FollowUpChannel.VISIT, "到场查看。"))


async def _not_extended(hand: Hand, case: Case) -> None:
    part = await hand.part(case)
    wish = RequestExtension(part.id, date(2026, 6, 26), "工程量大。", "已完成一半。")
    request = await hand.do("chengguan.head", request_extension, wish)
    no = DecideExtension(request.id, request.version, Outcome.DECLINED, comment="按原时限办理。")
    await hand.do("fuquzhang", decide_extension, no)


async def _closed(hand: Hand, case: Case) -> None:
    report = await hand.submitted(case, content=ReportContent.RESULT)
    await hand.do("duban.zheng", accept_report, AcceptReport(report.id, report.version, "同意。"))
    case = await hand.do("duban.wu", propose_closing, ProposeClosing(case.id, "整改到位。"))
    await hand.do("duban.zhu", confirm_closing, ConfirmClosing(case.id, case.version, Outcome.APPROVED))


async def _up_the_ladder(hand: Hand, case_id: UUID) -> None:
    """Talk, conclusion and circular of the late case, from the drafts to the acknowledgement."""
    hand.at(6, 25)
    talk = await hand.by_machine(draft_talk, await urging_of(hand, case_id))
    people = hand.district.people
    notice = IssueTalkNotice(
        talk.id, talk.version, shanghai(6, 29, 14, 30), "二楼会议室", people["duban.zhu"], people["duban.wu"]
    )
    await hand.do("duban.zhu", issue_talk_notice, notice)
    (conclusion,) = await hand.rows(InspectionConclusion, case_id=case_id)
    await hand.do("quzhang", issue_conclusion_before_circular, IssueConclusion(conclusion.id, conclusion.version))
    hand.at(6, 29, 16)
    promise = CommitmentInput("月底前完成。", date(2026, 7, 31))
    held = HoldTalk(
        talk.id, appeared_id=people["chengguan.head"], statement="人员调整。", minutes="纪要。", commitments=(promise,)
    )
    await hand.do("duban.wu", hold_talk_before_circular, held)
    await publish_about(hand, case_id)


async def publish_about(hand: Hand, case_id: UUID) -> None:
    (circular,) = await hand.rows(Circular, case_id=case_id)
    approval = ApproveCircular(circular.id, circular.version, Outcome.APPROVED)
    circular = await hand.do("quzhang", approve_circular, approval)
    circular = await hand.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    await hand.do("chengguan.handler", acknowledge_circular, AcknowledgeCircular(circular.id))


async def urging_of(hand: Hand, case_id: UUID, unit: str = CITY) -> UUID:
    """The delivered urging for a report."""
    async with hand.workplace.database.read() as session:
        statement = select(Urging.id).where(
            Urging.case_id == case_id,
            Urging.unit_id == hand.district.units[unit],
            Urging.clock == DueClock.REPORT,
            Urging.delivered_at.is_not(None),
        )
        return (await session.scalars(statement)).one()
