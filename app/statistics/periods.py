"""Periods of periodic circulars (定期通报): which there are, and what one says of a period's ledger. Pure.

What is told names units and numbers, never a case: most of its readers know of none (第二十三条).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.circulars.rules import CircularGround
from app.core.zone import end_of_day
from app.documents.rules import Block, BlockKind, printed_day
from app.evaluations.rules import EvaluationFactKind, Part
from app.statistics.rules import Month

_QUARTERS = "一二三四"
_MONTHS = 3
QUARTERLY = "QUARTERLY"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Some days in a row, both ends included: a month or a quarter, or what was left of one."""

    first: date
    last: date

    @property
    def end(self) -> datetime:
        """The instant after its last day: what is recorded later belongs to the next one."""
        return end_of_day(self.last)

    @property
    def name(self) -> str:
        if self == month_from(self.first):
            return f"{self.first.year}年{self.first.month}月份"
        if self == quarter_from(self.first) and self.first.month % _MONTHS == 1:
            return f"{self.first.year}年第{_QUARTERS[self.first.month // _MONTHS]}季度"
        return f"{printed_day(self.first)}至{printed_day(self.last)}"


def month_from(day: date) -> Period:
    """From a day to the end of its month."""
    return Period(day, Month.of(day).last)


def quarter_from(day: date) -> Period:
    """From a day to the end of its quarter."""
    last_month = (day.month + _MONTHS - 1) // _MONTHS * _MONTHS
    return Period(day, Month(day.year, last_month).last)


def first_day(day: date, periodic: str) -> date:
    """The first day of the month or the quarter of a day."""
    month = (day.month - 1) // _MONTHS * _MONTHS + 1 if periodic == QUARTERLY else day.month
    return day.replace(month=month, day=1)


def period_from(day: date, periodic: str) -> Period:
    return quarter_from(day) if periodic == QUARTERLY else month_from(day)


def after(period: Period) -> date:
    return period.last + timedelta(days=1)


# ── what is told ──

_GROUNDS: dict[EvaluationFactKind, CircularGround] = {
    EvaluationFactKind.NOT_COMPLETED: CircularGround.NOT_CARRIED_OUT,
    EvaluationFactKind.NOT_CARRIED_OUT: CircularGround.NOT_CARRIED_OUT,
    EvaluationFactKind.COMPLETED_LATE: CircularGround.OVERDUE,
    EvaluationFactKind.REPORTED_LATE: CircularGround.OVERDUE,
    EvaluationFactKind.NOT_CONTRIBUTED: CircularGround.OVERDUE,
    EvaluationFactKind.CONTRIBUTED_LATE: CircularGround.OVERDUE,
    EvaluationFactKind.RETURNED_FOR_FORM: CircularGround.BAD_FORM,
    EvaluationFactKind.LONG_UNRESOLVED: CircularGround.LONG_UNRESOLVED,
}
_PRINTED: dict[CircularGround, str] = {
    CircularGround.NOT_CARRIED_OUT: "落实不力",
    CircularGround.OVERDUE: "超过时限",
    CircularGround.BAD_FORM: "不按规定行文",
    CircularGround.LONG_UNRESOLVED: "久督不办",
}
_ADVICE: dict[CircularGround, str] = {
    CircularGround.NOT_CARRIED_OUT: "到期没有办结、没有落实的，主要领导要亲自过问，明确责任人和时限，尽快办结上报。",
    CircularGround.OVERDUE: "要严格执行办理时限，确有困难的，应当在到期前说明情况或者申请延期。",
    CircularGround.BAD_FORM: "上报的情况要内容清楚、结论明确，符合公文格式，由主要领导签发。",
    CircularGround.LONG_UNRESOLVED: "经多次催办仍未办结的事项，要列出清单，逐项整改。",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A part that counts in a period, and what was found about it."""

    part: Part
    kinds: tuple[EvaluationFactKind, ...]

    @property
    def grounds(self) -> tuple[CircularGround, ...]:
        found = {_GROUNDS[kind] for kind in self.kinds if kind in _GROUNDS}
        return tuple(ground for ground in CircularGround if ground in found)

    def times(self, *kinds: EvaluationFactKind) -> int:
        return sum(self.kinds.count(kind) for kind in kinds)


_Column = tuple[str, Callable[[Sequence[Told]], int]]


def _times(*kinds: EvaluationFactKind) -> Callable[[Sequence[Told]], int]:
    return lambda told: sum(one.times(*kinds) for one in told)


_COLUMNS: tuple[_Column, ...] = (
    ("应办事项", lambda told: sum(one.part.principal for one in told)),
    ("逾期办结", _times(EvaluationFactKind.COMPLETED_LATE)),
    ("到期未办结", _times(EvaluationFactKind.NOT_COMPLETED)),
    ("逾期上报（次）", _times(EvaluationFactKind.REPORTED_LATE)),
    ("催办（次）", _times(EvaluationFactKind.URGED)),
    ("退回（次）", _times(EvaluationFactKind.NOT_CARRIED_OUT, EvaluationFactKind.RETURNED_FOR_FORM)),
    ("协办逾期（次）", _times(EvaluationFactKind.NOT_CONTRIBUTED, EvaluationFactKind.CONTRIBUTED_LATE)),
)
Names = Mapping[UUID, str]


def title_of(period: Period) -> str:
    return f"关于{period.name}督办工作情况的通报"


def tables_of(period: Period, told: Sequence[Told], names: Names) -> list[Block]:
    """办理情况 and 存在问题, unit by unit in the order of their names."""
    by_unit = _by_unit(told, names)
    heads = ("单位", *(head for head, _ in _COLUMNS))
    rows = [(name, *(str(count(own)) for _, count in _COLUMNS)) for name, own in by_unit.items()]
    total = ("合计", *(str(count(told)) for _, count in _COLUMNS))
    tables = [Block(BlockKind.TABLE, f"{period.name}各单位办理情况", rows=(heads, *rows, total))]
    problems = [
        (name, _PRINTED[ground], str(sum(ground in one.grounds for one in own)))
        for ground in CircularGround
        for name, own in by_unit.items()
        if any(ground in one.grounds for one in own)
    ]
    if problems:
        tables.append(Block(BlockKind.TABLE, "存在问题的单位", rows=(("单位", "情形", "件数"), *problems)))
    return tables


def words_of(period: Period, told: Sequence[Told], names: Names) -> list[Block]:
    """落实情况、问题、改进意见 (第二十六条) as the machine drafts them; people revise them."""
    return [
        Block(BlockKind.PARAGRAPH, f"现将{period.name}督办工作情况通报如下。"),
        Block(BlockKind.HEADING, "一、落实情况"),
        Block(BlockKind.PARAGRAPH, _situation(told)),
        Block(BlockKind.HEADING, "二、存在的问题"),
        *_problems(told, names),
        Block(BlockKind.HEADING, "三、改进意见"),
        *(Block(BlockKind.PARAGRAPH, advice) for advice in _advice(told)),
    ]


def _situation(told: Sequence[Told]) -> str:
    counted = {head: count(told) for head, count in _COLUMNS}
    late, undone = counted["逾期办结"], counted["到期未办结"]
    units = len({one.part.unit_id for one in told})
    return (
        f"本期{units}个单位应办事项{counted['应办事项']}件，按时办结或者按时上报结果"
        f"{counted['应办事项'] - late - undone}件，逾期办结{late}件，到期未办结{undone}件。"
        f"催办{counted['催办（次）']}次，退回{counted['退回（次）']}次。"
    )


def _problems(told: Sequence[Told], names: Names) -> Iterator[Block]:
    found = _found(told)
    for ground in CircularGround:
        if found[ground]:
            among = {one.part.unit_id for one in told if ground in one.grounds}
            units = "、".join(sorted(names[unit] for unit in among))
            yield Block(BlockKind.PARAGRAPH, f"{_PRINTED[ground]}的{found[ground]}件，涉及{units}。")
    if not found:
        yield Block(BlockKind.PARAGRAPH, "本期没有发现落实不力、超过时限、不按规定行文和久督不办的情形。")


def _advice(told: Sequence[Told]) -> Iterator[str]:
    found = _found(told)
    yield from (_ADVICE[ground] for ground in CircularGround if found[ground])
    if not found:
        yield "请各单位继续按时限、按要求办理。"


def _found(told: Iterable[Told]) -> Counter[CircularGround]:
    return Counter(ground for one in told for ground in one.grounds)


def _by_unit(told: Iterable[Told], names: Names) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda one: names[one.part.unit_id]):
        found.setdefault(names[one.part.unit_id], []).append(one)
    return found
