"""What holds for every document: nothing lost, nothing invented, the same again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.cases.rules import AssignmentRole, Handling
from app.exchange.tasks import TaskItem, parse_tasks
from app.exchange.tasks_mentions import GroupMention, UnitMention
from app.exchange.tasks_tails import Question

CHARACTERS = "一二十、1\uff12.．（）()【】：:，,；;。各区 \u3000\n\r\ufeff\u2028甲乙"
NUMBERS = ["\n1.", "\n二、", "\n（三）", "\r\n"]
KEYS = ["牵头单位：", "配合单位:", "责任单位：", "完成时限：", "责任人："]
VERBS = ["负责", "牵头", "分别负责", "会同", "等有关部门"]
NAMES = ["各区、县级市", "市水务局", "6月底前", "关于", "通知", "（甲局负责）\n", "（牵头单位：乙局）\n"]
FRAGMENTS = st.sampled_from([*CHARACTERS, *NUMBERS, *KEYS, *VERBS, *NAMES])
DOCUMENTS = st.lists(FRAGMENTS, max_size=60).map("".join)

UNITS = [
    "市水务局",
    "市人力资源和社会保障局",
    "市委政法委",
    "市城管委（综合执法局）",
    "越秀区",
    "团市委",
    "会同县民政局",
]
GROUPS = ["各区、县级市", "各有关单位", "各项目牵头单位", "有关部门", "各镇政府"]


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_the_parts_joined_are_the_document(text: str) -> None:
    document = parse_tasks(text)
    assert "".join(part.source for part in document.parts) == text
    assert all(part.source for part in document.parts)
    assert parse_tasks(text) == document


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS.map(lambda text: text.replace("\ufeff", "")))
def test_every_word_of_an_item_stands_in_its_source(text: str) -> None:
    document = parse_tasks(text)
    for item in document.items:
        assert item.text.split() == item.source.split()
        assert item.title in item.source or item.title in " ".join(item.source.split())
        assert all(words in item.source for words in item.assignment)
        assert all(mention.name and mention.name in "".join(item.assignment) for mention in item.mentions)
        assert all(hint in item.source for hint in item.due_hints)
    assert len({item.digest for item in document.items}) == len(document.items)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_a_handling_is_suggested_exactly_where_nothing_is_open(text: str) -> None:
    for item in parse_tasks(text).items:
        assert (item.handling is None) == bool(set(item.questions) - {Question.UNREAD_WORDS})
        assert fits(item)


def fits(item: TaskItem) -> bool:
    roles = [mention.role for mention in item.mentions]
    match item.handling:
        case Handling.SOLE:
            return roles == [AssignmentRole.LEAD] and len(item.lead) == 1
        case Handling.JOINT:
            return len(item.lead) == 1 and roles.count(AssignmentRole.SUPPORTING) == len(roles) - 1 > 0
        case Handling.SEPARATE:
            return set(roles) == {AssignmentRole.PRINCIPAL}
        case None:
            return True


@st.composite
def tails(draw: st.DrawFn) -> tuple[str, tuple[UnitMention | GroupMention, ...]]:
    first, *units = draw(st.lists(st.sampled_from(UNITS), min_size=1, max_size=6, unique=True))
    groups = draw(st.lists(st.sampled_from(GROUPS), max_size=3, unique=True))
    comma, colon = draw(st.sampled_from("，,；;")), draw(st.sampled_from("：:"))
    brackets = draw(st.sampled_from(["（）", "()", "【】"]))
    others = comma.join(filter(None, ["、".join(units), *groups]))
    words = f"牵头单位{colon}{first}{comma}配合单位{colon}{others}" if others else f"牵头单位{colon}{first}"
    supporting = AssignmentRole.SUPPORTING
    mentions: tuple[UnitMention | GroupMention, ...] = (
        UnitMention(first, AssignmentRole.LEAD),
        *(UnitMention(name, supporting) for name in units),
        *(GroupMention(name, supporting) for name in groups),
    )
    return brackets[0] + words + brackets[1], mentions


@settings(max_examples=200, deadline=None)
@given(st.lists(tails(), min_size=1, max_size=8))
def test_what_was_printed_is_read(printed: list[tuple[str, tuple[UnitMention | GroupMention, ...]]]) -> None:
    text = "".join(f"{number}.做好工作。{tail}\n" for number, (tail, _) in enumerate(printed, 1))
    items = parse_tasks(text).items
    assert [item.mentions for item in items] == [mentions for _, mentions in printed]
    assert [item.assignment for item in items] == [(tail,) for tail, _ in printed]
    assert all(item.questions == () for item in items)
