"""From words to tokens: how text is folded, which pairs of characters count, and their keyed digests."""

import unicodedata
from itertools import pairwise

from app.core.crypto import mac

_TOKEN_BYTES = 8
_LOWER = str.maketrans({capital: capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def fold(text: str) -> str:
    """NFKC, then A to Z in small letters, so that full-width, capital and plain letters are one. So do both databases.

    Letters of other alphabets keep their case: what `lower` does with them differs between databases and their locales.
    """
    return unicodedata.normalize("NFKC", text).translate(_LOWER)


def pairs(folded: str) -> tuple[str, ...]:
    """Each two neighbouring letters or digits, in order, each once.

    Chinese has no spaces between words and most of its words have two characters. Latin words and numbers are cut
    in the same way, so that any part of them is found. Pairs with punctuation or white space are left out.
    """
    return tuple(dict.fromkeys(a + b for a, b in pairwise(folded) if a.isalnum() and b.isalnum()))


def token(pair: str, key: bytes) -> int:
    """64 bits of a MAC as the signed integer that databases store."""
    return int.from_bytes(mac(key, pair.encode(), _TOKEN_BYTES), signed=True)


def tokens(text: str, key: bytes) -> frozenset[int]:
    return frozenset(token(pair, key) for pair in pairs(fold(text)))
