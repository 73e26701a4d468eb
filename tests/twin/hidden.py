"""What only one of the worlds holds. Every text of it has the canary; nothing of it is for a viewer to know."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import orjson
from pydantic import TypeAdapter
from sqlalchemy import select, update

from app.accountability.rules import AccountabilityConduct, AccountabilityMeasure
from app.accountability.service import (
    Charge,
    DecideAccountability,
    DraftAccountability,
    WithdrawAccountability,
    draft_accountability,
    withdraw_accountability,
)
from app.acts.rules import Outcome
from app.assignments.rules import FollowUpChannel
from app.assignments.service import (
    AcknowledgeAssignment,
    RecordFollowUp,
    acknowledge_assignment,
    record_follow_up,
)
from app.cases.models import Case, Instruction, ProposedUnit
from app.cases.rules import Disclosure, Handling
from app.cases.service import (
    ChangeCaseAccess,
    OrderRecusal,
    SetAccessScope,
    grant_case_access,
    order_recusal,
    revoke_case_access,
    set_access_scope,
)
from app.circulars.models import CircularReply
from app.circulars.rules import CircularKind, CircularScope, ReplyStatus
from app.circulars.service import (
    ApproveCircular,
    DraftCircular,
    PublishCircular,
    approve_circular,
    draft_circular,
    publish_circular,
)
from app.content.models import Content
from app.core.crypto import new_salt, salted_digest
from app.core.levels import Classification
from app.demo.district import OFFICE
from app.documents.rules import Block, BlockKind
from app.escalation.delivering import deliver_urging
from app.escalation.drafting import draft_talk
from app.escalation.rules import ReassignmentGround
from app.escalation.service import (
    DecideExtension,
    DecideReassignment,
    ExplainDelay,
    RequestExtension,
    RequestReassignment,
    UrgeUnit,
    decide_extension,
    decide_reassignment,
    explain_delay,
    request_extension,
    request_reassignment,
    urge_unit,
)
from app.exchange.importing import ImportTasks, TaskSource, import_tasks
from app.notifications.delivery import relay
from app.reports.models import Report
from app.reports.service import (
    AcceptReport,
    ConfirmClosing,
    ProposeClosing,
    RecordReading,
    SubmitForReading,
    accept_report,
    confirm_closing,
    propose_closing,
    record_reading,
    submit_for_reading,
)
from app.talks.service import CommitmentInput, HoldTalk, IssueTalkNotice, hold_talk, issue_talk_notice
from tests.reports.desk import BUILDING, CITY, ENVIRONMENT, shanghai
from tests.twin.cast import DEPUTY, KEEPER, PATRON, SECOND, SECRETARY
from tests.twin.hand import HIDDEN, Hand, Matter
from tests.twin.known import Known, urging_of

STREET = "工程街道办事处"
WORDS = ((f"{HIDDEN}请严查。", Disclosure.FULL), (f"{HIDDEN}不宜公开。", Disclosure.EXCERPT))
LADDER = Matter(f"{HIDDEN}干部作风", (CITY,), words=WORDS, restricted=True, registrar=KEEPER, leader=PATRON)
FINISHED = replace(LADDER, mark="棚户改造")  # its title is no canary: it is registered again
SECRET = Matter(
    f"{HIDDEN}应急储备",
    (CITY, BUILDING),
    Handling.JOINT,
    words=WORDS,
    classification=Classification.WORK_SECRET,
    registrar=KEEPER,
    leader=PATRON,
)
PLANS = tuple(
    ImportTasks(f"一、加快{plan}。（牵头单位：区教育局）\n".encode(), TaskSource(f"{plan}任务分工"))
    for plan in ("老旧小区改造", "口袋公园建设")
)
ELSEWHERE = Matter(f"{HIDDEN}违建拆除", (STREET,), words=WORDS)


async def tell_secrets(hand: Hand) -> None:
    """Restricted and classified matters of the viewers' own unit, from Tuesday, 30 June, to Thursday, 9 July."""
    hand.at(6, 30, 10)
    ladder, finished, secret = [(await hand.out(matter)).id for matter in (LADDER, FINISHED, SECRET)]
    await relay(hand.workplace, hand.policy)  # the unit hears of it, before it is taken out of the scope
    for key in (ladder, finished):
        await _narrow(hand, await hand.row(Case, key))
    await _let_in_and_kept_away(hand, ladder)
    hand.at(7, 1)
    await _handed_back(hand, await hand.row(Case, ladder))
    await _asked_and_explained(hand, await hand.row(Case, ladder))
    await _acknowledged_on_paper(hand, await hand.row(Case, ladder))
    await _finished(hand, await hand.row(Case, finished))
    await hand.acknowledge(await hand.row(Case, secret), CITY, DEPUTY)
    await hand.reported(await hand.row(Case, secret), CITY, DEPUTY, f"{HIDDEN}储备情况")
    hand.at(7, 8, 9)
    await _urged(hand, await hand.row(Case, ladder))
    await relay(hand.workplace, hand.policy)
    hand.at(7, 9)
    await _imported(hand)
    await _circular_of_its_own(hand)
    await _called_to_account(hand, ladder)
    await _closed(hand, await hand.row(Case, finished))
    await _summoned(hand, await hand.row(Case, ladder))
    await relay(hand.workplace, hand.policy)


async def tell_inner_matters(hand: Hand, known: Known) -> None:
    """What goes on inside cases that the viewers see, but is not for them."""
    hand.at(7, 9, 14)
    await _other_words(hand, await hand.row(Case, known.cases["late"]))
    await _named_by_a_document(hand, known)
    silent = await hand.row(Case, known.cases["silent"])
    await hand.by_machine(draft_talk, await urging_of(hand, silent.id))
    await _criticised(hand, silent)
    await _recused(hand, "duban.zhu", silent.id)
    await _of_another_principal(hand, await hand.row(Case, known.cases["separate"]))
    for case in (silent, await hand.row(Case, known.cases["joint"])):
        visit = RecordFollowUp((await hand.part(case)).id, FollowUpChannel.VISIT, f"{HIDDEN}暗访。")
        await hand.do("duban.wu", record_follow_up, visit)
    await relay(hand.workplace, hand.policy)


async def tell_elsewhere(hand: Hand) -> None:
    """A case of a unit that is no viewer's. It comes last: a unit may see gaps between its own numbers."""
    hand.at(7, 10, 15)
    case = await hand.out(ELSEWHERE)
    await hand.acknowledge(case, STREET, "gongcheng.handler")
    await hand.reported(case, STREET, "gongcheng.handler", f"{HIDDEN}拆除情况")
    await relay(hand.workplace, hand.policy)


async def _imported(hand: Hand) -> None:
    """Out of documents that others have, too: one as classified, of the others each task is restricted."""
    secret, *restricted = PLANS
    await hand.do(KEEPER, import_tasks, replace(secret, classification=Classification.WORK_SECRET))
    for plan in restricted:
        (item,) = (await hand.do(KEEPER, import_tasks, plan)).items
        await _narrow(hand, await hand.row(Case, item.case_id))


async def _narrow(hand: Hand, case: Case) -> None:
    people = tuple(hand.district.people[login] for login in (KEEPER, SECOND, PATRON, DEPUTY))
    await hand.do(KEEPER, set_access_scope, SetAccessScope(case.id, case.version, True, people))


async def _let_in_and_kept_away(hand: Hand, case_id: UUID) -> None:
    """A unit gets into the scope and out of it; of those in it one is recused."""
    change = ChangeCaseAccess(case_id, unit_ids=(hand.district.units[ENVIRONMENT],))
    await hand.do(KEEPER, grant_case_access, change)
    await hand.do(KEEPER, revoke_case_access, change)
    await _recused(hand, KEEPER, case_id)


async def _recused(hand: Hand, by: str, case_id: UUID) -> None:
    order = OrderRecusal(case_id, hand.district.people[SECRETARY], f"{HIDDEN}曾任该单位领导。")
    await hand.do(by, order_recusal, order)


async def _handed_back(hand: Hand, case: Case) -> None:
    basis = f"{HIDDEN}三定方案中无此项职责。"
    command = RequestReassignment((await hand.part(case)).id, ReassignmentGround.NOT_COMPETENT, basis)
    request = await hand.do(DEPUTY, request_reassignment, command)
    no = DecideReassignment(request.id, request.version, Outcome.DECLINED, comment=f"{HIDDEN}仍由你单位办理。")
    await hand.do(PATRON, decide_reassignment, no)


async def _asked_and_explained(hand: Hand, case: Case) -> None:
    part, (slot, *_) = await hand.part(case), await hand.slots(case)
    wish = RequestExtension(part.id, date(2026, 7, 13), f"{HIDDEN}人手不足。", f"{HIDDEN}正在核实。")
    request = await hand.do(DEPUTY, request_extension, wish)
    no = DecideExtension(request.id, request.version, Outcome.DECLINED, comment=f"{HIDDEN}不同意。")
    await hand.do(PATRON, decide_extension, no)
    await hand.do(DEPUTY, explain_delay, ExplainDelay(part.id, f"{HIDDEN}当事人外出。", slot.id))
    for channel in (FollowUpChannel.PHONE, FollowUpChannel.VISIT):
        told = RecordFollowUp(part.id, channel, f"{HIDDEN}电话了解。", person_reached="程默")
        await hand.do(KEEPER, record_follow_up, told)


async def _acknowledged_on_paper(hand: Hand, case: Case) -> None:
    part, read = await hand.part(case), TypeAdapter(AcknowledgeAssignment)
    command = AcknowledgeAssignment(part.id, hand.district.people[DEPUTY], department=None)
    act = await hand.entered(
        KEEPER,
        "acknowledgeAssignment",
        orjson.dumps({**orjson.loads(read.dump_json(command)), "department": f"{HIDDEN}专班"}).decode(),
        assignment_id=part.id,
        decided_by=hand.district.people[DEPUTY],
        occurred_at=hand.clock.now(),
    )
    await hand.checked(SECOND, act, acknowledge_assignment, lambda _: command)


async def _finished(hand: Hand, case: Case) -> None:
    report = await hand.handed_in(case, CITY, DEPUTY, f"{HIDDEN}已办结")
    await hand.do(KEEPER, accept_report, AcceptReport(report.id, report.version, f"{HIDDEN}同意。"))
    reading = await hand.do(KEEPER, submit_for_reading, SubmitForReading(case.id))
    await hand.do(PATRON, record_reading, RecordReading(reading.id, f"{HIDDEN}已阅。"))


async def _closed(hand: Hand, case: Case) -> None:
    case = await hand.do(KEEPER, propose_closing, ProposeClosing(case.id, f"{HIDDEN}建议办结。"))
    approval = ConfirmClosing(case.id, case.version, Outcome.APPROVED, f"{HIDDEN}同意办结。")
    await hand.do(SECOND, confirm_closing, approval)


async def _urged(hand: Hand, case: Case) -> None:
    part, (slot, *_) = await hand.part(case), await hand.slots(case)
    urging = await hand.do(KEEPER, urge_unit, UrgeUnit(part.id, f"{HIDDEN}逾期未报。", slot.id))
    await hand.by_machine(deliver_urging, urging.id)


async def _summoned(hand: Hand, case: Case) -> None:
    talk = await hand.by_machine(draft_talk, await urging_of(hand, case.id))
    people = hand.district.people
    notice = IssueTalkNotice(talk.id, talk.version, shanghai(7, 9, 11), "三楼", people[SECOND], people[KEEPER])
    await hand.do(SECOND, issue_talk_notice, notice)
    hand.at(7, 9, 12)
    promise = CommitmentInput(f"{HIDDEN}限期整改。", date(2026, 7, 31))
    held = HoldTalk(
        talk.id,
        appeared_id=people[DEPUTY],
        statement=f"{HIDDEN}情况属实。",
        minutes=f"{HIDDEN}纪要。",
        commitments=(promise,),
    )
    await hand.do(KEEPER, hold_talk, held)


async def _circular_of_its_own(hand: Hand) -> None:
    """About the viewers' unit and sent to it, which owes a reply, but of no case, and only for who is cleared."""
    blocks, unit_id = (Block(BlockKind.PARAGRAPH, f"{HIDDEN}仅供领导。"),), hand.district.units[CITY]
    command = DraftCircular(
        CircularKind.PERIODIC,
        CircularScope.ADDRESSEES,
        f"{HIDDEN}专报",
        blocks,
        unit_id=unit_id,
        classification=Classification.WORK_SECRET,
    )
    circular = await hand.do(KEEPER, draft_circular, command)
    approval = ApproveCircular(circular.id, circular.version, Outcome.APPROVED, f"{HIDDEN}可发。")
    circular = await hand.do(SECRETARY, approve_circular, approval)
    await hand.do(KEEPER, publish_circular, PublishCircular(circular.id, circular.version))
    async with hand.workplace.database.write() as session:
        owed = {"status": ReplyStatus.OWED, "round": 1, "due_on": hand.today}
        session.add(CircularReply(circular_id=circular.id, unit_id=unit_id, **owed))


async def _called_to_account(hand: Hand, case_id: UUID) -> None:
    """One proposal rests on what few know of; of the other those who look are themselves the ones concerned."""
    people, units = hand.district.people, hand.district.units
    words = (AccountabilityConduct.FALSIFICATION,), AccountabilityMeasure.TRANSFER, f"{HIDDEN}情况不实。"
    proof = await hand.file(KEEPER, f"{HIDDEN}谈话记录.pdf")
    charge = Charge(*words, (people[DEPUTY],), (units[CITY],), case_ids=(case_id,), file_ids=(proof,))
    proposal = await hand.do(KEEPER, draft_accountability, DraftAccountability(charge))
    read = TypeAdapter(DecideAccountability)
    command = DecideAccountability(proposal.id, proposal.version, Outcome.APPROVED, f"{HIDDEN}同意移送。")
    await hand.entered(
        KEEPER,
        "decideAccountabilityProposal",
        read.dump_json(command).decode(),
        accountability_id=proposal.id,
        decided_by=people["quzhang"],
        occurred_at=hand.clock.now(),
    )
    back = WithdrawAccountability(proposal.id, proposal.version, f"{HIDDEN}另案处理。")
    await hand.do(KEEPER, withdraw_accountability, back)
    proof = await hand.file(SECRETARY, f"{HIDDEN}来信.pdf")
    charge = Charge(*words, (people["quzhang"], people["zhuren"]), (units[OFFICE],), file_ids=(proof,))
    await hand.do(SECRETARY, draft_accountability, DraftAccountability(charge))


async def _other_words(hand: Hand, case: Case) -> None:
    """The same instructions, told the same way: only the words that no unit may read are others."""
    async with hand.workplace.database.write() as session:
        keys = await session.scalars(select(Instruction.words_id).where(Instruction.case_id == case.id))
        for key in keys.all():
            text, salt = f"{HIDDEN}另有所指，从严从快，不得外传。", new_salt()
            digest = salted_digest(salt, text.encode())
            words = {"text": text, "salt": salt, "digest": digest, "size": len(text.encode())}
            await session.execute(update(Content).where(Content.id == key).values(**words))


async def _named_by_a_document(hand: Hand, known: Known) -> None:
    async with hand.workplace.database.write() as session:
        session.add(ProposedUnit(case_id=known.cases["late"], printed_name="某某单位", position=0))


async def _criticised(hand: Hand, case: Case) -> None:
    """Drafted and sent back."""
    blocks, unit_id = (Block(BlockKind.PARAGRAPH, f"{HIDDEN}予以批评。"),), hand.district.units[CITY]
    command = DraftCircular(CircularKind.CRITICISM, CircularScope.DISTRICT, f"{HIDDEN}通报", blocks, case.id, unit_id)
    circular = await hand.do("duban.zheng", draft_circular, command)
    back = ApproveCircular(circular.id, circular.version, Outcome.RETURNED, f"{HIDDEN}措辞再斟酌。")
    await hand.do("quzhang", approve_circular, back)


async def _of_another_principal(hand: Hand, case: Case) -> None:
    part = await hand.part(case, ENVIRONMENT)
    report: Report = await hand.reported(case, ENVIRONMENT, "huanbao.handler", f"{HIDDEN}监测数据")
    assert report.submitted_at is None
    told = RecordFollowUp(part.id, FollowUpChannel.PHONE, f"{HIDDEN}环保已联系。")
    await hand.do("duban.wu", record_follow_up, told)
    read = TypeAdapter(AcknowledgeAssignment)
    command = AcknowledgeAssignment(part.id, hand.district.people["huanbao.handler"], department=f"{HIDDEN}专班")
    await hand.entered(
        "duban.wu",
        "acknowledgeAssignment",
        read.dump_json(command).decode(),
        assignment_id=part.id,
        decided_by=hand.district.people["huanbao.head"],
        occurred_at=hand.clock.now(),
    )
