"""What a mutation answers: the objects that changed, read again under the rights that the caller has afterwards."""

from typing import Any

import strawberry

from app.graphql.acts import RecordedAct
from app.graphql.assignments import Assignment
from app.graphql.cases import Case
from app.graphql.loaders import reads_of
from app.graphql.made import told_one, told_through
from app.graphql.performing import Done
from app.graphql.reports import Report
from app.reads.tables import Attribute


def changed(*, description: str) -> Any:
    """The object that changed."""
    return told_one(lambda done: done.id, description=description)


def of_changed(via: type[Any], attribute: Attribute[Any], *, description: str) -> Any:
    """What a column of the object that changed, a `via`, refers to."""
    return told_through(lambda done: done.id, via, attribute, description=description)


def case_of(via: type[Any], *, description: str = "Its case.") -> Any:
    """The case of the object that changed."""
    model: Any = reads_of(via).model
    return of_changed(via, model.case_id, description=description)


@strawberry.interface(description="What a mutation answers when it was done, or entered for a check (代录).")
class Payload:
    done: strawberry.Private[Done]
    recorded_act: RecordedAct | None = told_one(
        lambda done: done.recorded_act_id,
        description="The entered act that waits for a second officer (代录); null where the act is done.",
    )

    @property
    def item(self) -> Done:
        """What the fields are told from."""
        return self.done


@strawberry.interface(description="A payload whose changed object is a case.")
class CasePayload(Payload):
    case: Case | None = changed(description="The case; null where the act ended the caller's right to see it.")


@strawberry.interface(description="A payload whose changed object is a unit's part in a case.")
class AssignmentPayload(Payload):
    assignment: Assignment | None = changed(description="The assignment; null where it can be seen no more.")
    case: Case | None = case_of(Assignment)


@strawberry.interface(description="A payload whose changed object is a report.")
class ReportPayload(Payload):
    report: Report | None = changed(description="The report; null where it can be seen no more.")
    case: Case | None = case_of(Report)
