"""What a text from outside must be, by table."""

import pytest

from app.core.refusals import Problems, Refusal, RefusalCode
from app.core.texts import clean, clean_optional


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" 限期整治。\r\n", "限期整治。"),
        ("一、\r\n二、\t三", "一、\n二、\t三"),
        ("<b>&amp;</b>'; --", "<b>&amp;</b>'; --"),  # words are words: whoever shows them escapes them
        ("𠮷野家 👩‍💼", "𠮷野家 👩‍💼"),
        ("长" * 20, "长" * 20),
    ],
)
def test_words_are_kept_as_they_are_written(given: str, kept: str) -> None:
    problems = Problems()
    assert clean(problems, given, 20, "input", "title") == kept
    problems.raise_if_any()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", RefusalCode.REQUIRED),
        (" \n\u3000", RefusalCode.REQUIRED),
        ("长" * 21, RefusalCode.TOO_LONG),
        ("空\x00字", RefusalCode.BAD_TEXT),
        ("响\x07铃", RefusalCode.BAD_TEXT),
        ("半\ud800对", RefusalCode.BAD_TEXT),
        ("自造\ue000字", RefusalCode.BAD_TEXT),
        ("同意\u202e不同意\u202c", RefusalCode.BAD_TEXT),
        ("同意\u2067不同意\u2069", RefusalCode.BAD_TEXT),
    ],
)
def test_what_is_wrong_is_said_with_its_place(given: str, code: RefusalCode) -> None:
    problems = Problems()
    clean(problems, given, 20, "input", "title")
    with pytest.raises(Refusal) as refused:
        problems.raise_if_any()
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [(code, ("input", "title"))]


def test_white_space_alone_says_nothing() -> None:
    problems = Problems()
    assert clean_optional(problems, None, 20, "input", "comment") is None
    assert clean_optional(problems, " \u3000\n", 20, "input", "comment") is None
    problems.raise_if_any()
