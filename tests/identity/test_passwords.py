"""Passwords: what a new one must be; one check costs the same whether or not there is anything to check."""

import re
from typing import Any

import pytest

from app.core.refusals import Problems, Refusal, RefusalCode
from app.identity.passwords import Passwords, add_flaw, flaw_of, one_time_password
from tests.identity.bed import cheap_passwords, full_width


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("", RefusalCode.PASSWORD_TOO_SHORT),
        ("nine char", RefusalCode.PASSWORD_TOO_SHORT),
        ("ten chars!", None),
        ("督办件按时办结上报了", None),
        ("x1y2" * 32, None),
        ("x1y2" * 32 + "z", RefusalCode.TOO_LONG),
        ("fine until\x00", RefusalCode.BAD_TEXT),
        ("fine until\ud800", RefusalCode.BAD_TEXT),
        ("wang.jianguo", RefusalCode.PASSWORD_IS_LOGIN),
        ("Wang.JianGuo", RefusalCode.PASSWORD_IS_LOGIN),
        (full_width("wang.jianguo"), RefusalCode.PASSWORD_IS_LOGIN),
        ("wang.jianguo2", None),
        ("1234567890", RefusalCode.PASSWORD_TOO_COMMON),
        ("Password123", RefusalCode.PASSWORD_TOO_COMMON),
        (full_width("1234567890"), RefusalCode.PASSWORD_TOO_COMMON),
        ("aaaaaaaaaaaa", RefusalCode.PASSWORD_TOO_COMMON),
        ("abcabcabcabc", RefusalCode.PASSWORD_TOO_COMMON),
        ("abcdabcdabcd", None),
    ],
)
def test_what_a_new_password_must_be(password: str, flaw: RefusalCode | None) -> None:
    assert flaw_of(password, "wang.jianguo") is flaw


@pytest.mark.parametrize(
    ("flaw", "params"),
    [
        (RefusalCode.PASSWORD_TOO_SHORT, (("limit", 10),)),
        (RefusalCode.TOO_LONG, (("limit", 128),)),
        (RefusalCode.PASSWORD_IS_LOGIN, ()),
    ],
)
def test_a_flaw_becomes_a_problem_with_its_limit(flaw: RefusalCode, params: tuple[Any, ...]) -> None:
    problems = Problems()
    add_flaw(problems, flaw, "input", "newPassword")
    with pytest.raises(Refusal) as refused:
        problems.raise_if_any()
    assert [(p.code, p.path, p.params) for p in refused.value.problems] == [(flaw, ("input", "newPassword"), params)]


async def test_a_password_verifies_in_any_width_and_nothing_else_does() -> None:
    passwords = cheap_passwords()
    stored = await passwords.hash("Correct-Horse-9")
    assert await passwords.verify("Correct-Horse-9", stored)
    assert await passwords.verify(full_width("Correct-Horse-9"), stored)
    for wrong in ("correct-horse-9", "Correct-Horse-9 ", "", "\ud800", "x" * 100_000):
        assert not await passwords.verify(wrong, stored)


async def test_two_hashes_of_one_password_differ() -> None:
    passwords = cheap_passwords()
    assert await passwords.hash("Correct-Horse-9") != await passwords.hash("Correct-Horse-9")


async def test_a_login_without_a_hash_costs_one_check_with_the_same_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(memory_kib=16, iterations=2)
    stored = await passwords.hash("Correct-Horse-9")
    checked: list[str] = []
    verify = passwords._hash.verify

    def count(password: Any, against: Any) -> bool:
        checked.append(against)
        return verify(password, against)

    monkeypatch.setattr(passwords._hash, "verify", count)
    monkeypatch.setattr(passwords._hash, "hash", None)  # nor is anything hashed anew
    assert not await passwords.verify("Correct-Horse-9", None)
    assert await passwords.verify("Correct-Horse-9", stored)
    assert [re.findall(r"^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", item) for item in checked] == [
        [("16", "2", "1")],
        [("16", "2", "1")],
    ]


async def test_the_parameters_of_production_are_those_that_were_decided() -> None:
    stored = await Passwords().hash("Correct-Horse-9")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_other_parameters_is_renewed_and_one_of_todays_is_not() -> None:
    old, new = Passwords(memory_kib=8, iterations=1), Passwords(memory_kib=16, iterations=1)
    stored = await old.hash("Correct-Horse-9")
    assert await old.rehash("Correct-Horse-9", stored) is None
    renewed = await new.rehash("Correct-Horse-9", stored)
    assert renewed is not None
    assert "m=16,t=1,p=1" in renewed
    assert await new.verify("Correct-Horse-9", renewed)


def test_one_time_passwords_are_long_legible_and_never_the_same() -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"([a-hjkmnp-zA-HJ-NP-Z2-9]{5}(-|$)){4}", text) for text in made)
    assert all(flaw_of(text, "admin") is None for text in made)
