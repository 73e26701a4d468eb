"""A unit that stayed silent: its talk, conclusion and circular as the machine drafts them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.cases.models import Case
from app.circulars.models import Circular
from app.circulars.rules import CircularKind, CircularScope, CircularStatus
from app.content.models import Content
from app.content.service import put_blocks, put_text
from app.core.ids import new_id
from app.core.refusals import Refusal
from app.documents.models import Document, DocumentRecipient
from app.documents.rules import Block, BlockKind
from app.inspections.models import InspectionConclusion
from app.inspections.rules import ConclusionStatus
from app.talks.models import FormalTalk
from app.talks.rules import TalkStatus
from app.talks.service import IssueTalkNotice, issue_talk_notice
from app.todos.rules import TodoAction
from app.todos.service import open_todo
from tests.reports.desk import CITY, Desk, shanghai

TALK_AT = shanghai(6, 29, 14, 30)  # a Monday
FACTS = (Block(BlockKind.FIELD, "2026年6月23日", "上报时限"), Block(BlockKind.PARAGRAPH, "经催办仍未上报。"))


@dataclass(frozen=True, slots=True)
class Ladder:
    """What stands where the machine has finished and people begin."""

    case: Case
    talk_id: UUID
    conclusion_id: UUID
    circular_id: UUID


async def drafted(desk: Desk, unit: str = CITY, **dispatch: Any) -> Ladder:
    """A late case on Thursday, 25 June 2026, 09:00, with its three drafts."""
    desk.at(6, 15)
    case = await desk.dispatched(unit, **dispatch)
    desk.at(6, 25)
    part, now = await desk.part(case, unit), desk.clock.now()
    async with desk.workplace.database.write() as session:
        facts = put_blocks(session, [block.as_json() for block in FACTS], now)
        words = [put_text(session, text, now) for text in ("经催办仍不按要求报告。", "关于通江街占道经营整治的通报")]
        body = put_blocks(session, [Block(BlockKind.PARAGRAPH, "予以全区通报。").as_json()], now)
        await session.flush()
        common: dict[str, Any] = {"case_id": case.id, "unit_id": part.unit_id, "created_at": now}
        talk = FormalTalk(
            id=new_id(), assignment_id=part.id, status=TalkStatus.DRAFT, ground_id=words[0], **common
        )  # fmt: skip
        conclusion = InspectionConclusion(
            id=new_id(), assignment_id=part.id, status=ConclusionStatus.DRAFT, facts_id=facts, **common
        )
        session.add_all((talk, conclusion))
        await session.flush()
        circular = Circular(
            id=new_id(),
            kind=CircularKind.AFTER_TALK,
            scope=CircularScope.DISTRICT,
            status=CircularStatus.DRAFT,
            talk_id=talk.id,
            conclusion_id=conclusion.id,
            title_id=words[1],
            body_id=body,
            classification=case.classification,
            restricted=case.restricted,
            **common,
        )
        session.add(circular)
        for action, subject, role in (
            (TodoAction.ISSUE_TALK_NOTICE, ("talk", talk.id), "supervision_head"),
            (TodoAction.ISSUE_CONCLUSION, ("conclusion", conclusion.id), "district_head"),
        ):
            open_todo(session, action, subject, case_id=case.id, since=now, role=role)
    return Ladder(case, talk.id, conclusion.id, circular.id)


def notice(desk: Desk, ladder: Ladder, **changes: Any) -> IssueTalkNotice:
    given: dict[str, Any] = {
        "talk_id": ladder.talk_id,
        "expected_version": 1,
        "scheduled_at": TALK_AT,
        "place": "区政府二楼会议室",
        "holder_id": desk.district.people["duban.zhu"],
        "second_officer_id": desk.district.people["duban.wu"],
    }
    return IssueTalkNotice(**(given | changes))


async def issued(desk: Desk, unit: str = CITY, **dispatch: Any) -> Ladder:
    """The notice of the talk has gone out."""
    ladder = await drafted(desk, unit, **dispatch)
    await desk.do("duban.zhu", issue_talk_notice, notice(desk, ladder))
    return ladder


def problems_of(refusal: Refusal) -> list[tuple[str, str]]:
    """`code` and dotted path of each problem."""
    return [(problem.code.value, ".".join(map(str, problem.path))) for problem in refusal.problems]


@dataclass(frozen=True, slots=True)
class Printed:
    """A document as it lies before its recipients."""

    number: str | None
    status: str
    title: str | None
    signer: str | None
    blocks: list[tuple[str | None, str]]
    recipients: list[str]


async def printed(desk: Desk, document_id: UUID | None) -> Printed:
    import orjson

    assert document_id is not None
    document = await desk.row(Document, document_id)
    body = orjson.loads((await desk.row(Content, document.body_id)).text or "[]")
    return Printed(
        document.number,
        document.status.value,
        (await desk.row(Content, document.title_id)).text,
        document.signer_name,
        [(block["label"], block["text"]) for block in body],
        sorted(row.printed_name for row in await desk.rows(DocumentRecipient, document_id=document_id)),
    )


async def text(desk: Desk, content_id: UUID | None) -> str | None:
    return None if content_id is None else (await desk.row(Content, content_id)).text


async def events(desk: Desk, case_id: UUID | None, *, since: int = 0) -> list[tuple[str, bool]]:
    """What was recorded of a case after its n-th event, and whether it concerns a unit."""
    from app.events.models import Event

    found = sorted(await desk.rows(Event, case_id=case_id), key=lambda event: event.case_seq or 0)
    return [(event.type, event.unit_id is not None) for event in found if (event.case_seq or 0) > since]


def days(*of_june: int) -> list[date]:
    return [date(2026, 6, day) for day in of_june]


__all__ = ["FACTS", "TALK_AT", "Ladder", "datetime", "drafted", "events", "issued", "notice", "printed", "problems_of"]
