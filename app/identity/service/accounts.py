"""Accounts: issued and disabled by the system administrator, who holds no other right."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from app.core.ids import new_id
from app.core.refusals import Problems, Refusal, RefusalCode
from app.identity.models import Account, Person
from app.identity.rules import LONGEST_LOGIN, AccountKind, SessionEnd, canonical_login, is_login
from app.identity.service.sessions import end_sessions_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class IssueAccount:
    person_id: UUID
    login: str


async def issue_account(work: Work, command: IssueAccount, password_hash: str) -> Account:
    """Give a person a way to sign in. INVALID_INPUT for an unknown person, one who has an account, a taken login.

    `password_hash` of a one-time password is made by `Passwords.hash`, before the transaction: hashing takes long on
    purpose. For whoever leads or administers, or is about to, it takes two people: see `renewals.propose_account`.
    """
    problems = Problems()
    account = new_account(work, command, problems)
    account.password_hash = password_hash
    await work.require("account.create", account)
    await check_account(work, account, problems)
    work.session.add(account)
    await work.record_admin("account.created", ("account", account.id), action="account.create")
    return account


def new_account(work: Work, command: IssueAccount, problems: Problems) -> Account:
    """Nobody signs in to it before it has a password."""
    return Account(
        id=new_id(),
        kind=AccountKind.PERSON,
        person_id=command.person_id,
        login=clean_login(problems, command.login, "input", "login"),
        must_change_password=True,
        created_at=work.real_now,
    )


async def check_account(work: Work, account: Account, problems: Problems) -> None:
    """Refuse what is wrong so far, then an unknown person, one who has an account, a login that is taken."""
    problems.check(await work.session.get(Person, account.person_id) is not None, RefusalCode.BAD_ID, "input", "person")
    problems.raise_if_any()
    for taken in await _like(work, account):
        problems.check(taken.login != account.login, RefusalCode.NAME_TAKEN, "input", "login")
        problems.check(taken.person_id != account.person_id, RefusalCode.DUPLICATE, "input", "person")
    problems.raise_if_any()


async def renew_password(work: Work, account_id: UUID, password_hash: str) -> Account:
    """Put a one-time password in the place of a forgotten one. Where that takes two people: see `renewals`."""
    account = await work.load(Account, account_id)
    await work.require("account.renew_password", account)
    refuse_unless_signing_in(account)
    await put_password(work, account, password_hash)
    await work.record_admin("account.password_renewed", ("account", account.id), action="account.renew_password")
    return account


async def disable_account(work: Work, account_id: UUID) -> Account:
    """Close an account for good and end its sessions at once."""
    account = await work.load(Account, account_id)
    await work.require("account.disable", account)
    if account.kind is AccountKind.EMERGENCY:  # it is sealed anew instead
        raise Refusal(RefusalCode.STATUS_CONFLICT)
    if account.disabled_at is not None:
        raise Refusal(RefusalCode.ALREADY_DONE)
    account.disabled_at = work.real_now
    await end_sessions_of(work.session, account.id, SessionEnd.ACCOUNT_DISABLED, work.real_now)
    await work.record_admin("account.disabled", ("account", account.id), action="account.disable")
    return account


def refuse_unless_signing_in(account: Account) -> None:
    """STATUS_CONFLICT for accounts that are closed, or that no person signs in to."""
    if account.disabled_at is not None or account.kind is not AccountKind.PERSON:
        raise Refusal(RefusalCode.STATUS_CONFLICT)


async def put_password(work: Work, account: Account, password_hash: str) -> None:
    """A password good for one sign-in: unlocks the account and ends all its sessions."""
    account.password_hash, account.must_change_password = password_hash, True
    account.failures, account.locked_until = 0, None
    await end_sessions_of(work.session, account.id, SessionEnd.PASSWORD_CHANGED, work.real_now)


def clean_login(problems: Problems, login: str, *path: str | int) -> str:
    """The login as it is stored and compared; adds REQUIRED, TOO_LONG or BAD_TEXT."""
    name = canonical_login(login)
    if not name:
        problems.add(RefusalCode.REQUIRED, *path)
    elif len(name) > LONGEST_LOGIN:
        problems.add(RefusalCode.TOO_LONG, *path, limit=LONGEST_LOGIN)
    elif not is_login(name):
        problems.add(RefusalCode.BAD_TEXT, *path)
    return name


async def _like(work: Work, account: Account) -> list[Account]:
    statement = select(Account).where(or_(Account.login == account.login, Account.person_id == account.person_id))
    return list((await work.session.execute(statement)).scalars())
