"""第二十六条 as people take it: what the machine drafted of a period, revised, approved, made known, answered."""

from datetime import timedelta
from typing import Any

from app.regulation import current_rule_set, load_regulation
from app.statistics.sweep import draft_periodic
from tests.bed.procedure import OFFICER, Row
from tests.bed.world import MONDAY, World

APPROVER = "zhuren"  # leads the government's office
_BLOCK = "{ kind text label rows }"
_REPLY = "id round status dueOn text rectifyBy answer version unit { name }"
_CIRCULAR = (
    f"id kind scope status version title firstOn lastOn body {_BLOCK} draftedBy {{ name }} "
    f"document {{ number body {_BLOCK} recipients {{ printedName acknowledgedAt }} }} "
    f"editions {{ id edition cutOff tables {_BLOCK} items(first: 12) {{ totalCount {{ value }} "
    "edges { node { grounds case { id } unit { name } } } } } "
    f"replies(first: 9) {{ totalCount {{ value }} edges {{ node {{ {_REPLY} }} }} }}"
)


async def by_quarters(world: World) -> None:
    """The parameters of the office, but for this one."""
    regulation = load_regulation()
    quarterly = regulation.circular.model_copy(update={"periodic": "QUARTERLY"})
    async with world.database.write() as session:
        changed = regulation.model_copy(update={"circular": quarterly})
        await current_rule_set(session, changed, MONDAY + timedelta(seconds=1))


async def look(world: World) -> int:
    """What the worker does when it looks."""
    return await draft_periodic(world.workplace, world.policy)


async def periodic(world: World, login: str = OFFICER) -> list[Row]:
    """Those that somebody sees, the latest first."""
    found = await world.as_(login).ask(f"{{ circulars(first: 4) {{ edges {{ node {{ {_CIRCULAR} }} }} }} }}")
    nodes = [edge["node"] for edge in found["circulars"]["edges"]]
    return sorted((one for one in nodes if one["firstOn"]), key=lambda one: str(one["firstOn"]), reverse=True)


async def revise(world: World, circular: Row, **changes: Any) -> Row:
    """An officer puts his name under it, with his own words where he wants."""
    own = [{name: block[name] for name in ("kind", "text", "label")} for block in circular["body"]]
    given = {
        "circular": circular["id"],
        "expected_version": circular["version"],
        "title": circular["title"],
        "blocks": own,
        "scope": circular["scope"],
    } | changes
    return await _done(world, OFFICER, "reviseCircular", given)


async def approve(world: World, circular: Row, outcome: str = "APPROVED", comment: str | None = None) -> Row:
    given = {"circular": circular["id"], "expected_version": circular["version"], "outcome": outcome}
    return await _done(world, APPROVER, "approveCircular", given | {"comment": comment})


async def publish(world: World, circular: Row) -> Row:
    given = {"circular": circular["id"], "expected_version": circular["version"]}
    return await _done(world, OFFICER, "publishCircular", given)


async def reply_to(world: World, login: str, reply: Row, text: str, rectify_by: str | None = None) -> Row:
    told = await world.as_(login).do(
        "replyToCircular", f"reply {{ {_REPLY} }}", reply=reply["id"], text=text, rectify_by=rectify_by
    )
    found: Row = told["reply"]
    return found


async def review(world: World, reply: Row, *, accepted: bool, comment: str | None = None) -> Row:
    given = {"reply": reply["id"], "expected_version": reply["version"], "accepted": accepted, "comment": comment}
    found: Row = (await world.as_(OFFICER).do("reviewCircularReply", f"reply {{ {_REPLY} }}", **given))["reply"]
    return found


def nodes(connection: Row) -> list[Row]:
    found = [edge["node"] for edge in connection["edges"]]
    assert connection["totalCount"]["value"] == len(found)
    return found


async def _done(world: World, login: str, mutation: str, given: dict[str, Any]) -> Row:
    found: Row = (await world.as_(login).do(mutation, f"circular {{ {_CIRCULAR} }}", **given))["circular"]
    return found
