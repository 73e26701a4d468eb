"""What a text from outside must be: trimmed, of bounded length, without control characters or lone surrogates."""

import unicodedata

from app.core.refusals import Problems, RefusalCode

TITLE = 200
PARAGRAPH = 2_000
BODY = 20_000
NAME = 120
_ALLOWED_CONTROLS = frozenset("\n\t")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they make a text read as another


def clean(problems: Problems, value: str, limit: int, *path: str | int) -> str:
    """The text without surrounding white space; adds REQUIRED, TOO_LONG or BAD_TEXT to `problems`."""
    text = value.replace("\r\n", "\n").strip()
    if not text:
        problems.add(RefusalCode.REQUIRED, *path)
    elif len(text) > limit:
        problems.add(RefusalCode.TOO_LONG, *path, limit=limit)
    elif any(_is_bad(character) for character in text):
        problems.add(RefusalCode.BAD_TEXT, *path)
    return text


def clean_optional(problems: Problems, value: str | None, limit: int, *path: str | int) -> str | None:
    """Like `clean`; None and white space alone mean that nothing was given."""
    if value is None or not value.strip():
        return None
    return clean(problems, value, limit, *path)


def _is_bad(character: str) -> bool:
    bad = unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} or character in _TURNING
    return bad and character not in _ALLOWED_CONTROLS
