"""One POST to an endpoint: the name is resolved once, every address judged, and the connection made to that address.

So nobody makes this server speak to what lies inside the house: by a name that leads there, by one that leads elsewhere
the second time, by a redirect, or by another way to write an address.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import h11

from app.webhooks.addresses import Network, is_listed, is_public
from app.webhooks.rules import Target, target_of

SECONDS = 15.0
_MOST_HEADERS, _READ = 16 * 1024, 4_096


class NotSentError(Exception):
    """There is no answer. `fault`: why, in a word for the log of deliveries."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str | None


class Sender:
    """`allowed`: the networks of the intranet that may be spoken to, in plain HTTP and at any port, too."""

    def __init__(self, allowed: Sequence[Network], seconds: float = SECONDS) -> None:
        self._allowed, self._seconds = tuple(allowed), seconds
        # resolving blocks; in threads of its own it holds up nothing else
        self._resolvers = ThreadPoolExecutor(4, thread_name_prefix="webhook-names")

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The receiver's answer. Raises NotSentError for everything else."""
        target = target_of(url)
        if target is None:
            raise NotSentError("URL")
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(target, headers, body)
        except TimeoutError:
            raise NotSentError("TIMEOUT") from None
        except ssl.SSLError:
            raise NotSentError("TLS") from None
        except OSError:
            raise NotSentError("CONNECTION") from None
        except h11.RemoteProtocolError:
            raise NotSentError("NOT_HTTP") from None

    def close(self) -> None:
        self._resolvers.shutdown(wait=False, cancel_futures=True)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    async def _post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        address = await self._address(target)
        tls = self._tls if target.secure else None
        name = target.host if target.secure else None
        reader, writer = await asyncio.open_connection(address, target.port, ssl=tls, server_hostname=name)
        try:
            conversation = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADERS)
            said = {
                "host": target.authority,
                "user-agent": "duban",
                "content-type": "application/json",
                "content-length": str(len(body)),
                "connection": "close",
                **headers,
            }
            request = h11.Request(method="POST", target=target.path, headers=list(said.items()))
            for event in (request, h11.Data(data=body), h11.EndOfMessage()):
                writer.write(conversation.send(event) or b"")
            await writer.drain()
            return await _answer(conversation, reader)
        finally:
            writer.transport.abort()  # what it says besides the status is nobody's business

    async def _address(self, target: Target) -> str:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._resolvers, lambda: socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        )
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(self._may_be(address, target) for address in addresses):
            raise NotSentError("ADDRESS_REFUSED")
        return addresses[0]

    def _may_be(self, address: str, target: Target) -> bool:
        return is_listed(address, self._allowed) or (target.may_be_public and is_public(address))


async def _answer(conversation: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    while True:
        event = conversation.next_event()
        if event is h11.NEED_DATA:
            conversation.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Response):
            wishes = [value for name, value in event.headers if name == b"retry-after"]
            return Answer(event.status_code, wishes[0].decode("latin-1") if wishes else None)
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("no answer")
