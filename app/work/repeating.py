"""Repeated mutations: who sends the same key again gets the answer of the first time, and nothing happens twice."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.core.refusals import Refusal, RefusalCode
from app.work import Work
from app.work.models import IdempotencyKey

KEPT = timedelta(hours=24)


async def claim(work: Work, mutation: str, key: str, input_digest: str) -> tuple[IdempotencyKey, bool]:
    """The row of a key, and whether it is new. A twin that runs at this moment is waited for.

    Refuses IDEMPOTENCY_CONFLICT when the key was used with another input.
    """
    assert work.actor.account_id is not None
    mine = (
        IdempotencyKey.account_id == work.actor.account_id,
        IdempotencyKey.mutation == mutation,
        IdempotencyKey.key == key,
    )
    await work.session.execute(delete(IdempotencyKey).where(*mine, IdempotencyKey.created_at < work.real_now - KEPT))
    row = IdempotencyKey(
        account_id=work.actor.account_id,
        mutation=mutation,
        key=key,
        input_digest=input_digest,
        created_at=work.real_now,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(row)
            await work.session.flush()
    except IntegrityError:
        return await _known(work, mutation, key, input_digest), False
    return row, True


async def _known(work: Work, mutation: str, key: str, input_digest: str) -> IdempotencyKey:
    statement = select(IdempotencyKey).where(
        IdempotencyKey.account_id == work.actor.account_id,
        IdempotencyKey.mutation == mutation,
        IdempotencyKey.key == key,
    )
    row = (await work.session.execute(statement)).scalar_one()
    if row.input_digest != input_digest:
        raise Refusal(RefusalCode.IDEMPOTENCY_CONFLICT)
    return row
