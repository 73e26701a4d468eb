"""Kinds and states of documents, number series, and the blocks of a body."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.core.levels import Classification


class DocumentKind(StrEnum):
    SUPERVISION_NOTICE = "SUPERVISION_NOTICE"  # 政府督办通知 (第七条(一))
    OFFICE_DOCUMENT = "OFFICE_DOCUMENT"  # 政府办公室文件 (第八条(二))
    AMENDMENT_NOTICE = "AMENDMENT_NOTICE"  # 变更通知
    URGING_NOTICE = "URGING_NOTICE"  # 催办通知
    TALK_NOTICE = "TALK_NOTICE"  # 约谈通知
    CONCLUSION = "CONCLUSION"  # 督查结论
    CIRCULAR = "CIRCULAR"  # 通报


class DocumentStatus(StrEnum):
    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    ISSUED = "ISSUED"
    WITHDRAWN = "WITHDRAWN"
    SUPERSEDED = "SUPERSEDED"


class RecipientCapacity(StrEnum):
    MAIN = "MAIN"  # 主送
    CC = "CC"  # 抄送


class DeliveryChannel(StrEnum):
    SYSTEM = "SYSTEM"
    PAPER = "PAPER"


class BlockKind(StrEnum):
    PARAGRAPH = "PARAGRAPH"
    HEADING = "HEADING"
    FIELD = "FIELD"  # a labelled value: 承办单位 …
    TABLE = "TABLE"  # rows of cells, the first one the heads; its text is the caption


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document body. `label` only for FIELD, `rows` only for TABLE."""

    kind: BlockKind
    text: str
    label: str | None = None
    rows: tuple[tuple[str, ...], ...] = ()

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"kind": self.kind.value, "text": self.text, "label": self.label}
        return body | {"rows": self.rows} if self.rows else body


def block_of(stored: dict[str, Any]) -> Block:
    """What `as_json` wrote."""
    rows = tuple(tuple(row) for row in stored.get("rows", ()))
    return Block(BlockKind(stored["kind"]), stored["text"], stored["label"], rows)


REGISTER_SERIES = "CASE"


def series_mark(classification: Classification, *, restricted: bool) -> str:
    """What follows the 机关代字 in a series of its own, so that its numbers leave no gap in the ordinary one."""
    level = "密" if classification >= Classification.WORK_SECRET else ""
    return level + ("限" if restricted else "")


def format_number(code: str, year: int, number: int) -> str:
    """发文字号 as GB/T 9704-2012 writes it: 机关代字〔年份〕序号, year in full, no leading zeros."""
    return f"{code}〔{year}〕{number}号"


def printed_day(day: date) -> str:
    """A date as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"
