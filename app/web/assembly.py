"""How the parts of the way in are put together. The composition root calls this and nothing else of `app.web`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.routing import BaseRoute, Router

from app.core.clock import Clock
from app.core.settings import Settings
from app.graphql.engine import Engine
from app.web.application import Application
from app.web.authentication import Authenticate, ContextFactory
from app.web.drain import Drain
from app.web.floods import Callers
from app.web.health import Check, Health
from app.web.http import HttpEndpoint
from app.web.origins import Origins
from app.web.websocket import SocketEndpoint, SocketLimits

GRAPHQL_PATH = "/graphql"
Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


def web_application(
    engine: Engine,
    authenticate: Authenticate,
    context_factory: ContextFactory,
    settings: Settings,
    *,
    clock: Clock,
    checks: Mapping[str, Check],
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
    socket_limits: SocketLimits | None = None,
) -> Application:
    """The ASGI application: GraphQL, health, and whatever `routes` add (files, tokens, pages)."""
    drain = Drain(settings.drain_seconds)
    health = Health(checks, drain)
    limits = socket_limits or SocketLimits()
    callers = Callers(limits.sockets_per_caller)
    http = HttpEndpoint(
        engine,
        authenticate,
        context_factory,
        clock=clock,
        callers=callers,
        drain=drain,
        max_body_bytes=settings.max_body_bytes,
    )
    sockets = SocketEndpoint(engine, authenticate, context_factory, clock=clock, limits=limits, callers=callers)
    return Application(
        {GRAPHQL_PATH: http, "/healthz": health.live, "/readyz": health.ready, "/metrics": health.metrics},
        {GRAPHQL_PATH: sockets},
        Router(routes, lifespan=lifespan),
        drain=drain,
        origins=Origins(settings.allowed_origins),
    )
