"""代录: which mutations stand for acts that may be done outside the system, and how such an act takes effect."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, time
from enum import Enum
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from strawberry.utils.str_converters import to_camel_case

from app.accountability import service as accountability
from app.accountability.models import AccountabilityProposal
from app.acts.checking import CheckRecordedAct, act_of, begin_check, command_of, finish_check
from app.acts.models import RecordedAct
from app.acts.recording import Place
from app.assignments import service as assignments
from app.cases import service as cases
from app.cases.models import Reading
from app.circulars import service as circulars
from app.circulars.models import Circular
from app.core.database import Base
from app.core.refusals import Refusal, RefusalCode, RefusalKind
from app.escalation import service as escalation
from app.escalation.models import ExtensionRequest, ReassignmentRequest
from app.evaluations import service as evaluations
from app.events import changes
from app.identity.queries import actor_of_person
from app.inspections import service as inspections
from app.inspections.models import InspectionConclusion
from app.reports import service as reports
from app.reports.models import Report
from app.talks import service as talks
from app.talks.models import FormalTalk
from app.work import Work


class Recordable(NamedTuple):
    """An act of a leader or a unit: its input, and what carries it out."""

    command: type[Any]
    use_case: Callable[[Work, Any], Awaitable[Any]]


RECORDABLE: dict[str, Recordable] = {
    "decideHandling": Recordable(cases.DecideHandling, cases.decide_handling),
    "acknowledgeAssignment": Recordable(assignments.AcknowledgeAssignment, assignments.acknowledge_assignment),
    "signReport": Recordable(reports.SignReport, reports.sign_report),
    "receiveReport": Recordable(reports.ReceiveReport, reports.receive_report),
    "acceptReport": Recordable(reports.AcceptReport, reports.accept_report),
    "returnReport": Recordable(reports.ReturnReport, reports.return_report),
    "explainDelay": Recordable(escalation.ExplainDelay, escalation.explain_delay),
    "requestExtension": Recordable(escalation.RequestExtension, escalation.request_extension),
    "decideExtension": Recordable(escalation.DecideExtension, escalation.decide_extension),
    "recordReading": Recordable(reports.RecordReading, reports.record_reading),
    "confirmClosing": Recordable(reports.ConfirmClosing, reports.confirm_closing),
    "requestReassignment": Recordable(escalation.RequestReassignment, escalation.request_reassignment),
    "decideReassignment": Recordable(escalation.DecideReassignment, escalation.decide_reassignment),
    "amendCase": Recordable(escalation.AmendCase, escalation.amend_case),
    "suspendCase": Recordable(escalation.SuspendCase, escalation.suspend_case),
    "resumeCase": Recordable(escalation.ResumeCase, escalation.resume_case),
    "cancelCase": Recordable(escalation.CancelCase, escalation.cancel_case),
    "issueFormalTalkNotice": Recordable(talks.IssueTalkNotice, talks.issue_talk_notice),
    "postponeFormalTalk": Recordable(talks.PostponeTalk, talks.postpone_talk),
    "cancelFormalTalk": Recordable(talks.CancelTalk, circulars.cancel_talk_and_circular),
    "issueConclusion": Recordable(inspections.IssueConclusion, circulars.issue_conclusion_before_circular),
    "withdrawConclusion": Recordable(inspections.WithdrawConclusion, circulars.withdraw_conclusion_and_circular),
    "approveCircular": Recordable(circulars.ApproveCircular, evaluations.approve_circular_and_evaluation),
    "acknowledgeCircular": Recordable(circulars.AcknowledgeCircular, circulars.acknowledge_circular),
    "withdrawCircular": Recordable(circulars.WithdrawCircular, evaluations.withdraw_circular_and_evaluation),
    "decideAccountabilityProposal": Recordable(
        accountability.DecideAccountability, accountability.decide_accountability
    ),
    "withdrawAccountabilityProposal": Recordable(
        accountability.WithdrawAccountability, accountability.withdraw_accountability
    ),
}


class _Owned(NamedTuple):
    model: type[Base]
    owner: str


_OWNED: dict[str, _Owned] = {
    "report_id": _Owned(Report, "assignment_id"),
    "request_id": _Owned(ExtensionRequest, "assignment_id"),
    "reassignment_id": _Owned(ReassignmentRequest, "assignment_id"),
    "reading_id": _Owned(Reading, "case_id"),
    "talk_id": _Owned(FormalTalk, "case_id"),
    "conclusion_id": _Owned(InspectionConclusion, "case_id"),
    "circular_id": _Owned(Circular, "case_id"),
}


async def place_of(work: Work, command: Any) -> Place:
    """What a command names, itself or by way of what it is about. Refuses NOT_FOUND."""
    for name, owned in _OWNED.items():
        key = getattr(command, name, None)
        if key is not None:
            found = await work.load(owned.model, key, lock=False)
            place = Place(**{owned.owner: getattr(found, owned.owner)})
            return replace(place, circular_id=key) if isinstance(found, Circular) else place
    if (key := getattr(command, "accountability_id", None)) is not None:
        return Place(accountability_id=(await work.load(AccountabilityProposal, key, lock=False)).id)
    return Place(getattr(command, "case_id", None), getattr(command, "assignment_id", None))


_NOT_OF_THE_ACT = frozenset({"recorded", "idempotency_key"})


def as_entered(input: Any) -> list[tuple[str, str]]:
    """What an input says, field by field in the words of the schema: what the second officer holds to the evidence."""
    return [
        entry
        for one in fields(input)
        if one.name not in _NOT_OF_THE_ACT
        for entry in _flat(to_camel_case(one.name), getattr(input, one.name))
    ]


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if is_dataclass(value):
        for inner, text in as_entered(value):
            yield f"{name}.{inner}", text
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _flat(f"{name}.{index}", item)
    elif isinstance(value, Enum):
        yield name, str(value.value)
    elif isinstance(value, date | time):  # an instant is a date too
        yield name, value.isoformat()
    else:
        yield name, str(value)


_AT_ONCE = frozenset({RefusalKind.INVALID, RefusalKind.NOT_FOUND})


class _TriedOut(Exception):  # noqa: N818
    """Ends a trial that went well; what it did is undone like what was refused."""


async def try_out(work: Work, recorded: RecordedAct, command: Any) -> None:
    """Refuse at once what is wrong with an input as it is entered, so that the second officer need not find out.

    Rights and states are judged when the act takes effect: what it rests on may be waiting for a check too.
    """
    decider = await actor_of_person(work.session, recorded.decided_by, recorded.occurred_at)
    acting = replace(work, actor=decider, act=act_of(recorded))
    try:
        async with work.session.begin_nested():
            await RECORDABLE[recorded.mutation].use_case(acting, command)
            raise _TriedOut
    except _TriedOut:
        pass
    except Refusal as refusal:
        if refusal.kind in _AT_ONCE or refusal.code is RefusalCode.VERSION_CONFLICT:
            raise
    changes.take(work.session)  # they have not happened


async def check_recorded_act(work: Work, command: CheckRecordedAct) -> RecordedAct:
    """Let an entered act take effect: the use case itself, here and now, with the rights its decider had then."""
    recorded = await begin_check(work, command)
    recordable = RECORDABLE[recorded.mutation]
    acted = TypeAdapter(recordable.command).validate_json(await command_of(work, recorded))
    decider = await actor_of_person(work.session, recorded.decided_by, recorded.occurred_at)
    row = await recordable.use_case(replace(work, actor=decider, act=act_of(recorded)), acted)
    return await finish_check(work, recorded, row.id)
