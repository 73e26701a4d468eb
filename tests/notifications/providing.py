"""A provider outside: one loopback server that answers over HTTP or SMTP as it is told to, slow and broken included."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from app.core.settings import Settings

TOKENS: dict[str, dict[str, Any]] = {
    "/gettoken": {"errcode": 0, "access_token": "token", "expires_in": 7200},
    "/cgi-bin/gettoken": {"errcode": 0, "access_token": "token", "expires_in": 7200},
    "/open-apis/auth/v3/tenant_access_token/internal": {"code": 0, "tenant_access_token": "token", "expire": 7200},
}
TAKEN: dict[str, dict[str, Any]] = {
    "/topapi/message/corpconversation/asyncsend_v2": {"errcode": 0, "task_id": 256},
    "/cgi-bin/message/send": {"errcode": 0, "errmsg": "ok", "msgid": "m-1", "invaliduser": ""},
    "/open-apis/im/v1/messages": {"code": 0, "data": {"message_id": "om_1"}},
    "/sms": {"Code": "OK"},
}
SLOW, CLOSED, HALF = "SLOW", "CLOSED", "HALF"
Answer = str | dict[str, Any] | tuple[int, dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass(slots=True)
class Provider:
    """`answers` to what is to be sent are given first, then it takes everything; `tokens` likewise."""

    sent: list[Request] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)  # for tokens
    answers: list[Answer] = field(default_factory=list)
    tokens: list[Answer] = field(default_factory=list)
    mails: list[list[str]] = field(default_factory=list)  # what came after each DATA
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, **more: Any) -> Settings:
        """Every channel leads here."""
        given: dict[str, Any] = {
            "front_end_url": "https://duban.example.gov.cn",
            "dingtalk_url": self.url,
            "dingtalk_app_key": "ding",
            "dingtalk_app_secret": "ding-secret",
            "dingtalk_agent_id": "7",
            "wecom_url": self.url,
            "wecom_corp_id": "corp",
            "wecom_secret": "corp-secret",
            "wecom_agent_id": "8",
            "feishu_url": self.url,
            "feishu_app_id": "cli",
            "feishu_app_secret": "cli-secret",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "smtp_from": "duban@example.gov.cn",
            "sms_url": f"{self.url}/sms",
            "sms_body": '{"to": "{mobile}", "text": "{text}", "out_id": "{key}", "sign": "{secret}"}',
            "sms_secret": 'a "secret"',
            "sms_code_field": "Code",
            "sms_code_ok": "OK",
            "sms_codes_later": "LIMIT, BUSY",
            "sms_codes_never": "BLACK",
        }
        return Settings(**(given | more))

    async def answer_http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _read(reader)
        if request.path in TOKENS:
            self.asked.append(request)
            answer = self.tokens.pop(0) if self.tokens else TOKENS[request.path]
        else:
            self.sent.append(request)
            answer = self.answers.pop(0) if self.answers else TAKEN[request.path]
        if answer == SLOW:
            await asyncio.sleep(30)
        if answer == HALF:
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"errcode": 0')
        elif answer != CLOSED:
            status, headers, body = answer if isinstance(answer, tuple) else (200, {}, orjson.dumps(answer))
            lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
            lines += [f"{name}: {value}" for name, value in headers.items()]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    async def answer_smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """`answers` are to the end of the data (`250`), or to a command that they name (`RCPT 550`)."""
        told = dict(str(one).rpartition(" ")[::2] for one in self.answers)
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().rstrip():
            command = line.partition(" ")[0].upper()
            if told.get(command) == SLOW:
                await asyncio.sleep(30)
            if told.get(command) == CLOSED:
                return
            if command == "DATA":
                writer.write(b"354 go on\r\n")
                mail = []
                while (text := (await reader.readline()).decode().rstrip("\r\n")) != ".":
                    mail.append(text)
                self.mails.append(mail)
                writer.write(f"{told.get('', '250')} so\r\n".encode())
            elif command == "EHLO":
                writer.write(b"250-here\r\n250 AUTH PLAIN\r\n")
            else:
                usual = {"QUIT": "221", "AUTH": "235"}.get(command, "250")
                writer.write(f"{told.get(command, usual)} so\r\n".encode())


@asynccontextmanager
async def providing(*, smtp: bool = False) -> AsyncIterator[Provider]:
    provider = Provider()
    answer: Callable[..., Awaitable[None]] = provider.answer_smtp if smtp else provider.answer_http
    running: set[asyncio.Task[Any]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        with suppress(asyncio.CancelledError, OSError):
            await answer(reader, writer)
        writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1")
    provider.port = listening.sockets[0].getsockname()[1]
    try:
        yield provider
    finally:
        listening.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)
