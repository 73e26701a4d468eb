"""The public documents, item by item. The tables were written by reading, not by running."""

from collections.abc import Callable

import pytest

from app.cases.rules import AssignmentRole, Handling
from app.exchange.tasks import PassageKind, TaskDocument, parse_tasks
from app.exchange.tasks_mentions import GroupMention, UnitMention
from app.exchange.tasks_tails import Question

STAFF = "市人力资源和社会保障局"
PARTY = "市委组织部"
REFORM = "市发展改革委"
SCIENCE = "市科技和信息化局"
SCHOOLS = "市教育局"
ASSETS = "市国资委"
DISTRICTS = "各区、县级市"
SOME_DISTRICTS = "各有关区、县级市"
CONCERNED = "各有关单位"
PROJECT_LEADS = "各项目牵头单位"

# item: lead, supporting units, supporting groups
GUANGZHOU: dict[int, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    2: (REFORM, (PARTY, STAFF), (DISTRICTS,)),
    3: (PARTY, (ASSETS,), ()),
    4: ("市经贸委", (STAFF, "市工商联"), (DISTRICTS,)),
    5: (STAFF, (SCHOOLS,), (DISTRICTS,)),
    6: ("市金融办", (REFORM, STAFF), (DISTRICTS,)),
    7: (STAFF, (), (DISTRICTS,)),
    8: (STAFF, ("市工商局", "市金融办", "团市委"), (DISTRICTS,)),
    9: (PARTY, (SCIENCE, STAFF), ()),
    10: (PARTY, (), (CONCERNED,)),
    11: (STAFF, (), (DISTRICTS,)),
    12: (STAFF, (), (DISTRICTS,)),
    13: (SCIENCE, (), (DISTRICTS,)),
    14: (SCHOOLS, (STAFF, ASSETS), ()),
    15: ("市科协", (REFORM, SCIENCE, ASSETS, "市经贸委"), ()),
    16: (PARTY, (), (DISTRICTS,)),
    17: ("市城管委", (), (DISTRICTS,)),
    18: (STAFF, (PARTY,), (DISTRICTS,)),
    19: ("市农业局", ("市科协",), (SOME_DISTRICTS,)),
    20: ("市委宣传部", (), (CONCERNED, DISTRICTS)),
    21: ("市文化广电新闻出版局", (), (CONCERNED, DISTRICTS)),
    22: ("市体育局", (STAFF,), (DISTRICTS,)),
    23: (SCHOOLS, (STAFF,), (DISTRICTS,)),
    24: ("市卫生局", (STAFF,), (DISTRICTS,)),
    25: ("市民政局", (STAFF,), (DISTRICTS,)),
    26: ("市委政法委", ("市法院", "市检察院", "市公安局", "市司法局", "市法制办"), (DISTRICTS,)),
    27: ("团市委", (STAFF,), ()),
    28: ("市留交办", (), (CONCERNED, DISTRICTS)),
    29: (STAFF, (), ()),
    30: (STAFF, (), (CONCERNED, DISTRICTS)),
    31: (PARTY, (REFORM, STAFF, SCIENCE, SCHOOLS), (DISTRICTS,)),
    32: ("市留交办", (), (CONCERNED, DISTRICTS)),
    33: (PARTY, (SCIENCE, STAFF, "市留交办"), ()),
    34: (STAFF, (), (CONCERNED, DISTRICTS)),
    35: (PARTY, (SCIENCE, STAFF, "市财政局", "越秀区"), ()),
    36: (PARTY, (STAFF, SCIENCE), (SOME_DISTRICTS,)),
    37: (STAFF, (PARTY,), (CONCERNED, DISTRICTS)),
    38: ("市住房保障办", ("市规划局", "市国土房管局"), (DISTRICTS,)),
    39: (STAFF, (PARTY,), (CONCERNED, DISTRICTS)),
    40: (PARTY, ("市编办", STAFF), (CONCERNED, DISTRICTS)),
    41: ("市财政局", (PARTY,), (CONCERNED, DISTRICTS)),
    42: (PARTY, (), (CONCERNED, DISTRICTS)),
    43: (PARTY, (), (PROJECT_LEADS, DISTRICTS)),
    44: (PARTY, (), (PROJECT_LEADS, DISTRICTS)),
    45: (PARTY, ("市委宣传部",), (CONCERNED, DISTRICTS)),
}

# numbers of the chapters above the items, first and last item
CHAPTERS: tuple[tuple[tuple[str, ...], int, int], ...] = (
    (("二、", "（一）"), 2, 8),
    (("二、", "（二）"), 9, 15),
    (("二、", "（三）"), 16, 19),
    (("二、", "（四）"), 20, 22),
    (("二、", "（五）"), 23, 27),
    (("二、", "（六）"), 28, 31),
    (("三、", "（一）"), 32, 34),
    (("三、", "（二）"), 35, 36),
    (("三、", "（三）"), 37, 39),
    (("四、",), 40, 42),
    (("五、",), 43, 45),
)

NDRC, FINANCE = "国家发展改革委", "财政部"

# item: the unit that alone is responsible
INCENTIVES_SOLE = {
    "一": "市场监管总局",
    "二": "商务部",
    "三": NDRC,
    "四": NDRC,
    "五": FINANCE,
    "九": "自然资源部",
    "十": "农业农村部",
    "十一": "商务部",
    "十二": "科技部",
    "十四": NDRC,
    "十五": "工业和信息化部",
    "十九": "市场监管总局",
    "二十三": NDRC,
    "三十": "国务院办公厅",
}
# item: several units, no manner stated
INCENTIVES_OPEN = {
    "六": ("交通运输部", FINANCE),
    "七": ("水利部", NDRC),
    "八": ("人民银行", "银保监会", "证监会"),
    "十三": ("科技部", FINANCE),
    "二十一": (FINANCE, "人力资源社会保障部"),
    "二十二": (FINANCE, "国务院扶贫办"),
    "二十四": ("住房城乡建设部", NDRC, FINANCE),
    "二十五": ("国家卫生健康委", FINANCE),
    "二十六": (NDRC, FINANCE, "民政部"),
    "二十七": ("生态环境部", FINANCE),
    "二十八": ("水利部", FINANCE),
    "二十九": ("农业农村部", FINANCE),
}
# item: units that act 会同有关部门
INCENTIVES_TOGETHER = {
    "十六": (NDRC,),
    "十七": (NDRC,),
    "十八": (NDRC, FINANCE),
    "二十": ("教育部",),
}


def names(mentions: tuple[UnitMention | GroupMention, ...]) -> tuple[str, ...]:
    return tuple(mention.name for mention in mentions)


@pytest.fixture(scope="module")
def guangzhou(real: Callable[[str], str]) -> TaskDocument:
    return parse_tasks(real("10"))


@pytest.fixture(scope="module")
def incentives(real: Callable[[str], str]) -> TaskDocument:
    return parse_tasks(real("01"))


def test_every_one_of_the_44_tasks_has_its_lead_its_supporting_units_and_its_groups(guangzhou: TaskDocument) -> None:
    read = {
        int(item.item_no): (*names(item.lead), names(item.supporting), names(item.groups)) for item in guangzhou.items
    }
    assert read == GUANGZHOU
    assert len(guangzhou.items) == 44


def test_no_mention_of_the_44_tasks_has_another_role(guangzhou: TaskDocument) -> None:
    for item in guangzhou.items:
        assert {group.role for group in item.groups} <= {AssignmentRole.SUPPORTING}
        assert len(item.mentions) == 1 + len(item.supporting) + len(item.groups)


def test_only_task_29_has_a_single_unit_and_no_task_leaves_a_question(guangzhou: TaskDocument) -> None:
    assert {item.item_no for item in guangzhou.items if item.handling is Handling.SOLE} == {"29"}
    assert {item.handling for item in guangzhou.items} == {Handling.SOLE, Handling.JOINT}
    assert [item.questions for item in guangzhou.items] == [()] * 44


def test_each_task_stands_under_its_chapters(guangzhou: TaskDocument) -> None:
    expected = {number: path for path, first, last in CHAPTERS for number in range(first, last + 1)}
    for item in guangzhou.items:
        path = expected[int(item.item_no)]
        assert len(item.heading) == len(path)
        assert all(title.startswith(number) for title, number in zip(item.heading, path, strict=True))


def test_the_words_of_a_task_are_complete(guangzhou: TaskDocument) -> None:
    for item in guangzhou.items:
        assert item.text == item.source.strip()
        assert item.text.startswith(f"{item.item_no}.{item.title}。")
        assert len(item.assignment) == 1
        assert item.text.endswith(item.assignment[0])
        assert item.assignment[0].startswith("（牵头单位：")


def test_dates_and_terms_are_kept_as_words(guangzhou: TaskDocument) -> None:
    hints = {item.item_no: item.due_hints for item in guangzhou.items}
    assert hints["43"] == ("2012年10月底前", "2012年底前")
    assert hints["5"] == ("5年内",)
    assert hints["45"] == ()


def test_what_names_nobody_is_no_task(guangzhou: TaskDocument) -> None:
    assert guangzhou.title == "关于推进人才集聚工程的实施意见"
    kinds = [passage.kind for passage in guangzhou.remainder]
    assert kinds == [PassageKind.PREAMBLE, PassageKind.HEADING, PassageKind.UNASSIGNED, *[PassageKind.HEADING] * 13]
    [aim] = [passage for passage in guangzhou.remainder if passage.kind is PassageKind.UNASSIGNED]
    assert aim.source.startswith("1.目标。")


def test_a_unit_that_alone_is_responsible_handles_it_alone(incentives: TaskDocument) -> None:
    sole = {item.item_no: item for item in incentives.items if item.handling is not None}
    assert {number: names(item.lead) for number, item in sole.items()} == {
        number: (name,) for number, name in INCENTIVES_SOLE.items()
    }
    assert {item.handling for item in sole.values()} == {Handling.SOLE}
    assert all(len(item.mentions) == 1 and item.questions == () for item in sole.values())


def test_several_units_without_a_manner_are_a_question(incentives: TaskDocument) -> None:
    asked = [item for item in incentives.items if item.questions == (Question.MANNER,)]
    assert {item.item_no: names(item.open) for item in asked} == INCENTIVES_OPEN
    assert all(item.lead == () and item.groups == () and item.handling is None for item in asked)


def test_acting_together_with_others_names_no_lead(incentives: TaskDocument) -> None:
    asked = [item for item in incentives.items if item.questions == (Question.TOGETHER,)]
    assert {item.item_no: names(item.open) for item in asked} == INCENTIVES_TOGETHER
    assert all(item.groups == (GroupMention("有关部门", None),) and item.lead == () for item in asked)


def test_the_30_items_end_before_the_closing_words(incentives: TaskDocument) -> None:
    assert len(incentives.items) == 30
    assert incentives.number == "国办发〔2018〕117号"
    assert incentives.title.startswith("国务院办公厅关于")
    assert incentives.title.endswith("的通知")
    assert [passage.kind for passage in incentives.remainder] == [PassageKind.PREAMBLE, PassageKind.CLOSING]
    assert incentives.remainder[1].source.rstrip().endswith("（此件公开发布）")
    assert incentives.items[-1].source.rstrip().endswith("（国务院办公厅负责）")


@pytest.mark.parametrize(("number", "unassigned"), [("05", 9), ("11", 0), ("12", 7)])
def test_documents_without_tails_give_no_task(real: Callable[[str], str], number: str, unassigned: int) -> None:
    document = parse_tasks(real(number))
    assert document.items == ()
    assert sum(passage.kind is PassageKind.UNASSIGNED for passage in document.remainder) == unassigned


@pytest.mark.parametrize("number", ["01", "05", "10", "11", "12"])
def test_nothing_is_lost(real: Callable[[str], str], number: str) -> None:
    text = real(number)
    assert "".join(part.source for part in parse_tasks(text).parts) == text


@pytest.mark.parametrize("number", ["01", "10"])
def test_another_printing_of_the_same_file_is_the_same_file(real: Callable[[str], str], number: str) -> None:
    text = real(number)
    first, second = parse_tasks(text), parse_tasks("\ufeff" + text.replace("\n", "\r\n"))
    assert second.digest == first.digest
    assert [item.digest for item in second.items] == [item.digest for item in first.items]
    assert len({item.digest for item in first.items}) == len(first.items)
    assert [item.text for item in second.items] == [item.text for item in first.items]
