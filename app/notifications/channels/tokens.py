"""A provider to which one proves oneself first: its token is kept until it is called stale, then got once more."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from app.notifications.channels.asking import Api, Codes, NotTakenError, said_at
from app.notifications.channels.outcomes import Delivered, Outcome, Permanent, Reminder


class TokenWay(ABC):
    """A chat provider. What is its own: how to get a token, how to send, where the id of a sent message stands."""

    codes: Codes
    sent_at: tuple[str, ...]
    token_at: tuple[str, ...]

    def __init__(self, api: Api) -> None:
        self._api = api
        self._token: str | None = None

    async def send(self, message: Reminder, key: str) -> Outcome:
        try:
            try:
                return await self._send(message, key)
            except NotTakenError as error:
                if error.code not in self.codes.stale:
                    raise
            self._token = None
            return await self._send(message, key)
        except NotTakenError as error:
            # a new token that is stale at once will not get better
            return Permanent(error.outcome.reason) if error.code in self.codes.stale else error.outcome

    async def _send(self, message: Reminder, key: str) -> Outcome:
        if self._token is None:
            self._token = said_at(await self.get_token(), self.token_at)
        answer = await self.post(message, key, self._token or "")
        return self.judged(answer)

    def judged(self, answer: Mapping[str, Any]) -> Outcome:
        """What an answer means whose code says that all is well."""
        return Delivered(said_at(answer, self.sent_at))

    @abstractmethod
    async def get_token(self) -> Mapping[str, Any]: ...

    @abstractmethod
    async def post(self, message: Reminder, key: str, token: str) -> Mapping[str, Any]: ...
