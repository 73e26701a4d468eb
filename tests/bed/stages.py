"""A district in which something stands at every stage, so that every mutation can be tried: Thursday, 25 June, 10:00.

The rungs of the ladder were climbed first, by cases that went out on the 15th and were due on the 17th; all else is
of the 25th. 19 to 21 June are a holiday.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.authz.models import PolicyStatus, PolicyVersion
from app.core.ids import decode_id, encode_id, new_id
from app.webhooks.models import WebhookEndpoint
from tests.bed import blame, emergency, halves
from tests.bed.clients import CLIENT, FIRST_KEY
from tests.bed.ladder import (
    approve_circular,
    ask_for,
    call_talk,
    explain,
    hold_talk,
    issue_conclusion,
    ladder_of,
    publish_circular,
)
from tests.bed.opening import Ground, open_world
from tests.bed.procedure import (
    CHECKER,
    CITY,
    LEADER,
    OFFICE_HEAD,
    OFFICER,
    Row,
    accept,
    acknowledge,
    approve,
    case_now,
    confirm_closing,
    dispatched,
    draft,
    enter,
    hand_back,
    lay_before,
    outside,
    part_of,
    parts,
    propose,
    propose_closing,
    read,
    register,
    reported,
    sign,
    suspend,
)
from tests.bed.world import World, shanghai

Stages = Mapping[str, Mapping[str, Any]]
TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}
ENVIRONMENT = "区生态环境局"
_LATE = ("drafted", "called", "held", "approved_circular", "published")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database, how late it is in it, and what stands where."""

    url: str
    now: datetime
    stages: Stages


async def prepare(url: str, ground: Ground) -> Prepared:
    async with open_world(url, ground) as world:
        stages = await _climbed(world) | await _on_the_way(world)
        stages |= await _called_to_account(world, stages)
        stages |= await _outside(world)
        stages |= {"administration": await _administered(world)}
        stages |= await _evaluated(world)
        stages |= {"lent": await _lent(world, stages["read"]["case"])}
        stages |= {"emergency": await _in_an_emergency(world)}
        return Prepared(url, world.clock.now(), stages)


async def _climbed(world: World) -> dict[str, dict[str, Any]]:
    """第七条(三), each case a rung further than the one before."""
    late = {name: await _late(world) for name in _LATE}
    await world.on(6, 18)  # urged on the day after the date
    await world.on(6, 22)  # unanswered: drafts
    urged = await _late(world)  # due on the 24th
    for name in _LATE[1:]:
        drafted = (await ladder_of(world, late[name]["case"]))["talks"][0]
        at = shanghai(6, 25, 9, 30) if name == "called" else shanghai(6, 23, 14, 30)
        await call_talk(world, drafted, at)
    world.at(6, 23, 15)
    for name in _LATE[2:]:
        found = await ladder_of(world, late[name]["case"])
        await hold_talk(world, found["talks"][0], "chengguan.head")
        await issue_conclusion(world, found["conclusions"][0])
    world.at(6, 24, 15)
    for name in _LATE[3:]:
        await approve_circular(world, (await ladder_of(world, late[name]["case"]))["circulars"][0])
    await publish_circular(world, (await ladder_of(world, late["published"]["case"]))["circulars"][0])
    answered = await _answered(world)
    await world.on(6, 25)
    found = {name: stage | await _rungs(world, stage["case"]) for name, stage in late.items()}
    return found | {"urged": urged | await _rungs(world, urged["case"]), "answered": answered}


async def _answered(world: World) -> dict[str, Any]:
    """第三十条(四): a criticism to which one unit owes a reply, and another has replied."""
    found: dict[str, Any] = {}
    for name, unit in (("owed", CITY), ("reply", ENVIRONMENT)):
        words = {"title": "关于报送情况的通报", "blocks": [{"kind": "PARAGRAPH", "text": "多次逾期上报。"}]}
        draft = {"kind": "CRITICISM", "scope": "ADDRESSEES", "unit": world.unit(unit)} | words
        told = await world.as_(OFFICER).do("draftCircular", "circular { id version }", **draft)
        circular = await publish_circular(world, await approve_circular(world, told["circular"]))
        replies = (
            "query R($id: ID!) { node(id: $id) { ... on Circular { replies { edges { node { id version } } } } } }"
        )
        (edge,) = (await world.as_(OFFICER).ask(replies, id=circular["id"]))["node"]["replies"]["edges"]
        found[name] = edge["node"]
    answer = {"reply": found["reply"]["id"], "text": "已整改。"}
    found["reply"] = (await world.as_("huanbao.head").do("replyToCircular", "reply { id version }", **answer))["reply"]
    return found


async def _late(world: World) -> dict[str, Any]:
    case = await dispatched(world, matter=TASK, tier="URGENT")
    return {"case": case, "part": await part_of(world, case)}


async def _rungs(world: World, case: Row) -> dict[str, Any]:
    found = await ladder_of(world, case)
    named = {"urgings": "urging", "talks": "talk", "conclusions": "conclusion", "circulars": "circular"}
    return {name: found[rungs][0] for rungs, name in named.items() if found[rungs]}


async def _on_the_way(world: World) -> dict[str, dict[str, Any]]:
    """第七条(一), (二): a case at every step, with what belongs to it."""
    world.at(6, 25, 10)
    found: dict[str, dict[str, Any]] = {
        "registered": {"case": await register(world)},
        "proposed": {"case": await propose(world, await register(world))},
        "decided": {"case": await approve(world, await propose(world, await register(world)))},
    }
    for name in ("dispatched", "acknowledged", "draft", "signed", "submitted", "explained", "extending"):
        found[name] = await _with_part(world, matter=TASK)
    await acknowledge(world, found["acknowledged"]["part"])
    recusal = {
        "case": found["acknowledged"]["case"]["id"],
        "person": world.person("fuquzhang2"),
        "reason": "亲属关系。",
    }
    await world.as_(OFFICE_HEAD).do("orderRecusal", "case { id }", **recusal)
    found["draft"]["report"] = await draft(world, found["draft"]["part"])
    part = found["signed"]["part"]
    found["signed"]["report"] = await sign(world, part, await draft(world, part))
    found["submitted"]["report"] = await reported(world, found["submitted"]["part"])
    found["explained"]["explanation"] = await explain(world, found["explained"]["part"])
    found["extending"]["request"] = await ask_for(world, found["extending"]["part"], "2026-07-10")
    found["joint"] = await _with_part(world, CITY, ENVIRONMENT, matter=TASK)
    found["joint"]["supporting"] = (await parts(world, found["joint"]["case"]))[ENVIRONMENT]
    found |= await _done(world)
    found["restricted"] = {"case": await _restricted(world)}
    found["suspended"] = await _with_part(world, matter=TASK)
    found["suspended"]["case"] = await suspend(world, found["suspended"]["case"])
    found["handed_back"] = await _with_part(world, matter=TASK)
    found["handed_back"]["request"] = await hand_back(world, found["handed_back"]["part"])
    return found


async def _restricted(world: World) -> Row:
    """Of which the second officer and a unit know besides those whose it is."""
    case = await register(world, restricted=True)
    scope = {"restricted": True, "people": [world.person(CHECKER)], "units": [world.unit(CITY)]}
    named = {"case": case["id"], "expected_version": case["version"]}
    await world.as_(OFFICER).do("setAccessScope", "case { id }", **named, **scope)
    return await case_now(world, case)


async def _with_part(world: World, *units: str, **given: Any) -> dict[str, Any]:
    case = await dispatched(world, *units, **given)
    return {"case": case, "part": await part_of(world, case)}


async def _done(world: World) -> dict[str, dict[str, Any]]:
    """Everything that was owed is there."""
    found = {}
    for name in ("to_be_read", "laid", "read"):
        found[name] = await _completed(world)
    for name in ("completed", "closing", "closed"):
        found[name] = await _completed(world, matter=TASK)
    found["laid"]["reading"] = await lay_before(world, found["laid"]["case"])
    found["read"]["reading"] = await lay_before(world, found["read"]["case"])
    await read(world, found["read"]["reading"])
    found["closing"]["case"] = await propose_closing(world, found["closing"]["case"])
    found["closed"]["case"] = await confirm_closing(world, await propose_closing(world, found["closed"]["case"]))
    return found


async def _completed(world: World, **given: Any) -> dict[str, Any]:
    case = await dispatched(world, **given)
    part = await part_of(world, case)
    report = await accept(world, await reported(world, part))
    return {"case": await case_now(world, case), "part": await part_of(world, case), "report": report}


async def _outside(world: World) -> dict[str, dict[str, Any]]:
    """代录, waiting for the second officer; files that belong to nothing yet; a message; a document to import."""
    found: dict[str, dict[str, Any]] = {}
    for name, medium in (("entered", "PAPER"), ("spoken", "PHONE")):
        case = await propose(world, await register(world))
        sheet = await outside(world, LEADER, shanghai(6, 25, 9), medium)
        decision = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"}
        found[name] = {"case": case, "act": await enter(world, "decideHandling", **decision, recorded=sheet)}
    await world.tick()
    found["files"] = {login: {"id": await world.upload(login)} for login in (OFFICER, CHECKER, "chengguan.handler")}
    inbox = await world.as_(OFFICE_HEAD).ask("{ notifications(first: 1) { edges { node { id } } } }")
    found["inbox"] = {"notification": inbox["notifications"]["edges"][0]["node"]}
    return found


async def _called_to_account(world: World, at: Stages) -> dict[str, dict[str, Any]]:
    """第二十五条: a draft, one approved for each measure, and one that was handed over."""
    rests: dict[str, Any] = {"cases": [at["dispatched"]["case"]["id"]]}
    found = {
        "accused": await blame.accuse(world, **rests),
        "to_criticise": await blame.decide(world, await blame.accuse(world, **rests, measure="CRITICISM")),
        "to_transfer": await blame.decide(world, await blame.accuse(world, **rests)),
    }
    handed_over = await blame.decide(world, await blame.accuse(world, **rests))
    found["transferred"] = await blame.transfer(world, handed_over)
    return {name: {"proposal": proposal} for name, proposal in found.items()}


async def _administered(world: World) -> dict[str, Any]:
    """Somebody new with a role and a post, somebody with neither; what two people do waits for the second one."""
    rights = world.as_("quanxian")
    newcomer = (await rights.do("registerPerson", "person { id }", name="孔令仪"))["person"]["id"]
    clerk = (await rights.do("registerPerson", "person { id }", name="钱文"))["person"]["id"]
    post = await rights.do(
        "appointToPost",
        "post { id }",
        person=newcomer,
        unit=world.unit(CITY),
        post="承办人",
        capacity="MEMBER",
        valid_from="2026-06-01",
    )
    duty = {"person": newcomer, "unit": world.unit(CITY), "kind": "DUTY"}
    contact = (await rights.do("nameUnitContact", "contact { id }", **duty))["contact"]["id"]
    given = {"person": newcomer, "basis": "区政办〔2026〕8号"}
    seals = await rights.do("grantRole", "grant { id }", role="SEAL_KEEPER", unit=world.unit(CITY), **given)
    leads = await rights.do("proposeGrant", "grant { id }", role="DISTRICT_LEADER", **given)
    cleared = {"person": newcomer, "level": "WORK_SECRET", "basis": "区保密〔2026〕2号", "reason": "参与应急储备。"}
    clearance = await world.as_("anmi").do("grantClearance", "clearance { id }", **cleared)
    auditor = encode_id("account", world.district.accounts["shenji"])
    renewal = await world.as_("xitong").do("proposePasswordRenewal", "renewal { id }", account=auditor)
    accounts = world.as_("xitong")
    system = (await accounts.do("openServiceAccount", "account { id }", login=CLIENT))["account"]["id"]
    key = await accounts.do("addClientKey", "clientKey { id }", account=system, public_key=FIRST_KEY)
    webhooks = await _webhooks(world, system)
    newest = await world.as_(OFFICER).ask("{ sessions(first: 1) { edges { node { id } } } }")
    return {
        "session": newest["sessions"]["edges"][0]["node"]["id"],
        "newcomer": newcomer,
        "clerk": clerk,
        "post": post["post"]["id"],
        "contact": contact,
        "given": seals["grant"]["id"],
        "proposed": leads["grant"]["id"],
        "clearance": clearance["clearance"]["id"],
        "renewal": renewal["renewal"]["id"],
        "system": system,
        "client_key": key["clientKey"]["id"],
        **await _policies(world),
        **webhooks,
    }


TITLE = {"part": "CLAUSES", "line": "CASE-V1,第二十四条,督查办可以查看督办件,The office may see a case"}


async def _policies(world: World) -> dict[str, str]:
    """A draft, a version that waits for its second person, and one that was in force before."""
    rights, found = world.as_("quanxian"), {}
    for name in ("draft", "waiting"):
        told = await rights.do("draftPolicy", "policy { id }", reason="统一用语。", edits=[TITLE])
        found[name] = told["policy"]["id"]
    await rights.do("proposePolicy", "policy { id }", policy=found["waiting"])
    text = replace(world.policy.text, golden=world.policy.text.golden[::-1])
    async with world.database.write() as session:
        earlier = PolicyVersion(
            id=new_id(),
            number=4,
            rows=text.as_json(),
            digest=text.digest,
            status=PolicyStatus.RETIRED,
            created_at=world.clock.now(),
            activated_at=world.clock.now(),
            retired_at=world.clock.now(),
        )
        session.add(earlier)
    return {**found, "earlier": encode_id("policy", earlier.id)}


async def _webhooks(world: World, system: str) -> dict[str, str]:
    """Three endpoints of an outside system: one waits to be verified, one is pushed to, one is paused."""
    found: dict[str, str] = {}
    for name in ("unverified", "pushed", "paused"):
        registered = await world.as_("xitong").do(
            "registerWebhook", "webhook { id }", account=system, url=f"https://{name}.example.gov.cn/duban"
        )
        found[name] = registered["webhook"]["id"]
        key = decode_id(found[name])
        assert key is not None
        async with world.database.read() as session:
            code = await session.scalar(select(WebhookEndpoint.code).where(WebhookEndpoint.id == key[1]))
        if name == "unverified":
            found["code"] = str(code)
        else:
            await world.as_("anmi").do("verifyWebhook", "webhook { id }", webhook=found[name], code=code)
    await world.as_("anmi").do("pauseWebhook", "webhook { id }", webhook=found["paused"])
    listed = "query Q($f: WebhookMessageFilter) { webhookMessages(first: 1, filter: $f) { edges { node { id } } } }"
    messages = await world.as_("xitong").ask(listed, f={"webhooks": [found["pushed"]]})
    return found | {"delivery": messages["webhookMessages"]["edges"][0]["node"]["id"]}


async def _evaluated(world: World) -> dict[str, dict[str, Any]]:
    """第二十七条: the same half-year five times over, each a step further than the one before."""
    names = ("counted", "shown", "objected", "graded", "announced")
    keys = {name: await halves.open_now(world, 2020 + place) for place, name in enumerate(names)}
    found: dict[str, dict[str, Any]] = {"counted": {}}
    for name in names[1:]:
        found[name] = {"evaluation": await halves.show(world, await _run(world, keys[name]))}
    for name in ("graded", "announced"):
        await halves.let_objections_end(world, keys[name])
        await halves.grade_all(world, evaluations=[encode_id("evaluation", keys[name])])
    await halves.approve_and_publish(world, await halves.submit(world, await _run(world, keys["announced"])))
    for name in names:
        found[name]["evaluation"] = await _run(world, keys[name])
        found[name]["sheet"] = await halves.sheet_of(world, CITY, evaluations=[found[name]["evaluation"]["id"]])
    found["objected"]["objection"] = await halves.object_to(
        world, "chengguan.head", found["objected"]["sheet"], "催办前已说明情况。"
    )
    return found


async def _run(world: World, key: UUID) -> Row:
    return next(one for one in await halves.evaluations(world) if one["id"] == encode_id("evaluation", key))


async def _lent(world: World, case: Row) -> dict[str, Any]:
    """第三十条(六): another leader may decide for a while where this one does."""
    power = {"case": case["id"], "person": world.person("fuquzhang2"), "role": "DISTRICT_LEADER"}
    until = {"valid_until": shanghai(6, 30), "basis": "区政办函〔2026〕4号"}
    told = await world.as_(LEADER).do("grantTemporaryPower", "grant { id }", **power, **until, actions=["case.decide"])
    return {"power": told["grant"]["id"]}


async def _in_an_emergency(world: World) -> dict[str, Any]:
    """The emergency account stands open, and is being sealed anew."""
    opened = await emergency.seal(world)
    await emergency.open_account(world, opened.halves)
    begun = await world.as_("xitong").do("beginEmergencySeal", "emergencySeal { id }")
    listed = "{ accounts(first: 1, filter: { kinds: [EMERGENCY] }) { edges { node { id } } } }"
    (account,) = (await world.as_("xitong").ask(listed))["accounts"]["edges"]
    key = decode_id(account["node"]["id"])
    assert key is not None
    return {"open": opened.id, "begun": begun["emergencySeal"]["id"], "account": key[1]}
