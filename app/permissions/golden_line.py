"""A line of the signed table, and what its words mean: policies/README.md."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.authz import Role
from app.authz.policy_text import GoldenLine
from app.core.levels import Classification

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ME, SOMEBODY, ACCOUNT, OTHER_ACCOUNT = (UUID(int=n) for n in range(1, 5))
MY_UNIT, OTHER_UNIT, OFFICE = (UUID(int=n) for n in range(11, 14))
CASE, OBJECT, PARENT = (UUID(int=n) for n in range(21, 24))

UNIT_ROLES = {Role.UNIT_HEAD, Role.UNIT_DEPUTY, Role.UNIT_HANDLER, Role.SEAL_KEEPER, Role.SERVICE}
OFFICE_ROLES = {Role.SUPERVISION_OFFICER, Role.SUPERVISION_HEAD}
WORDS = {  # that the column `relation` may hold
    "-", "addressed", "addressed_to_me", "assignment", "authorised", "concerned", "contribution", "extension",
    "for_another_case", "for_this_case", "heads", "in_scope", "joint_partner", "lead", "leader", "lender",
    "lender_leads", "major", "mine", "of_accountability", "of_circular",
    "of_office", "of_other_actions", "of_report", "of_role", "of_unit", "others", "post_in_unit",
    "proposer", "recorder", "recused", "report", "separate", "signed", "supporting", "to_addressees",
    "unit_in_scope",
}  # fmt: skip
AFTER_DISPATCH = {"DISPATCHED", "CLOSING", "CLOSED", "ARCHIVED"}


@dataclass(frozen=True)
class Golden(GoldenLine):
    """A line of the table, with what its words mean."""

    @classmethod
    def of(cls, line: GoldenLine) -> "Golden":
        return cls(*line.values)

    @property
    def words(self) -> set[str]:
        return set(self.relation.split("&"))

    @property
    def level(self) -> Classification:
        return Classification[self.classification]

    @property
    def restricted(self) -> bool:
        return self.scope == "RESTRICTED"

    @property
    def object_name(self) -> str:
        return self.action.split(".")[0]

    @property
    def unit(self) -> UUID:
        return OTHER_UNIT if "others" in self.words else OFFICE if "of_office" in self.words else MY_UNIT

    @property
    def person(self) -> UUID:
        return ME if "mine" in self.words else SOMEBODY

    @property
    def subject(self) -> str:
        """What a decision, a todo or a notification is about."""
        known = ("report", "assignment", "extension", "of_circular", "of_accountability")
        return next((kind for kind in known if kind in self.words), "case").removeprefix("of_")

    def is_(self, *statuses: str) -> datetime | None:
        """An instant that is known once the object has reached one of these states."""
        return NOW if self.status in statuses else None


def level_of(golden: Golden) -> dict[str, Any]:
    return {"classification": golden.level, "restricted": golden.restricted}


def proposal_of(golden: Golden) -> UUID | None:
    return PARENT if "of_accountability" in golden.words else None
