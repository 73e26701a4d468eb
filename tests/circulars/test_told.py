"""Who hears of it: the units to which a circular goes, of its case or not; the approver, when it is his turn."""

from app.circulars.models import Circular
from app.circulars.service import PublishCircular, WithdrawCircular, publish_circular, withdraw_circular
from app.notifications.delivery import relay
from tests.bed.world import World
from tests.circulars.ladder import approved, ready
from tests.reports.desk import Desk


async def inbox(world: World, login: str) -> list[str]:
    found = await world.as_(login).ask("{ notifications(first: 50) { edges { node { topic } } } }")
    return [edge["node"]["topic"] for edge in found["notifications"]["edges"]]


async def test_every_unit_hears_of_a_circular_and_of_its_withdrawal(world: World, desk: Desk) -> None:
    ladder = await ready(desk)
    await relay(world.workplace, world.policy)
    assert "circular.submitted" in await inbox(world, "quzhang")
    assert "talk.issued" in await inbox(world, "chengguan.head")
    assert await inbox(world, "taiping.handler") == []
    circular = await approved(desk, await desk.row(Circular, ladder.circular_id))
    await relay(world.workplace, world.policy)
    assert "circular.decided" in await inbox(world, "duban.zheng")
    circular = await desk.do("duban.wu", publish_circular, PublishCircular(circular.id, circular.version))
    await relay(world.workplace, world.policy)
    for login in ("taiping.handler", "taiping.head", "chengguan.handler"):
        assert "circular.published" in await inbox(world, login)
    command = WithdrawCircular(circular.id, circular.version, "数据有误。")
    await desk.do("quzhang", withdraw_circular, command)
    await relay(world.workplace, world.policy)
    assert sorted(await inbox(world, "taiping.handler")) == ["circular.published", "circular.withdrawn"]
