"""The emergency account in tests: sealed by two administrators, opened by both halves of its secret."""

from typing import Any, NamedTuple

from tests.bed.world import REFUSALS, World

SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR = "xitong", "anmi", "shenji"
_OPEN = f"""mutation M($input: OpenEmergencyAccountInput!) {{ answer: openEmergencyAccount(input: $input) {{
 __typename ... on SessionPayload {{ accessToken refreshToken mustChangePassword sessionExpiresAt }} {REFUSALS} }} }}"""


class Seal(NamedTuple):
    id: str
    halves: tuple[str, str]


async def seal(world: World) -> Seal:
    begun = await world.as_(SYSTEM_ADMIN).do("beginEmergencySeal", "half emergencySeal { id }")
    key = begun["emergencySeal"]["id"]
    completed = await world.as_(SECURITY_ADMIN).do("completeEmergencySeal", "half", emergency_seal=key)
    return Seal(key, (begun["half"], completed["half"]))


async def try_to_open(world: World, halves: tuple[str, str], reason: str = "系统管理员无法登录，由两人启封。") -> Any:
    """The whole answer to somebody without a token."""
    given = {"firstHalf": halves[0], "secondHalf": halves[1], "reason": reason}
    return await world.as_nobody().post(_OPEN, {"input": given})


async def open_account(world: World, halves: tuple[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = (await try_to_open(world, halves))["data"]["answer"]
    assert answer["__typename"] == "SessionPayload", answer
    return answer
