"""Who asks: handlers of units with long ledgers, signed in as anybody signs in, and what each of them asks for."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select

from app.authz import Role
from app.cases.models import Case, CaseParticipant
from app.cases.rules import CaseStatus
from app.core.database import Database
from app.demo.seeding import PASSWORD
from app.identity.models import Account, RoleGrant
from app.reports.models import Report
from app.reports.rules import ReportStatus
from benchmarks.reads.operations import DETAIL, PAGE, SUBMIT, Wish

PEOPLE, CASES_EACH = 100, 10
_FRESH = 600.0  # seconds for which a token is used: it lives 900
_SIGN_IN = "mutation S($i: SignInInput!) { signIn(input: $i) { ... on SessionPayload { accessToken } } }"

_HANDLERS = (
    select(Account.login, RoleGrant.unit_id)
    .join(RoleGrant, RoleGrant.person_id == Account.person_id)
    .where(
        RoleGrant.role == Role.UNIT_HANDLER,
        select(func.count())
        .where(
            CaseParticipant.unit_id == RoleGrant.unit_id,
            CaseParticipant.status == CaseStatus.DISPATCHED,
            CaseParticipant.restricted.is_(False),
        )
        .scalar_subquery()
        > PAGE,
    )
    .order_by(Account.login)
    .limit(bindparam("people"))
)
_REPORTED = (
    select(Report.case_id)
    .join(Case, Case.id == Report.case_id)
    .where(Report.unit_id == bindparam("unit"), Report.submitted_at.is_not(None), Case.restricted.is_(False))
    .order_by(Report.id)
    .limit(CASES_EACH)
)
_SIGNED = (
    select(Account.login, Report.id, Report.version)
    .join(Report, Report.drafted_by == Account.person_id)
    .where(Report.status == ReportStatus.SIGNED)
    .order_by(Report.id)
)


@dataclass(slots=True)
class People:
    """Cases by login; signed reports that nobody has submitted yet, with who may and their version."""

    cases: dict[str, list[UUID]]
    signed: list[Wish]
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)

    def wishes(self, operation: str, submissions: int = 0) -> list[Wish]:
        """Everybody in turn. A report is submitted once, so many of them at a time."""
        if operation == SUBMIT:
            now, self.signed = self.signed[:submissions], self.signed[submissions:]
            return now
        if operation == DETAIL:
            return [Wish(login, cases[number]) for number in range(CASES_EACH) for login, cases in self.cases.items()]
        return [Wish(login) for login in self.cases]

    def sign_in(self, logins: Iterable[str], door: int) -> None:
        """At our server, whose tokens all servers take; anew where a token has become old."""
        for login in set(logins):
            if time.monotonic() > self._tokens.get(login, ("", 0.0))[1]:
                answer = json.loads(post(door, {"query": _SIGN_IN, "variables": {"i": _credentials(login)}})[1])
                token = answer["data"]["signIn"]["accessToken"]
                self._tokens[login] = token, time.monotonic() + _FRESH

    def token(self, login: str) -> str:
        return self._tokens[login][0]


async def people_of(database: Database) -> People:
    """The same people in the same order every time."""
    async with database.read() as session:
        handlers = (await session.execute(_HANDLERS, {"people": PEOPLE})).all()
        cases = {login: list(await session.scalars(_REPORTED, {"unit": unit_id})) for login, unit_id in handlers}
        signed = [Wish(*row) for row in await session.execute(_SIGNED)]
    return People({login: found for login, found in cases.items() if len(found) == CASES_EACH}, signed)


def http_request(port: int, token: str, body: dict[str, Any]) -> bytes:
    """The whole request as it travels."""
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def post(port: int, body: dict[str, Any], token: str | None = None) -> tuple[int, bytes]:
    """Status and body of one answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("POST", "/graphql", json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _credentials(login: str) -> dict[str, str]:
    return {"login": login, "password": PASSWORD}
