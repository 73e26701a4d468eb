"""Taking files in, tying them to what they belong to, and giving them out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from app.audit.rules import AccessOutcome
from app.audit.service import Subject, log_access
from app.content.service import bytes_of, put_bytes, put_text, text_of
from app.core.ids import new_id
from app.core.levels import Classification
from app.core.refusals import Problems, Refusal, RefusalCode, not_found
from app.core.texts import NAME, clean
from app.files.models import StoredFile
from app.files.rules import is_what_it_says, media_type_of
from app.work import Work

_SEPARATORS = frozenset("/\\\n\t")


class Owner(Protocol):
    """The case, the circular without one or the proposal whose level and scope a file takes. All lie above."""

    @property
    def classification(self) -> Classification: ...
    @property
    def restricted(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class StoreFile:
    name: str
    media_type: str
    data: bytes
    max_bytes: int


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file on its way out."""

    name: str
    media_type: str
    data: bytes


async def store_file(work: Work, command: StoreFile) -> StoredFile:
    """Take a file in. Until it is attached only who uploaded it sees it. Refuses INVALID_INPUT and NOT_ALLOWED."""
    if work.actor.account_id is None:
        raise Refusal(RefusalCode.NOT_ALLOWED)
    row = StoredFile(
        id=new_id(),
        size=len(command.data),
        sha256=hashlib.sha256(command.data).hexdigest(),
        classification=Classification.PUBLIC,  # its case's, as soon as it has one
        restricted=False,
        uploaded_by=work.actor.account_id,
        uploaded_at=work.now,
    )
    await work.require("file.upload", row)
    command = _checked(command)
    row.media_type = command.media_type
    row.name_id = put_text(work.session, command.name, work.now)
    row.content_id = put_bytes(work.session, command.data, work.now).id
    await work.session.flush()
    work.session.add(row)
    await work.session.flush()
    return row


def _checked(command: StoreFile) -> StoreFile:
    problems = Problems()
    name = clean(problems, command.name, NAME, "input", "name")
    problems.check(not _SEPARATORS & set(name), RefusalCode.BAD_TEXT, "input", "name")
    problems.check(bool(command.data), RefusalCode.REQUIRED, "input", "file")
    limit = command.max_bytes
    problems.check(len(command.data) <= limit, RefusalCode.FILE_TOO_LARGE, "input", "file", limit=limit)
    media_type = media_type_of(command.media_type)
    problems.check(media_type is not None, RefusalCode.FILE_TYPE_NOT_ALLOWED, "input", "mediaType")
    problems.raise_if_any()
    assert media_type is not None
    problems.check(is_what_it_says(media_type, name, command.data), RefusalCode.FILE_TYPE_MISMATCH, "input", "file")
    problems.raise_if_any()
    return replace(command, name=name, media_type=media_type.value)


async def attach(
    work: Work,
    file_ids: Sequence[UUID],
    *,
    owner: Owner,
    case_id: UUID | None,
    subject: tuple[str, UUID],
    unit_id: UUID | None,
    path: tuple[str | int, ...],
    accountability_id: UUID | None = None,
    many: bool = True,
) -> None:
    """Tie files to what they belong to; they take the level and scope of `owner`. Refuses BAD_ID, FILE_IN_USE.

    `unit_id` is the unit whose evidence they are. `path` names the input field; with `many` it holds a list.
    """
    problems = Problems()
    for index, file_id in enumerate(file_ids):
        place = (*path, index) if many else path
        file = await _visible(work, file_id)
        if file is None:
            problems.add(RefusalCode.BAD_ID, *place)
        elif file.subject_id not in (None, subject[1]):
            problems.add(RefusalCode.FILE_IN_USE, *place)
        else:
            file.case_id, file.accountability_id, file.unit_id = case_id, accountability_id, unit_id
            file.subject_kind, file.subject_id = subject
            file.classification, file.restricted = owner.classification, owner.restricted
            await work.session.flush()
    problems.raise_if_any()


async def _visible(work: Work, file_id: UUID) -> StoredFile | None:
    try:
        return await work.load(StoredFile, file_id)
    except Refusal:
        return None


async def read_file(work: Work, file_id: UUID) -> FileBytes:
    """A file that the actor may see. Reading a restricted one is noted before its bytes leave."""
    file = await work.load(StoredFile, file_id, lock=False)
    data = await bytes_of(work.session, file.content_id)
    if data is None:  # expunged
        raise not_found()
    if file.restricted:
        decision = await work.may("file.view", file)
        log_access(
            work.session,
            at=work.real_now,
            outcome=AccessOutcome.READ,
            action="file.view",
            actor=work.actor,
            subject=Subject("file", file.id, file.classification, file.case_id),
            correlation_id=work.correlation_id,
            rule_id=decision.rule_id,
        )
    return FileBytes(await text_of(work.session, file.name_id) or "", file.media_type, data)
