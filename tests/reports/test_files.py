"""Files: taken in by what they hold, tied to one thing, given out under the policy, over HTTP too."""

import hashlib
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.routing import Router

from app.audit.models import AccessLog
from app.authz import Actor
from app.cases.service import SetAccessScope, set_access_scope
from app.content.models import Content
from app.core.ids import encode_id
from app.core.refusals import Language, Refusal, RefusalCode
from app.files.models import StoredFile
from app.files.service import StoreFile, read_file, store_file
from app.graphql.errors import sign_in_required
from app.web.application import Application
from app.web.authentication import Admitted, Denied, RequestFacts
from app.web.drain import Drain
from app.web.files import file_routes
from app.web.origins import Origins
from tests.reports.desk import PDF, Desk, problems

LIMIT = 1_000


async def test_a_file_is_kept_as_it_came(desk: Desk) -> None:
    file = await desk.do("chengguan.handler", store_file, StoreFile(" 盖章.pdf ", "application/pdf", PDF, LIMIT))
    stored = await desk.row(StoredFile, file.id)
    assert (stored.size, stored.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert (stored.case_id, stored.subject_id, stored.unit_id) == (None, None, None)
    given = await desk.do("chengguan.handler", read_file, file.id)
    assert (given.name, given.media_type, given.data) == ("盖章.pdf", "application/pdf", PDF)


@pytest.mark.parametrize(
    ("name", "media_type", "data", "expected"),
    [
        ("", "application/pdf", PDF, [(RefusalCode.REQUIRED, ("input", "name"))]),
        ("长" * 120 + ".pdf", "application/pdf", PDF, [(RefusalCode.TOO_LONG, ("input", "name"))]),
        ("../a.pdf", "application/pdf", PDF, [(RefusalCode.BAD_TEXT, ("input", "name"))]),
        ("a\nb.pdf", "application/pdf", PDF, [(RefusalCode.BAD_TEXT, ("input", "name"))]),
        ("a\x00.pdf", "application/pdf", PDF, [(RefusalCode.BAD_TEXT, ("input", "name"))]),
        ("a.pdf", "application/pdf", b"", [(RefusalCode.REQUIRED, ("input", "file"))]),
        ("a.pdf", "application/pdf", PDF + b" " * LIMIT, [(RefusalCode.FILE_TOO_LARGE, ("input", "file"))]),
        ("a.pdf", "text/html", PDF, [(RefusalCode.FILE_TYPE_NOT_ALLOWED, ("input", "mediaType"))]),
        ("a.pdf", "application/pdf", b"<script>", [(RefusalCode.FILE_TYPE_MISMATCH, ("input", "file"))]),
        ("a.png", "application/pdf", PDF, [(RefusalCode.FILE_TYPE_MISMATCH, ("input", "file"))]),
        (
            "",
            "text/html",
            b"",
            [
                (RefusalCode.REQUIRED, ("input", "name")),
                (RefusalCode.REQUIRED, ("input", "file")),
                (RefusalCode.FILE_TYPE_NOT_ALLOWED, ("input", "mediaType")),
            ],
        ),
    ],
)
async def test_what_is_not_taken_in(
    desk: Desk, name: str, media_type: str, data: bytes, expected: list[tuple[RefusalCode, tuple[str, ...]]]
) -> None:
    refusal = await desk.refused("chengguan.handler", store_file, StoreFile(name, media_type, data, LIMIT))
    assert problems(refusal) == expected


async def sees(desk: Desk, login: str, file_id: UUID) -> bool:
    try:
        await desk.do(login, read_file, file_id)
    except Refusal as refusal:
        if refusal.code is not RefusalCode.NOT_FOUND:
            raise
        return False
    return True


async def test_who_sees_a_file_before_and_after_it_is_handed_in(desk: Desk) -> None:
    case = await desk.dispatched()
    seal = await desk.file("chengguan.handler")
    everybody = ("chengguan.handler", "chengguan.head", "duban.wu", "zhuren", "jiaoyu.head")
    assert [await sees(desk, login, seal) for login in everybody] == [True, False, False, False, False]
    await desk.submitted(case, seal_file_id=seal)
    assert [await sees(desk, login, seal) for login in everybody] == [True, True, True, True, False]


async def test_the_reading_of_a_restricted_file_is_noted_before_its_bytes_leave(desk: Desk) -> None:
    case = await desk.dispatched()
    await desk.do(
        "duban.zhu",
        set_access_scope,
        SetAccessScope(
            case.id,
            case.version,
            restricted=True,
            person_ids=(desk.district.people["duban.wu"],),
            unit_ids=(desk.district.units["区城市管理局"],),
        ),
    )
    report = await desk.submitted(case)
    assert report.seal_file_id is not None
    assert (await desk.row(StoredFile, report.seal_file_id)).restricted is True
    assert await desk.count(AccessLog) == 0
    await desk.do("duban.wu", read_file, report.seal_file_id)
    (entry,) = await desk.rows(AccessLog)
    assert (entry.outcome, entry.action, entry.subject_id) == ("READ", "file.view", report.seal_file_id)
    assert (entry.person_id, entry.rule_id) == (desk.district.people["duban.wu"], "FILE-V2")
    assert not await sees(desk, "duban.zheng", report.seal_file_id)


async def test_what_was_expunged_is_not_found(desk: Desk) -> None:
    file_id = await desk.file("chengguan.handler")
    async with desk.workplace.database.write() as session:
        stored = await session.get_one(StoredFile, file_id)
        content = await session.get_one(Content, stored.content_id)
        content.data, content.expunged_at = None, desk.clock.now()
    assert not await sees(desk, "chengguan.handler", file_id)


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The two routes behind the way in; the token is the login."""

    async def authenticate(token: str | None, _facts: RequestFacts) -> Admitted | Denied:
        if token is None:
            return Admitted(None, "anonymous")
        return Admitted(await desk.actor(token), token) if token in desk.district.people else Denied()

    def context(caller: Actor | None, language: Language, correlation_id: UUID) -> Any:
        found = SimpleNamespace(workplace=desk.workplace, policy=desk.policy, correlation_id=correlation_id)
        return _Context(found, caller)

    routes = file_routes(authenticate, context, max_file_bytes=LIMIT)
    application = Application({}, {}, Router(routes), drain=Drain(0), origins=Origins(()))
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as client:
        yield client


class _Context:
    def __init__(self, parts: SimpleNamespace, caller: Actor | None) -> None:
        self.workplace, self.policy = parts.workplace, parts.policy
        self.correlation_id = parts.correlation_id
        self._caller = caller

    @property
    def actor(self) -> Actor:
        if self._caller is None:
            raise sign_in_required()
        return self._caller


def signed_in(login: str = "chengguan.handler", **headers: str) -> dict[str, str]:
    return {"authorization": f"Bearer {login}", "content-type": "application/pdf", **headers}


async def test_bytes_in_and_out_over_http(desk: Desk, http: httpx.AsyncClient) -> None:
    answer = await http.post("/files", params={"name": "盖章 1.pdf"}, content=PDF, headers=signed_in())
    assert answer.status_code == 201
    (stored,) = await desk.rows(StoredFile)
    assert answer.json() == {
        "id": encode_id("file", stored.id),
        "size": len(PDF),
        "sha256": hashlib.sha256(PDF).hexdigest(),
    }
    answer = await http.get(f"/files/{answer.json()['id']}", headers=signed_in())
    assert (answer.status_code, answer.content) == (200, PDF)
    given = {name: answer.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options")}
    assert given == {
        "content-type": "application/pdf",
        "content-disposition": "attachment; filename*=UTF-8''%E7%9B%96%E7%AB%A0%201.pdf",
        "x-content-type-options": "nosniff",
    }
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "params", "content", "status", "code"),
    [
        ({}, {"name": "a.pdf"}, PDF, 401, "UNAUTHENTICATED"),
        (signed_in("nobody"), {"name": "a.pdf"}, PDF, 401, "UNAUTHENTICATED"),
        ({"authorization": "Basic x"}, {"name": "a.pdf"}, PDF, 401, "UNAUTHENTICATED"),
        (signed_in(), {}, PDF, 400, "INVALID_INPUT"),
        (signed_in(), {"name": "a.pdf"}, PDF + b" " * LIMIT, 413, "INVALID_INPUT"),
        (signed_in("quanxian"), {"name": "a.pdf"}, PDF, 403, "NOT_ALLOWED"),
    ],
)
async def test_what_http_refuses_to_take_in(
    desk: Desk,
    http: httpx.AsyncClient,
    headers: dict[str, str],
    params: dict[str, str],
    content: bytes,
    status: int,
    code: str,
) -> None:
    answer = await http.post("/files", params=params, content=content, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
    assert await desk.count(StoredFile) == 0


async def test_ids_that_name_no_file_and_files_of_others_are_not_found_alike(
    desk: Desk, http: httpx.AsyncClient
) -> None:
    file_id = await desk.file("jiaoyu.handler")
    answers = [
        await http.get(f"/files/{key}", headers=signed_in())
        for key in (encode_id("file", file_id), encode_id("file", UUID(int=1)), encode_id("case", file_id), "x", "%00")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({str(answer.json()["errors"][0]["message"]) for answer in answers}) == 1
