"""Accounts of outside systems and the public keys they prove themselves with. No secret of theirs is kept here.

The system administrator opens the account and keeps its keys; what it may do is granted by the permission
administrator, so nobody alone lets an outside system in (三员分立).
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode, invalid
from app.core.texts import clean
from app.identity.models import Account, ClientKey
from app.identity.rules import MOST_CLIENT_KEYS, AccountKind, SessionEnd
from app.identity.service.accounts import clean_login
from app.identity.service.sessions import end_sessions_of
from app.identity.token_keys import fingerprint, pem_of, public_key_of
from app.work import Work

_LONGEST_PEM = 1_000


@dataclass(frozen=True, slots=True)
class OpenServiceAccount:
    login: str


@dataclass(frozen=True, slots=True)
class AddClientKey:
    account_id: UUID
    public_key: str


async def open_service_account(work: Work, command: OpenServiceAccount) -> Account:
    """An account for an outside system; its login is its client id. It has no key, no role and no password yet."""
    problems = Problems()
    account = Account(
        id=new_id(),
        kind=AccountKind.SERVICE,
        login=clean_login(problems, command.login, "input", "login"),
        created_at=work.real_now,
    )
    await work.require("account.create", account)
    problems.raise_if_any()
    if await work.session.scalar(select(Account.id).where(Account.login == account.login)) is not None:
        raise invalid(RefusalCode.NAME_TAKEN, "input", "login")
    work.session.add(account)
    await work.record_admin("account.created", ("account", account.id), action="account.create")
    return account


async def add_client_key(work: Work, command: AddClientKey) -> ClientKey:
    """Let an outside system prove itself with this key, beside those that it has: so keys are replaced in peace."""
    account = await work.load(Account, command.account_id)
    problems = Problems()
    pem = clean(problems, command.public_key, _LONGEST_PEM, "input", "publicKey")
    public_key = public_key_of(pem)
    key = ClientKey(id=new_id(), account_id=account.id, created_at=work.real_now, created_by=work.actor.person_id)
    await work.require("client_key.add", key)
    problems.raise_if_any()
    if public_key is None:
        raise invalid(RefusalCode.BAD_TEXT, "input", "publicKey")
    if account.kind is not AccountKind.SERVICE or account.disabled_at is not None:
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    key.public_key, key.fingerprint = pem_of(public_key), fingerprint(public_key)
    others = await _keys_of(work, account.id)
    problems.check(key.fingerprint not in others, RefusalCode.DUPLICATE, "input", "publicKey")
    problems.check(len(others) < MOST_CLIENT_KEYS, RefusalCode.TOO_MANY, "input", "publicKey", limit=MOST_CLIENT_KEYS)
    problems.raise_if_any()
    work.session.add(key)
    await work.record_admin("client_key.added", ("client_key", key.id), action="client_key.add")
    return key


async def remove_client_key(work: Work, key_id: UUID) -> ClientKey:
    """Take a key from an outside system for good. Whoever is in with any of its keys has to prove himself anew."""
    key = await work.load(ClientKey, key_id)
    await work.require("client_key.remove", key)
    if key.removed_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    key.removed_at, key.removed_by = work.real_now, work.actor.person_id
    await end_sessions_of(work.session, key.account_id, SessionEnd.KEY_REMOVED, work.real_now)
    await work.record_admin("client_key.removed", ("client_key", key.id), action="client_key.remove")
    return key


async def _keys_of(work: Work, account_id: UUID) -> set[str]:
    statement = select(ClientKey.fingerprint).where(ClientKey.account_id == account_id, ClientKey.removed_at.is_(None))
    return set((await work.session.scalars(statement)).all())
