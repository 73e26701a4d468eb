"""给单位看 (第二十七条): the sheets are laid open, each to its unit, which may object for some working days."""

from dataclasses import dataclass
from uuid import UUID

from app.authz import Role
from app.deadlines.dates import DueDate, Reckoning, working
from app.evaluations.models import Evaluation
from app.evaluations.rules import EvaluationStatus, step
from app.todos.rules import TodoAction
from app.todos.service import close_todos, open_todo
from app.work import Work


@dataclass(frozen=True, slots=True)
class ShowEvaluation:
    evaluation_id: UUID
    expected_version: int


async def show_evaluation(work: Work, command: ShowEvaluation) -> Evaluation:
    """Let every unit see its own sheet. Refuses as every decision does."""
    evaluation = await work.load(Evaluation, command.evaluation_id)
    await work.require("evaluation.show", evaluation)
    work.expect_version(evaluation, command.expected_version)
    evaluation.status = step(evaluation.status, EvaluationStatus.SHOWN)
    due = await _in_workdays(work, (await work.rules_of(evaluation.rule_set_id)).evaluation.objection_workdays)
    evaluation.shown_at, evaluation.objections_until = work.now, due.due_on
    evaluation.version += 1
    await await_submission(work, evaluation, due)
    await work.record("evaluation.shown", ("evaluation", evaluation.id), case=None, action="evaluation.show")
    return evaluation


async def await_submission(work: Work, evaluation: Evaluation, due: DueDate | None = None) -> None:
    """The office grades, answers objections, and lays the evaluation before who approves it."""
    due = due or await _in_workdays(work, work.regulation.office.analysis_workdays)
    subject = ("evaluation", evaluation.id)
    await close_todos(work.session, at=work.now, by=work.actor.person_id, subject=subject)
    await work.session.flush()
    open_todo(
        work.session,
        TodoAction.SUBMIT_EVALUATION,
        subject,
        case_id=None,
        since=work.now,
        role=Role.SUPERVISION_HEAD.value,
        due_on=due.due_on,
        due_at=due.due_at,
    )


async def _in_workdays(work: Work, days: int) -> DueDate:
    reckoning = Reckoning(work.regulation, (await work.rule_set()).id, await work.calendar())
    return working(reckoning, work.today, days)
