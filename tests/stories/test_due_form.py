"""第七条(二) 签发: without the signature of who heads the unit that day, a contact and the seal, the clock runs on."""

from tests.bed.procedure import Row, body_of, case_now, dispatched, draft, handler_of, head_of, part_of, sign, submit
from tests.bed.world import World

TASK = {"matter_type": "INSPECTION_TASK", "instructions": []}


async def test_what_lacks_signature_contact_and_seal_does_not_count(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    part = await part_of(world, case)
    world.at(6, 23, 17)
    bare = await draft(world, part, seal=None, contact_name=None, contact_phone=None)
    assert await submission_refused(world, part, bare) == [
        "report.signature SIGNATURE_MISSING",
        "report.contactName CONTACT_MISSING",
        "report.contactPhone CONTACT_MISSING",
        "report.seal SEAL_MISSING",
    ]
    signed = await sign(world, part, bare)
    assert await submission_refused(world, part, signed) == [
        "report.contactName CONTACT_MISSING",
        "report.contactPhone CONTACT_MISSING",
        "report.seal SEAL_MISSING",
    ]

    # what is added to it needs a new signature
    handler = world.as_(handler_of(part))
    seal = await world.upload(handler_of(part))
    revised = (await handler.do("reviseReport", REPORT, report=signed["id"], **body_of(seal)))["report"]
    assert revised["status"] == "DRAFT"
    assert await submission_refused(world, part, revised) == ["report.signature SIGNATURE_MISSING"]

    # the clock ran on: a minute after midnight the part is red, though the report was begun in time
    world.at(6, 24, 0, 1)
    assert (await part_of(world, case))["light"] == "RED"
    report = await submit(world, part, await sign(world, part, revised))
    assert report["status"] == "SUBMITTED"
    part = await part_of(world, case)
    assert [(slot["state"], slot["metOnTime"]) for slot in part["slots"]] == [("MET", False)]


async def test_only_who_heads_the_unit_signs(world: World) -> None:
    case = await dispatched(world, matter=TASK)
    part = await part_of(world, case)
    written = await draft(world, part)
    given = {"report": written["id"], "expected_version": written["version"]}
    assert await world.as_(handler_of(part)).refused("signReport", **given) == ["NOT_ALLOWED HEAD-1"]
    assert await world.as_("huanbao.head").refused("signReport", **given) == ["NOT_FOUND"]
    assert (await sign(world, part, written))["status"] == "SIGNED"
    assert await world.as_(head_of(part)).refused("signReport", **given) == ["VERSION_CONFLICT SIGNED v2"]


async def test_a_major_matter_says_so_and_the_report_shows_in_which_capacity_it_was_signed(world: World) -> None:
    case = await dispatched(world, matter=TASK | {"major": True})
    assert (await case_now(world, case, "major"))["major"] is True
    part = await part_of(world, case)
    await sign(world, part, await draft(world, part))
    found = await world.as_(head_of(part)).ask(
        "query ($id: ID!) { case(id: $id) { reports { edges { node { signature { post { capacity } } } } } } }",
        id=case["id"],
    )
    signed = found["case"]["reports"]["edges"][0]["node"]
    assert signed["signature"]["post"]["capacity"] == "HEAD"


async def test_under_procedure_b_the_mandatory_parts_must_be_there(world: World) -> None:
    case = await dispatched(world, matter=TASK | {"matter_type": "MAJOR_DECISION"})
    part = await part_of(world, case)
    signed = await sign(world, part, await draft(world, part))
    assert await submission_refused(world, part, signed) == [
        "report.sections.MEASURES SECTION_MISSING",
        "report.sections.PROGRESS SECTION_MISSING",
    ]


async def submission_refused(world: World, part: Row, report: Row) -> list[str]:
    given = {"report": report["id"], "expected_version": report["version"]}
    return await world.as_(handler_of(part)).refused("submitReport", **given)


REPORT = "report { id status version }"
