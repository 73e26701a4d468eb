"""The messages of `graphql-transport-ws`: each type-checked before anything acts on it."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import orjson

from app.graphql.engine import Request
from app.graphql.errors import Rejected
from app.web.bodies import shaped

SUBPROTOCOL = "graphql-transport-ws"
_MAX_ID = 128
_MAX_REASON = 120  # a close frame holds 123 bytes of reason


class CloseCode(IntEnum):
    """Of the protocol, and of RFC 6455 where the protocol has none."""

    INTERNAL_ERROR = 1011
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INITIALISATION_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY = 4429


class Close(Exception):  # noqa: N818  # an instruction
    """End the socket with this code."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:_MAX_REASON].decode(errors="ignore")


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    request: Request


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


ClientMessage = ConnectionInit | Ping | Pong | Subscribe | Complete


def read_message(text: str | None) -> ClientMessage:
    """The message in a text frame. Raises Close(4400) for anything that the protocol does not know."""
    if text is None:
        raise _bad("messages are text")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad("a message is JSON") from None
    if not isinstance(message, dict):
        raise _bad("a message is an object")
    match message.get("type"):
        case "connection_init":
            return ConnectionInit(_payload(message) or {})
        case "ping":
            return Ping(_payload(message))
        case "pong":
            _payload(message)
            return Pong()
        case "subscribe":
            return Subscribe(_id(message), _request(message))
        case "complete":
            return Complete(_id(message))
    raise _bad("unknown type of message")


def _payload(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise _bad("payload is an object")
    return payload


def _request(message: dict[str, Any]) -> Request:
    """A payload of the wrong shape is a broken message, not a request that is answered."""
    try:
        return shaped(_payload(message) or {})
    except Rejected as rejected:
        raise _bad(rejected.faults[0].english) from None


def _id(message: dict[str, Any]) -> str:
    operation_id = message.get("id")
    if not isinstance(operation_id, str) or not 0 < len(operation_id) <= _MAX_ID:
        raise _bad(f"id is a string of 1 to {_MAX_ID} characters")
    return operation_id


def _bad(reason: str) -> Close:
    return Close(CloseCode.BAD_REQUEST, f"Invalid message: {reason}")
