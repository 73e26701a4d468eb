"""第二十三条: 指定人员. Who may know of what is a work secret is said by two people; one may end it."""

from tests.bed.procedure import OFFICER, register
from tests.bed.world import World

RIGHTS, SECURITY = "quanxian", "anmi"


async def test_a_clearance_decides_what_somebody_sees_from_the_next_request_on(world: World) -> None:
    await register(world, classification="WORK_SECRET")
    assert await seen_by_the_officer(world) == ("WORK_SECRET", 1)
    rights, security = world.as_(RIGHTS), world.as_(SECURITY)

    # he is moved to other work: what he held is taken back, and what he saw is not there any more
    mine = "{ clearances(first: 2) { edges { node { id level state basis person { name } } } } }"
    (edge,) = (await world.as_(OFFICER).ask(mine))["clearances"]["edges"]
    held = edge["node"]
    assert (held["level"], held["state"], held["person"]["name"]) == ("WORK_SECRET", "IN_FORCE", "吴芳")
    reason = {"clearance": held["id"], "reason": "调整分工。"}
    assert await world.as_(OFFICER).refused("revokeClearance", **reason) == ["NOT_ALLOWED"]
    taken = await security.do("revokeClearance", "clearance { state revokedBy { name } revokedReason }", **reason)
    assert taken["clearance"] == {"state": "REVOKED", "revokedBy": {"name": "林静"}, "revokedReason": "调整分工。"}
    assert await seen_by_the_officer(world) == ("INTERNAL", 0)

    # he comes back to it: proposed by one, and nothing yet; approved by another, and it is there again
    wanted = {"person": world.person(OFFICER), "level": "WORK_SECRET", "basis": "区保密〔2026〕2号"}
    until = {"valid_until": "2026-07-01T00:00:00+08:00", "reason": "参与应急储备。"}
    assert await rights.refused("grantClearance", **wanted, **until) == ["NOT_ALLOWED"]
    proposed = (await security.do("grantClearance", "clearance { id state }", **wanted, **until))["clearance"]
    assert proposed["state"] == "PENDING"
    assert await security.refused("approveClearance", clearance=proposed["id"]) == ["NOT_ALLOWED SOD-30"]
    assert await seen_by_the_officer(world) == ("INTERNAL", 0)
    approved = await rights.do(
        "approveClearance", "clearance { state grantedBy { name } approvedBy { name } }", clearance=proposed["id"]
    )
    assert approved["clearance"] == {
        "state": "IN_FORCE",
        "grantedBy": {"name": "林静"},
        "approvedBy": {"name": "钱进"},
    }
    assert await seen_by_the_officer(world) == ("WORK_SECRET", 1)

    # and ends by itself
    world.at(7, 1, 0)
    assert await seen_by_the_officer(world) == ("INTERNAL", 0)

    # who holds what, and why, is for the auditor to read, and nobody else's business
    listed = "{ clearances(first: 2, filter: {people: [%s]}) { edges { node { state reason } } } }"
    asked = listed % f'"{world.person(OFFICER)}"'
    told = [edge["node"] for edge in (await world.as_("shenji").ask(asked))["clearances"]["edges"]]
    assert told == [{"state": "ENDED", "reason": "参与应急储备。"}, {"state": "REVOKED", "reason": None}]
    assert (await world.as_("duban.zheng").ask(asked))["clearances"]["edges"] == []


async def seen_by_the_officer(world: World) -> tuple[str, int]:
    """How far he is cleared, and how many cases are there for him."""
    seen = await world.as_(OFFICER).ask("{ viewer { clearance } cases(first: 1) { totalCount { value } } }")
    return seen["viewer"]["clearance"], seen["cases"]["totalCount"]["value"]
