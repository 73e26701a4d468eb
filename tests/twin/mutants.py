"""Leaks made on purpose, one in each channel that this schema has: patches of the product that a person might write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, FromClause, bindparam, exists, select

from app import work as work_module
from app.accountability.models import AccountabilityProposal
from app.acts.models import RecordedAct
from app.cases.models import Case, Instruction, ProposedUnit
from app.cases.service import registering
from app.content.models import Content
from app.content.service import bytes_of, text_of
from app.core.levels import Classification
from app.core.paging import Page
from app.core.refusals import Refusal, RefusalCode, not_found
from app.documents import service as numbering
from app.escalation.models import Explanation
from app.events.models import Event
from app.exchange import importing
from app.exchange.importing_drafts import plan_digest
from app.files import service as files
from app.files.models import StoredFile
from app.graphql import confidential, made
from app.graphql.confidential import ConfidentialText
from app.graphql.loaders import Loaders
from app.graphql.node import Walk
from app.notifications.models import Notification
from app.permissions.service import explaining as permissions
from app.reads import statement
from app.reads.execution import Row, Slice
from app.reads.filters import ValueFilter
from app.reads.keyset import descending, ranges
from app.reads.statement import Level
from app.reads.verdicts import ALLOWED, Verdict, verdicts
from app.reports.models import Report
from app.statistics.listing import CASE_LISTING
from app.talks.models import FormalTalk
from app.todos.models import Todo
from app.web import files as file_routes
from app.work import Work
from tests.twin.cast import EXPLAINER, OFFICIALS, UNITS

AFTERWARDS, REFUSALS = "what comes of what happens afterwards", "what mutations refuse"
CONCERNED = OFFICIALS[2]  # the chief leader, who would approve it if it did not concern him
Seed = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """`part`: of the comparison that hears it. `told`: it leaks while things happen, so the worlds are told anew.

    `field_by_field`: it is made where graphql-core reads; the others are heard through compiled reads. `viewer`: who
    hears it.
    """

    channel: str
    part: str
    seed: Seed
    told: bool = False
    field_by_field: bool = False
    viewer: str = UNITS[0]


def _rule_lost(model: Any) -> Seed:
    """The rows of one table are read without asking who may see them."""
    shown = statement._visible

    def visible(level: Level, row: FromClause) -> list[ColumnElement[bool]]:
        return shown(replace(level, rule=None) if level.model is model else level, row)

    return lambda patch: patch.setattr(statement, "_visible", visible)


def _counted_without_asking(patch: pytest.MonkeyPatch) -> None:
    counted = statement._counted
    patch.setattr(statement, "_counted", lambda level, parent: counted(replace(level, rule=None), parent))


def _figures_without_asking(patch: pytest.MonkeyPatch) -> None:
    tally = statement.tally
    patch.setattr(statement, "tally", lambda level, divisions: tally(replace(level, rule=None), divisions))


def _redacted_after_paging(patch: pytest.MonkeyPatch) -> None:
    """Pages are cut from all rows, and what the caller may not see is taken out of them then."""
    paged = Loaders.root_page

    async def root_page(self: Loaders, level: Any, target: Any, page: Page, given: Any) -> Slice:
        found = await paged(self, replace(level, rule=None), target, page, given)
        seen = [row for row in found.rows if await self.one(target).load(row["id"]) is not None]
        return Slice(seen, found.more)

    patch.setattr(Loaders, "root_page", root_page)


def _ranks_in_cursors(patch: pytest.MonkeyPatch) -> None:
    """A cursor says how many rows lie before its own, hidden ones, too."""
    paged, cursor = Loaders.root_page, Walk.cursor

    async def root_page(self: Loaders, level: Any, target: Any, page: Page, given: Any) -> Slice:
        found = await paged(self, level, target, page, given)
        whole = await paged(self, replace(level, rule=None), target, Page(100), given)
        ranks = {row["id"]: rank for rank, row in enumerate(whole.rows)}
        return Slice([{**row, "rank": ranks.get(row["id"])} for row in found.rows], found.more)

    def ranked(self: Walk, cursors: Any, row: Row) -> str:
        return cursor(self, cursors, row) + str(row.get("rank"))

    patch.setattr(Loaders, "root_page", root_page)
    patch.setattr(Walk, "cursor", ranked)


def _cursors_of_hidden_rows(patch: pytest.MonkeyPatch) -> None:
    def of_all_rows(*given: Any, backward: bool, shown: Any) -> Any:
        return ranges(*given, backward=backward)

    patch.setattr(statement, "ranges", of_all_rows)


def _order_by_what_happened_inside(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(_writable(CASE_LISTING.orders), "DUE_ON_ASC", (descending(Case.record_seq),))


def _search(has_words: Callable[[FromClause, str], ColumnElement[bool]]) -> Seed:
    found = ValueFilter(lambda row, query, _key: has_words(row, query))
    return lambda patch: patch.setitem(_writable(CASE_LISTING.filters), "text", found)


def _names_in_proposals(row: FromClause, query: str) -> ColumnElement[bool]:
    named = ProposedUnit.__table__
    return exists().where(named.c.case_id == row.c.id, named.c.printed_name == query).correlate(row)


def _words_of_instructions(row: FromClause, query: str) -> ColumnElement[bool]:
    told, text = Instruction.__table__, Content.__table__
    return exists().where(
        told.c.case_id == row.c.id, told.c.words_id == text.c.id, text.c.text.contains(query)
    ).correlate(row)  # fmt: skip


def _read_by_everybody(patch: pytest.MonkeyPatch) -> None:
    async def judged(*given: Any) -> Mapping[UUID, Mapping[str, Verdict]]:
        found = await verdicts(*given)
        return {
            key: {**acts, **dict.fromkeys(acts.keys() & {"instruction.read"}, ALLOWED)} for key, acts in found.items()
        }

    patch.setattr(made, "verdicts", judged)


def _as_long_as_the_words(patch: pytest.MonkeyPatch) -> None:
    def blackened(full: Verdict, part: Verdict, words: str | None, excerpt: str | None) -> Any:
        return ConfidentialText(text="█" * len(words or ""), redacted=True, reason=None)

    patch.setattr(confidential.confidential, "__code__", blackened.__code__)


def _obstacles_that_are_drafts(patch: pytest.MonkeyPatch) -> None:
    """Whether something may be done to a case depends on a talk that is being drafted, and says so."""

    async def judged(session: Any, *given: Any) -> Mapping[UUID, Mapping[str, Verdict]]:
        talks = set(await session.scalars(select(FormalTalk.case_id)))
        found = await verdicts(session, *given)
        return {key: dict.fromkeys(acts, ALLOWED if key in talks else None) for key, acts in found.items()}

    patch.setattr(made, "verdicts", judged)


def _remembered_for_all(patch: pytest.MonkeyPatch) -> None:
    """One set of loaders for all requests of a process."""
    made, shared = Loaders.__init__, {}  # type: ignore[var-annotated]

    def init(self: Loaders, context: Any) -> None:
        made(self, context)
        self._kept = shared.setdefault(context.database, self._kept)

    patch.setattr(Loaders, "__init__", init)


def _files_by_whoever_has_the_id(patch: pytest.MonkeyPatch) -> None:
    async def read_file(work: Work, file_id: UUID) -> files.FileBytes:
        file = await work.session.get(StoredFile, file_id)
        if file is None:
            raise not_found()
        data = await bytes_of(work.session, file.content_id)
        return files.FileBytes(await text_of(work.session, file.name_id) or "", file.media_type, data or b"")

    patch.setattr(file_routes, "read_file", read_file)


def _attached_by_whoever_has_the_id(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(files, "_visible", lambda work, file_id: work.session.get(StoredFile, file_id))


def _loaded_without_asking(patch: pytest.MonkeyPatch) -> None:
    """A write asks whether it is allowed, but not first whether its object may be seen."""
    patch.setattr(
        work_module,
        "_visible",
        lambda model, _plan, _dialect, _lock: select(model).where(model.id == bindparam("row_id")),
    )


def _refused_by_name(patch: pytest.MonkeyPatch) -> None:
    """NOT_FOUND for what is nowhere, and something else for what is hidden."""
    load = Work.load

    async def said(self: Work, model: Any, row_id: UUID, **named: Any) -> Any:
        try:
            return await load(self, model, row_id, **named)
        except Refusal:
            if await self.session.get(model, row_id) is not None:
                raise Refusal(RefusalCode.STATUS_CONFLICT, state="RESTRICTED") from None
            raise

    patch.setattr(Work, "load", said)


def _one_series_for_all(patch: pytest.MonkeyPatch) -> None:
    take = numbering.take_number

    async def take_number(session: Any, series: Any) -> int:
        return await take(session, replace(series, restricted=False, classification=Classification.INTERNAL))

    patch.setattr(numbering, "take_number", take_number)
    patch.setattr(registering, "take_number", take_number)


def _already_registered(patch: pytest.MonkeyPatch) -> None:
    checked = registering._checked

    async def unique(work: Work, command: Any) -> Any:
        titles = select(Content.id).join(Case, Case.title_id == Content.id).where(Content.text == command.title)
        if (await work.session.scalars(titles)).first() is not None:
            raise Refusal(RefusalCode.DUPLICATE)
        return await checked(work, command)

    patch.setattr(registering, "_checked", unique)


def _known_to_whoever_imports_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(importing, "plan_digest", lambda work, plan, _: plan_digest(work, plan, Classification.INTERNAL))


def _touched_by_what_happens_inside(patch: pytest.MonkeyPatch) -> None:
    chain = Work._chain

    async def touching(self: Work, event: Any, case: Any, action: str | None) -> None:
        await chain(self, event, case, action)
        if case is not None:
            case.updated_at = self.now

    patch.setattr(Work, "_chain", touching)


def _explained_to_whoever_has_the_id(patch: pytest.MonkeyPatch) -> None:
    async def seen(work: Work, _object_name: str, subject: Any) -> Any:
        row = subject and await work.session.get(subject.model, subject.key)
        if subject and row is None:
            raise not_found()
        return row

    patch.setattr(permissions, "_seen", seen)


def _writable(table: Mapping[str, Any]) -> dict[str, Any]:
    assert isinstance(table, dict)
    return table


MUTANTS = (
    Mutant("node by id", "by id", _rule_lost(Explanation)),
    Mutant("list", "whole", _rule_lost(Report)),
    Mutant("timeline", "whole", _rule_lost(Event)),
    Mutant("todos", "whole", _rule_lost(Todo)),
    Mutant("notifications", "whole", _rule_lost(Notification)),
    Mutant("acts entered for others", "whole", _rule_lost(RecordedAct)),
    Mutant("accountability proposals", "whole", _rule_lost(AccountabilityProposal), viewer=CONCERNED),
    Mutant("total count", "whole", _counted_without_asking),
    Mutant("statistics", "whole", _figures_without_asking),
    Mutant("page size", "walks", _redacted_after_paging, field_by_field=True),
    Mutant("cursor", "whole", _ranks_in_cursors, field_by_field=True),
    Mutant("cursor of a hidden row", "foreign cursors", _cursors_of_hidden_rows),
    Mutant("order", "walks", _order_by_what_happened_inside),
    Mutant("filter through a relation", "filtered", _search(_names_in_proposals)),
    Mutant("search text", "filtered", _search(_words_of_instructions)),
    Mutant("confidential field", "by id", _read_by_everybody, field_by_field=True),
    Mutant("length of a confidential field", "by id", _as_long_as_the_words, field_by_field=True),
    Mutant("allowed actions", "by id", _obstacles_that_are_drafts, field_by_field=True),
    Mutant("memory of another caller", "after one who knows", _remembered_for_all, field_by_field=True),
    Mutant("explanation", "rights", _explained_to_whoever_has_the_id, viewer=EXPLAINER),
    Mutant("files", "files", _files_by_whoever_has_the_id),
    Mutant("refusal code", REFUSALS, _loaded_without_asking),
    Mutant("refusal that names the state", REFUSALS, _refused_by_name),
    Mutant("file of another", REFUSALS, _attached_by_whoever_has_the_id),
    Mutant("gaps between numbers", AFTERWARDS, _one_series_for_all, told=True),
    Mutant("uniqueness", AFTERWARDS, _already_registered, told=True),
    Mutant("duplicate detection", AFTERWARDS, _known_to_whoever_imports_it, told=True),
    Mutant("updatedAt", "by id", _touched_by_what_happens_inside, told=True),
)
QUICK_TO_NOTICE = frozenset(
    {
        "node by id",
        "total count",
        "search text",
        "confidential field",
        "files",
        "refusal code",
        "allowed actions",
        "explanation",
    }
)
