"""Small documents in the patterns of the real ones, item by item."""

from collections.abc import Callable

import pytest

from app.cases.rules import AssignmentRole, Handling
from app.exchange.tasks import PassageKind, TaskItem, parse_tasks
from app.exchange.tasks_mentions import GroupMention, UnitMention
from app.exchange.tasks_tails import Question

LEAD, SUPPORTING, PRINCIPAL = AssignmentRole.LEAD, AssignmentRole.SUPPORTING, AssignmentRole.PRINCIPAL
SOLE, JOINT, SEPARATE = Handling.SOLE, Handling.JOINT, Handling.SEPARATE
Expected = tuple[tuple[UnitMention | GroupMention, ...], Handling | None, tuple[Question, ...]]


def lead(name: str) -> UnitMention:
    return UnitMention(name, LEAD)


def supporting(name: str) -> UnitMention:
    return UnitMention(name, SUPPORTING)


def principal(name: str) -> UnitMention:
    return UnitMention(name, PRINCIPAL)


def unsaid(name: str) -> UnitMention:
    return UnitMention(name, None)


def group(name: str, role: AssignmentRole | None = SUPPORTING) -> GroupMention:
    return GroupMention(name, role)


KEYED: dict[str, Expected] = {
    "1": (
        (lead("市水务局"), supporting("市财政局"), supporting("市住房和城乡建设局"), group("各区、县级市")),
        JOINT,
        (),
    ),
    "2": ((lead("市水务局"), supporting("市交通运输局"), group("各有关单位"), group("各区,县级市")), JOINT, ()),
    "3": ((lead("市生态环境局"),), SOLE, ()),
    "4": ((unsaid("市生态环境局"), unsaid("市水务局")), None, (Question.MANNER,)),
    "5": ((lead("市城管委（市综合执法局、市爱卫办）"),), SOLE, ()),
    "6": ((lead("市发展改革委"), unsaid("市统计局")), None, (Question.MANNER, Question.UNREAD_WORDS)),
    "7": (
        (lead("市规划局"), supporting("市教育局"), group("等有关部门"), group("各镇政府"), group("各街道")),
        JOINT,
        (),
    ),
    "8": ((supporting("市气象局"),), None, (Question.NO_LEAD,)),
}

CLAUSES: dict[str, Expected] = {
    "一": ((lead("住建局"),), SOLE, ()),
    "二": ((unsaid("发改局"), unsaid("住建局")), None, (Question.MANNER,)),
    "三": ((unsaid("民政局"), group("有关部门", None)), None, (Question.TOGETHER,)),
    "四": ((lead("市场监管局"), supporting("发改局"), supporting("财政局")), JOINT, ()),
    "五": ((lead("信访局"),), SOLE, ()),
    "六": ((group("各镇政府、街道办事处", PRINCIPAL),), SEPARATE, ()),
    "七": ((principal("应急局"), principal("消防救援大队")), SEPARATE, ()),
    "八": ((lead("融媒体中心"), group("各有关部门")), JOINT, ()),
    "九": ((lead("督查办"), unsaid("组织部")), None, (Question.TOGETHER,)),
    "十": ((group("各镇政府", None),), None, (Question.GROUP_LEADS,)),
    "十一": ((unsaid("人力资源和社会保障局"), unsaid("教育局")), None, (Question.MANNER,)),
    "十二": ((lead("统计局"), group("各单位")), JOINT, ()),
    "十三": ((lead("财政局"), lead("审计局")), None, (Question.SEVERAL_LEADS,)),
}


@pytest.mark.parametrize(("name", "expected"), [("keyed", KEYED), ("clauses", CLAUSES)])
def test_each_item_says_what_its_tail_says(
    written: Callable[[str], str], name: str, expected: dict[str, Expected]
) -> None:
    items = parse_tasks(written(name)).items
    assert {item.item_no: (item.mentions, item.handling, item.questions) for item in items} == expected


def test_title_number_chapters_and_remainder(written: Callable[[str], str]) -> None:
    document = parse_tasks(written("keyed"))
    assert document.title == "关于印发2026年河湖整治任务分工的通知"
    assert document.number == "临政办发〔2026〕12号"
    assert [item.heading for item in document.items] == [
        ("一、河道", "（一）清淤"),
        ("一、河道", "（一）清淤"),
        *[("一、河道", "（二）排污口")] * 4,
        ("二、湖泊",),
        ("二、湖泊",),
    ]
    assert [(passage.kind, passage.source.split("\n")[0]) for passage in document.remainder] == [
        (PassageKind.PREAMBLE, "临江市人民政府办公室"),
        (PassageKind.HEADING, "一、河道"),
        (PassageKind.HEADING, "（一）清淤。分三段进行。"),
        (PassageKind.HEADING, "（二）排污口"),
        (PassageKind.HEADING, "二、湖泊"),
        (PassageKind.HEADING, "三、其他"),
        (PassageKind.UNASSIGNED, "9.本项没有写明单位。"),
        (PassageKind.CLOSING, "各单位要抓紧落实。"),
    ]


def test_due_words(written: Callable[[str], str]) -> None:
    hints = {item.item_no: item.due_hints for item in parse_tasks(written("keyed")).items if item.due_hints}
    assert hints == {"1": ("6月底前", "年底前"), "4": ("2026年9月底前",), "7": ("10个工作日内",)}


def test_an_item_of_several_lines_ends_with_its_tail(written: Callable[[str], str]) -> None:
    item = next(item for item in parse_tasks(written("keyed")).items if item.item_no == "7")
    assert item.title == "编制规划"
    assert item.text.split("\n") == [
        "7.编制规划。",
        "按季度推进，10个工作日内报送方案。",
        "【主办单位：市规划局；协办单位：市教育局等有关部门，各镇政府、各街道】",
    ]
    assert item.assignment == (item.text.split("\n")[2],)


def only(text: str) -> TaskItem:
    [item] = parse_tasks(text).items
    return item


TAILS: list[tuple[str, Expected]] = [
    ("（牵头单位：甲局 配合单位：乙局）", ((lead("甲局"), supporting("乙局")), JOINT, ())),
    ("（牵头单位：甲局配合单位：乙局）", ((lead("甲局"), supporting("乙局")), JOINT, ())),
    ("［牵头单位：甲局］", ((lead("甲局"),), SOLE, ())),
    ("（牵头单位：甲局，）", ((lead("甲局"),), SOLE, ())),
    (
        "（责任单位：甲局、乙局，主要责任单位：丙局）",
        ((unsaid("甲局"), unsaid("乙局"), unsaid("丙局")), None, (Question.MANNER,)),
    ),
    ("（完成时限：6月底；牵头单位：甲局）", ((lead("甲局"),), SOLE, ())),
    ("（甲局、乙局以及丙局负责）", ((unsaid("甲局"), unsaid("乙局"), unsaid("丙局")), None, (Question.MANNER,))),
    (
        "（甲局，乙局分别负责，丙局配合）",
        ((principal("甲局"), principal("乙局"), supporting("丙局")), None, (Question.MANNER,)),
    ),
    (
        "（甲局牵头，会同乙局、各区落实）",
        ((lead("甲局"), unsaid("乙局"), group("各区", None)), None, (Question.TOGETHER,)),
    ),
    ("（会同县财政局负责）", ((lead("会同县财政局"),), SOLE, ())),
    ("（甲局会同乙局配合）", ((supporting("甲局"), supporting("乙局")), None, (Question.NO_LEAD,))),
    ("（牵头单位：各区）", ((group("各区", LEAD),), None, (Question.GROUP_LEADS,))),
    ("（牵头单位：甲局，配合单位：甲局）", ((lead("甲局"), supporting("甲局")), None, (Question.NAMED_TWICE,))),
    ("（牵头单位：，配合单位：）", ((), None, (Question.NOBODY,))),
    (
        "（牵头单位：甲局，配合单位：各区，县级市，乙局）",
        ((lead("甲局"), group("各区，县级市"), supporting("乙局")), JOINT, ()),
    ),
    ("（牵头单位：甲局，配合单位：各项目牵头单位）", ((lead("甲局"), group("各项目牵头单位")), JOINT, ())),
    ("（甲局等３个部门负责）", ((unsaid("甲局"), group("等３个部门", None)), None, (Question.MANNER,))),
    (f"（甲局、{'乙' * 200}负责）", ((unsaid("甲局"),), None, (Question.MANNER, Question.UNREAD_NAME))),
]


@pytest.mark.parametrize(("tail", "expected"), TAILS)
@pytest.mark.parametrize("pattern", ["1.做好工作。{}", "一、做好工作{}。", "（三）做好\n这项工作{}；\n"])
def test_tails(pattern: str, tail: str, expected: Expected) -> None:
    item = only(pattern.format(tail))
    assert (item.mentions, item.handling, item.questions) == expected
    assert item.assignment == (tail,)


@pytest.mark.parametrize(
    "text",
    [
        "1.企业（由本企业自行负责的除外）应当安全生产。",
        "1.产业园区（县级市）两级重点支持。",
        "1.做好工作（以下简称牵头单位）。",
        "1.做好工作。（完成时限：6月底）",
        "1.做好工作。（负责）",
        "1.做好工作。（联系人：某某）",
        "1.做好工作。",
        "做好工作。",
        "",
    ],
)
def test_other_brackets_are_no_tail(text: str) -> None:
    document = parse_tasks(text)
    assert document.items == ()
    assert "".join(passage.source for passage in document.remainder) == text


NUMBERS = [
    ("10.甲（A负责）\n11.121人才项目（B负责）", ["10", "11"]),
    ("1.甲（A负责）\n3.5万人受益（B负责）", ["1"]),
    ("\uff11．甲（A负责）\n\uff12、乙（B负责）\n(3)丙（C负责）", ["1", "2", "3"]),
    ("二十一、甲（A负责）\n二十二、一二三产业融合（B负责）", ["二十一", "二十二"]),
    ("\u3000\u30001.甲（A负责）", ["1"]),
    ("一、甲（A负责）\n2026年工作（B负责）", ["一"]),
]


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers(text: str, expected: list[str]) -> None:
    assert [item.item_no for item in parse_tasks(text).items] == expected


def test_tasks_without_numbers_are_tasks() -> None:
    document = parse_tasks("工作安排\n做好甲（A局负责）\n做好乙。\n（B局负责）\n1.做好丙（C局负责）\n")
    assert [(item.item_no, item.title, item.lead) for item in document.items] == [
        ("", "做好甲", (lead("A局"),)),
        ("", "（B局负责）", (lead("B局"),)),
        ("1", "做好丙", (lead("C局"),)),
    ]
    assert [(passage.kind, passage.source) for passage in document.remainder] == [
        (PassageKind.PREAMBLE, "工作安排\n"),
        (PassageKind.TEXT, "做好乙。\n"),
    ]


def test_a_long_first_sentence_gives_the_clauses_that_fit() -> None:
    clause = "甲" * 30
    assert only(f"1.{clause}，{clause}，{clause}。（甲局负责）").title == f"{clause}，{clause}"
    assert only(f"1.{'甲' * 100}（甲局负责）").title == "甲" * 80
    assert only("1.做好工作（甲局负责）").title == "做好工作"
