"""An HTTP API that answers JSON with a code of its own: the code says what happened, whatever the HTTP status is.

All the chat providers answer 200 to what they refuse.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from app.core.clock import Clock
from app.core.posting import Answer, NotSentError, Request, ask, wish_of
from app.notifications.channels.outcomes import SECONDS, Permanent, Retryable

_CODE = re.compile(r"[\w.:-]{1,40}", re.ASCII)
_MOST_READ = 64 * 1024
_LIMITED_FOR = timedelta(minutes=1)  # where the provider does not say


@dataclass(frozen=True, slots=True)
class Codes:
    """What a provider's codes mean. One that is not listed is tried again for a while: it may be new, or pass.

    `at`: where in the answer they stand, and of the one that is called `general` where the code behind it does. With a
    `stale` one the token was too old.
    """

    at: tuple[str, ...]
    taken: str
    limited: frozenset[str]
    refused: frozenset[str]
    stale: frozenset[str] = frozenset()
    general: str | None = None
    behind: tuple[str, ...] = ()
    wish: str = "retry-after"

    def found_in(self, body: Mapping[str, Any]) -> str | None:
        code = said_at(body, self.at)
        return said_at(body, self.behind) or code if code == self.general else code


class NotTakenError(Exception):
    """The provider did not take what it was sent, or nothing is known of it."""

    def __init__(self, outcome: Retryable | Permanent, code: str | None = None) -> None:
        super().__init__(outcome)
        self.outcome, self.code = outcome, code


class Api:
    """Speaks to one provider."""

    def __init__(self, clock: Clock, seconds: float = SECONDS) -> None:
        self._clock, self._seconds = clock, seconds

    async def ask(
        self, url: str, body: bytes | None, codes: Codes, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """The answer to what was taken. Raises NotTakenError for everything else."""
        try:
            answer = await ask(url, Request(headers or {}, body, _MOST_READ, codes.wish), self._seconds)
        except NotSentError as error:
            raise NotTakenError(Retryable(error.fault)) from None
        found = _decoded(answer.body)
        code = codes.found_in(found)
        if code == codes.taken:
            return found
        reason = f"HTTP {answer.status}" if code is None else _loggable(code)
        if code in codes.refused:
            raise NotTakenError(Permanent(reason))
        if code in codes.limited or answer.status == 429:  # noqa: PLR2004  # too many requests
            raise NotTakenError(Retryable(reason, self._wish(answer)))
        raise NotTakenError(Retryable(reason), code)

    def _wish(self, answer: Answer) -> timedelta:
        return wish_of(answer.retry_after, self._clock.real_now()) or _LIMITED_FOR


def said_at(body: Any, path: tuple[str, ...]) -> str | None:
    """What stands at these keys of an answer, as text; None where nothing does."""
    for key in path:
        body = body.get(key) if isinstance(body, Mapping) else None
    return str(body) if isinstance(body, str | int) else None


def _loggable(code: str) -> str:
    """A gateway may say anything where its code should stand."""
    return code if _CODE.fullmatch(code) else "STRANGE"


def _decoded(body: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
