"""What an answer shows of things that few may know of, gathered while it is read, so that the reading can be noted.

A row that can be restricted says whether it is. Of a case of which other rows alone are shown, that must be asked.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.audit.service import Subject
from app.core.levels import Classification
from app.reads.kinds import Reads
from app.reads.tables import key_of, table_of

CASE = "case"
_RESTRICTED, _CLASSIFICATION, _CASE_ID = "restricted", "classification", "case_id"


@dataclass(slots=True)
class Seen:
    """`cases` were shown themselves; of those in `parts` other rows were."""

    restricted: set[Subject] = field(default_factory=set)
    cases: set[UUID] = field(default_factory=set)
    parts: set[UUID] = field(default_factory=set)

    def add(
        self, marks: "Marks", key: UUID | None, restricted: Any, classification: int | None, case_id: UUID | None
    ) -> None:
        """One row; without a key a joined one that is not there."""
        if key is None:
            return
        if marks.object == CASE:
            case_id = key
            self.cases.add(key)
        elif case_id is not None:
            self.parts.add(case_id)
        if restricted:
            level = None if classification is None else Classification(classification)
            self.restricted.add(Subject(marks.object, key, level, case_id))

    def unknown(self) -> set[UUID]:
        """The cases of which nobody has said yet whether they are restricted."""
        return self.parts - self.cases


@dataclass(frozen=True, slots=True)
class Marks:
    """Which columns of a type's rows tell."""

    object: str
    key: str
    restricted: str | None
    classification: str | None
    case_id: str | None


def marks_of(reads: Reads) -> Marks | None:
    """None for types whose rows tell of no case."""
    columns = table_of(reads.model).c
    restricted, level, case_id = (
        name if name in columns else None for name in (_RESTRICTED, _CLASSIFICATION, _CASE_ID)
    )
    if reads.object is None or not (restricted or case_id):
        return None
    return Marks(reads.object, key_of(reads.model).key, restricted, level, case_id)
