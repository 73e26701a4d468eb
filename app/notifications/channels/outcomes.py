"""What a channel is given, what it is, and what may come of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

SUBJECT = "督办提醒"
SECONDS = 15.0  # for one answer


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to one person: no confidential words, and where to read them."""

    address: str = field(repr=False)
    words: str
    link: str

    @property
    def text(self) -> str:
        return f"{self.words}\n{self.link}"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took it, under this id of its own where it tells one."""

    provider_id: str | None


@dataclass(frozen=True, slots=True)
class Retryable:
    """Not now. `after`: a limit; nothing at all is sent before."""

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """Never: the same message would be refused again."""

    reason: str


Outcome = Delivered | Retryable | Permanent


class Way(Protocol):
    """A channel. `key` is the same for all attempts at one message; the provider is told where it listens."""

    async def send(self, message: Reminder, key: str) -> Outcome: ...
