"""第二十五条 as people take it: proposed by the office, decided by 区长, handed over, answered."""

from typing import Any

from tests.bed.ladder import MAYOR
from tests.bed.procedure import CITY, OFFICER, Row
from tests.bed.world import World

PROPOSAL = (
    "id status version conducts measure statement classification competentBody documentNumber transferredOn answer "
    "answeredOn people { name } units { name } cases { id } assignments { id } urgings { id } reports { id } "
    "files { id name } draftedBy { name } approval { outcome printedName medium comment } circular { id }"
)
WORDS = {"conducts": ["FALSIFICATION"], "measure": "TRANSFER", "statement": "办理结果与现场不符。"}
LETTER = {"competent_body": "区纪委监委", "document_number": "道督移〔2026〕1号", "transferred_on": "2026-06-25"}


def named(proposal: Row) -> dict[str, Any]:
    return {"proposal": proposal["id"], "expected_version": proposal["version"]}


async def accuse(world: World, by: str = OFFICER, **changes: Any) -> Row:
    """Of the unit and who heads it, unless said otherwise."""
    whom = {"people": [world.person("chengguan.head")], "units": [world.unit(CITY)]}
    return await done(world, by, "draftAccountabilityProposal", **(WORDS | whom | changes))


async def decide(world: World, proposal: Row, outcome: str = "APPROVED", **changes: Any) -> Row:
    return await done(world, MAYOR, "decideAccountabilityProposal", **named(proposal), outcome=outcome, **changes)


async def transfer(world: World, proposal: Row, by: str = OFFICER) -> Row:
    return await done(world, by, "transferAccountabilityProposal", **named(proposal), **LETTER)


async def done(world: World, login: str, mutation: str, **given: Any) -> Row:
    found: Row = (await world.as_(login).do(mutation, f"proposal {{ {PROPOSAL} }}", **given))["proposal"]
    return found
