"""The steps of 第七条 as people take them: a mutation each, with what is usual where a story names nothing else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.demo.district import key_of
from tests.bed.world import World

OFFICER, CHECKER, OFFICE_HEAD, LEADER = "duban.wu", "duban.zheng", "duban.zhu", "fuquzhang"
CITY = "区城市管理局"
TOLD = "请城管局牵头，十日内解决占道经营问题。"
Row = Mapping[str, Any]

_CASE = "id number status version light dueOn completionDueOn workingDaysLeft"
_SLOT = "id slot state dueOn light metAt metOnTime"
_PART = (
    "id status role version light dueOn completionDueOn completedAt completedOnTime returnedCount unit { name } "
    f"slots {{ {_SLOT} }}"
)
_REPORT = "id status version submittedAt receivedAt remedy reworkDueOn"
_ACT = "recordedAct { id status version medium }"


# ── 登记分发 ──


async def register(world: World, **changes: Any) -> Row:
    """A leader's words on a busy street, registered by the office."""
    words = {"leader": world.person(LEADER), "words": TOLD, "given_on": "2026-06-12", "disclosure": "FULL"}
    source = {"kind": "INSTRUCTED_DOCUMENT", "title": "关于通江街占道经营情况的报告", "number": "临城管〔2026〕8号"}
    given = {
        "matter_type": "LEADER_INSTRUCTION",
        "title": "通江街占道经营整治",
        "requirement": "查清底数，限期整治，并建立长效机制。",
        "sources": [source],
        "instructions": [words],
    } | changes
    return await _case(world, OFFICER, "registerCase", **given)


async def propose(world: World, case: Row, units: Sequence[str] = (CITY,), **changes: Any) -> Row:
    """The first unit leads and the others support it, unless they handle it separately."""
    separate = changes.get("handling") == "SEPARATE"
    roles = ["PRINCIPAL"] * len(units) if separate else ["LEAD", *["SUPPORTING"] * (len(units) - 1)]
    given = {
        "case": case["id"],
        "handling": "SOLE" if len(units) == 1 else "JOINT",
        "tier": "GENERAL",
        "units": [{"role": role, "unit": world.unit(unit)} for role, unit in zip(roles, units, strict=True)],
        "opinion": "拟请上列单位办理。",
        "leader": world.person(LEADER),
    } | changes
    return await _case(world, OFFICER, "proposeHandling", **given)


async def approve(world: World, case: Row, **changes: Any) -> Row:
    given = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"} | changes
    return await _case(world, LEADER, "decideHandling", **given)


async def dispatch(world: World, case: Row) -> Row:
    return await _case(world, OFFICER, "dispatchCase", case=case["id"], expected_version=case["version"])


async def dispatched(world: World, *units: str, matter: Mapping[str, Any] | None = None, **proposal: Any) -> Row:
    """A case that went out to its units today."""
    registered = await register(world, **(matter or {}))
    proposed = await propose(world, registered, units or (CITY,), **proposal)
    return await dispatch(world, await approve(world, proposed))


async def case_now(world: World, case: Row, selection: str = "") -> Row:
    """The case as the office sees it now."""
    document = f"query Q($id: ID) {{ case(id: $id) {{ {_CASE} {selection} }} }}"
    found: Row = (await world.as_(OFFICER).ask(document, id=case["id"]))["case"]
    return found


async def parts(world: World, case: Row) -> dict[str, Row]:
    """What each unit has of a case, by the unit's name."""
    found = (await case_now(world, case, f"assignments {{ {_PART} }}"))["assignments"]
    return {part["unit"]["name"]: part for part in found}


async def part_of(world: World, case: Row, unit: str = CITY) -> Row:
    return (await parts(world, case))[unit]


async def acknowledge(world: World, part: Row) -> Row:
    handler = handler_of(part)
    given = {"assignment": part["id"], "handler": world.person(handler)}
    answer = await world.as_(handler).do("acknowledgeAssignment", f"assignment {{ {_PART} }}", **given)
    found: Row = answer["assignment"]
    return found


# ── 中止、恢复、撤销 ──


async def suspend(world: World, case: Row) -> Row:
    given = {"case": case["id"], "expected_version": case["version"], "reason": "等待法院裁判。"}
    return await _case(world, LEADER, "suspendCase", **given)


async def amend(world: World, case: Row, **given: Any) -> Row:
    told = {"case": case["id"], "expected_version": case["version"], "reason": "汛期提前。"}
    return await _case(world, LEADER, "amendCase", **told, **given)


async def resume(world: World, case: Row) -> Row:
    return await _case(world, LEADER, "resumeCase", case=case["id"], expected_version=case["version"])


async def cancel(world: World, case: Row) -> Row:
    given = {"case": case["id"], "expected_version": case["version"], "reason": "工作部署已经调整。"}
    return await _case(world, LEADER, "cancelCase", **given)


async def hand_back(world: World, part: Row, **changes: Any) -> Row:
    """退办: the unit says that it is not its own."""
    given = {"assignment": part["id"], "ground": "NOT_COMPETENT", "basis": "按三定规定，餐饮油烟由生态环境部门监管。"}
    answer = await world.as_(head_of(part)).do(
        "requestReassignment", "request { id status version }", **given, **changes
    )
    found: Row = answer["request"]
    return found


async def give_to(world: World, request: Row, unit: str) -> Row:
    given = {"reassignment_request": request["id"], "expected_version": request["version"], "outcome": "APPROVED"}
    selection = "request { id status version }"
    found: Row = (await world.as_(LEADER).do("decideReassignment", selection, **given, unit=world.unit(unit)))[
        "request"
    ]
    return found


# ── 报告结果 ──


def body_of(seal: str | None, **changes: Any) -> dict[str, Any]:
    """What a report says."""
    sections = [{"kind": "SITUATION", "text": "占道经营已全部清理。"}]
    given = {"content": "RESULT", "sections": sections, "contact_name": "杜鹃", "contact_phone": "0451-12345678"}
    return given | {"seal": seal} | changes


async def draft(world: World, part: Row, **changes: Any) -> Row:
    """A report in due form, but for the signature."""
    handler = handler_of(part)
    body = body_of(changes.pop("seal") if "seal" in changes else await world.upload(handler), **changes)
    return await _report(world, handler, "draftReport", assignment=part["id"], **body)


async def sign(world: World, part: Row, report: Row) -> Row:
    given = {"report": report["id"], "expected_version": report["version"]}
    return await _report(world, head_of(part), "signReport", **given)


async def submit(world: World, part: Row, report: Row) -> Row:
    given = {"report": report["id"], "expected_version": report["version"]}
    return await _report(world, handler_of(part), "submitReport", **given)


async def reported(world: World, part: Row, **changes: Any) -> Row:
    """Written by the handler, signed by the head, handed in by the handler."""
    written = await draft(world, part, **changes)
    return await submit(world, part, await sign(world, part, written))


async def contribute(world: World, part: Row, text: str = "已配合清理。") -> Row:
    given = {"assignment": part["id"], "sections": [{"kind": "SITUATION", "text": text}]}
    return await _report(world, handler_of(part), "submitContribution", **given)


async def accept(world: World, report: Row, **changes: Any) -> Row:
    given = {"report": report["id"], "expected_version": report["version"]} | changes
    return await _report(world, CHECKER, "acceptReport", **given)


async def send_back(world: World, report: Row, **changes: Any) -> Row:
    given = {
        "report": report["id"],
        "expected_version": report["version"],
        "grounds": ["NO_CONCLUSION"],
        "remedy": "SUPPLEMENT",
        "comment": "结论不明确，请补充完成数量。",
    } | changes
    return await _report(world, CHECKER, "returnReport", **given)


# ── 办结 ──


async def lay_before(world: World, case: Row) -> Row:
    """呈阅: the result is laid before the leader who instructed."""
    answer = await world.as_(OFFICER).do("submitForReading", "reading { id readOn }", case=case["id"])
    found: Row = answer["reading"]
    return found


async def read(world: World, reading: Row) -> Row:
    answer = await world.as_(LEADER).do("recordReading", "reading { id readOn }", reading=reading["id"])
    found: Row = answer["reading"]
    return found


async def propose_closing(world: World, case: Row) -> Row:
    return await _case(world, OFFICER, "proposeClosing", case=case["id"], summary="各项要求已落实，建议办结。")


async def confirm_closing(world: World, case: Row) -> Row:
    given = {"case": case["id"], "expected_version": case["version"], "outcome": "APPROVED"}
    return await _case(world, OFFICE_HEAD, "confirmClosing", **given)


# ── 代录 ──


async def outside(world: World, decided_by: str, at: datetime, medium: str = "PAPER", by: str = OFFICER) -> Row:
    """What is entered of an act done outside the system: whose it was, when, how, and the file that proves it."""
    evidence = await world.upload(by)
    return {"decided_by": world.person(decided_by), "occurred_at": at, "medium": medium, "evidence": evidence}


def sheet_of(part: Row) -> dict[str, Any]:
    """What a unit's sealed sheet says; the scan itself is the evidence."""
    said = body_of(None)
    del said["seal"]
    return {"assignment": part["id"], **said}


async def enter(world: World, mutation: str, by: str = OFFICER, **given: Any) -> Row:
    """An act entered on behalf of who did it; it waits for a second officer."""
    found: Row = (await world.as_(by).do(mutation, _ACT, **given))["recordedAct"]
    return found


async def check(world: World, act: Row, by: str = CHECKER) -> Row:
    given = {"act": act["id"], "expected_version": act["version"]}
    found: Row = (await world.as_(by).do("checkRecordedAct", "act { id status version }", **given))["act"]
    return found


# ── who ──


def handler_of(part: Row) -> str:
    return f"{key_of(part['unit']['name'])}.handler"


def head_of(part: Row) -> str:
    return f"{key_of(part['unit']['name'])}.head"


async def _case(world: World, login: str, mutation: str, **given: Any) -> Row:
    found: Row = (await world.as_(login).do(mutation, f"case {{ {_CASE} }}", **given))["case"]
    return found


async def _report(world: World, login: str, mutation: str, **given: Any) -> Row:
    found: Row = (await world.as_(login).do(mutation, f"report {{ {_REPORT} }}", **given))["report"]
    return found
