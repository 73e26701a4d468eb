"""通报 drafted by hand (第二十六条, 第三十条(四)): praise, criticism, the periodic one; who approves which."""

from dataclasses import replace
from typing import Any

from app.audit.models import AdminRecord
from app.circulars.models import Circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.circulars.service import (
    AcknowledgeCircular,
    DraftCircular,
    PublishCircular,
    WithdrawCircular,
    acknowledge_circular,
    approve_circular,
    draft_circular,
    publish_circular,
    withdraw_circular,
)
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.core.texts import TITLE
from app.documents.models import DocumentRecipient
from app.documents.rules import Block, BlockKind
from app.events.models import OutboxMessage
from app.todos.models import Todo
from tests.circulars.ladder import approved, published
from tests.circulars.test_after_talk import approval
from tests.reports.desk import CITY, Desk
from tests.talks.ladder import events, printed, problems_of

WORDS = (Block(BlockKind.HEADING, "一、落实情况"), Block(BlockKind.FIELD, "12件", "本月办结"))
PERIODIC = DraftCircular(CircularKind.PERIODIC, CircularScope.DISTRICT, "六月份督办工作通报", WORDS)


def about(desk: Desk, unit: str, kind: CircularKind = CircularKind.CRITICISM, **changes: Any) -> DraftCircular:
    given: dict[str, Any] = {"scope": CircularScope.ADDRESSEES, "unit_id": desk.district.units[unit]} | changes
    return replace(PERIODIC, kind=kind, **given)


async def test_a_periodic_one_without_a_case_from_draft_to_acknowledgement(desk: Desk) -> None:
    circular = await desk.do("duban.wu", draft_circular, PERIODIC)
    assert (circular.status, circular.drafted_by, circular.classification, circular.version) == (
        CircularStatus.DRAFT,
        desk.district.people["duban.wu"],
        Classification.INTERNAL,
        1,
    )
    waiting = await desk.rows(Todo, subject_id=circular.id, closed_at=None)
    assert [(todo.action, todo.role, todo.case_id) for todo in waiting] == [("APPROVE_CIRCULAR", "office_leader", None)]
    circular = await approved(desk, circular, "zhuren")
    circular = await desk.do("duban.zheng", publish_circular, PublishCircular(circular.id, circular.version))
    assert (await printed(desk, circular.document_id)).blocks == [(None, "一、落实情况"), ("本月办结", "12件")]
    await desk.do("taiping.handler", acknowledge_circular, AcknowledgeCircular(circular.id))
    records = sorted(await desk.rows(AdminRecord, subject_kind="circular"), key=lambda record: record.seq)
    assert [(record.action, record.rule_id) for record in records] == [
        ("circular.drafted", "CIRC-D1"),
        ("circular.decided", "CIRC-A2"),
        ("circular.published", "CIRC-P1"),
        ("circular.acknowledged", "CIRC-K1"),
    ]
    told = sorted(await desk.rows(OutboxMessage), key=lambda message: message.position)
    assert [message.topic for message in told] == [record.action for record in records]


async def test_every_unit_owes_its_acknowledgement_and_gives_it_once(desk: Desk) -> None:
    circular = await published(desk)
    owed = [todo for todo in await desk.rows(Todo, closed_at=None) if todo.action == "ACKNOWLEDGE_CIRCULAR"]
    assert len(owed) == len(await desk.rows(DocumentRecipient, document_id=circular.document_id))
    assert {(todo.case_id, str(todo.due_on)) for todo in owed} == {(None, "2026-06-30")}
    desk.at(6, 30, 10)
    command = AcknowledgeCircular(circular.id)
    await desk.do("taiping.handler", acknowledge_circular, command)  # a unit that sees nothing of the case
    unit_id = desk.district.units["太平镇人民政府"]
    (row,) = await desk.rows(DocumentRecipient, document_id=circular.document_id, unit_id=unit_id)
    assert (row.acknowledged_at, row.acknowledged_by) == (desk.clock.now(), desk.district.people["taiping.handler"])
    assert await desk.rows(Todo, unit_id=unit_id, closed_at=None) == []
    assert (await desk.refused("taiping.head", acknowledge_circular, command)).code is RefusalCode.ALREADY_DONE
    foreign = replace(command, unit_id=desk.district.units[CITY])
    refusal = await desk.refused("yushu.handler", acknowledge_circular, foreign)
    assert problems_of(refusal) == [("BAD_ID", "input.unit")]
    for login in ("duban.wu", "quzhang"):
        assert (await desk.refused(login, acknowledge_circular, command)).code is RefusalCode.NOT_ALLOWED
    assert circular.version == (await desk.row(Circular, circular.id)).version


async def test_criticism_is_for_the_districts_own_units(desk: Desk) -> None:
    for unit in ("区税务局", "临江供热有限公司"):
        refusal = await desk.refused("duban.wu", draft_circular, about(desk, unit))
        assert refusal.code is RefusalCode.NOT_OPEN_TO_UNIT
    praise = await desk.do("duban.wu", draft_circular, about(desk, "临江供热有限公司", CircularKind.PRAISE))
    (todo,) = await desk.rows(Todo, subject_id=praise.id, closed_at=None)
    assert todo.role == "district_head"
    criticism = await desk.do("duban.wu", draft_circular, about(desk, CITY))
    assert (await desk.refused("zhuren", approve_circular, approval(criticism))).code is RefusalCode.NOT_ALLOWED
    circular = await approved(desk, criticism)
    circular = await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    assert (await printed(desk, circular.document_id)).recipients == [CITY]


async def test_who_drafts_does_not_approve(desk: Desk) -> None:
    circular = await desk.do("duban.wu", draft_circular, PERIODIC)
    async with desk.workplace.database.write() as session:
        (await session.get_one(Circular, circular.id)).drafted_by = desk.district.people["zhuren"]
    refusal = await desk.refused("zhuren", approve_circular, approval(circular))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "SOD-11")


async def test_all_that_is_wrong_with_a_draft_is_said_at_once(desk: Desk) -> None:
    wrong = DraftCircular(
        kind=CircularKind.AFTER_TALK,
        scope=CircularScope.DISTRICT,
        title="题" * (TITLE + 1),
        blocks=(Block(BlockKind.FIELD, ""), Block(BlockKind.PARAGRAPH, "字", "标")),
        unit_id=new_id(),
        classification=Classification.WORK_SECRET,
        max_classification=Classification.INTERNAL,
    )
    refusal = await desk.refused("duban.wu", draft_circular, wrong)
    assert problems_of(refusal) == [
        ("NOT_APPLICABLE", "input.kind"),  # the machine drafts these
        ("CLASSIFICATION_ABOVE_CEILING", "input.classification"),
        ("BAD_ID", "input.unit"),
        ("TOO_LONG", "input.title"),
        ("REQUIRED", "input.blocks.0.label"),
        ("REQUIRED", "input.blocks.0.text"),
        ("NOT_APPLICABLE", "input.blocks.1.label"),
    ]
    empty = await desk.refused("duban.wu", draft_circular, replace(PERIODIC, blocks=(), title=" "))
    assert problems_of(empty) == [("REQUIRED", "input.blocks"), ("REQUIRED", "input.title")]
    unknown = await desk.refused("duban.wu", draft_circular, replace(PERIODIC, case_id=new_id()))
    assert unknown.code is RefusalCode.NOT_FOUND
    for login in ("chengguan.head", "quzhang", "zhuren"):
        assert (await desk.refused(login, draft_circular, PERIODIC)).code is RefusalCode.NOT_ALLOWED


async def test_addressees_are_named_one_by_one(desk: Desk) -> None:
    draft = replace(PERIODIC, scope=CircularScope.ADDRESSEES)
    circular = await approved(desk, await desk.do("duban.wu", draft_circular, draft), "zhuren")
    command = PublishCircular(circular.id, circular.version)
    units = desk.district.units
    for unit_ids, problems in (
        ((), [("REQUIRED", "input.units")]),
        ((units[CITY], units[CITY], new_id()), [("DUPLICATE", "input.units.1"), ("BAD_ID", "input.units.2")]),
    ):
        refusal = await desk.refused("duban.wu", publish_circular, replace(command, unit_ids=unit_ids))
        assert problems_of(refusal) == problems
    named = replace(command, unit_ids=(units[CITY], units["区教育局"]))
    circular = await desk.do("duban.wu", publish_circular, named)
    assert (await printed(desk, circular.document_id)).recipients == ["区城市管理局", "区教育局"]
    other = await approved(desk, await desk.do("duban.wu", draft_circular, PERIODIC), "zhuren")
    refusal = await desk.refused("duban.wu", publish_circular, PublishCircular(other.id, other.version, (units[CITY],)))
    assert problems_of(refusal) == [("NOT_APPLICABLE", "input.units")]


async def test_a_published_one_is_void_and_nobody_acknowledges_it_any_more(desk: Desk) -> None:
    circular = await published(desk)
    command = WithdrawCircular(circular.id, circular.version, "数据有误。")
    for login in ("duban.wu", "zhuren", "fuquzhang"):
        assert (await desk.refused(login, withdraw_circular, command)).code is RefusalCode.NOT_ALLOWED
    without = await desk.refused("quzhang", withdraw_circular, replace(command, reason=""))
    assert problems_of(without) == [("REQUIRED", "input.reason")]
    circular = await desk.do("quzhang", withdraw_circular, command)
    document = await printed(desk, circular.document_id)
    assert (circular.status, document.number, document.status) == (
        CircularStatus.WITHDRAWN,
        "道督通〔2026〕1号",
        "WITHDRAWN",
    )
    assert [todo for todo in await desk.rows(Todo, closed_at=None) if "CIRCULAR" in todo.action] == []
    assert (await events(desk, circular.case_id))[-1] == ("circular.withdrawn", True)
    late = await desk.refused("taiping.handler", acknowledge_circular, AcknowledgeCircular(circular.id))
    assert (late.code, late.state) == (RefusalCode.STATUS_CONFLICT, "WITHDRAWN")
    again = replace(command, expected_version=circular.version)
    assert (await desk.refused("quzhang", withdraw_circular, again)).code is RefusalCode.STATUS_CONFLICT
    # its number stays with it: the next one counts on
    other = await approved(desk, await desk.do("duban.wu", draft_circular, PERIODIC), "zhuren")
    other = await desk.do("duban.wu", publish_circular, PublishCircular(other.id, other.version))
    assert (await printed(desk, other.document_id)).number == "道督通〔2026〕2号"
