"""Importing a task document: drafts with their units and words, nothing invented, nothing lost, nothing twice."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.acts.rules import Outcome
from app.assignments.models import Assignment
from app.assignments.service import DispatchCase, dispatch_case
from app.audit.models import CaseRecord
from app.cases.models import Case, CaseSource, ProposedUnit, Source
from app.cases.rules import AssignmentRole, CaseStatus, Handling, MatterType, Procedure, SourceKind
from app.cases.service import (
    DecideHandling,
    ProposeHandling,
    RegisterCase,
    SourceInput,
    decide_handling,
    propose_handling,
    register_case,
)
from app.content.models import Content
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import RefusalCode
from app.events.models import Event
from app.exchange.importing import (
    ImportedItem,
    ImportReport,
    ImportTaskDocument,
    ImportTasks,
    TaskSource,
    import_task_document,
    import_tasks,
)
from app.exchange.tasks import parse_tasks
from app.exchange.tasks_mentions import GroupMention
from app.exchange.tasks_tails import Question
from app.files.service import StoreFile, store_file
from app.identity.models import Unit, UnitGroup, UnitGroupMember
from app.identity.rules import Subordination, UnitKind
from app.regulation.rules import TimeLimitTier
from app.search.models import SearchToken
from tests.bed.dump import changed, everything
from tests.bed.world import World
from tests.reports.desk import Desk
from tests.talks.bench import bench, on_either
from tests.talks.ladder import problems_of

PLAN = """\
临江区人民政府办公室
关于印发2026年城市环境整治任务分工的通知
临政办发〔2026〕12号
一、街面
1.清理占道经营。六月底前完成。（牵头单位：区城市管理局，配合单位：区住房和城乡建设局，各街道办事处）
2.修缮校舍。（牵头单位：区教育局，配合单位：区财政局、区地震局）
二、其他
3.编制规划。（责任单位：区财政局、区教育局）
4.总结经验。
5.开展演练。（牵头单位：区人防办）
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
def desk(world: World) -> Desk:
    return bench(world)


async def imported(desk: Desk, text: str = PLAN, login: str = "duban.wu", **changes: Any) -> ImportReport:
    return await desk.do(login, import_tasks, ImportTasks(text.encode(), **changes))


async def drafts(desk: Desk) -> dict[str, Case]:
    return {case.item_no or "": case for case in await desk.rows(Case, status=CaseStatus.DRAFT)}


async def named(desk: Desk, case_id: UUID) -> list[tuple[AssignmentRole | None, str, bool, bool]]:
    """Role and printed name of each unit, and whether it is known as a unit or as a group."""
    units = sorted(await desk.rows(ProposedUnit, case_id=case_id, proposal_id=None), key=lambda row: row.position)
    return [(row.role, row.printed_name, row.unit_id is not None, row.group_id is not None) for row in units]


async def words(desk: Desk, content_id: UUID | None) -> str | None:
    return None if content_id is None else (await desk.row(Content, content_id)).text


async def test_each_task_becomes_a_draft_that_says_what_the_document_says(desk: Desk) -> None:
    report = await imported(desk)
    cases = await drafts(desk)
    assert report.items == (
        ImportedItem(cases["1"].id, "1", "清理占道经营", True, (), ()),
        ImportedItem(cases["2"].id, "2", "修缮校舍", True, (), ("区地震局",)),
        ImportedItem(cases["3"].id, "3", "编制规划", True, (Question.MANNER,), ()),
        ImportedItem(cases["5"].id, "5", "开展演练", True, (), ("区人防办",)),
    )
    assert (report.created, report.known, report.unknown_names) == (4, 0, ("区地震局", "区人防办"))
    assert report.unassigned == ("4.总结经验。",)  # names nobody: an officer decides
    lead, support = AssignmentRole.LEAD, AssignmentRole.SUPPORTING
    assert await named(desk, cases["1"].id) == [
        (lead, "区城市管理局", True, False),
        (support, "区住房和城乡建设局", True, False),
        (support, "各街道办事处", False, True),
    ]
    assert await named(desk, cases["2"].id) == [
        (lead, "区教育局", True, False),
        (support, "区财政局", True, False),
        (support, "区地震局", False, False),  # kept as printed, not guessed
    ]
    assert await named(desk, cases["3"].id) == [(None, "区财政局", True, False), (None, "区教育局", True, False)]
    first = cases["1"]
    assert (first.register_number, first.matter_type, first.procedure, first.handling, first.version) == (
        None,
        MatterType.IMPORTANT_DOCUMENT,
        Procedure.B,
        Handling.JOINT,
        1,
    )
    assert [cases[number].handling for number in ("2", "3", "5")] == [Handling.JOINT, None, Handling.SOLE]
    assert await words(desk, first.title_id) == "清理占道经营"
    assert await words(desk, first.original_words_id) == PLAN.splitlines()[4]


async def test_all_cases_rest_on_one_source_and_each_has_its_record(desk: Desk) -> None:
    source = TaskSource(issuing_body="临江区人民政府办公室", dated_on=date(2026, 3, 2))
    report = await imported(desk, source=source, classification=Classification.PUBLIC)
    (row,) = await desk.rows(Source)
    assert (row.id, row.kind, row.number, row.issuing_body, row.dated_on, row.classification) == (
        report.id,
        SourceKind.DOCUMENT,
        "临政办发〔2026〕12号",
        "临江区人民政府办公室",
        date(2026, 3, 2),
        Classification.PUBLIC,
    )
    assert await words(desk, row.title_id) == "关于印发2026年城市环境整治任务分工的通知"
    links = await desk.rows(CaseSource, source_id=row.id)
    assert {link.case_id for link in links} == {item.case_id for item in report.items}
    assert [event.type for event in await desk.rows(Event)] == ["case.imported"] * 4
    assert {record.rule_id for record in await desk.rows(CaseRecord)} == {"CASE-I1"}


async def test_the_same_document_again_changes_nothing(desk: Desk) -> None:
    first = await imported(desk)
    before = await everything(desk.workplace.database)
    again = await imported(desk, PLAN.replace("\n", "\r\n").replace("（", "("), "duban.zheng")
    assert changed(before, await everything(desk.workplace.database)) == {}
    assert (again.id, again.created, again.known) == (first.id, 0, 4)
    assert again.items == tuple(replace(item, created=False) for item in first.items)


async def test_a_task_that_was_added_to_the_document_is_the_only_new_one(desk: Desk) -> None:
    first = await imported(desk)
    more = await imported(desk, PLAN + "6.植树造林。（牵头单位：区财政局）\n")
    assert (more.id, more.created, more.known, more.items[-1].item_no) == (first.id, 1, 4, "6")
    assert len(await desk.rows(Source)) == 1


async def test_an_import_does_not_tell_of_what_is_kept_secret(desk: Desk) -> None:
    """Restricted or classified at registration, or the whole document classified: whoever imports it finds it new."""
    await imported(desk)
    found = await drafts(desk)
    await desk.do("duban.wu", register_case, registration(found["1"].id, restricted=True))
    level = Classification.WORK_SECRET
    await desk.do("duban.wu", register_case, registration(found["2"].id, classification=level))
    again = await imported(desk, login="duban.zheng")
    assert [item.item_no for item in again.items if item.created] == ["1", "2"]
    assert (await imported(desk, login="duban.zheng")).created == 0
    assert (await imported(desk, classification=level)).created == 4


@on_either
async def test_two_imports_at_the_same_instant_make_each_case_once(desk: Desk) -> None:
    reports = await asyncio.gather(imported(desk), imported(desk, login="duban.zheng"))
    assert sorted(report.created for report in reports) == [0, 4]
    assert len({tuple(item.case_id for item in report.items) for report in reports}) == 1
    assert (await desk.count(Case), await desk.count(Source), await desk.count(Event)) == (4, 1, 4)


async def test_a_digest_tells_nothing_to_who_lacks_the_key(desk: Desk) -> None:
    await imported(desk)
    document = parse_tasks(PLAN)
    stored = {(case.plan_digest, case.plan_item_digest) for case in (await drafts(desk)).values()}
    assert len({plan for plan, _ in stored}) == 1
    assert not {document.digest, *(item.digest for item in document.items)} & {part for pair in stored for part in pair}


async def test_who_may_and_what_is_refused(desk: Desk) -> None:
    for login in ("quzhang", "zhuren", "chengguan.head", "quanxian"):
        refusal = await desk.refused(login, import_tasks, ImportTasks(PLAN.encode()))
        assert (login, refusal.code) == (login, RefusalCode.NOT_ALLOWED)
    nothing = "关于印发任务分工的通知\n1.总结经验。\n"
    for command, problems in (
        (ImportTasks(b""), [("REQUIRED", "file")]),
        (ImportTasks(b"\x81"), [("BAD_TEXT", "file")]),
        (ImportTasks(nothing.encode()), [("REQUIRED", "file.items")]),
        (ImportTasks("1.演练。（牵头单位：区财政局）".encode()), [("REQUIRED", "input.source.title")]),
        (
            ImportTasks(
                PLAN.encode(), TaskSource(dated_on=date(2026, 6, 16)), classification=Classification.STATE_SECRET
            ),
            [("BAD_DATE", "input.source.datedOn"), ("CLASSIFICATION_ABOVE_CEILING", "input.classification")],
        ),
    ):
        refusal = await desk.refused("duban.wu", import_tasks, command)
        assert problems_of(refusal) == problems


async def test_a_stored_file_or_words_and_not_both(desk: Desk) -> None:
    stored = await desk.do("duban.wu", store_file, StoreFile("分工.txt", "text/plain", PLAN.encode("gb18030"), 10_000))
    for command in (ImportTaskDocument(), ImportTaskDocument(stored.id, PLAN)):
        refusal = await desk.refused("duban.wu", import_task_document, command)
        assert problems_of(refusal) == [("REQUIRED", "input.file")]
    scan = await desk.do("duban.wu", store_file, StoreFile("分工.pdf", "application/pdf", b"%PDF-1.7", 10_000))
    refusal = await desk.refused("duban.wu", import_task_document, ImportTaskDocument(scan.id))
    assert problems_of(refusal) == [("NOT_APPLICABLE", "input.file")]
    foreign = await desk.refused("duban.zheng", import_task_document, ImportTaskDocument(stored.id))
    assert foreign.code is RefusalCode.NOT_FOUND  # not attached to anything: only its uploader sees it
    assert (await desk.do("duban.wu", import_task_document, ImportTaskDocument(stored.id))).created == 4
    assert (await desk.do("duban.wu", import_task_document, ImportTaskDocument(text=PLAN))).known == 4


def registration(draft: UUID, **changes: Any) -> RegisterCase:
    given: dict[str, Any] = {
        "matter_type": MatterType.IMPORTANT_DOCUMENT,
        "title": "清理占道经营",
        "requirement": None,
        "classification": Classification.INTERNAL,
        "sources": (),
        "draft_id": draft,
    }
    return RegisterCase(**(given | changes))


def proposal(desk: Desk, case: Case, handling: Handling = Handling.JOINT) -> ProposeHandling:
    leader = desk.district.people["fuquzhang"]
    return ProposeHandling(case.id, handling, TimeLimitTier.GENERAL, (), "拟请办理。", leader)


async def test_a_draft_is_registered_and_goes_out_to_the_units_of_its_document(desk: Desk) -> None:
    await imported(desk)
    draft = (await drafts(desk))["1"]
    case = await desk.do("duban.zheng", register_case, registration(draft.id))
    assert (case.id, case.register_number, case.status, case.version) == (
        draft.id,
        "道督〔2026〕1号",
        CaseStatus.REGISTERED,
        2,
    )
    assert await words(desk, case.requirement_id) == PLAN.splitlines()[4]  # its own words, if no others are given
    assert await desk.count(Source) == 1
    case = await desk.do("duban.zheng", propose_handling, proposal(desk, case))
    case = await desk.do("fuquzhang", decide_handling, DecideHandling(case.id, case.version, Outcome.APPROVED))
    await desk.do("duban.wu", dispatch_case, DispatchCase(case.id, case.version))
    parts = await desk.rows(Assignment, case_id=case.id)
    streets = {unit for unit in desk.district.units if unit.endswith("街道办事处")}
    assert {part.unit_name for part in parts} == {"区城市管理局", "区住房和城乡建设局"} | streets
    assert [part.unit_name for part in parts if part.role is AssignmentRole.LEAD] == ["区城市管理局"]
    assert {part.unit_name for part in parts if part.via_group_id} == streets


async def test_other_words_and_sources_may_be_added_and_the_original_ones_stay_findable(desk: Desk) -> None:
    await imported(desk)
    draft = (await drafts(desk))["1"]
    tokens = {row.token for row in await desk.rows(SearchToken, case_id=draft.id)}
    note = SourceInput(SourceKind.MEETING, "区政府常务会议纪要")
    command = registration(draft.id, requirement="限期整治。", sources=(note,))
    case = await desk.do("duban.zheng", register_case, command)
    assert await words(desk, case.requirement_id) == "限期整治。"
    assert await words(desk, case.original_words_id) == PLAN.splitlines()[4]
    assert await desk.count(CaseSource, case_id=case.id) == 2
    assert tokens < {row.token for row in await desk.rows(SearchToken, case_id=draft.id)}
    again = await desk.refused("duban.wu", register_case, command)
    assert (again.code, again.state) == (RefusalCode.STATUS_CONFLICT, "REGISTERED")
    report = await imported(desk)  # registered since: known all the same
    assert (report.created, report.known, len(await desk.rows(Source))) == (0, 4, 2)


async def test_what_the_document_leaves_open_is_decided_before_it_is_proposed(desk: Desk) -> None:
    await imported(desk)
    cases = await drafts(desk)
    unknown = await desk.do("duban.wu", register_case, registration(cases["2"].id, title="修缮校舍"))
    refusal = await desk.refused("duban.wu", propose_handling, proposal(desk, unknown))
    assert problems_of(refusal) == [("BAD_ID", "input.units.2.unitId")]
    openly = await desk.do("duban.wu", register_case, registration(cases["3"].id, title="编制规划"))
    refusal = await desk.refused("duban.wu", propose_handling, proposal(desk, openly, Handling.SEPARATE))
    assert problems_of(refusal) == [("REQUIRED", "input.units.0.role"), ("REQUIRED", "input.units.1.role")]


async def _know(desk: Desk, text: str) -> None:
    """Every unit and group of a document, as units and groups of the district."""
    mentions = {mention for item in parse_tasks(text).items for mention in item.mentions}
    async with desk.workplace.database.write() as session:
        unit_id = await session.scalar(select(Unit.id).limit(1))
        for name in sorted({mention.name for mention in mentions if isinstance(mention, GroupMention)}):
            group = UnitGroup(id=new_id(), name=name)
            session.add(group)
            await session.flush()
            session.add(UnitGroupMember(group_id=group.id, unit_id=unit_id))
        for name in sorted({mention.name for mention in mentions if not isinstance(mention, GroupMention)}):
            session.add(
                Unit(
                    id=new_id(),
                    kind=UnitKind.DEPARTMENT,
                    subordination=Subordination.DISTRICT,
                    name=name,
                    valid_from=date(2012, 1, 1),
                    updated_at=desk.clock.now(),
                )
            )


@on_either
async def test_44_of_44(desk: Desk, real: Callable[[str], str]) -> None:
    text = real("10")
    await _know(desk, text)
    report = await imported(desk, text)
    assert (report.created, report.known, report.unknown_names) == (44, 0, ())
    assert [item.questions for item in report.items] == [()] * 44
    assert [item.item_no for item in report.items] == [str(number) for number in range(2, 46)]
    assert [words.partition("。")[0] for words in report.unassigned] == ["1.目标"]
    for item, task in zip(report.items, parse_tasks(text).items, strict=True):
        case = await desk.row(Case, item.case_id)
        assert (await words(desk, case.original_words_id), case.handling) == (task.text, task.handling)
        assert await named(desk, case.id) == [
            (mention.role, mention.name, not (group := isinstance(mention, GroupMention)), group)
            for mention in task.mentions
        ]
    before = await desk.count(Event)
    again = await imported(desk, text)
    assert (again.created, again.known, await desk.count(Event)) == (0, 44, before)


async def test_44_of_44_in_a_district_that_knows_none_of_them(desk: Desk, real: Callable[[str], str]) -> None:
    report = await imported(desk, real("10"))
    assert report.created == 44
    assert report.unknown_names[:4] == ("市发展改革委", "市委组织部", "市人力资源和社会保障局", "各区、县级市")
    assert await desk.count(ProposedUnit, unit_id=None, group_id=None) == await desk.count(ProposedUnit)


@on_either
async def test_through_graphql_from_the_words_to_the_proposal(world: World) -> None:
    officer = world.as_("duban.wu")
    selection = """report { title number created known unknownNames unassigned tasks {
      itemNo created questions unknownNames case { id status itemNo handling originalWords
        namedUnits { role printedName unit { name } group { name } } }
    } } source { title number }"""
    answer = await officer.do("importTaskDocument", selection, text=PLAN)
    report = answer["report"]
    assert (report["created"], report["known"], report["unknownNames"]) == (4, 0, ["区地震局", "区人防办"])
    assert answer["source"] == {"title": report["title"], "number": "临政办发〔2026〕12号"}
    first, second, third, _ = report["tasks"]
    assert (second["unknownNames"], third["questions"]) == (["区地震局"], ["MANNER"])
    assert first["case"]["namedUnits"] == [
        {"role": "LEAD", "printedName": "区城市管理局", "unit": {"name": "区城市管理局"}, "group": None},
        {
            "role": "SUPPORTING",
            "printedName": "区住房和城乡建设局",
            "unit": {"name": "区住房和城乡建设局"},
            "group": None,
        },
        {"role": "SUPPORTING", "printedName": "各街道办事处", "unit": None, "group": {"name": "各街道办事处"}},
    ]
    given = {"matter_type": "IMPORTANT_DOCUMENT", "title": "清理占道经营", "draft": first["case"]["id"]}
    case = (await officer.do("registerCase", "case { id number procedure sources { title } }", **given))["case"]
    assert (case["number"], case["procedure"], len(case["sources"])) == ("道督〔2026〕1号", "B", 1)
    proposed = await officer.do(
        "proposeHandling",
        "case { status proposals { units { role printedName } } }",
        case=case["id"],
        handling="JOINT",
        tier="GENERAL",
        opinion="拟请办理。",
        leader=world.person("fuquzhang"),
    )
    assert proposed["case"]["status"] == "PENDING_DECISION"
    units = [unit["printedName"] for unit in proposed["case"]["proposals"][0]["units"]]
    assert units == ["区城市管理局", "区住房和城乡建设局", "各街道办事处"]
    again = await world.as_("duban.zheng").do("importTaskDocument", "report { created known }", text=PLAN)
    assert again["report"] == {"created": 0, "known": 4}
    assert await world.as_("zhuren").refused("importTaskDocument", text=PLAN) == ["NOT_ALLOWED"]
    assert await officer.refused("importTaskDocument") == ["input.file REQUIRED"]
