"""A circular written by hand, through GraphQL: drafted, sent back, revised, approved, published, withdrawn."""

from tests.bed.procedure import check, enter, outside
from tests.bed.world import World, shanghai
from tests.talks.bench import on_either

CIRCULAR = """circular {
  id kind scope status version title body { kind text label } draftedBy { name }
  document { number status recipients { printedName } } allowedActions { action allowed }
}"""
BLOCKS = [{"kind": "HEADING", "text": "一、落实情况"}, {"kind": "FIELD", "text": "12件", "label": "本月办结"}]


@on_either
async def test_from_the_draft_to_the_withdrawal(world: World) -> None:
    officer, leader = world.as_("duban.wu"), world.as_("zhuren")
    given = {"kind": "PERIODIC", "scope": "ADDRESSEES", "title": "六月份督办工作通报", "blocks": BLOCKS}
    circular = (await officer.do("draftCircular", f"{CIRCULAR} case {{ id }}", **given))["circular"]
    assert (circular["status"], circular["draftedBy"]["name"]) == ("DRAFT", "吴芳")
    assert circular["body"] == [{"label": None, **BLOCKS[0]}, BLOCKS[1]]
    key = circular["id"]
    returned = await leader.do(
        "approveCircular", CIRCULAR, circular=key, expected_version=1, outcome="RETURNED", comment="补充数据。"
    )
    assert (returned["circular"]["status"], returned["circular"]["version"]) == ("DRAFT", 2)
    more = [*BLOCKS, {"kind": "PARAGRAPH", "text": "存在的问题：无。"}]
    revised = await officer.do(
        "reviseCircular",
        CIRCULAR,
        circular=key,
        expected_version=2,
        title="2026年六月份督办工作通报",
        blocks=more,
        scope="ADDRESSEES",
    )
    assert len(revised["circular"]["body"]) == 3
    approved = await leader.do("approveCircular", CIRCULAR, circular=key, expected_version=3, outcome="APPROVED")
    possible = {one["action"] for one in approved["circular"]["allowedActions"] if one["allowed"]}
    assert possible == {"circular.withdraw"}
    assert await officer.refused("publishCircular", circular=key, expected_version=4) == ["input.units REQUIRED"]
    units = [world.unit("区教育局"), world.unit("区财政局")]
    published = await officer.do("publishCircular", CIRCULAR, circular=key, expected_version=4, units=units)
    document = published["circular"]["document"]
    assert (document["number"], document["status"]) == ("道督通〔2026〕1号", "ISSUED")
    assert {row["printedName"] for row in document["recipients"]} == {"区教育局", "区财政局"}
    seen = await world.as_("jiaoyu.handler").ask("{ circulars(first: 5) { edges { node { title status } } } }")
    assert seen["circulars"]["edges"] == [{"node": {"title": "2026年六月份督办工作通报", "status": "PUBLISHED"}}]
    other = await world.as_("taiping.handler").ask("{ circulars(first: 5) { edges { node { id } } } }")
    assert other["circulars"]["edges"] == []
    withdrawn = await leader.do("withdrawCircular", CIRCULAR, circular=key, expected_version=5, reason="数据有误。")
    assert withdrawn["circular"]["status"] == "WITHDRAWN"
    assert withdrawn["circular"]["document"]["status"] == "WITHDRAWN"


@on_either
async def test_one_without_a_case_is_approved_on_paper(world: World) -> None:
    """代录: the sheet is the evidence; the second officer reads what was entered, and holds it to the sheet."""
    officer, checker = world.as_("duban.wu"), world.as_("duban.zheng")
    given = {"kind": "PERIODIC", "scope": "DISTRICT", "title": "六月份督办工作通报", "blocks": BLOCKS}
    circular = (await officer.do("draftCircular", "circular { id }", **given))["circular"]["id"]
    sheet = await outside(world, "zhuren", shanghai(6, 15, 8))
    decision = {"circular": circular, "expected_version": 1, "outcome": "APPROVED", "comment": "同意印发。"}
    act = await enter(world, "approveCircular", **decision, recorded=sheet)
    document = """query Waiting { recordedActs(first: 5) { edges { node {
        id case { id } evidence { id name } entered { name value } } } } }"""
    (edge,) = (await checker.ask(document))["recordedActs"]["edges"]
    assert edge["node"] == {
        "id": act["id"],
        "case": None,
        "evidence": {"id": sheet["evidence"], "name": "盖章扫描件.pdf"},
        "entered": [
            {"name": "circular", "value": circular},
            {"name": "expectedVersion", "value": "1"},
            {"name": "outcome", "value": "APPROVED"},
            {"name": "comment", "value": "同意印发。"},
        ],
    }
    assert await world.as_("taiping.head").ask(document) == {"recordedActs": {"edges": []}}
    assert (await check(world, act))["status"] == "EFFECTIVE"
    node = "query ($id: ID!) { node(id: $id) { ... on Circular { status approval { medium decidedBy { name } } } } }"
    approved = (await officer.ask(node, id=circular))["node"]
    assert approved == {"status": "APPROVED", "approval": {"medium": "PAPER", "decidedBy": {"name": "孙立"}}}

    # spoken words, too: they have to come in writing
    reason = {"circular": circular, "expected_version": 2, "reason": "数据有误。"}
    said = await outside(world, "zhuren", shanghai(6, 15, 8), medium="PHONE")
    act = await enter(world, "withdrawCircular", **reason, recorded=said)
    await check(world, act)
    written = await world.upload("duban.wu")
    confirmed = await officer.do("confirmInWriting", "act { confirmation { id } }", act=act["id"], file=written)
    assert confirmed["act"] == {"confirmation": {"id": written}}


async def test_refusals_name_what_is_wrong(world: World) -> None:
    officer = world.as_("duban.wu")
    given = {"kind": "CRITICISM", "scope": "DISTRICT", "title": "通报", "blocks": BLOCKS}
    wrong = {"kind": "AFTER_TALK", "title": "", "blocks": [{"kind": "FIELD", "text": "12件"}]}
    assert await officer.refused("draftCircular", **given | wrong) == [
        "input.kind NOT_APPLICABLE",
        "input.title REQUIRED",
        "input.blocks.0.label REQUIRED",
    ]
    assert await officer.refused("draftCircular", **given | {"unit": world.unit("区税务局")}) == [
        "NOT_OPEN_TO_UNIT VERTICAL"
    ]
    assert await officer.refused("draftCircular", **given | {"classification": "STATE_SECRET"}) == [
        "NOT_ALLOWED MAC-15"
    ]
    assert await world.as_("taiping.head").refused("draftCircular", **given) == ["NOT_ALLOWED"]
