"""Endpoints: registered by the system administrator, verified by another person, stopped by either.

A new endpoint is sent a code, signed, and nothing else. Who runs the receiver tells it to the second person: so both
the address and the secret are known to be right before anything of a case leaves the house.
"""

import secrets
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.crypto import same
from app.core.ids import new_id
from app.core.posting import target_of
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.core.texts import clean
from app.events.feed import place_now
from app.identity.models import Account
from app.identity.rules import AccountKind
from app.webhooks.models import WebhookEndpoint, WebhookMessage
from app.webhooks.rules import (
    LONGEST_URL,
    MOST_AT_ONCE,
    MOST_ENDPOINTS,
    OLD_SECRET_FOR,
    DeliveryOrder,
    EndpointState,
    MessageState,
    check_types,
)
from app.work import Work

_CODE_BYTES = 24
_LONGEST_CODE = 100
_STOPPED = {EndpointState.PAUSED, EndpointState.GONE}


@dataclass(frozen=True, slots=True)
class RegisterWebhook:
    account_id: UUID
    url: str
    event_types: tuple[str, ...] = ()
    delivery_order: DeliveryOrder = DeliveryOrder.CASE
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class VerifyWebhook:
    endpoint_id: UUID
    code: str


async def register_webhook(work: Work, command: RegisterWebhook) -> WebhookEndpoint:
    """An endpoint of an outside system, and the message with its code."""
    account = await work.load(Account, command.account_id)
    problems = Problems()
    endpoint = WebhookEndpoint(
        id=new_id(),
        account_id=account.id,
        url=clean(problems, command.url, LONGEST_URL, "input", "url"),
        event_types=check_types(problems, command.event_types, "input", "eventTypes"),
        delivery_order=command.delivery_order,
        at_once=command.at_once,
        state=EndpointState.UNVERIFIED,
        code=secrets.token_urlsafe(_CODE_BYTES),
        registered_by=work.actor.person_id,
        registered_at=work.real_now,
    )
    await work.require("webhook.register", endpoint)
    in_range = 1 <= command.at_once <= MOST_AT_ONCE
    problems.check(in_range, RefusalCode.OUT_OF_RANGE, "input", "atOnce", low=1, high=MOST_AT_ONCE)
    problems.raise_if_any()
    problems.check(target_of(endpoint.url) is not None, RefusalCode.BAD_TEXT, "input", "url")
    problems.raise_if_any()
    if account.kind is not AccountKind.SERVICE or account.disabled_at is not None:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    others = await _urls_of(work, account.id)
    problems.check(endpoint.url not in others, RefusalCode.DUPLICATE, "input", "url")
    problems.check(len(others) < MOST_ENDPOINTS, RefusalCode.TOO_MANY, "input", "account", limit=MOST_ENDPOINTS)
    problems.raise_if_any()
    work.session.add(endpoint)
    await work.session.flush()
    work.session.add(_with_code(endpoint, work))
    await work.record_admin("webhook.registered", ("webhook", endpoint.id), action="webhook.register")
    return endpoint


async def verify_webhook(work: Work, command: VerifyWebhook) -> WebhookEndpoint:
    """Begin to push: what happens from now on. WRONG_CODE unless the receiver told what it was sent."""
    endpoint = await work.load(WebhookEndpoint, command.endpoint_id)
    await work.require("webhook.verify", endpoint)
    problems = Problems()
    code = clean(problems, command.code, _LONGEST_CODE, "input", "code")
    problems.raise_if_any()
    if endpoint.state is not EndpointState.UNVERIFIED or endpoint.code is None:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    if not same(code.encode(), endpoint.code.encode()):
        raise invalid(RefusalCode.WRONG_CODE, "input", "code")
    endpoint.state, endpoint.code = EndpointState.ACTIVE, None
    endpoint.verified_by, endpoint.verified_at = work.actor.person_id, work.real_now
    endpoint.place = await place_now(work.session)
    await work.record_admin("webhook.verified", ("webhook", endpoint.id), action="webhook.verify")
    return endpoint


async def rotate_webhook_secret(work: Work, endpoint_id: UUID) -> WebhookEndpoint:
    """A new secret. For a day messages are signed with the old one as well."""
    endpoint = await _changeable(work, endpoint_id, "webhook.change")
    if endpoint.old_secret_until is not None and endpoint.old_secret_until > work.real_now:
        raise Refusal(RefusalCode.ALREADY_DONE)
    endpoint.secret_generation += 1
    endpoint.old_secret_until = work.real_now + OLD_SECRET_FOR
    await work.record_admin("webhook.secret_rotated", ("webhook", endpoint.id), action="webhook.change")
    return endpoint


async def pause_webhook(work: Work, endpoint_id: UUID) -> WebhookEndpoint:
    """Push nothing for now. Nothing is lost by it."""
    endpoint = await _changeable(work, endpoint_id, "webhook.stop")
    if endpoint.state is not EndpointState.ACTIVE:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    endpoint.state = EndpointState.PAUSED
    await work.record_admin("webhook.paused", ("webhook", endpoint.id), action="webhook.stop")
    return endpoint


async def resume_webhook(work: Work, endpoint_id: UUID) -> WebhookEndpoint:
    """Go on where it stopped."""
    endpoint = await _changeable(work, endpoint_id, "webhook.change")
    if endpoint.state not in _STOPPED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    endpoint.state, endpoint.failures, endpoint.held_until = EndpointState.ACTIVE, 0, None
    await work.record_admin("webhook.resumed", ("webhook", endpoint.id), action="webhook.change")
    return endpoint


async def remove_webhook(work: Work, endpoint_id: UUID) -> WebhookEndpoint:
    """End an endpoint for good."""
    endpoint = await _changeable(work, endpoint_id, "webhook.stop")
    endpoint.state, endpoint.code = EndpointState.REMOVED, None
    await work.record_admin("webhook.removed", ("webhook", endpoint.id), action="webhook.stop")
    return endpoint


async def _changeable(work: Work, endpoint_id: UUID, action: str) -> WebhookEndpoint:
    endpoint = await work.load(WebhookEndpoint, endpoint_id)
    await work.require(action, endpoint)
    if endpoint.state is EndpointState.REMOVED:
        raise Refusal(RefusalCode.STATUS_CONFLICT, state=endpoint.state)
    return endpoint


def _with_code(endpoint: WebhookEndpoint, work: Work) -> WebhookMessage:
    return WebhookMessage(
        id=new_id(),
        endpoint_id=endpoint.id,
        place=0,
        state=MessageState.PENDING,
        next_at=work.real_now,
        created_at=work.real_now,
    )


async def _urls_of(work: Work, account_id: UUID) -> set[str]:
    statement = select(WebhookEndpoint.url).where(
        WebhookEndpoint.account_id == account_id, WebhookEndpoint.state != EndpointState.REMOVED
    )
    return set((await work.session.scalars(statement)).all())
