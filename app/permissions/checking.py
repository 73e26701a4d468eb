"""Whether a version may be taken into use: what its lines say, and what the signed table says of them."""

import asyncio
from functools import lru_cache

import orjson

from app.authz import Policy, PolicyError
from app.authz.lint import lint
from app.authz.models import PolicyVersion
from app.authz.objects import catalogue, registered
from app.authz.policy_text import PolicyText
from app.authz.versions import text_of
from app.permissions.golden import golden_problems


async def problems_of_version(version: PolicyVersion) -> list[str]:
    """Every fault of a stored version, with its line and what to do about it."""
    try:
        text = text_of(version)
    except PolicyError as error:
        return list(error.problems)
    return await asyncio.to_thread(problems_of, text)  # half a second: the others go on meanwhile


def problems_of(text: PolicyText) -> list[str]:
    """Every fault of a policy. The table is asked only where the rules can be read."""
    return list(_problems_of(orjson.dumps(text.as_json())))


@lru_cache(maxsize=8)
def _problems_of(rows: bytes) -> tuple[str, ...]:
    """The same rows have the same faults: a draft is looked at again and again before it is approved."""
    text, objects = PolicyText.from_json(orjson.loads(rows)), catalogue(registered())
    return tuple(lint(text, objects) or golden_problems(Policy(text, objects)))
