"""登记, 拟办, 审定, 交办: what each takes over from its input, and each of its refusals."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select

from app.assignments.models import Assignment
from app.identity.models import Unit, UnitGroupMember
from tests.bed.procedure import CITY, LEADER, OFFICER, approve, case_now, dispatch, parts, propose, register
from tests.bed.world import World
from tests.usecases.calls import done, refused

SOURCE = {"kind": "DOCUMENT", "title": "来件"}
ENVIRONMENT = "区生态环境局"


def words_of(world: World, **changes: Any) -> dict[str, Any]:
    given = {"leader": world.person(LEADER), "words": "请办。", "given_on": "2026-06-24", "disclosure": "FULL"}
    return given | changes


# ── registerCase ──


async def test_registering_takes_over_what_was_given(staged: World) -> None:
    source = {
        "kind": "SUPERIOR_LIST",
        "title": "  中央环保督察转办清单 ",
        "number": "环督〔2026〕12号",
        "issuing_body": "省整改办",
        "dated_on": "2026-06-20",
        "superior_number": "D12",
        "superior_due_on": "2026-08-31",
    }
    excerpt = words_of(staged, disclosure="EXCERPT", excerpt="请城管局办理。")
    answer = await done(
        staged,
        "registerCase",
        "case { number status matterType procedure classification restricted title requirement version "
        "registeredOn registeredBy { name } sources { kind title number issuingBody datedOn superiorNumber "
        "superiorDueOn } instructions { disclosure givenOn leader { name } words { text } } }",
        matter_type="INSPECTION_TASK",
        title="排水口整治\r\n（第二批）",
        requirement=" 逐口建档。 ",
        sources=[source],
        instructions=[excerpt],
    )
    assert answer["case"] == {
        "number": "道督〔2026〕28号",
        "status": "REGISTERED",
        "matterType": "INSPECTION_TASK",
        "procedure": "A",
        "classification": "INTERNAL",
        "restricted": False,
        "title": "排水口整治\n（第二批）",
        "requirement": "逐口建档。",
        "version": 1,
        "registeredOn": "2026-06-25",
        "registeredBy": {"name": "吴芳"},
        "sources": [
            {
                "kind": "SUPERIOR_LIST",
                "title": "中央环保督察转办清单",
                "number": "环督〔2026〕12号",
                "issuingBody": "省整改办",
                "datedOn": "2026-06-20",
                "superiorNumber": "D12",
                "superiorDueOn": "2026-08-31",
            }
        ],
        "instructions": [
            {
                "disclosure": "EXCERPT",
                "givenOn": "2026-06-24",
                "leader": {"name": "王海涛"},
                "words": {"text": "请办。"},
            }
        ],
    }


async def test_markup_is_kept_as_plain_text(staged: World) -> None:
    title = "<script>alert(1)</script>&amp; '); DROP TABLE supervision_case;--"
    assert (await done(staged, "registerCase", "case { title }", title=title))["case"] == {"title": title}


async def test_restricted_and_secret_matters_count_in_series_of_their_own(staged: World) -> None:
    # one restricted case stands already
    numbers = [
        (await done(staged, "registerCase", "case { number }", **given))["case"]["number"]
        for given in ({"restricted": True}, {"classification": "WORK_SECRET"}, {"restricted": True}, {})
    ]
    assert numbers == ["道督限〔2026〕2号", "道督密〔2026〕1号", "道督限〔2026〕3号", "道督〔2026〕28号"]


async def test_only_other_matters_choose_their_procedure(staged: World) -> None:
    for matter, chosen, procedure in (("OTHER", "B", "B"), ("OTHER", None, "A"), ("MEETING_DECISION", None, "B")):
        given: dict[str, Any] = {"matter_type": matter, "procedure": chosen, "instructions": []}
        assert (await done(staged, "registerCase", "case { procedure }", **given))["case"] == {"procedure": procedure}
    assert await refused(staged, "registerCase", procedure="B") == ["input.procedure NOT_APPLICABLE"]


async def test_registering_names_everything_that_is_wrong(staged: World) -> None:
    assert await refused(
        staged,
        "registerCase",
        title=" ",
        sources=[SOURCE | {"title": "", "dated_on": "2026-06-26"}],
        instructions=[
            words_of(staged, leader=staged.person("duban.wu"), given_on="2026-06-26", words=""),
            words_of(staged, disclosure="EXCERPT"),
        ],
    ) == [
        "input.title REQUIRED",
        "input.sources.0.datedOn BAD_DATE",
        "input.sources.0.title REQUIRED",
        "input.instructions.0.leader BAD_ID",
        "input.instructions.0.givenOn BAD_DATE",
        "input.instructions.0.words REQUIRED",
        "input.instructions.1.excerpt REQUIRED",
    ]


async def test_registering_needs_a_source_and_for_a_leaders_matter_his_words(staged: World) -> None:
    assert await refused(staged, "registerCase", sources=[], instructions=[]) == [
        "input.sources REQUIRED",
        "input.instructions REQUIRED",
    ]
    assert await refused(staged, "registerCase", sources=[SOURCE] * 21) == ["input.sources TOO_MANY"]
    assert await refused(staged, "registerCase", title="长" * 201) == ["input.title TOO_LONG"]


async def test_what_is_registered_already_is_no_draft(staged: World) -> None:
    for stage, status in (("registered", "REGISTERED"), ("proposed", "PENDING_DECISION"), ("closed", "CLOSED")):
        draft = staged.stages[stage]["case"]
        given = {"draft": draft["id"]}
        assert await refused(staged, "registerCase", **given) == [f"STATUS_CONFLICT {status} v{draft['version']}"]


async def test_who_registers_is_cleared_for_it(staged: World) -> None:
    assert await refused(staged, "registerCase", classification="STATE_SECRET") == ["NOT_ALLOWED MAC-1"]


async def test_an_imported_draft_is_registered_under_a_number(staged: World) -> None:
    imported = await done(staged, "importTaskDocument", "report { tasks { case { id status number } } }")
    (task,) = imported["report"]["tasks"]
    assert (task["case"]["status"], task["case"]["number"]) == ("DRAFT", None)
    answer = await done(staged, "registerCase", "case { id status number }", draft=task["case"]["id"])
    assert answer["case"] == {"id": task["case"]["id"], "status": "REGISTERED", "number": "道督〔2026〕28号"}


# ── proposeHandling ──


async def test_the_manner_of_handling_decides_which_roles_fit(staged: World) -> None:
    def units(*roles: str) -> list[dict[str, str]]:
        names = (CITY, ENVIRONMENT, "区教育局")
        return [{"role": role, "unit": staged.unit(name)} for role, name in zip(roles, names, strict=False)]

    for handling, *roles in (
        ("SOLE", "LEAD", "SUPPORTING"),
        ("SOLE", "PRINCIPAL"),
        ("JOINT", "LEAD"),
        ("JOINT", "LEAD", "LEAD", "SUPPORTING"),
        ("JOINT", "SUPPORTING", "SUPPORTING"),
        ("SEPARATE", "LEAD", "PRINCIPAL"),
    ):
        assert await refused(staged, "proposeHandling", handling=handling, units=units(*roles)) == [
            "input.handling NOT_APPLICABLE"
        ]
    assert await refused(staged, "proposeHandling", handling="SEPARATE", units=[]) == ["input.units REQUIRED"]
    streets = {"role": "LEAD", "group": staged.group("各街道办事处")}
    for handling, others in (("SOLE", []), ("JOINT", [{"role": "SUPPORTING", "unit": staged.unit(CITY)}])):
        assert await refused(staged, "proposeHandling", handling=handling, units=[streets, *others]) == [
            "input.handling NOT_APPLICABLE"
        ]


async def test_a_proposal_names_units_once_and_a_government_leader(staged: World) -> None:
    city = {"role": "LEAD", "unit": staged.unit(CITY)}
    both = {"role": "SUPPORTING", "unit": staged.unit(ENVIRONMENT), "group": staged.group("各街道办事处")}
    assert await refused(
        staged,
        "proposeHandling",
        handling="JOINT",
        opinion="",
        units=[city, city | {"role": "SUPPORTING"}, both, {"role": "SUPPORTING"}],
        leader=staged.person("chengguan.head"),
    ) == [
        "input.opinion REQUIRED",
        "input.units.1.unit DUPLICATE",
        "input.units.2.unit REQUIRED",
        "input.units.3.unit REQUIRED",
        "input.leader BAD_ID",
    ]


async def test_a_proposed_date_fits_its_tier(staged: World) -> None:
    """一般事项: three to five working days; urgent ones any printed date; a leader's own date needs his words."""
    for due_on in ("2026-06-29", "2026-07-03"):
        assert await refused(staged, "proposeHandling", report_due_on=due_on) == ["input.reportDueOn OUT_OF_RANGE"]
    for tier, due_on in (("COMPLEX", "2026-07-01"), ("COMPLEX", "2026-07-11")):
        assert await refused(staged, "proposeHandling", tier=tier, report_due_on=due_on) == [
            "input.reportDueOn OUT_OF_RANGE"
        ]
    assert await refused(staged, "proposeHandling", tier="URGENT", report_due_on="2026-06-24") == [
        "input.reportDueOn BAD_DATE"
    ]
    assert await refused(staged, "proposeHandling", report_due_time="18:00") == ["input.reportDueTime NOT_APPLICABLE"]
    assert await refused(staged, "proposeHandling", report_due_on="2026-07-01", completion_due_on="2026-06-30") == [
        "input.completionDueOn BAD_DATE"
    ]
    assert await refused(staged, "proposeHandling", tier="LEADER_SPECIFIED") == [
        "input.reportDueOn REQUIRED",
        "input.instruction REQUIRED",
    ]


async def test_inner_dates_lie_before_the_superiors(staged: World) -> None:
    """第六条(一): two working days before the date of the superior body, the report's own date included."""
    task = {"matter_type": "INSPECTION_TASK", "instructions": []}
    listed = {"kind": "SUPERIOR_LIST", "title": "转办清单", "superior_due_on": "2026-07-03"}
    case = await register(staged, **task, sources=[listed])
    report, completion = "input.reportDueOn BAD_DATE", "input.completionDueOn BAD_DATE"
    for given, answer in (
        ({}, [report]),  # 一般事项 counts to 2 July
        ({"report_due_on": "2026-07-02"}, [report]),
        ({"report_due_on": "2026-07-01", "completion_due_on": "2026-07-02"}, [completion]),
        ({"completion_due_on": "2026-07-31"}, [report, completion]),
    ):
        assert await refused(staged, "proposeHandling", case=case["id"], **given) == answer
    proposed = await propose(staged, case, report_due_on="2026-07-01")
    assert (await dispatch(staged, await approve(staged, proposed)))["completionDueOn"] == "2026-07-01"


async def test_a_counted_date_that_moved_beyond_the_superiors_does_not_go_out(staged: World) -> None:
    listed = {"kind": "SUPERIOR_LIST", "title": "转办清单", "superior_due_on": "2026-07-06"}
    case = await register(staged, matter_type="INSPECTION_TASK", instructions=[], sources=[listed])
    decided = await approve(staged, await propose(staged, case))
    staged.at(6, 26)
    given = {"case": decided["id"], "expected_version": decided["version"]}
    assert await refused(staged, "dispatchCase", **given) == ["DATE_PASSED"]


async def test_the_words_that_set_a_date_are_words_on_this_case(staged: World) -> None:
    other = (await case_now(staged, staged.stages["proposed"]["case"], "instructions { id }"))["instructions"][0]
    given = {"tier": "LEADER_SPECIFIED", "report_due_on": "2026-09-30", "instruction": other["id"]}
    assert await refused(staged, "proposeHandling", **given) == ["input.instruction BAD_ID"]


async def test_what_waits_for_its_decision_or_went_out_is_not_proposed(staged: World) -> None:
    for stage, status in (("proposed", "PENDING_DECISION"), ("dispatched", "DISPATCHED"), ("closed", "CLOSED")):
        case = staged.stages[stage]["case"]["id"]
        assert await refused(staged, "proposeHandling", case=case) == [f"STATUS_CONFLICT {status}"]


TOWNS = "各镇人民政府"
_PROPOSED = "case { id version status proposals { units { printedName group { name } unit { name } } } }"


def _towns_and_city(world: World) -> list[dict[str, Any]]:
    return [{"role": "PRINCIPAL", "group": world.group(TOWNS)}, {"role": "PRINCIPAL", "unit": world.unit(CITY)}]


async def change_members(world: World, leaves: str, enters: str | None = None) -> None:
    group_id = world.district.groups[TOWNS]
    async with world.database.write() as session:
        statement = delete(UnitGroupMember).where(UnitGroupMember.group_id == group_id)
        if leaves != "all":
            statement = statement.where(UnitGroupMember.unit_id == world.district.units[leaves])
        await session.execute(statement)
        if enters is not None:
            session.add(UnitGroupMember(group_id=group_id, unit_id=world.district.units[enters]))


async def test_a_group_is_proposed_as_such_and_stands_for_who_is_in_it_at_dispatch(staged: World) -> None:
    units = _towns_and_city(staged)
    case = (await done(staged, "proposeHandling", _PROPOSED, handling="SEPARATE", units=units))["case"]
    assert case["proposals"][0]["units"] == [
        {"printedName": TOWNS, "group": {"name": TOWNS}, "unit": None},
        {"printedName": CITY, "group": None, "unit": {"name": CITY}},
    ]
    changes = {"outcome": "APPROVED_WITH_CHANGES", "changes": {"tier": "COMPLEX"}}
    case = await approve(staged, case, **changes)  # the group stays one
    await change_members(staged, leaves="榆树镇人民政府", enters=ENVIRONMENT)
    parts_now = await parts(staged, await dispatch(staged, case))
    assert set(parts_now) == {"太平镇人民政府", "新农镇人民政府", ENVIRONMENT, CITY}
    async with staged.database.read() as session:
        via = {part.unit_name: part.via_group_id for part in await session.scalars(select(Assignment))}
    assert (via[ENVIRONMENT], via["太平镇人民政府"]) == (staged.district.groups[TOWNS],) * 2


async def test_what_has_no_units_left_by_the_day_of_dispatch_is_proposed_anew(staged: World) -> None:
    units = _towns_and_city(staged)[:1]
    case = (await done(staged, "proposeHandling", _PROPOSED, handling="SEPARATE", units=units))["case"]
    case = await approve(staged, case)
    await change_members(staged, leaves="all")
    given = {"case": case["id"], "expected_version": case["version"]}
    assert await staged.as_(OFFICER).refused("dispatchCase", **given) == ["input.case NOT_APPLICABLE"]
    assert (await propose(staged, case))["status"] == "PENDING_DECISION"


async def test_a_unit_that_was_closed_since_it_was_named_gets_nothing_unsaid(staged: World) -> None:
    case = await approve(staged, await propose(staged, await register(staged), (CITY, ENVIRONMENT, "区教育局")))
    async with staged.database.write() as session:
        closed = await session.get_one(Unit, staged.district.units["区教育局"])
        closed.valid_until = date(2026, 6, 24)
    given = {"case": case["id"], "expected_version": case["version"]}
    assert await staged.as_(OFFICER).refused("dispatchCase", **given) == ["input.case NOT_APPLICABLE"]


# ── decideHandling ──


async def test_a_decision_says_what_its_outcome_needs(staged: World) -> None:
    changes = {"tier": "COMPLEX"}
    for given, answer in (
        ({"outcome": "RETURNED"}, ["input.comment REQUIRED"]),
        ({"outcome": "DECLINED", "comment": "  "}, ["input.comment REQUIRED"]),
        ({"outcome": "APPROVED_WITH_CHANGES"}, ["input.changes REQUIRED"]),
        ({"outcome": "APPROVED_WITH_CHANGES", "changes": {}}, ["input.changes REQUIRED"]),
        ({"changes": changes}, ["input.changes NOT_APPLICABLE"]),
        ({"outcome": "RETURNED", "changes": changes}, ["input.comment REQUIRED", "input.changes NOT_APPLICABLE"]),
        ({"comment": "长" * 2_001}, ["input.comment TOO_LONG"]),
    ):
        assert await refused(staged, "decideHandling", **given) == answer


async def test_what_a_leader_changes_must_fit_as_well(staged: World) -> None:
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"handling": "JOINT"}, ["input.changes.handling NOT_APPLICABLE"]),
        ({"report_due_on": "2026-06-29"}, ["input.changes.reportDueOn OUT_OF_RANGE"]),
        ({"completion_due_on": "2026-06-24"}, ["input.changes.completionDueOn BAD_DATE"]),
        ({"units": []}, ["input.changes.units REQUIRED"]),
    ]
    for changes, answer in cases:
        given: dict[str, Any] = {"outcome": "APPROVED_WITH_CHANGES", "changes": changes}
        assert await refused(staged, "decideHandling", **given) == answer


async def test_a_decision_is_of_what_was_seen_and_waits_for_it(staged: World) -> None:
    assert await refused(staged, "decideHandling", expected_version=1) == ["VERSION_CONFLICT PENDING_DECISION v2"]
    for stage, status, version in (("decided", "APPROVED", 3), ("dispatched", "DISPATCHED", 4)):
        given = {"case": staged.stages[stage]["case"]["id"], "expected_version": version}
        assert await refused(staged, "decideHandling", **given) == [f"STATUS_CONFLICT {status} v{version}"]
    unproposed = {"case": staged.stages["registered"]["case"]["id"], "expected_version": 1}
    assert await refused(staged, "decideHandling", **unproposed) == ["STATUS_CONFLICT REGISTERED v1"]


# ── dispatchCase ──


async def test_what_was_not_approved_does_not_go_out(staged: World) -> None:
    for stage, status in (
        ("registered", "REGISTERED"),
        ("dispatched", "DISPATCHED"),
        ("closing", "CLOSING"),
        ("closed", "CLOSED"),
    ):
        case = staged.stages[stage]["case"]
        given = {"case": case["id"], "expected_version": case["version"]}
        assert await refused(staged, "dispatchCase", **given) == [f"STATUS_CONFLICT {status} v{case['version']}"]
    assert await refused(staged, "dispatchCase", expected_version=2) == ["VERSION_CONFLICT APPROVED v3"]


async def test_a_date_that_has_passed_since_is_proposed_anew(staged: World) -> None:
    proposed = await propose(staged, await register(staged), report_due_on="2026-07-01")
    decided = await approve(staged, proposed)
    staged.at(7, 2)
    given = {"case": decided["id"], "expected_version": decided["version"]}
    assert await refused(staged, "dispatchCase", **given) == ["DATE_PASSED"]
    again = await propose(staged, decided, report_due_on="2026-07-08")
    assert again["status"] == "PENDING_DECISION"
    assert (await dispatch(staged, await approve(staged, again)))["dueOn"] == "2026-07-08"


async def test_the_tier_counts_from_the_day_of_issue(staged: World) -> None:
    staged.at(6, 29)
    answer = await done(staged, "dispatchCase", "case { dueOn assignments { deliveredAt } }")
    assert answer["case"] == {"dueOn": "2026-07-06", "assignments": [{"deliveredAt": "2026-06-29T01:00:00+00:00"}]}
