"""Passwords: what a new one must be, and argon2id in threads of its own, with the same work for unknown logins."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.core.refusals import Problems, RefusalCode

MIN_LENGTH = 10
MAX_LENGTH = 128
_MIN_DIFFERENT = 4
_ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that are read as each other
_ONE_TIME_GROUPS, _ONE_TIME_GROUP = 4, 5

# What people choose once ten characters are asked for; runs and repetitions are caught by their few characters
_COMMON = frozenset(
    {
        "0123456789", "1234567890", "12345678910", "0987654321", "9876543210", "1234567890a", "a1234567890",
        "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "qwertyuiop", "qwerty12345", "qwerty123456", "asdfghjkl1",
        "1234qwerasdf", "zxcvbnm123", "abcdefghij", "abcdefg123", "abc1234567", "abcd123456", "a123456789",
        "aa12345678", "aa123456789", "q123456789", "z123456789", "password12", "password123", "password1234",
        "password12345", "p@ssw0rd12", "p@ssw0rd123", "p@ssword123", "passw0rd123", "administrator", "administrator1",
        "admin12345", "admin123456", "admin@1234", "admin@12345", "changeme123", "letmein1234", "welcome123",
        "welcome1234", "iloveyou123", "iloveyou1314", "woaini1314", "woaini520", "woaini5201314", "5201314520",
        "1314520520", "dubanduban", "duban12345", "duban123456", "ducha12345", "zhengfu123", "zhengfu1234",
        "daoliqu123",
    }
)  # fmt: skip

_Answer = TypeVar("_Answer")


class Passwords:
    """argon2id. `threads` bounds the memory that sign-ins take at once; further ones wait their turn."""

    def __init__(
        self, *, memory_kib: int = 19_456, iterations: int = 2, parallelism: int = 1, threads: int = 2
    ) -> None:
        hasher = Argon2Hasher(time_cost=iterations, memory_cost=memory_kib, parallelism=parallelism)
        self._hash = PasswordHash((hasher,))
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="passwords")
        self._nobodys = self._hash.hash(secrets.token_bytes(32))  # of a password that nobody knows

    async def hash(self, password: str) -> str:
        return await self._in_thread(lambda: self._hash.hash(_bytes(password)))

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether this is the password. Without a stored hash the answer is no, after the same work."""
        return await self._in_thread(lambda: self._hash.verify(_bytes(password), stored or self._nobodys))

    async def rehash(self, password: str, stored: str) -> str | None:
        """A new hash of the right password, where `stored` was made with other parameters than today's."""
        if not self._hash.current_hasher.check_needs_rehash(stored):
            return None
        return await self.hash(password)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def flaw_of(password: str, login: str) -> RefusalCode | None:
    """What is wrong with a new password: its length, its characters, or that everybody tries it first."""
    plain = _normal(password)
    if len(plain) < MIN_LENGTH:
        return RefusalCode.PASSWORD_TOO_SHORT
    if len(plain) > MAX_LENGTH:
        return RefusalCode.TOO_LONG
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in plain):
        return RefusalCode.BAD_TEXT
    if plain.casefold() == _normal(login).casefold():
        return RefusalCode.PASSWORD_IS_LOGIN
    if plain.casefold() in _COMMON or len(set(plain)) < _MIN_DIFFERENT:
        return RefusalCode.PASSWORD_TOO_COMMON
    return None


def add_flaw(problems: Problems, flaw: RefusalCode, *path: str | int) -> None:
    """A flaw as a problem of the input, with the length that its sentence names."""
    limits = {RefusalCode.PASSWORD_TOO_SHORT: MIN_LENGTH, RefusalCode.TOO_LONG: MAX_LENGTH}
    problems.add(flaw, *path, **({"limit": limits[flaw]} if flaw in limits else {}))


def one_time_password() -> str:
    """A password for one sign-in, easy to read out: twenty characters, more than 110 bits."""
    groups = (
        "".join(secrets.choice(_ONE_TIME_ALPHABET) for _ in range(_ONE_TIME_GROUP)) for _ in range(_ONE_TIME_GROUPS)
    )
    return "-".join(groups)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)  # full-width letters of an input method are the same password


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")  # whatever was sent is hashed: no shortcut tells
