"""Confidential words: shown, shown in part, or withheld, and never a hint of what is withheld."""

from enum import StrEnum

import strawberry

from app.graphql.declarations import from_graphql_core
from app.reads.verdicts import ALLOWED, Verdict


@strawberry.enum(description="Why words are withheld (不予显示的原因).")
class RedactionReason(StrEnum):
    EXCERPT_ONLY = "EXCERPT_ONLY"
    NOT_DISCLOSED = "NOT_DISCLOSED"


@from_graphql_core("made in memory")
@strawberry.type(description="Words that not everybody may read (涉密文字).")
class ConfidentialText:
    text: str | None = strawberry.field(description="The words, or the part that may be read.")
    redacted: bool = strawberry.field(description="Whether anything is withheld.")
    reason: RedactionReason | None = strawberry.field(description="Why; null where nothing is withheld.")


def confidential(full: Verdict, part: Verdict, words: str | None, excerpt: str | None) -> ConfidentialText:
    """A leader's words under the verdicts on reading them: all of them, the excerpt, or none (批示公开范围)."""
    if full == ALLOWED:
        return ConfidentialText(text=words, redacted=False, reason=None)
    if part == ALLOWED:
        return ConfidentialText(text=excerpt, redacted=True, reason=RedactionReason.EXCERPT_ONLY)
    return ConfidentialText(text=None, redacted=True, reason=RedactionReason.NOT_DISCLOSED)
