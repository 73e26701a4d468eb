"""Documents that are broken, huge or meant to hurt: read or refused, never half read in silence, never slow."""

import time

import pytest

from app.cases.rules import AssignmentRole
from app.core.refusals import Problem, Refusal, RefusalCode
from app.exchange.tasks import MAX_ITEMS, MAX_LINE_CHARACTERS, MAX_LINES, PassageKind, parse_tasks
from app.exchange.tasks_file import MAX_FILE_BYTES, decode_task_file
from app.exchange.tasks_mentions import UnitMention
from app.exchange.tasks_tails import Question

PLAIN = "关于分工的通知\n1.做好工作。（甲局负责）\n2.做好其他工作。（乙局负责）\n"


def refusal_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(Refusal) as raised:
        parse_tasks(text)
    assert raised.value.code is RefusalCode.INVALID_INPUT
    return raised.value.problems


def test_an_empty_document_has_no_parts() -> None:
    document = parse_tasks("")
    assert (document.title, document.number, document.parts) == ("", "", ())


def test_a_mark_and_other_line_ends_change_no_word_and_no_digest() -> None:
    plain, windows = parse_tasks(PLAIN), parse_tasks("\ufeff" + PLAIN.replace("\n", "\r\n"))
    assert windows.title == plain.title == "关于分工的通知"
    assert [(item.text, item.digest) for item in windows.items] == [(item.text, item.digest) for item in plain.items]
    assert "".join(part.source for part in windows.parts) == "\ufeff" + PLAIN.replace("\n", "\r\n")


def test_full_width_digits_and_punctuation_change_no_digest() -> None:
    wide = PLAIN.replace("1.", "\uff11．").replace("2.", "\uff12．").replace("（", "(").replace("）", ")")
    assert [item.digest for item in parse_tasks(wide).items] == [item.digest for item in parse_tasks(PLAIN).items]


def test_two_tails_are_one_item_with_a_question() -> None:
    [item] = parse_tasks("1.先做甲（A局负责），再做乙（B局牵头，C局配合）。").items
    assert item.assignment == ("（A局负责）", "（B局牵头，C局配合）")
    assert item.mentions == (
        UnitMention("A局", None),
        UnitMention("B局", AssignmentRole.LEAD),
        UnitMention("C局", AssignmentRole.SUPPORTING),
    )
    assert item.handling is None
    assert item.questions == (Question.MANNER, Question.SEVERAL_TAILS)


def test_a_tail_that_nothing_closes_is_read_and_asked_about() -> None:
    document = parse_tasks(
        "1.做好甲（牵头单位：A局，配合单位：B局\n2.做好乙（牵头单位：C局。再做（D局负责）\n（一）做好丙（E局负责\n1.丁"
    )
    read = [(item.item_no, tuple(mention.name for mention in item.mentions), item.questions) for item in document.items]
    assert read == [
        ("1", ("A局", "B局"), (Question.UNCLOSED_BRACKET,)),
        ("2", ("C局。再做", "D局"), (Question.MANNER, Question.SEVERAL_TAILS, Question.UNCLOSED_BRACKET)),
        ("一", ("E局",), (Question.UNCLOSED_BRACKET,)),
    ]
    assert {item.handling for item in document.items} == {None}


def test_an_inner_bracket_that_nothing_closes_hides_no_name() -> None:
    [item] = parse_tasks("1.做好甲（牵头单位：A局（B中心，配合单位：C局）").items
    assert item.questions == (Question.UNCLOSED_BRACKET,)
    assert [mention.name for mention in item.mentions] == ["A局（B中心", "C局）"]
    assert item.handling is None


def test_a_stray_bracket_in_the_text_does_not_hide_the_tail() -> None:
    [item] = parse_tasks("1.做好甲（其中有乙。）））（（做好丙。（A局负责）").items
    assert item.mentions == (UnitMention("A局", AssignmentRole.LEAD),)
    assert item.questions == ()


def test_items_of_the_same_words_stay_apart_and_keep_their_digests() -> None:
    text = "1.做好工作（甲局负责）\n" * 3
    digests = [item.digest for item in parse_tasks(text).items]
    assert len(set(digests)) == 3
    assert [item.digest for item in parse_tasks(text).items] == digests


def test_ten_thousand_items() -> None:
    started = time.perf_counter()
    document = parse_tasks(
        "".join(
            f"{number}.做好工作。（牵头单位：甲局，配合单位：各区、县级市）\n" for number in range(1, MAX_ITEMS + 1)
        )
    )
    assert time.perf_counter() - started < 5
    assert [int(item.item_no) for item in document.items] == list(range(1, MAX_ITEMS + 1))
    assert len({item.digest for item in document.items}) == MAX_ITEMS
    assert document.remainder == ()


def test_more_items_more_lines_and_longer_lines_are_refused() -> None:
    assert refusal_of("1.甲（A负责）\n" * (MAX_ITEMS + 1)) == (
        Problem(RefusalCode.TOO_MANY, ("file", "items"), (("limit", MAX_ITEMS),)),
    )
    assert refusal_of("\n" * (MAX_LINES + 1)) == (
        Problem(RefusalCode.TOO_MANY, ("file", "lines"), (("limit", MAX_LINES),)),
    )
    assert refusal_of("\n" + "甲" * (MAX_LINE_CHARACTERS + 1)) == (
        Problem(RefusalCode.TOO_LONG, ("file", "lines", 2), (("limit", MAX_LINE_CHARACTERS),)),
    )
    assert refusal_of("1." + ("甲" * 9_000 + "\n") * 3 + "（A局负责）") == (
        Problem(RefusalCode.TOO_LONG, ("file", "items", 0), (("limit", 20_000),)),
    )


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\ud800", "\ue000"])
def test_characters_that_no_text_may_hold_are_refused(character: str) -> None:
    assert refusal_of(f"1.甲{character}（A局负责）") == (Problem(RefusalCode.BAD_TEXT, ("file", "lines", 1)),)


@pytest.mark.parametrize(
    "line",
    [
        "（" * MAX_LINE_CHARACTERS,
        "）" * MAX_LINE_CHARACTERS,
        "（" * 4_999 + "）" * 4_999,
        "（牵头单位：" * 1_600,
        "（牵头单位：" * 1_400 + "）" * 1_400,
        "（牵头单位：甲（牵头单位：乙）" * 600,
        "（甲负责" * 2_400,
        "（甲负责）" * 1_900,
        "。（、负责" * 1_900,
        "（甲" * 3_300 + "负责）" * 1,
        "会同" * 4_900 + "负责）",
        "（" + "、" * 9_900 + "负责）",
        "（" + "甲，" * 4_900 + "负责）",
        "（" + "各区、县级市、" * 1_400 + "负责）",
        "（甲" + "等有关" * 3_300 + "负责）",
        "（牵头单位：" + "，乙：" * 3_200 + "）",
        "6月底" * 3_300,
        "1年" * 4_900,
        "，" * 9_900,
        "甲，" * 4_900,
        " " * 9_900,
        "〇" * 9_900,
        "一二三、" * 2_400,
    ],
)
def test_a_hostile_line_is_read_in_linear_time(line: str) -> None:
    text = f"1.{line[: MAX_LINE_CHARACTERS - 3]}\n{line}\n"
    started = time.perf_counter()
    document = parse_tasks(text)
    assert time.perf_counter() - started < 1
    assert "".join(part.source for part in document.parts) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_of_office_machines(encoding: str) -> None:
    document = parse_tasks(decode_task_file(PLAIN.encode(encoding)))
    assert [item.digest for item in document.items] == [item.digest for item in parse_tasks(PLAIN).items]
    assert document.digest == parse_tasks(PLAIN).digest


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", RefusalCode.REQUIRED),
        (b"\xef\xbb\xbf \r\n", RefusalCode.REQUIRED),
        (b"\xff\xff\xff", RefusalCode.BAD_TEXT),
        (b"\xff\xfe\x41", RefusalCode.BAD_TEXT),
        (b"1" * (MAX_FILE_BYTES + 1), RefusalCode.FILE_TOO_LARGE),
    ],
)
def test_files_that_are_no_text_are_refused(data: bytes, code: RefusalCode) -> None:
    with pytest.raises(Refusal) as raised:
        decode_task_file(data)
    assert [(problem.code, problem.path) for problem in raised.value.problems] == [(code, ("file",))]


def test_a_document_without_a_title_is_named_by_its_words() -> None:
    first, second = parse_tasks("1.甲（A局负责）"), parse_tasks("1.乙（A局负责）")
    assert first.title == second.title == ""
    assert first.digest != second.digest


def test_text_after_a_tail_stays_in_the_remainder() -> None:
    document = parse_tasks("1.甲（A局负责）\n说明。\n2.乙（B局负责）\n特此通知。\n")
    assert [(passage.kind, passage.source) for passage in document.remainder] == [
        (PassageKind.TEXT, "说明。\n"),
        (PassageKind.CLOSING, "特此通知。\n"),
    ]
