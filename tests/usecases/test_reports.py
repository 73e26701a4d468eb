"""起草, 签发, 上报, 撤回, 审核, 退回, 协办反馈, 纸质报告: what each takes over, and each of its refusals."""

from typing import Any

from tests.bed.procedure import CHECKER, CITY, OFFICER, Row, case_now, dispatched, draft, part_of, reported, sign
from tests.bed.records import check_records
from tests.bed.stages import ENVIRONMENT, TASK
from tests.bed.world import World, shanghai
from tests.usecases.calls import HANDLER, HEAD, SUPPORTING, done, refused

REPORT = (
    "report { content status version contactName contactPhone sections { kind text } slots { slot } seal { name } }"
)


# ── draftReport, reviseReport ──


async def test_a_draft_says_what_it_was_given_and_what_it_meets(staged: World) -> None:
    sections = [{"kind": kind, "text": f" {kind}如下。 "} for kind in ("RESULTS", "SITUATION")]
    answer = await done(staged, "draftReport", REPORT, sections=sections, contact_name=" 杜鹃 ")
    found = answer["report"]
    assert found | {"sections": sorted(found["sections"], key=lambda part: part["kind"])} == {
        "content": "RESULT",
        "status": "DRAFT",
        "version": 1,
        "contactName": "杜鹃",
        "contactPhone": "0451-12345678",
        "sections": [{"kind": "RESULTS", "text": "RESULTS如下。"}, {"kind": "SITUATION", "text": "SITUATION如下。"}],
        "slots": [{"slot": "ON_NOTICE"}],
        "seal": {"name": "盖章扫描件.pdf"},
    }


async def test_a_draft_names_everything_that_is_wrong(staged: World) -> None:
    other = (await part_of(staged, staged.stages["joint"]["case"], ENVIRONMENT))["slots"][0]["id"]
    mine = (await part_of(staged, staged.stages["dispatched"]["case"]))["slots"][0]["id"]
    principal = staged.stages["dispatched"]["part"]["id"]
    section = {"kind": "SITUATION", "text": "好。"}
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"sections": []}, ["input.sections REQUIRED"]),
        ({"sections": [section, section]}, ["input.sections.1.kind DUPLICATE"]),
        ({"contact_name": "名" * 121}, ["input.contactName TOO_LONG"]),
        ({"contact_phone": "1" * 41}, ["input.contactPhone TOO_LONG"]),
        ({"slots": [other]}, ["input.slots.0 BAD_ID"]),
        ({"slots": [mine, mine]}, ["input.slots DUPLICATE"]),
        ({"missing_contributions": [principal]}, ["input.missingContributions.0 BAD_ID"]),
        ({"files": [staged.stages["files"][OFFICER]["id"]]}, ["input.files.0 BAD_ID"]),
        ({"seal": staged.stages["files"][CHECKER]["id"]}, ["input.seal BAD_ID"]),
    ]  # fmt: skip
    for given, answer in answers:
        assert await refused(staged, "draftReport", **given) == answer


async def test_a_file_belongs_to_one_thing_only(staged: World) -> None:
    used = staged.stages["files"][HANDLER]["id"]
    await done(staged, "draftReport", "report { id }")
    assert await refused(staged, "draftReport", seal=used) == ["input.seal FILE_IN_USE"]
    assert await refused(staged, "draftReport", seal=None, files=[used]) == ["input.files.0 FILE_IN_USE"]


async def test_only_a_principal_whose_part_runs_reports(staged: World) -> None:
    supporting = {"assignment": staged.stages["joint"]["supporting"]["id"], "seal": None}
    assert await refused(staged, "draftReport", SUPPORTING, **supporting) == ["input.assignment NOT_APPLICABLE"]
    for stage, answer in (
        ("completed", "STATUS_CONFLICT COMPLETED v3"),
        ("closing", "STATUS_CONFLICT CLOSING v5"),
        ("closed", "STATUS_CONFLICT CLOSED v6"),
    ):
        assert await refused(staged, "draftReport", assignment=staged.stages[stage]["part"]["id"]) == [answer]


async def test_what_was_handed_in_is_not_revised(staged: World) -> None:
    for stage, answer in (
        ("submitted", "STATUS_CONFLICT SUBMITTED"),
        ("completed", "STATUS_CONFLICT COMPLETED v3"),
    ):
        assert await refused(staged, "reviseReport", report=staged.stages[stage]["report"]["id"]) == [answer]


async def test_a_revised_report_says_only_what_it_says_now(staged: World) -> None:
    answer = await done(
        staged,
        "reviseReport",
        "report { status version sections { text } seal { id } signature { printedName } }",
        sections=[{"kind": "MEASURES", "text": "已增派力量。"}],
        seal=None,
    )
    assert answer["report"] == {
        "status": "DRAFT",
        "version": 3,
        "sections": [{"text": "已增派力量。"}],
        "seal": None,
        "signature": None,
    }
    await check_records(staged)  # the history knows of what is not said any more


# ── signReport, submitReport, withdrawReport ──


async def test_a_report_is_signed_as_it_was_seen_and_once(staged: World) -> None:
    assert await refused(staged, "signReport", expected_version=2) == ["VERSION_CONFLICT DRAFT v1"]
    signed = _row(staged, "signed")
    assert await refused(staged, "signReport", **signed) == ["STATUS_CONFLICT SIGNED"]
    assert await refused(staged, "signReport", **_row(staged, "submitted")) == ["STATUS_CONFLICT SUBMITTED"]


async def test_a_signer_names_a_post_of_his_own(staged: World) -> None:
    posts = await staged.as_(HEAD).ask(
        "query Q($id: ID!) { node(id: $id) { ... on Unit { posts { id person { name } } } } }", id=staged.unit(CITY)
    )
    by_name = {post["person"]["name"]: post["id"] for post in posts["node"]["posts"]}
    assert await refused(staged, "signReport", acting_post=by_name["杜鹃"]) == ["input.actingPost BAD_ID"]
    answer = await done(staged, "signReport", "report { signature { printedPost } }", acting_post=by_name["潘志远"])
    assert answer["report"]["signature"] == {"printedPost": "主要负责人"}


async def test_what_is_owed_no_more_is_not_handed_in(staged: World) -> None:
    """Two reports of one slot were signed; the second does not count twice."""
    part = staged.stages["dispatched"]["part"]
    first, second = await draft(staged, part, content="PROGRESS"), await draft(staged, part, content="PROGRESS")
    second = await sign(staged, part, second)
    first = await sign(staged, part, first)
    await staged.as_(HANDLER).do("submitReport", "report { id }", report=first["id"], expected_version=first["version"])
    given = {"report": second["id"], "expected_version": second["version"]}
    assert await refused(staged, "submitReport", **given) == ["STATUS_CONFLICT MET v2"]


async def test_a_report_is_handed_in_once_and_as_seen(staged: World) -> None:
    assert await refused(staged, "submitReport", expected_version=1) == ["VERSION_CONFLICT SIGNED v2"]
    assert await refused(staged, "submitReport", **_row(staged, "submitted")) == ["STATUS_CONFLICT SUBMITTED v3"]


async def test_what_was_reviewed_is_not_taken_back(staged: World) -> None:
    assert await refused(staged, "withdrawReport", expected_version=1) == ["VERSION_CONFLICT SUBMITTED v3"]
    assert await refused(staged, "withdrawReport", **_row(staged, "completed")) == ["STATUS_CONFLICT ACCEPTED"]


# ── acceptReport, returnReport ──


async def test_only_what_was_handed_in_is_reviewed(staged: World) -> None:
    for mutation in ("acceptReport", "returnReport"):
        assert await refused(staged, mutation, expected_version=2) == ["VERSION_CONFLICT SUBMITTED v3"]
        assert await refused(staged, mutation, **_row(staged, "completed")) == ["STATUS_CONFLICT ACCEPTED"]
        assert await refused(staged, mutation, **_row(staged, "signed")) == ["NOT_FOUND"]  # the unit's own still
    assert await refused(staged, "acceptReport", comment="长" * 2_001) == ["input.comment TOO_LONG"]


async def test_a_return_has_grounds_words_and_a_date_to_come(staged: World) -> None:
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"grounds": [], "comment": " "}, ["input.comment REQUIRED", "input.grounds REQUIRED"]),
        ({"grounds": ["UNCLEAR", "UNCLEAR"]}, ["input.grounds DUPLICATE"]),
        ({"due_on": "2026-06-24"}, ["input.dueOn BAD_DATE"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "returnReport", **given) == answer
    answer = (await done(staged, "returnReport", "report { reworkDueOn }", due_on="2026-06-25"))["report"]
    assert answer == {"reworkDueOn": "2026-06-25"}


async def test_rework_stays_before_the_superiors_date(staged: World) -> None:
    listed = {"kind": "SUPERIOR_LIST", "title": "转办清单", "superior_due_on": "2026-07-03"}
    case = await dispatched(staged, matter=TASK | {"sources": [listed]}, report_due_on="2026-07-01")
    report = await reported(staged, await part_of(staged, case))
    given = {"report": report["id"], "expected_version": report["version"], "due_on": "2026-07-02"}
    assert await refused(staged, "returnReport", **given) == ["input.dueOn OUT_OF_RANGE"]


async def test_a_contribution_is_neither_signed_nor_reviewed(staged: World) -> None:
    given = (await done(staged, "submitContribution", "report { id version status contribution }"))["report"]
    assert (given["status"], given["contribution"]) == ("SUBMITTED", True)
    row = {"report": given["id"], "expected_version": given["version"]}
    for mutation, login in (("signReport", "huanbao.head"), ("acceptReport", CHECKER), ("withdrawReport", SUPPORTING)):
        assert await refused(staged, mutation, login, **row) == ["input.report NOT_APPLICABLE"]


# ── submitContribution, receiveReport ──


async def test_only_who_supports_contributes(staged: World) -> None:
    lead = staged.stages["joint"]["part"]["id"]
    assert await refused(staged, "submitContribution", HANDLER, assignment=lead) == ["input.assignment NOT_APPLICABLE"]
    assert await refused(staged, "submitContribution", sections=[]) == ["input.sections REQUIRED"]


async def test_a_sheet_is_of_somebody_was_received_and_is_there(staged: World) -> None:
    sheet = {
        "decided_by": staged.person(HEAD),
        "occurred_at": shanghai(6, 25, 9, 30),
        "medium": "PAPER",
        "evidence": staged.stages["files"][OFFICER]["id"],
    }
    answers: list[tuple[dict[str, Any], list[str]]] = [
        ({"occurred_at": shanghai(6, 25, 11)}, ["input.recorded.occurredAt BAD_DATE"]),
        ({"medium": "SYSTEM"}, ["input.recorded.medium NOT_APPLICABLE"]),
        ({"evidence": staged.stages["files"][CHECKER]["id"]}, ["input.recorded.evidence BAD_ID"]),
        ({"decided_by": staged.person(OFFICER)}, ["NOT_ALLOWED SOD-8"]),
    ]
    for given, answer in answers:
        assert await refused(staged, "receiveReport", recorded=sheet | given) == answer
    assert await refused(staged, "receiveReport", contact_name=None, contact_phone=None) == [
        "report.contactName CONTACT_MISSING",
        "report.contactPhone CONTACT_MISSING",
    ]


async def test_the_office_sees_the_sheet_but_no_report_until_it_was_checked(staged: World) -> None:
    await done(staged, "receiveReport", "recordedAct { status }")
    reports: Row = await case_now(
        staged, staged.stages["dispatched"]["case"], "reports(first: 1) { edges { node { id } } }"
    )
    assert reports["reports"]["edges"] == []


def _row(world: World, stage: str) -> dict[str, Any]:
    report = world.stages[stage]["report"]
    return {"report": report["id"], "expected_version": report["version"]}
