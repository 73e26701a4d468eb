"""第二十六条: a quarter's circular, drafted by a worker that is killed, two days late; acknowledged by all but one."""

from typing import Any

import pytest

from app.statistics import sweep
from tests.bed.procedure import CITY, OFFICER, accept, dispatched, part_of, reported, send_back
from tests.bed.quarters import approve, by_quarters, look, nodes, periodic, publish, reply_to, review, revise
from tests.bed.records import check_records
from tests.bed.stages import ENVIRONMENT, TASK
from tests.bed.world import World

HEAD, OTHER, TOWN = "chengguan.head", "huanbao.handler", "taiping.handler"


async def test_a_quarters_circular(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    # 城管局: one in time, one urged and late, one returned for its form; 环境局: one of which nothing came
    await by_quarters(world)
    await accept(world, await reported(world, await part_of(world, await dispatched(world, matter=TASK))))
    late = await dispatched(world, matter=TASK, tier="URGENT")
    returned = await dispatched(world, matter=TASK)
    await dispatched(world, ENVIRONMENT, matter=TASK)
    await send_back(world, await reported(world, await part_of(world, returned)), grounds=["BAD_FORM"])
    await accept(world, await reported(world, await part_of(world, returned)))
    await world.on(6, 18)
    await accept(world, await reported(world, await part_of(world, late)))
    await world.on(6, 24)
    assert await look(world) == 0  # the quarter is not over

    # the worker is killed three times, and drafts it two days late, once; what happened since does not count
    world.at(7, 2)
    await accept(world, await reported(world, await part_of(world, await dispatched(world, matter=TASK))))
    put, deaths = sweep._put_edition, iter(range(3))

    async def killed(*given: Any) -> None:
        await put(*given)
        if next(deaths, None) is not None:
            raise ConnectionError

    monkeypatch.setattr(sweep, "_put_edition", killed)
    for _ in range(3):
        with pytest.raises(ConnectionError):
            await look(world)
        assert await periodic(world) == []
    assert [await look(world), await look(world)] == [1, 0]
    (circular,) = await periodic(world)
    assert (circular["title"], circular["status"], circular["draftedBy"]) == (
        "关于2026年第二季度督办工作情况的通报",
        "DRAFT",
        None,
    )
    assert (circular["firstOn"], circular["lastOn"]) == ("2026-04-01", "2026-06-30")
    told = [block["text"] for block in circular["body"] if block["kind"] == "PARAGRAPH"]
    assert told[1] == (
        "本期2个单位应办事项4件，按时办结或者按时上报结果2件，逾期办结1件，到期未办结1件。催办2次，退回1次。"
    )
    assert "落实不力的1件，涉及区生态环境局。" in told
    (edition,) = circular["editions"]
    assert (edition["edition"], edition["cutOff"]) == ("ORDINARY", "2026-06-30T16:00:00+00:00")
    handled, problems = (block["rows"] for block in edition["tables"])
    assert handled == [
        ["单位", "应办事项", "逾期办结", "到期未办结", "逾期上报（次）", "催办（次）", "退回（次）", "协办逾期（次）"],
        [CITY, "3", "1", "0", "1", "1", "1", "0"],
        [ENVIRONMENT, "1", "0", "1", "1", "1", "0", "0"],
        ["合计", "4", "1", "1", "2", "2", "1", "0"],
    ]
    assert problems == [
        ["单位", "情形", "件数"],
        [ENVIRONMENT, "落实不力", "1"],
        [CITY, "超过时限", "1"],
        [ENVIRONMENT, "超过时限", "1"],
        [CITY, "不按规定行文", "1"],
    ]
    grounds = sorted((item["unit"]["name"], *item["grounds"]) for item in nodes(edition["items"]))
    assert grounds == [
        (CITY,),
        (CITY, "BAD_FORM"),
        (CITY, "OVERDUE"),
        (ENVIRONMENT, "NOT_CARRIED_OUT", "OVERDUE"),
    ]
    assert await periodic(world, TOWN) == []

    # an officer writes his own conclusion; the leader sends it back once, then approves; its number is the office's
    revised = await revise(world, circular, scope="GOVERNMENT_SYSTEM")
    sent_back = await approve(world, revised, "RETURNED", "请补充改进意见。")
    words = [{"kind": "PARAGRAPH", "text": "请各单位对照问题立即整改。", "label": None}]
    revised = await revise(world, sent_back, blocks=words)
    published = await publish(world, await approve(world, revised))
    assert published["document"]["number"] == "道督通〔2026〕1号"
    body = published["document"]["body"]
    assert [block["kind"] for block in body] == ["PARAGRAPH", "TABLE", "TABLE"]
    assert body[1]["rows"] == handled
    (seen,) = await periodic(world, TOWN)
    assert (seen["document"]["number"], seen["editions"], nodes(seen["replies"])) == ("道督通〔2026〕1号", [], [])

    # every unit acknowledges but one
    units = [recipient["printedName"] for recipient in published["document"]["recipients"]]
    for login in ("chengguan.handler", OTHER, TOWN):
        await world.as_(login).do("acknowledgeCircular", "circular { id }", circular=published["id"])
    (now,) = await periodic(world)
    missing = {one["printedName"] for one in now["document"]["recipients"] if one["acknowledgedAt"] is None}
    assert missing == set(units) - {CITY, ENVIRONMENT, "太平镇人民政府"}

    # 整改: both units of which it tells problems owe a reply; one is asked again
    owed = nodes(now["replies"])
    assert sorted((one["unit"]["name"], one["status"], one["dueOn"]) for one in owed) == [
        (CITY, "OWED", "2026-07-16"),
        (ENVIRONMENT, "OWED", "2026-07-16"),
    ]
    (mine,) = nodes((await periodic(world, HEAD))[0]["replies"])
    filed = await reply_to(world, HEAD, mine, "已建立办文核稿制度。", "2026-07-31")
    assert (filed["status"], filed["rectifyBy"]) == ("FILED", "2026-07-31")
    again = await review(world, filed, accepted=False, comment="没有说明逾期的原因。")
    assert (again["status"], again["answer"]) == ("RETURNED", "没有说明逾期的原因。")
    second = next(one for one in nodes((await periodic(world, HEAD))[0]["replies"]) if one["round"] == 2)
    accepted = await review(world, await reply_to(world, HEAD, second, "逾期系人手不足，已增配。"), accepted=True)
    assert (accepted["status"], accepted["round"]) == ("ACCEPTED", 2)
    await world.tick()
    inbox = await world.as_(HEAD).ask("{ notifications(first: 20) { edges { node { topic } } } }")
    topics = [edge["node"]["topic"] for edge in inbox["notifications"]["edges"]]
    assert {"circular.published", "circular.reply_reviewed"} <= set(topics)
    withdrawn = {"circular": now["id"], "expected_version": now["version"], "reason": "数字有误。"}
    await world.as_("zhuren").do("withdrawCircular", "circular { id }", **withdrawn)
    (now,) = await periodic(world, OFFICER)
    assert sorted(one["status"] for one in nodes(now["replies"])) == ["ACCEPTED", "CANCELLED", "RETURNED"]
    await check_records(world)
