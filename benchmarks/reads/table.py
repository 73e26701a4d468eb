"""The table: medians of each server, and how much faster than it ours is, by round before the median is taken."""

import statistics
from collections.abc import Callable

from benchmarks.reads.measuring import Sample, Samples, median
from benchmarks.reads.variants import OURS

_HEAD = "| server | requests/s | p50 ms | p99 ms | server µs | database µs | our rate ÷ its | our CPU speed ÷ its |"


def table(samples: Samples) -> str:
    """Markdown, an operation after the other, the fastest server first."""
    lines = []
    for operation in dict.fromkeys(operation for operation, _ in samples):
        rows = {name: taken for (of, name), taken in samples.items() if of == operation}
        lines += ["", f"### {operation}", "", _HEAD, "|---" + "|---:" * 7 + "|"]
        for name, taken in sorted(rows.items(), key=lambda row: -median(row[1], lambda one: one.rate)):
            lines.append(_row(name, taken, rows[OURS.name]))
    return "\n".join(lines)


def ratio(ours: list[Sample], its: list[Sample], faster: Callable[[Sample, Sample], float]) -> float:
    """The median over the rounds."""
    return statistics.median(faster(mine, other) for mine, other in zip(ours, its, strict=True))


def rate_ratio(mine: Sample, its: Sample) -> float:
    return mine.rate / its.rate


def speed_ratio(mine: Sample, its: Sample) -> float:
    """By the processor time of the server alone: what a busy machine or a slow database hides from the rate."""
    return its.server / mine.server


def _row(name: str, taken: list[Sample], ours: list[Sample]) -> str:
    figures = (
        f"{median(taken, lambda one: one.rate):,.0f}",
        f"{median(taken, lambda one: one.p50):.1f}",
        f"{median(taken, lambda one: one.p99):.1f}",
        f"{median(taken, lambda one: one.server):,.0f}",
        f"{median(taken, lambda one: one.database):,.0f}",
        f"{ratio(ours, taken, rate_ratio):.3g}",
        f"{ratio(ours, taken, speed_ratio):.3g}",
    )
    return f"| {name} | {' | '.join(figures)} |"
