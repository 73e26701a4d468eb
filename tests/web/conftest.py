from collections.abc import AsyncIterator

import httpx
import pytest

from app.web.application import Application
from app.web.websocket import SocketLimits
from tests.web.toy import toy_application


@pytest.fixture
def application() -> Application:
    return toy_application()


@pytest.fixture
def fast() -> Application:
    """An application of little patience."""
    limits = SocketLimits(init_seconds=0.05, operations=3, sockets_per_caller=2, messages_per_second=1, burst=10)
    return toy_application(socket_limits=limits)


@pytest.fixture
async def client(application: Application) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://duban.test") as http_client:
        yield http_client
