"""One world: database, clock, district, application. Stories speak to it as people do, over HTTP."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import httpx

from app.authz import Actor, Policies, Policy
from app.core.clock import SHANGHAI, FixedClock
from app.core.database import Database
from app.core.ids import encode_id, new_id
from app.core.refusals import RefusalCode, kind_of
from app.core.settings import Settings
from app.demo.district import SINCE, District
from app.escalation.sweep import escalate
from app.events.feed import Feed
from app.identity.models import Account, Person, Session
from app.identity.queries import actor_of_person
from app.identity.rules import AccountKind
from app.identity.tokens import Tokens
from app.notifications.delivery import relay
from app.web.application import Application
from app.work.opening import Workplace
from tests.bed import wire
from tests.bed.dump import Dump, changed, everything

MONDAY = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai; 19 to 21 June are 端午
EMERGENCY = "emergency"  # the emergency account, which nobody signs in to by a login, where a stage opened it
OUTSIDER = "outsider"  # signed in, without post or role
PDF = b"%PDF-1.7\nscan"
SESSION = timedelta(hours=12)
REFUSALS = (
    "... on Refusal { code message } ... on InvalidInput { problems { code path message } } "
    "... on NotAllowed { rule clause } ... on Conflict { version state }"
)


def shanghai(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass(slots=True)
class World:
    """`as_(login)` gives a client. `clock` is business and real time at once and stands still until it is moved."""

    database: Database
    clock: FixedClock
    district: District
    settings: Settings
    policy: Policy  # as shipped
    policies: Policies
    workplace: Workplace
    client: httpx.AsyncClient
    tokens: Tokens
    application: Application
    feed: Feed
    stages: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def as_(self, login: str, language: str = "zh-CN") -> "Client":
        """A signed-in person. Tokens are made without the sign-in, which has tests of its own."""
        return Client(self, login, language)

    def as_nobody(self, language: str = "zh-CN") -> "Client":
        """Somebody without a token."""
        return Client(self, None, language)

    def at(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let the day come."""
        self.clock.move_to(shanghai(month, day, hour, minute))

    async def tick(self) -> None:
        """Both sweeps of a worker, until neither finds anything to do."""
        policy = await self.policies.now()
        while await escalate(self.workplace, policy) + await relay(self.workplace, policy):
            pass

    async def on(self, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        """Let the day come, and the worker look."""
        self.at(month, day, hour, minute)
        await self.tick()

    def unit(self, name: str) -> str:
        return encode_id("unit", self.district.units[name])

    def group(self, name: str) -> str:
        return encode_id("group", self.district.groups[name])

    def person(self, login: str) -> str:
        return encode_id("person", self.district.people[login])

    async def upload(self, login: str, name: str = "盖章扫描件.pdf", data: bytes = PDF) -> str:
        """A file handed in over HTTP; its global id."""
        headers = {"Authorization": f"Bearer {await self.token(login)}", "Content-Type": "application/pdf"}
        answer = await self.client.post("/files", params={"name": name}, content=data, headers=headers)
        assert answer.status_code == 201, answer.text
        stored: str = answer.json()["id"]
        return stored

    async def actor(self, login: str) -> Actor:
        async with self.database.read() as session:
            return await actor_of_person(session, self.district.people[login], self.clock.now())

    async def everything(self) -> Dump:
        return await everything(self.database)

    def _account(self, login: str) -> UUID:
        account: UUID = self.stages["emergency"]["account"] if login == EMERGENCY else self.district.accounts[login]
        return account

    async def token(self, login: str) -> str:
        """An access token for an open session of the account, made directly and used until it ends."""
        text, ends = self._tokens.get(login, ("", MONDAY))
        now = self.clock.real_now()
        if not now < ends:
            session = Session(id=new_id(), account_id=self._account(login), created_at=now, expires_at=now + SESSION)
            async with self.database.write() as writing:
                writing.add(session)
            text = self.tokens.issue(session.account_id, session.id, now, session.expires_at).text
            self._tokens[login] = text, now + timedelta(seconds=self.settings.access_token_seconds)
        return text


@dataclass(slots=True)
class Client:
    """One person's GraphQL client."""

    world: World
    login: str | None
    language: str = "zh-CN"

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        body = await self.post(document, variables)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def post(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The whole answer."""
        headers = {"Accept-Language": self.language, "Content-Type": "application/json"}
        if self.login is not None:
            headers["Authorization"] = f"Bearer {await self.world.token(self.login)}"
        sent = json.dumps({"query": document, "variables": variables})  # escaped: a lone surrogate can be sent
        reply = await wire.post(self.world.application, "/graphql", sent.encode(), headers)
        body: dict[str, Any] = json.loads(reply.body)
        return body

    async def do(self, mutation: str, selection: str, **input: Any) -> dict[str, Any]:
        """A mutation that must succeed; its payload."""
        body = await self.try_(mutation, selection, **input)
        assert "errors" not in body, body["errors"]
        answer: dict[str, Any] = body["data"]["answer"]
        assert answer["__typename"].endswith("Payload"), answer
        return answer

    async def refused(self, mutation: str, **input: Any) -> list[str]:
        """A mutation that must be refused and change nothing; every reason on a line of its own (`reasons`)."""
        if self.login is not None:
            await self.world.token(self.login)
        before = await self.world.everything()
        body = await self.try_(mutation, "__typename", **input)
        assert changed(before, await self.world.everything()) == {}
        return reasons(body)

    async def try_(self, mutation: str, selection: str, **input: Any) -> dict[str, Any]:
        kind = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation M($input: {kind}Input!) {{ answer: {mutation}(input: $input) {{ __typename "
            f"... on {kind}Payload {{ {selection} }} {REFUSALS} }} }}"
        )
        return await self.post(document, {"input": camel(input)})


def reasons(body: Mapping[str, Any]) -> list[str]:
    """Why an answer says no: `input.title REQUIRED`, `STATUS_CONFLICT REGISTERED v1`, `NOT_ALLOWED SOD-1`."""
    if "errors" in body:
        return [
            _line(*error["extensions"].get("path", ()), code=error["extensions"]["code"]) for error in body["errors"]
        ]
    answer = body["data"]["answer"]
    assert not answer["__typename"].endswith("Payload"), answer
    code = RefusalCode(answer["code"])
    assert _KIND[answer["__typename"]] == kind_of(code).value
    match answer["__typename"]:
        case "InvalidInput":
            return [_line(*problem["path"], code=problem["code"]) for problem in answer["problems"]]
        case "Conflict":
            version = None if answer["version"] is None else f"v{answer['version']}"
            return [" ".join(filter(None, (code, answer["state"], version)))]
        case "NotAllowed":
            return [" ".join(filter(None, (code, answer["rule"])))]
    return [code.value]


_KIND = {"InvalidInput": "INVALID", "NotAllowed": "NOT_ALLOWED", "NotFound": "NOT_FOUND", "Conflict": "CONFLICT"}


def _line(*path: object, code: str) -> str:
    return " ".join(filter(None, (".".join(map(str, path)), code)))


def messages(body: Mapping[str, Any]) -> Iterable[str]:
    """Every sentence for people in an answer that says no."""
    if "errors" in body:
        yield from (error["message"] for error in body["errors"])
        return
    answer = body["data"]["answer"]
    yield answer["message"]
    yield from (problem["message"] for problem in answer.get("problems", ()))


def camel(value: Any) -> Any:
    """Python's names and values as the wire writes them."""
    if isinstance(value, dict):
        return {re.sub(r"_(\w)", lambda match: match[1].upper(), key): camel(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [camel(item) for item in value]
    return value.isoformat() if isinstance(value, (date, time, datetime)) else value


def add_outsider(district: District, password_hash: str) -> None:
    """An account whose holder has neither post nor role."""
    person = Person(id=new_id(), name="外来人员", updated_at=MONDAY)
    account = Account(
        id=new_id(),
        kind=AccountKind.PERSON,
        person_id=person.id,
        login=OUTSIDER,
        password_hash=password_hash,
        created_at=datetime.combine(SINCE, time.min, UTC),
    )
    district.people[OUTSIDER], district.accounts[OUTSIDER] = person.id, account.id
    district.rows += [person, account]
