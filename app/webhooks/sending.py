"""One POST to an endpoint: the name is resolved once, every address judged, and the connection made to that address.

So nobody makes this server speak to what lies inside the house: by a name that leads there, by one that leads elsewhere
the second time, by a redirect, or by another way to write an address.
"""

import asyncio
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from app.core.posting import Answer, NotSentError, Request, Target, ask
from app.webhooks.addresses import Network, is_listed, is_public

SECONDS = 15.0
_PUBLIC_PORTS = frozenset({443, 8443})


def may_be_public(target: Target) -> bool:
    """Outside the intranet only TLS on its own ports: nothing else has to be spoken to there."""
    return target.secure and target.port in _PUBLIC_PORTS


class Sender:
    """`allowed`: the networks of the intranet that may be spoken to, in plain HTTP and at any port, too."""

    def __init__(self, allowed: Sequence[Network], seconds: float = SECONDS) -> None:
        self._allowed, self._seconds = tuple(allowed), seconds
        # resolving blocks; in threads of its own it holds up nothing else
        self._resolvers = ThreadPoolExecutor(4, thread_name_prefix="webhook-names")

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The receiver's answer, as far as its status. Raises NotSentError for everything else."""
        return await ask(url, Request(headers, body), self._seconds, self._address)

    def close(self) -> None:
        self._resolvers.shutdown(wait=False, cancel_futures=True)

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
        return is_listed(address, self._allowed) or (may_be_public(target) and is_public(address))
