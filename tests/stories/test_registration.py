"""第七条(一) 登记分发, read aloud: numbered, proposed, decided, dispatched as a notice, acknowledged."""

from tests.bed.procedure import approve, dispatch, propose, register
from tests.bed.world import World


async def test_a_matter_goes_out_to_its_unit(world: World) -> None:
    registered = await register(world)
    assert registered["number"] == "道督〔2026〕1号"
    assert registered["status"] == "REGISTERED"

    proposed = await propose(world, registered)
    assert proposed["status"] == "PENDING_DECISION"

    decided = await approve(world, proposed)
    assert decided["status"] == "APPROVED"

    dispatched = await dispatch(world, decided)
    # 一般事项 five working days from 15 June; 19 to 21 June are a holiday
    assert dispatched["status"] == "DISPATCHED"
    assert dispatched["light"] == "GREEN"
    assert dispatched["dueOn"] == "2026-06-23"
    assert dispatched["completionDueOn"] == "2026-06-23"
    assert dispatched["workingDaysLeft"] == 5

    seen = await world.as_("chengguan.handler").ask(
        "query Q($id: ID) { case(id: $id) { title instructions { words { text redacted } } "
        "documents { kind number recipients { printedName capacity } } "
        "assignments { id role status unit { name } slots { slot state dueOn light } } } "
        "todos(first: 10) { edges { node { action mutation dueOn } } } }",
        id=registered["id"],
    )
    assert seen["case"]["title"] == "通江街占道经营整治"
    assert seen["case"]["instructions"] == [
        {"words": {"text": "请城管局牵头，十日内解决占道经营问题。", "redacted": False}}
    ]
    assert seen["case"]["documents"] == [
        {
            "kind": "SUPERVISION_NOTICE",
            "number": "道政督〔2026〕1号",
            "recipients": [{"printedName": "区城市管理局", "capacity": "MAIN"}],
        }
    ]
    (assignment,) = seen["case"]["assignments"]
    assert assignment["role"] == "LEAD"
    assert assignment["slots"] == [{"slot": "ON_NOTICE", "state": "OPEN", "dueOn": "2026-06-23", "light": "GREEN"}]
    assert {edge["node"]["mutation"] for edge in seen["todos"]["edges"]} == {"acknowledgeAssignment", "submitReport"}

    acknowledged = await world.as_("chengguan.handler").do(
        "acknowledgeAssignment",
        "assignment { status handler { name } acknowledgedAt }",
        assignment=assignment["id"],
        handler=world.person("chengguan.handler"),
        department="市容科",
    )
    assert acknowledged["assignment"] == {
        "status": "ACKNOWLEDGED",
        "handler": {"name": "杜鹃"},
        "acknowledgedAt": "2026-06-15T01:00:00+00:00",
    }


async def test_before_dispatch_the_unit_sees_nothing(world: World) -> None:
    registered = await register(world)
    hidden = await world.as_("chengguan.head").ask("query Q($id: ID) { case(id: $id) { id } }", id=registered["id"])
    assert hidden == {"case": None}
