"""What the sweep writes in bulk has the very shape of what people's use cases write, and proves itself likewise."""

from typing import Any

from sqlalchemy import inspect, select

from app.audit.models import CaseRecord
from app.cases.rules import Handling
from app.deadlines.models import Deadline
from app.deadlines.rules import DeadlineState
from app.escalation.models import Urging
from app.escalation.service import UrgeUnit, urge_unit
from app.events.changes import plain, plain_columns
from app.events.models import Event, OutboxMessage
from tests.escalation.works import Works
from tests.reports.desk import BUILDING, CITY


async def rows_of(desk: Works, urging: Urging) -> tuple[Event, CaseRecord, OutboxMessage]:
    """How an urging was recorded."""
    async with desk.workplace.database.read() as session:
        event = (
            await session.scalars(select(Event).where(Event.subject_id == urging.id).order_by(Event.case_seq))
        ).first()
        assert event is not None
        record = (await session.scalars(select(CaseRecord).where(CaseRecord.event_id == event.id))).one()
        message = (await session.scalars(select(OutboxMessage).where(OutboxMessage.event_id == event.id))).one()
        return event, record, message


def shape(row: Any) -> dict[str, str]:
    """Which columns hold what kind of value."""
    names = [column.key for column in inspect(row).mapper.columns]
    return {name: type(getattr(row, name)).__name__ for name in names}


def change_of(event: Event, table: str) -> list[dict[str, Any]]:
    return [change for change in event.changes if change["table"] == table]


async def test_one_shape_for_the_machine_and_for_people(desk: Works) -> None:
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    part, slot = await desk.part(case, BUILDING), await desk.slot(case, BUILDING)
    desk.at(6, 24)
    by_hand = await desk.do("duban.wu", urge_unit, UrgeUnit(part.id, "请立即上报。", slot.id))
    await desk.escalate()
    by_machine = await desk.urging(case)
    people, machine = await rows_of(desk, by_hand), await rows_of(desk, by_machine)
    for ours, theirs in zip(machine, people, strict=True):
        differing = {name for name, kind in shape(ours).items() if shape(theirs)[name] != kind}
        assert differing <= {"actor_person_id", "actor_account_id"}  # it is nobody
    (mine,), (his,) = change_of(machine[0], "urging"), change_of(people[0], "urging")
    assert mine.keys() == his.keys()
    assert mine["fields"].keys() == his["fields"].keys() - {"issued_by", "reason_id"}
    assert mine["fields"]["kind"] == [None, "AUTOMATIC"]


async def test_the_event_holds_every_plain_field_that_changed(desk: Works) -> None:
    case = await desk.dispatched()
    desk.at(6, 24)
    await desk.escalate()
    urging = await desk.urging(case)
    event, record, message = await rows_of(desk, urging)
    (inserted,) = change_of(event, "urging")
    expected = {name: plain(getattr(urging, name)) for name in plain_columns(inspect(Urging))}
    assert inserted["fields"] == {name: [None, value] for name, value in expected.items() if value is not None}
    fired = await desk.rows(Deadline, case_id=case.id, state=DeadlineState.FIRED)
    ended = [change for change in change_of(event, "deadline") if change["fields"] == {"state": ["PENDING", "FIRED"]}]
    of_dates = sorted(str(row.id) for row in fired if row.due_on == urging.for_due_on)
    assert [change["key"] for change in ended] == [[key] for key in of_dates]
    assert (record.action, record.rule_id, record.actor_kind) == ("case.escalate", "ESC-M1", "MACHINE")
    assert (message.topic, message.dedupe_key) == ("urging.issued", urging.key)
    assert message.payload == {"urging": str(urging.id)}
    assert event.rule_set_id == case.rule_set_id


async def test_the_chain_goes_on_from_hand_to_hand(desk: Works) -> None:
    """People, sweep, reactions and people again, in one chain."""
    case = await desk.dispatched(CITY, BUILDING, handling=Handling.SEPARATE)
    await desk.on(6, 24)
    desk.at(6, 24, 10)
    await desk.submitted(case)
    await desk.tick()
    await desk.on(6, 25)
    async with desk.workplace.database.read() as session:
        statement = select(CaseRecord.seq).where(CaseRecord.case_id == case.id).order_by(CaseRecord.seq)
        seqs = (await session.scalars(statement)).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))
    assert len(seqs) > 12
    assert await desk.broken_chains() == []
