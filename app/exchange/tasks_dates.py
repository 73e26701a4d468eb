"""Words of a task that speak of a date or a term. They stay words: which date is owed, an officer says."""

import re

_YEAR = r"(?:\d{4}|每|当|本|次|明|今)年"
_MONTH = r"\d{1,2}月(?:\d{1,2}日|份)?(?:[上中下]旬)?"
_QUARTER = "第?[一二三四]季度|上半年"
_DATE = rf"(?:{_YEAR}(?:{_MONTH}|{_QUARTER})?|{_MONTH}|{_QUARTER})"
_CLOCK = r"(?:\d{1,2}(?:[：:]\d{2}|[时点]))?"
_AMOUNT = r"(?:\d+|[一二两三四五六七八九十]+)个?(?:工作日|日|天|周|个月|月|年)"
_HINT = re.compile(
    rf"{_DATE}{_CLOCK}(?:[底末](?:之前|以前|前)?|之前|以前|前)|年[底末](?:之前|以前|前)?|{_AMOUNT}[以之]?内"
)


def due_hints(text: str) -> tuple[str, ...]:
    """Every such wording, in order, each once."""
    return tuple(dict.fromkeys(_HINT.findall(text)))
