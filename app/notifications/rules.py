"""What leaves the house beside the inbox: which topic is what, who may be reached how, what goes together and when."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from app.core.refusals import Problems, RefusalCode
from app.core.texts import clean
from app.regulation.rules import TimeLimitTier


class ReminderChannel(StrEnum):
    DINGTALK = "DINGTALK"
    WECOM = "WECOM"
    FEISHU = "FEISHU"
    SMTP = "SMTP"
    SMS = "SMS"


class ReminderKind(StrEnum):
    """What a person chooses channels for."""

    URGING = "URGING"  # 催办
    DUTY = "DUTY"  # something waits for him or his unit
    NEWS = "NEWS"  # what he may as well read in the system


class DeliveryState(StrEnum):
    PENDING = "PENDING"
    SENT = "SENT"
    GATHERED = "GATHERED"  # another one carries it
    WITHHELD = "WITHHELD"  # read meanwhile, or not to be seen, or not wished any more
    DEAD = "DEAD"


MANDATORY = frozenset({ReminderKind.URGING, ReminderKind.DUTY})
LONGEST_ADDRESS, LONGEST_KINDS, LONGEST_ANSWER = 120, 60, 80
OLDEST = timedelta(days=7)  # what came before is in the inbox only
GATHER_FOR = timedelta(seconds=20)  # what follows at once belongs to the same message

_NEWS = frozenset(
    {"urging.withdrawn", "case.suspended", "case.cancelled", "case.closed", "report.accepted", "contribution.submitted"}
    | {"explanation.answered", "extension.decided", "reassignment.decided", "talk.cancelled", "conclusion.withdrawn"}
    | {"circular.withdrawn", "circular.reply_reviewed", "evaluation.objection_answered"}
)
# What is said of a case by the topic of its message. Other topics come because something waits.
_WORDS = {
    "urging.delivered": "催办",
    "urging.withdrawn": "催办已撤回",
    "case.dispatched": "新的督办任务",
    "case.amended": "督办要求有变更",
    "case.suspended": "督办已中止",
    "case.resumed": "督办已恢复",
    "case.cancelled": "督办已撤销",
    "case.closed": "已办结",
    "case.reopened": "重新办理",
    "report.submitted": "有上报待审核",
    "report.accepted": "上报已通过",
    "report.returned": "上报被退回",
    "contribution.submitted": "协办单位已反馈",
    "explanation.answered": "说明情况已答复",
    "extension.decided": "延期申请已答复",
    "reassignment.decided": "退办申请已答复",
    "deadline.passed": "时限已过",
    "talk.issued": "约谈通知",
    "talk.postponed": "约谈改期",
    "talk.cancelled": "约谈取消",
    "conclusion.issued": "督查结论",
    "conclusion.withdrawn": "督查结论已作废",
}


def kind_of(topic: str) -> ReminderKind:
    if topic == "urging.delivered":
        return ReminderKind.URGING
    return ReminderKind.NEWS if topic in _NEWS else ReminderKind.DUTY


def is_urgent(topic: str, tier: TimeLimitTier | None) -> bool:
    """An urgent notice does not wait for the morning (值班)."""
    return topic == "case.dispatched" and tier is TimeLimitTier.URGENT


_MOST_NAMED = 5


def words_of(told: Sequence[tuple[str, str | None]]) -> str:
    """What is said of these messages, the newest first: of each case, by its number, what was last.

    Without a number nothing is said of it, to the reader or to whoever carries the message.
    """
    newest: dict[str, str] = {}
    for topic, number in told:
        if number is not None:
            newest.setdefault(number, _WORDS.get(topic, "有待办事项"))
    if not newest:
        return "您有督办提醒，请登录系统查看。"
    named: dict[str, list[str]] = {}
    for number, words in list(newest.items())[:_MOST_NAMED]:
        named.setdefault(words, []).append(number)
    more = "等" if len(newest) > _MOST_NAMED or any(number is None for _, number in told) else ""
    parts = [f"{'、'.join(numbers)}：{words}" for words, numbers in named.items()]
    return f"{'；'.join(parts)}{more}。"


def fitted(words: str, link: str, most_bytes: int) -> str:
    """Words and link in so many bytes of UTF-8: the words are cut, between characters, never the link."""
    room = max(0, most_bytes - len(f"\n{link}".encode()))
    return f"{words.encode()[:room].decode(errors='ignore')}\n{link}"


_USER = re.compile(r"\w[\w.@+-]{0,63}", re.ASCII)  # one, and never @all
_ADDRESSES: dict[ReminderChannel, re.Pattern[str]] = {
    ReminderChannel.DINGTALK: _USER,
    ReminderChannel.WECOM: _USER,
    ReminderChannel.FEISHU: _USER,
    ReminderChannel.SMTP: re.compile(r"[\w.%+-]{1,64}@[\w-]+(\.[\w-]+)+", re.ASCII),
    ReminderChannel.SMS: re.compile(r"1[3-9][0-9]{9}"),
}


def check_address(problems: Problems, channel: ReminderChannel, address: str, *path: str | int) -> str:
    """An address of this channel; adds REQUIRED, TOO_LONG or BAD_TEXT."""
    text = clean(problems, address, LONGEST_ADDRESS, *path)
    if 0 < len(text) <= LONGEST_ADDRESS and not _ADDRESSES[channel].fullmatch(text):
        problems.add(RefusalCode.BAD_TEXT, *path)
    return text


def keeps_what_is_mandatory(choices: Iterable[Collection[str]]) -> bool:
    """Whether all that somebody must hear of reaches him by one of his channels. Without any the inbox has it."""
    chosen = list(choices)
    return not chosen or {kind for kinds in chosen for kind in kinds} >= MANDATORY


class Waiting(Protocol):
    """A reminder that waits: of a person, about a matter."""

    @property
    def person_id(self) -> UUID: ...
    @property
    def matter_id(self) -> UUID: ...
    @property
    def place(self) -> int: ...
    @property
    def urging(self) -> bool: ...
    @property
    def urgent(self) -> bool: ...
    @property
    def next_at(self) -> datetime: ...


W = TypeVar("W", bound=Waiting)


@dataclass(slots=True)
class Plan(Generic[W]):
    """`parcels`: what goes out in one message each, the newest last; `put_off`: until when what else waits."""

    parcels: list[list[W]] = field(default_factory=list)
    put_off: list[tuple[W, datetime]] = field(default_factory=list)


def planned(
    waiting: Iterable[W],
    real_now: datetime,
    *,
    quiet_until: datetime | None,
    urged: Mapping[UUID, datetime],
    interval: timedelta,
) -> Plan[W]:
    """What goes out now: one message per person and matter, and all urgings of a person in one.

    Nothing but what is urgent goes out before `quiet_until`, and no urging so soon after the last one of its person.
    """
    plan: Plan[W] = Plan()
    by_matter = attrgetter("person_id", "matter_id")
    ordered = sorted(waiting, key=lambda one: (str(one.person_id), str(one.matter_id), one.place))
    matters = [list(group) for _, group in groupby(ordered, key=by_matter)]
    for person_id, of_person in groupby(matters, key=lambda matter: matter[0].person_id):
        urgings: list[W] = []
        for matter in of_person:
            if quiet_until is not None and not any(one.urgent for one in matter):
                plan.put_off += [(one, quiet_until) for one in matter if one.next_at <= real_now]
            elif any(one.urging for one in matter):
                urgings += matter
            elif _is_due(matter, real_now):
                plan.parcels.append(matter)
        free_at = urged[person_id] + interval if person_id in urged else real_now
        if free_at > real_now:
            plan.put_off += [(one, free_at) for one in urgings if one.next_at <= real_now]
        elif _is_due(urgings, real_now):
            plan.parcels.append(sorted(urgings, key=lambda one: one.place))
    return plan


def _is_due(several: Iterable[Waiting], real_now: datetime) -> bool:
    return any(one.next_at <= real_now for one in several)


_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 30, 120, 360, 720))  # most of a day
_JITTER = 0.2


def pause_after(attempts: int, chance: float) -> timedelta | None:
    """How long to wait after so many failed attempts; `chance` from 0 to 1 spreads it. None: give up."""
    if attempts > len(_PAUSES):
        return None
    pause: timedelta = _PAUSES[attempts - 1] * (1 + _JITTER * (2 * chance - 1))
    return pause
