"""What becomes a token, and what a token tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.tokens import fold, pairs, token, tokens

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
TEXTS = st.text(alphabet="督办环保工作Ab\uff21\uff111 ，,é\u0301ﬁΣς（\n", max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("督办", "督办"),
        ("\uff21\uff22\uff23（\uff11\uff12）：", "abc(12):"),
        ("Duban DUBAN", "duban duban"),
        ("㎏ ① ㈠", "kg 1 (一)"),
        ("e\u0301", "é"),
        ("ΣÉ", "ΣÉ"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("folded", "expected"),
    [
        ("", ()),
        ("水", ()),
        ("督办", ("督办",)),
        ("督办督办", ("督办", "办督")),
        ("东河，清淤", ("东河", "清淤")),
        ("5g 网络", ("5g", "网络")),
        ("2026年", ("20", "02", "26", "6年")),
        ("，。()", ()),
    ],
)
def test_pairs(folded: str, expected: tuple[str, ...]) -> None:
    assert pairs(folded) == expected


def test_tokens_are_the_keyed_digests_of_the_pairs() -> None:
    assert tokens("督办，督查", KEY) == {token("督办", KEY), token("督查", KEY)}
    assert tokens("\uff21\uff22", KEY) == tokens("ab", KEY)
    assert tokens("", KEY) == frozenset()


def test_a_token_never_changes_its_value() -> None:
    assert token("督办", KEY) == -8370926891045826903


def test_another_key_gives_other_tokens() -> None:
    assert tokens("环境保护督察工作", KEY).isdisjoint(tokens("环境保护督察工作", OTHER_KEY))


@given(TEXTS)
def test_tokens_fit_a_big_integer(text: str) -> None:
    assert all(-(2**63) <= value < 2**63 for value in tokens(text, KEY))


@given(TEXTS, TEXTS)
def test_a_text_has_the_pairs_of_every_part_of_it(text: str, query: str) -> None:
    if fold(query) in fold(text):
        assert set(pairs(fold(query))) <= set(pairs(fold(text)))


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
