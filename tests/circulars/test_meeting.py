"""通报会 (第二十六条): who was there has been told; who was not gets it and acknowledges; what is wrong about it."""

from dataclasses import replace
from typing import Any

import pytest

from app.circulars.models import Circular, CircularReply
from app.circulars.service import (
    AcknowledgeCircular,
    Meeting,
    PublishCircular,
    acknowledge_circular,
    draft_circular,
    publish_circular,
)
from app.core.refusals import RefusalCode
from app.documents.models import DocumentRecipient
from app.todos.models import Todo
from tests.bed.world import World
from tests.circulars.ladder import approved
from tests.circulars.test_by_hand import about
from tests.reports.desk import BUILDING, CITY, Desk, shanghai
from tests.talks.ladder import problems_of
from tests.usecases.calls import done

HELD = shanghai(6, 16, 14)


@pytest.fixture
async def criticism(desk: Desk) -> tuple[Circular, Meeting]:
    """Approved on the day before; the meeting was held this afternoon."""
    circular = await approved(desk, await desk.do("duban.wu", draft_circular, about(desk, CITY)), "quzhang")
    desk.at(6, 16, 16)
    return circular, Meeting(HELD, "一楼会议室", (desk.district.units[CITY],), minutes="通报了有关情况。")


async def published(desk: Desk, circular: Circular, meeting: Meeting, *units: str) -> Circular:
    command = PublishCircular(
        circular.id, circular.version, tuple(desk.district.units[unit] for unit in units), meeting
    )
    return await desk.do("duban.zheng", publish_circular, command)


async def test_who_was_there_has_been_told_and_who_was_not_acknowledges(
    desk: Desk, criticism: tuple[Circular, Meeting]
) -> None:
    circular = await published(desk, *criticism, CITY, BUILDING)
    units = desk.district.units
    recipients = {row.unit_id: row for row in await desk.rows(DocumentRecipient, document_id=circular.document_id)}
    there, absent = recipients[units[CITY]], recipients[units[BUILDING]]
    assert (there.delivered_at, there.acknowledged_at, there.acknowledged_by) == (HELD, HELD, None)
    assert (absent.delivered_at, absent.acknowledged_at) == (shanghai(6, 16, 16), None)
    waiting = await desk.rows(Todo, action="ACKNOWLEDGE_CIRCULAR", closed_at=None)
    assert [todo.subject_id for todo in waiting] == [absent.id]
    again = await desk.refused("chengguan.handler", acknowledge_circular, AcknowledgeCircular(circular.id))
    assert again.code is RefusalCode.ALREADY_DONE
    await desk.do("zhujian.handler", acknowledge_circular, AcknowledgeCircular(circular.id))
    assert await desk.count(Todo, action="ACKNOWLEDGE_CIRCULAR", closed_at=None) == 0
    (reply,) = await desk.rows(CircularReply, circular_id=circular.id)
    assert reply.unit_id == units[CITY]  # having been there answers nothing


async def test_what_is_wrong_about_a_meeting(desk: Desk, criticism: tuple[Circular, Meeting]) -> None:
    circular, meeting = criticism
    city, building = (desk.district.units[unit] for unit in (CITY, BUILDING))
    wrong: list[tuple[dict[str, Any], str, str]] = [
        ({"held_at": shanghai(6, 15, 8)}, "BAD_DATE", "heldAt"),  # before it was approved
        ({"held_at": shanghai(6, 16, 17)}, "BAD_DATE", "heldAt"),  # still to come
        ({"place": " "}, "REQUIRED", "place"),
        ({"minutes": " "}, "REQUIRED", "minutes"),
        ({"unit_ids": ()}, "REQUIRED", "units"),
        ({"unit_ids": (city, building)}, "BAD_ID", "units.1"),  # no addressee
        ({"unit_ids": (city, city)}, "DUPLICATE", "units"),
        ({"person_ids": (city,)}, "BAD_ID", "people.0"),
        ({"minutes": None, "minutes_file_id": city}, "BAD_ID", "minutesFile"),
    ]
    for changes, code, at in wrong:
        command = PublishCircular(circular.id, circular.version, (), replace(meeting, **changes))
        refusal = await desk.refused("duban.zheng", publish_circular, command)
        assert problems_of(refusal) == [(code, f"input.meeting.{at}")]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_schema_tells_of_the_meeting(staged: World, kind: str) -> None:
    told = "form heldAt place minutes minutesFile { name } attendingUnits { name } attendees { name }"
    circular = (await done(staged, "publishCircular", f"circular {{ {told} }}"))["circular"]
    assert circular == {
        "form": "MEETING",
        "heldAt": "2026-06-25T01:00:00+00:00",
        "place": "区政府一楼会议室",
        "minutes": "通报了有关情况。",
        "minutesFile": {"name": "盖章扫描件.pdf"},
        "attendingUnits": [{"name": "区城市管理局"}],
        "attendees": [{"name": "潘志远"}],
    }
    of_unit = "query Q($id: ID!) { node(id: $id) { ... on Circular { form minutes minutesFile { name } } } }"
    key = staged.stages["approved_circular"]["circular"]["id"]
    node = (await staged.as_("chengguan.handler").ask(of_unit, id=key))["node"]
    assert node == {"form": "MEETING", "minutes": "通报了有关情况。", "minutesFile": None}  # the scan is the office's
