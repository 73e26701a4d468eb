"""上报 in due form, and what it takes (第七条(二))."""

from datetime import date
from uuid import UUID

import pytest

from app.acts.models import Decision
from app.assignments.rules import ReportContent, SlotState
from app.cases.models import Case
from app.cases.rules import Handling, MatterType
from app.core.refusals import RefusalCode
from app.events.models import Event
from app.identity.models import PostHolding
from app.identity.rules import PostCapacity
from app.reports.models import ReportCoverage, ReportSection
from app.reports.rules import ReportStatus, SectionKind
from app.reports.service import (
    DraftReport,
    ReviseReport,
    SectionInput,
    SignReport,
    SubmitReport,
    draft_report,
    revise_report,
    sign_report,
    submit_report,
)
from app.todos.models import Todo
from app.todos.rules import TodoAction
from tests.reports.desk import ALL_SECTIONS, BUILDING, CITY, WORDS, Desk, problems, shanghai

PROGRESS = ReportContent.PROGRESS


async def test_a_result_in_time_stops_both_clocks_and_waits_for_its_review(desk: Desk) -> None:
    case = await desk.dispatched()
    assert await desk.running(case.id) == {
        "ACKNOWLEDGEMENT NOTICE": date(2026, 6, 16),
        "SLOT URGE": date(2026, 6, 23),
        "COMPLETION URGE": date(2026, 6, 23),
    }
    desk.at(6, 18, 15)
    report = await desk.submitted(case)
    assert report.status is ReportStatus.SUBMITTED
    assert report.submitted_at == report.received_at == shanghai(6, 18, 15)
    (slot,), part = await desk.slots(case), await desk.part(case)
    assert (slot.state, slot.met_at, slot.met_on_time) == (SlotState.MET, shanghai(6, 18, 15), True)
    assert (part.in_review, part.due_on, part.red_from) == (True, None, None)
    assert await desk.waiting(case.id) == {f"ACKNOWLEDGE {CITY}", "REVIEW_REPORT supervision_officer"}
    assert await desk.running(case.id) == {
        "ACKNOWLEDGEMENT NOTICE": date(2026, 6, 16),
        "REVIEW NOTICE": date(2026, 6, 23),
        "COMPLETION URGE": date(2026, 6, 23),
    }


async def test_progress_meets_the_report_date_and_leaves_the_completion_clock_running(desk: Desk) -> None:
    case = await desk.dispatched(completion_due_on=date(2026, 7, 31))
    desk.at(6, 23, 23, 59)
    await desk.submitted(case, content=PROGRESS)
    (slot,), part = await desk.slots(case), await desk.part(case)
    assert (slot.state, slot.met_on_time) == (SlotState.MET, True)
    assert (part.in_review, part.due_on) == (False, date(2026, 7, 31))
    assert (await desk.row(Case, case.id)).due_on == date(2026, 7, 31)
    assert f"COMPLETION {CITY}" in await desk.waiting(case.id)


async def test_a_late_result_is_met_late_and_stays_red_until_it_is_accepted(desk: Desk) -> None:
    case = await desk.dispatched()
    desk.at(6, 24, 0, 0)  # the day before ended at this instant
    await desk.submitted(case)
    (slot,), part = await desk.slots(case), await desk.part(case)
    assert (slot.state, slot.met_on_time, part.in_review) == (SlotState.MET, False, False)
    assert (part.due_on, part.red_from) == (date(2026, 6, 23), shanghai(6, 24, 0))


async def test_what_happened_is_on_the_record_by_who_did_it(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    events = sorted(await desk.rows(Event, case_id=case.id), key=lambda event: event.case_seq or 0)
    assert [event.type for event in events][-3:] == ["report.drafted", "report.signed", "report.submitted"]
    assert [event.actor_person_id for event in events][-3:] == [
        desk.district.people[login] for login in ("chengguan.handler", "chengguan.head", "chengguan.handler")
    ]
    assert {event.unit_id for event in events[-3:]} == {desk.district.units[CITY]}
    written = {change["table"]: change["fields"] for change in events[-1].changes}
    assert written["report"]["status"] == ["SIGNED", "SUBMITTED"]
    assert written["report_slot"]["state"] == ["OPEN", "MET"]
    signature = await desk.row(Decision, report.signature_id or UUID(int=0))
    assert (signature.printed_name, signature.printed_post, signature.printed_unit) == ("潘志远", "主要负责人", CITY)


async def test_a_report_that_lacks_everything_hears_of_everything_and_the_clock_runs_on(desk: Desk) -> None:
    case = await desk.dispatched(
        matter_type=MatterType.MAJOR_DECISION,
        handling=Handling.SOLE,
    )
    report = await desk.drafted(case, contact_name=None, contact_phone=" ", seal_file_id=None)
    refusal = await desk.refused("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
    assert problems(refusal) == [
        (RefusalCode.SIGNATURE_MISSING, ("report", "signature")),
        (RefusalCode.CONTACT_MISSING, ("report", "contactName")),
        (RefusalCode.CONTACT_MISSING, ("report", "contactPhone")),
        (RefusalCode.SEAL_MISSING, ("report", "seal")),
        (RefusalCode.SECTION_MISSING, ("report", "sections", "MEASURES")),
        (RefusalCode.SECTION_MISSING, ("report", "sections", "PROGRESS")),
    ]
    assert "SLOT URGE" in await desk.running(case.id)


async def test_procedure_b_is_satisfied_by_its_three_parts(desk: Desk) -> None:
    case = await desk.dispatched(matter_type=MatterType.MEETING_DECISION)
    three = tuple(
        SectionInput(kind, "如下。") for kind in (SectionKind.SITUATION, SectionKind.MEASURES, SectionKind.PROGRESS)
    )
    report = await desk.submitted(case, sections=three)
    assert report.status is ReportStatus.SUBMITTED


async def test_a_revised_report_needs_a_new_signature(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.signed(case)
    assert report.signature_id is not None
    command = ReviseReport(report_id=report.id, content=PROGRESS, sections=ALL_SECTIONS, contact_phone="110")
    revised = await desk.do("chengguan.handler", revise_report, command)
    assert (revised.status, revised.signature_id, revised.content) == (ReportStatus.DRAFT, None, PROGRESS)
    assert (revised.contact_name, revised.contact_phone, revised.seal_file_id) == (None, "110", None)
    assert {section.kind for section in await desk.rows(ReportSection, report_id=report.id)} == set(SectionKind)
    refusal = await desk.refused("chengguan.handler", submit_report, SubmitReport(report.id, revised.version))
    assert (RefusalCode.SIGNATURE_MISSING, ("report", "signature")) in problems(refusal)
    shorter = ReviseReport(report_id=report.id, content=PROGRESS, sections=WORDS)
    await desk.do("chengguan.handler", revise_report, shorter)
    assert [section.kind for section in await desk.rows(ReportSection, report_id=report.id)] == [SectionKind.SITUATION]


async def test_what_was_submitted_can_be_neither_revised_nor_submitted_again(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.submitted(case)
    revision = ReviseReport(report_id=report.id, content=PROGRESS, sections=WORDS)
    refusal = await desk.refused("chengguan.handler", revise_report, revision)
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "SUBMITTED")
    refusal = await desk.refused("chengguan.handler", submit_report, SubmitReport(report.id, report.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "SUBMITTED")
    refusal = await desk.refused("chengguan.head", sign_report, SignReport(report.id, report.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "SUBMITTED")


async def test_two_who_sign_at_once(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.drafted(case)
    await desk.do("chengguan.head", sign_report, SignReport(report.id, report.version))
    refusal = await desk.refused("chengguan.head", sign_report, SignReport(report.id, report.version))
    assert (refusal.code, refusal.version) == (RefusalCode.VERSION_CONFLICT, report.version + 1)


async def test_a_handler_may_not_sign_and_another_unit_sees_nothing(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.drafted(case)
    refusal = await desk.refused("chengguan.handler", sign_report, SignReport(report.id, report.version))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "HEAD-1")
    refusal = await desk.refused("jiaoyu.head", sign_report, SignReport(report.id, report.version))
    assert refusal.code is RefusalCode.NOT_FOUND
    refusal = await desk.refused("duban.wu", sign_report, SignReport(report.id, report.version))
    assert refusal.code is RefusalCode.NOT_FOUND  # the office sees what was handed in


async def hold(desk: Desk, capacity: PostCapacity, since: date, until: date | None = None) -> UUID:
    """The head's only post becomes this one."""
    (held,) = await desk.rows(PostHolding, person_id=desk.district.people["chengguan.head"])
    async with desk.workplace.database.write() as session:
        post = await session.get_one(PostHolding, held.id)
        post.capacity, post.valid_from, post.valid_until = capacity, since, until
    return held.id


@pytest.mark.parametrize(
    ("capacity", "since", "until"),
    [
        (PostCapacity.ACTING, date(2026, 6, 15), None),
        (PostCapacity.IN_CHARGE, date(2026, 2, 1), date(2026, 6, 15)),
        (PostCapacity.AUTHORISED, date(2026, 6, 1), date(2026, 6, 30)),
    ],
)
async def test_who_heads_the_unit_on_the_day_signs(
    desk: Desk, capacity: PostCapacity, since: date, until: date | None
) -> None:
    case = await desk.dispatched()
    report = await desk.drafted(case)
    post_id = await hold(desk, capacity, since, until)
    signed = await desk.do("chengguan.head", sign_report, SignReport(report.id, report.version))
    assert (await desk.row(Decision, signed.signature_id or UUID(int=0))).post_id == post_id


async def test_who_does_not_head_the_unit_on_the_day_does_not_sign(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.drafted(case)
    for capacity, since, until in (
        (PostCapacity.HEAD, date(2026, 6, 16), None),
        (PostCapacity.IN_CHARGE, date(2026, 2, 1), date(2026, 6, 14)),
        (PostCapacity.AUTHORISED, date(2026, 5, 16), date(2026, 6, 14)),
        (PostCapacity.MEMBER, date(2026, 2, 1), None),
    ):
        await hold(desk, capacity, since, until)
        refusal = await desk.refused("chengguan.head", sign_report, SignReport(report.id, report.version))
        assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "HEAD-1")


async def test_a_major_matter_is_signed_by_the_head_and_by_nobody_authorised(desk: Desk) -> None:
    """第二十条: 对重要决策、重大事项，主要领导要亲自过问."""
    case = await desk.dispatched(major=True)
    report = await desk.drafted(case)
    await hold(desk, PostCapacity.AUTHORISED, date(2026, 6, 15), date(2026, 6, 30))
    refusal = await desk.refused("chengguan.head", sign_report, SignReport(report.id, report.version))
    assert (refusal.code, refusal.rule_id) == (RefusalCode.NOT_ALLOWED, "HEAD-1")
    await hold(desk, PostCapacity.IN_CHARGE, date(2026, 6, 15))
    signed = await desk.do("chengguan.head", sign_report, SignReport(report.id, report.version))
    assert signed.status is ReportStatus.SIGNED


async def test_a_post_that_is_named_must_be_ones_own(desk: Desk) -> None:
    case = await desk.dispatched()
    report = await desk.drafted(case)
    other = (await desk.rows(PostHolding, person_id=desk.district.people["jiaoyu.head"]))[0].id
    refusal = await desk.refused("chengguan.head", sign_report, SignReport(report.id, report.version, other))
    assert problems(refusal) == [(RefusalCode.BAD_ID, ("input", "actingPost"))]


async def test_a_draft_names_all_that_is_wrong_with_it(desk: Desk) -> None:
    case = await desk.dispatched()
    file_id = await desk.file("jiaoyu.handler")
    command = DraftReport(
        assignment_id=(await desk.part(case)).id,
        content=ReportContent.RESULT,
        sections=(
            SectionInput(SectionKind.SITUATION, " "),
            SectionInput(SectionKind.SITUATION, "长" * 20_001),
            SectionInput(SectionKind.RESULTS, "\ud800"),
        ),
        contact_name="名" * 121,
        slot_ids=(case.id,),
        missing_contributions=(case.id,),
        file_ids=(file_id, file_id),
    )
    refusal = await desk.refused("chengguan.handler", draft_report, command)
    assert sorted(problems(refusal), key=str) == sorted(
        [
            (RefusalCode.REQUIRED, ("input", "sections", 0, "text")),
            (RefusalCode.DUPLICATE, ("input", "sections", 1, "kind")),
            (RefusalCode.TOO_LONG, ("input", "sections", 1, "text")),
            (RefusalCode.BAD_TEXT, ("input", "sections", 2, "text")),
            (RefusalCode.TOO_LONG, ("input", "contactName")),
            (RefusalCode.BAD_ID, ("input", "slots", 0)),
            (RefusalCode.BAD_ID, ("input", "missingContributions", 0)),
            (RefusalCode.DUPLICATE, ("input", "files")),
        ],
        key=str,
    )


async def test_a_draft_without_a_word_and_with_the_files_of_others(desk: Desk) -> None:
    case = await desk.dispatched()
    part_id = (await desk.part(case)).id
    empty = DraftReport(assignment_id=part_id, content=PROGRESS, sections=())
    assert problems(await desk.refused("chengguan.handler", draft_report, empty)) == [
        (RefusalCode.REQUIRED, ("input", "sections"))
    ]
    own, others = await desk.file("chengguan.handler"), await desk.file("jiaoyu.handler")
    command = DraftReport(assignment_id=part_id, content=PROGRESS, sections=WORDS, file_ids=(own, others, case.id))
    assert problems(await desk.refused("chengguan.handler", draft_report, command)) == [
        (RefusalCode.BAD_ID, ("input", "files", 1)),
        (RefusalCode.BAD_ID, ("input", "files", 2)),
    ]
    command = DraftReport(assignment_id=part_id, content=PROGRESS, sections=WORDS, seal_file_id=others)
    assert problems(await desk.refused("chengguan.handler", draft_report, command)) == [
        (RefusalCode.BAD_ID, ("input", "seal"))
    ]


async def test_one_file_proves_one_report(desk: Desk) -> None:
    case = await desk.dispatched()
    seal = await desk.file("chengguan.handler")
    report = await desk.drafted(case, seal_file_id=seal)
    command = DraftReport(assignment_id=report.assignment_id, content=PROGRESS, sections=WORDS, seal_file_id=seal)
    refusal = await desk.refused("chengguan.handler", draft_report, command)
    assert problems(refusal) == [(RefusalCode.FILE_IN_USE, ("input", "seal"))]


async def test_one_report_meets_slots_of_several_cases(desk: Desk) -> None:
    first = await desk.dispatched()
    second = await desk.dispatched(completion_due_on=date(2026, 7, 31))
    desk.at(6, 18)
    slots = [(await desk.slots(case))[0].id for case in (second, first)]
    report = await desk.submitted(first, slot_ids=tuple(slots))
    assert report.case_id == first.id
    for case in (first, second):
        (slot,) = await desk.slots(case)
        assert (slot.state, slot.met_at) == (SlotState.MET, shanghai(6, 18))
        assert (await desk.part(case)).in_review is True
        (event,) = await desk.rows(Event, case_id=case.id, type="report.submitted")
        assert [change["key"] for change in event.changes if change["table"] == "report_slot"] == [[str(slot.id)]]
    assert await desk.count(Todo, action=TodoAction.REVIEW_REPORT) == 1


async def test_slots_of_others_and_slots_that_are_met_cannot_be_covered(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    (others,) = await desk.slots(case, BUILDING)
    await desk.submitted(case, content=PROGRESS)
    (met,) = await desk.slots(case)
    command = DraftReport(
        assignment_id=(await desk.part(case)).id,
        content=ReportContent.RESULT,
        sections=WORDS,
        slot_ids=(others.id, met.id),
    )
    refusal = await desk.refused("chengguan.handler", draft_report, command)
    assert problems(refusal) == [
        (RefusalCode.BAD_ID, ("input", "slots", 0)),
        (RefusalCode.BAD_ID, ("input", "slots", 1)),
    ]


async def test_a_slot_that_was_met_meanwhile_is_a_conflict(desk: Desk) -> None:
    case = await desk.dispatched()
    waiting = await desk.signed(case, content=PROGRESS)
    await desk.submitted(case, content=PROGRESS)
    refusal = await desk.refused("chengguan.handler", submit_report, SubmitReport(waiting.id, waiting.version))
    assert (refusal.code, refusal.state) == (RefusalCode.STATUS_CONFLICT, "MET")


async def test_progress_may_come_although_nothing_is_due(desk: Desk) -> None:
    case = await desk.dispatched(completion_due_on=date(2026, 7, 31))
    await desk.submitted(case, content=PROGRESS)
    again = await desk.submitted(case, content=PROGRESS)
    assert again.status is ReportStatus.SUBMITTED
    assert await desk.count(ReportCoverage, report_id=again.id) == 0


async def test_separate_units_report_for_themselves(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await desk.submitted(case)
    assert [slot.state for slot in await desk.slots(case, BUILDING)] == [SlotState.OPEN]
    assert (await desk.row(Case, case.id)).due_on == date(2026, 6, 23)


async def test_a_supporting_unit_has_no_report_of_its_own(desk: Desk) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.JOINT)
    command = DraftReport(assignment_id=(await desk.part(case, BUILDING)).id, content=PROGRESS, sections=WORDS)
    refusal = await desk.refused("zhujian.handler", draft_report, command)
    assert problems(refusal) == [(RefusalCode.NOT_APPLICABLE, ("input", "assignment"))]
