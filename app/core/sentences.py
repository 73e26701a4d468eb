"""Sentences that are put together from parts, in both languages at once."""

import re
from typing import Self

_LINE = re.compile(r" line (\d+)$")


class Sentence(str):
    """A sentence in English, as logs and commands say it, that knows itself in Chinese."""

    __slots__ = ("chinese",)
    chinese: str

    def __new__(cls, english: str, chinese: str) -> Self:
        """The same said twice."""
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made

    def within(self, place: str) -> "Sentence":
        """With the place, a file and its line for instance, before it."""
        where = _LINE.sub(r"第\1行", place)
        return Sentence(f"{place}: {self}", f"{where}：{self.chinese}")
