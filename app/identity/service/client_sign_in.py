"""Outside systems sign in by an assertion of their own key (RFC 6749 §4.4, RFC 7523). Whatever is wrong, one answer.

An access token is a session of its own and is not renewed: who wants another one proves himself again.
"""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import is_taken
from app.core.refusals import Refusal, RefusalCode
from app.events import changes
from app.identity.assertions import Assertion, audiences_of, claimed_client, read_assertion
from app.identity.models import Account, ClientAssertion, ClientKey, Session
from app.identity.rules import AccountKind, canonical_login
from app.identity.service.entrance import Entrance, record
from app.identity.token_keys import public_key_of
from app.identity.tokens import AccessToken


async def sign_in_client(entrance: Entrance, assertion: str) -> AccessToken:
    """An access token for the client that signed this. SIGN_IN_REFUSED for all that does not do, without saying why."""
    client = claimed_client(assertion)
    keys = await _keys_of(entrance, client) if client is not None else {}
    for key_id, public_key in keys.items():
        found = read_assertion(
            assertion, public_key, client or "", audiences_of(entrance.tokens.issuer), entrance.clock.real_now()
        )
        if found is not None:
            return await _admitted(entrance, key_id, found)
    await _refused(entrance, client)
    raise Refusal(RefusalCode.SIGN_IN_REFUSED)


async def _keys_of(entrance: Entrance, client: str) -> dict[UUID, EllipticCurvePublicKey]:
    statement = (
        select(ClientKey.id, ClientKey.public_key)
        .join(Account, Account.id == ClientKey.account_id)
        .where(Account.login == client, ClientKey.removed_at.is_(None), Account.disabled_at.is_(None))
    )
    if canonical_login(client) != client:
        return {}
    async with entrance.database.read() as session:
        found = (await session.execute(statement)).all()
    read = {row.id: public_key_of(row.public_key) for row in found}
    return {key_id: key for key_id, key in read.items() if key is not None}


async def _admitted(entrance: Entrance, key_id: UUID, assertion: Assertion) -> AccessToken:
    try:
        async with entrance.database.write() as session:
            changes.watch(session)
            token = await _settle(entrance, session, key_id, assertion)
    except IntegrityError as error:
        if is_taken(error):  # the same assertion came twice at once
            raise Refusal(RefusalCode.SIGN_IN_REFUSED) from error
        raise
    if token is None:
        raise Refusal(RefusalCode.SIGN_IN_REFUSED)
    return token


async def _settle(entrance: Entrance, session: AsyncSession, key_id: UUID, assertion: Assertion) -> AccessToken | None:
    real_now = entrance.clock.real_now()
    key = await session.get_one(ClientKey, key_id, with_for_update=True)
    account = await session.get_one(Account, key.account_id)
    used = await session.get(ClientAssertion, (account.id, assertion.digest))
    if key.removed_at is not None or account.disabled_at is not None or used is not None:
        await record(entrance, session, "account.sign_in_refused", ("account", account.id), None)
        return None
    session.add(ClientAssertion(account_id=account.id, digest=assertion.digest, forgotten_at=assertion.forgotten_at))
    key.last_used_at = real_now
    opened = Session(account_id=account.id, created_at=real_now, expires_at=real_now + entrance.tokens.lifetime)
    session.add(opened)
    await session.flush()
    await record(entrance, session, "account.sign_in", ("session", opened.id), account)
    return entrance.tokens.issue(account.id, opened.id, real_now, opened.expires_at)


async def _refused(entrance: Entrance, client: str | None) -> None:
    """On record where the client exists: names that nobody has would only fill the chain."""
    if client is None or canonical_login(client) != client:
        return
    async with entrance.database.write() as session:
        changes.watch(session)
        known = select(Account.id).where(Account.login == client, Account.kind == AccountKind.SERVICE)
        account_id = await session.scalar(known)
        if account_id is not None:
            await record(entrance, session, "account.sign_in_refused", ("account", account_id), None)
