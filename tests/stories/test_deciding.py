"""第七条(一) 审定: with changes, returned, declined, merely noted; on paper, by one officer and checked by another."""

from tests.bed.procedure import (
    CHECKER,
    CITY,
    LEADER,
    OFFICER,
    approve,
    case_now,
    check,
    dispatch,
    enter,
    outside,
    parts,
    propose,
    register,
)
from tests.bed.world import World, shanghai

ENVIRONMENT, STREET = "区生态环境局", "通江街道办事处"
_UNITS = "role unit { name } group { name }"
CHANGES = f"changes {{ field before after unitsBefore {{ {_UNITS} }} unitsAfter {{ {_UNITS} }} }}"
PROPOSALS = "proposals { round handling tier reportDueOn units { role printedName } proposedBy { name } }"


async def test_a_leader_approves_with_changes(world: World) -> None:
    proposed = await propose(world, await register(world))
    changes = {
        "handling": "JOINT",
        "tier": "COMPLEX",
        "units": [
            {"role": "LEAD", "unit": world.unit(ENVIRONMENT)},
            {"role": "SUPPORTING", "unit": world.unit(CITY)},
        ],
        "completion_due_on": "2026-07-31",
    }
    given = {"outcome": "APPROVED_WITH_CHANGES", "changes": changes, "comment": "涉及油烟，请环境局牵头。"}
    decided = await approve(world, proposed, **given)
    assert decided["status"] == "APPROVED"

    # what was proposed stays as it was; what the leader made of it is the next round, in his name
    seen = await case_now(world, decided, f"{PROPOSALS} decisions {{ outcome comment {CHANGES} }}")
    officer, leader = ({"name": world.district.names[login]} for login in (OFFICER, LEADER))
    assert seen["proposals"] == [
        {
            "round": 1,
            "handling": "SOLE",
            "tier": "GENERAL",
            "reportDueOn": None,
            "units": [{"role": "LEAD", "printedName": CITY}],
            "proposedBy": officer,
        },
        {
            "round": 2,
            "handling": "JOINT",
            "tier": "COMPLEX",
            "reportDueOn": None,
            "units": [{"role": "LEAD", "printedName": ENVIRONMENT}, {"role": "SUPPORTING", "printedName": CITY}],
            "proposedBy": leader,
        },
    ]
    (decision,) = seen["decisions"]
    assert (decision["outcome"], decision["comment"]) == ("APPROVED_WITH_CHANGES", "涉及油烟，请环境局牵头。")
    assert [(one["field"], one["before"], one["after"]) for one in decision["changes"]] == [
        ("HANDLING", "SOLE", "JOINT"),
        ("TIER", "GENERAL", "COMPLEX"),
        ("UNITS", None, None),
        ("COMPLETION_DUE_ON", None, "2026-07-31"),
    ]
    units = decision["changes"][2]
    assert units["unitsBefore"] == [{"role": "LEAD", "unit": {"name": CITY}, "group": None}]
    assert units["unitsAfter"] == [
        {"role": "LEAD", "unit": {"name": ENVIRONMENT}, "group": None},
        {"role": "SUPPORTING", "unit": {"name": CITY}, "group": None},
    ]

    # 复杂事项: fifteen days, of which the last is a Tuesday; the notice prints what was decided
    dispatched = await dispatch(world, decided)
    assert (dispatched["dueOn"], dispatched["completionDueOn"]) == ("2026-06-30", "2026-07-31")
    assert {name: part["role"] for name, part in (await parts(world, dispatched)).items()} == {
        ENVIRONMENT: "LEAD",
        CITY: "SUPPORTING",
    }
    notice = await world.as_("huanbao.handler").ask(
        "query Q($id: ID) { case(id: $id) { documents { body { label text } } } }", id=dispatched["id"]
    )
    (document,) = notice["case"]["documents"]
    assert [block["text"] for block in document["body"] if block["label"]] == [
        "道督〔2026〕1号",
        ENVIRONMENT,
        CITY,
        "2026年6月30日前",
        "2026年7月31日前",
    ]


async def test_a_returned_proposal_is_made_anew(world: World) -> None:
    proposed = await propose(world, await register(world))
    returned = await approve(world, proposed, outcome="RETURNED", comment="请明确牵头单位。")
    assert returned["status"] == "REGISTERED"
    again = await propose(world, returned, [CITY, STREET])
    assert again["status"] == "PENDING_DECISION"
    assert (await approve(world, again))["status"] == "APPROVED"
    outcomes = (await case_now(world, again, "decisions { outcome comment }"))["decisions"]
    assert {(one["outcome"], one["comment"]) for one in outcomes} == {
        ("RETURNED", "请明确牵头单位。"),
        ("APPROVED", None),
    }


async def test_a_declined_matter_ends_and_a_noted_one_still_waits(world: World) -> None:
    noted = await approve(world, await propose(world, await register(world)), outcome="NOTED")
    assert noted["status"] == "PENDING_DECISION"
    assert [todo["action"] for todo in (await case_now(world, noted, "waitingFor { action }"))["waitingFor"]] == [
        "DECIDE"
    ]
    declined = await approve(world, noted, outcome="DECLINED", comment="已有专项工作。")
    assert declined["status"] == "DECLINED"
    assert (await case_now(world, declined, "waitingFor { action }"))["waitingFor"] == []
    assert await world.as_(OFFICER).refused(
        "dispatchCase", case=declined["id"], expected_version=declined["version"]
    ) == ["STATUS_CONFLICT DECLINED v4"]


async def test_a_decision_on_paper_is_entered_by_one_officer_and_checked_by_another(world: World) -> None:
    proposed = await propose(world, await register(world))
    world.at(6, 16, 10)
    sheet = await outside(world, LEADER, shanghai(6, 15, 17))
    decision = {
        "case": proposed["id"],
        "expected_version": proposed["version"],
        "outcome": "APPROVED",
        "comment": "同意。",
    }
    entered = await enter(world, "decideHandling", **decision, recorded=sheet)
    assert (await case_now(world, proposed))["status"] == "PENDING_DECISION"  # nothing has been decided yet

    given = {"act": entered["id"], "expected_version": entered["version"]}
    assert await world.as_(OFFICER).refused("checkRecordedAct", **given) == ["NOT_ALLOWED SOD-9"]
    assert await world.as_(LEADER).refused("checkRecordedAct", **given) == ["NOT_ALLOWED SOD-10"]
    await check(world, entered)

    seen = await case_now(world, proposed, f"decisions {{ {DECISION} }}")
    assert seen["status"] == "APPROVED"
    assert seen["decisions"] == [
        {
            "outcome": "APPROVED",
            "comment": "同意。",
            "medium": "PAPER",
            "printedName": "王海涛",
            "printedPost": "副区长",
            "occurredAt": "2026-06-15T09:00:00+00:00",
            "recordedAt": "2026-06-16T02:00:00+00:00",
        }
    ]
    acts = await world.as_(OFFICER).ask(
        "{ recordedActs(first: 5) { edges { node { mutation status recordedBy { name } checkedBy { name } } } } }"
    )
    assert [edge["node"] for edge in acts["recordedActs"]["edges"]] == [
        {
            "mutation": "decideHandling",
            "status": "EFFECTIVE",
            "recordedBy": {"name": world.district.names[OFFICER]},
            "checkedBy": {"name": world.district.names[CHECKER]},
        }
    ]
    assert await world.as_(CHECKER).refused("checkRecordedAct", **given) == ["VERSION_CONFLICT EFFECTIVE v2"]


async def test_a_spoken_decision_is_confirmed_in_writing(world: World) -> None:
    proposed = await propose(world, await register(world))
    sheet = await outside(world, LEADER, shanghai(6, 15, 8), medium="PHONE")
    decision = {"case": proposed["id"], "expected_version": proposed["version"], "outcome": "APPROVED"}
    entered = await enter(world, "decideHandling", **decision, recorded=sheet)
    await check(world, entered)
    waiting = (await case_now(world, proposed, "waitingFor { action dueOn }"))["waitingFor"]
    assert {(todo["action"], todo["dueOn"]) for todo in waiting} == {
        ("CONFIRM_IN_WRITING", "2026-06-16"),
        ("DISPATCH", "2026-06-16"),
    }
    written = {"act": entered["id"], "file": await world.upload(OFFICER)}
    await world.as_(OFFICER).do("confirmInWriting", "act { status }", **written)
    waiting = (await case_now(world, proposed, "waitingFor { action }"))["waitingFor"]
    assert [todo["action"] for todo in waiting] == ["DISPATCH"]
    again = {"act": entered["id"], "file": await world.upload(OFFICER)}
    assert await world.as_(OFFICER).refused("confirmInWriting", **again) == ["ALREADY_DONE EFFECTIVE v3"]


async def test_what_a_leader_did_not_decide_is_not_entered_for_him(world: World) -> None:
    proposed = await propose(world, await register(world))
    decision = {"case": proposed["id"], "expected_version": proposed["version"], "outcome": "APPROVED"}
    elsewhere = await outside(world, "fuquzhang2", shanghai(6, 15, 8))  # the matter is not before him
    assert await world.as_(OFFICER).refused("decideHandling", **decision, recorded=elsewhere) == ["NOT_FOUND"]
    seen_before = {**decision, "expected_version": proposed["version"] - 1}
    sheet = await outside(world, LEADER, shanghai(6, 15, 8))
    assert await world.as_(OFFICER).refused("decideHandling", **seen_before, recorded=sheet) == [
        "VERSION_CONFLICT PENDING_DECISION v2"
    ]
    declined = {**decision, "outcome": "DECLINED"}
    assert await world.as_(OFFICER).refused("decideHandling", **declined, recorded=sheet) == ["input.comment REQUIRED"]


DECISION = "outcome comment medium printedName printedPost occurredAt recordedAt"
