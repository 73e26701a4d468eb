"""The tables of reminders: words, addresses, what is mandatory, what goes together and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.core.refusals import Problems, Refusal
from app.notifications.reactions import _TOLD
from app.notifications.rules import (
    _WORDS,
    ReminderChannel,
    ReminderKind,
    check_address,
    fitted,
    is_urgent,
    keeps_what_is_mandatory,
    kind_of,
    pause_after,
    planned,
    words_of,
)
from app.regulation.rules import TimeLimitTier
from tests.bed.world import MONDAY

NEUTRAL = "您有督办提醒，请登录系统查看。"
HOURS = timedelta(hours=1)
ANNA, BORIS = UUID(int=1), UUID(int=2)
U, D, N = ReminderKind.URGING, ReminderKind.DUTY, ReminderKind.NEWS


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([("urging.delivered", "3号")], "3号：催办。"),
        ([("report.returned", "3号"), ("case.dispatched", "3号")], "3号：上报被退回。"),
        ([("urging.delivered", "3号"), ("urging.delivered", "5号")], "3号、5号：催办。"),
        ([("case.closed", "3号"), ("urging.delivered", "5号")], "3号：已办结；5号：催办。"),
        ([("some.other_topic", "3号")], "3号：有待办事项。"),
        ([("urging.delivered", None)], NEUTRAL),
        ([], NEUTRAL),
        ([("case.closed", None), ("urging.delivered", "5号")], "5号：催办等。"),
        ([("urging.delivered", f"{n}号") for n in range(7)], "0号、1号、2号、3号、4号：催办等。"),
    ],
)
def test_of_each_case_it_says_what_was_last_and_of_what_has_no_number_nothing(
    told: list[tuple[str, str | None]], words: str
) -> None:
    assert words_of(told) == words


def test_every_topic_by_which_units_are_told_of_a_case_has_words() -> None:
    of_cases = {topic for topic in _TOLD if topic.partition(".")[0] not in ("evaluation", "circular")}
    assert of_cases - _WORDS.keys() == set()


def test_what_a_topic_is() -> None:
    topics = ("urging.delivered", "case.dispatched", "talk.issued", "unheard.of", "case.closed", "report.accepted")
    assert [kind_of(topic) for topic in topics] == [U, D, D, D, N, N]
    tiers = (TimeLimitTier.URGENT, TimeLimitTier.GENERAL, None)
    assert [is_urgent("case.dispatched", tier) for tier in tiers] == [True, False, False]
    assert not is_urgent("urging.delivered", TimeLimitTier.URGENT)


def test_words_are_cut_between_characters_and_the_link_never() -> None:
    assert fitted("督办提醒", "https://a", 100) == "督办提醒\nhttps://a"
    assert fitted("督办提醒", "https://a", 10 + 11) == "督办提\nhttps://a"
    assert fitted("督办提醒", "https://a", 4) == "\nhttps://a"


@pytest.mark.parametrize(
    ("channel", "good", "bad"),
    [
        ("SMS", ["13800000001", " 19912345678 "], ["1380000000", "12800000001", "+8613800000001", "٣" * 11]),
        ("SMTP", ["a.b+c@example.gov.cn"], ["a@b", "a@b.cn\nBcc: c@d.cn", "甲@example.cn", "a b@c.cn", "a@b.cn,c@d.e"]),
        ("DINGTALK", ["manager4220", "zhang.san"], ["a,b", "a|b", "甲", "a b", "a" * 65]),
        ("WECOM", ["ZhangSan", "zhang@corp"], ["@all", "a|b", "甲", "a" * 65]),
        ("FEISHU", ["ou_7d8a6e", "a+b@example.cn"], ["a,b", "a/b", ""]),
    ],
)  # fmt: skip
def test_an_address_is_one_address(channel: str, good: list[str], bad: list[str]) -> None:
    for address in good:
        problems = Problems()
        assert check_address(problems, ReminderChannel(channel), address, "address") == address.strip()
        problems.raise_if_any()
    for address in bad:
        problems = Problems()
        check_address(problems, ReminderChannel(channel), address, "address")
        with pytest.raises(Refusal):
            problems.raise_if_any()


@pytest.mark.parametrize(
    ("choices", "fine"),
    [([], True), ([[U, D]], True), ([[U], [D, N]], True), ([[U]], False), ([[N], []], False), ([[]], False)],
)
def test_what_is_mandatory_keeps_a_channel_unless_there_is_none(choices: list[list[str]], fine: bool) -> None:
    assert keeps_what_is_mandatory(choices) is fine


@dataclass(slots=True)
class One:
    """`about`: what a plan names it by."""

    about: str
    person_id: UUID = ANNA
    place: int = 1
    urging: bool = False
    urgent: bool = False
    next_at: datetime = MONDAY

    @property
    def matter_id(self) -> UUID:
        return UUID(int=ord(self.about[0]))


def plan(
    *waiting: One, quiet_until: datetime | None = None, urged: datetime | None = None
) -> tuple[list[str], dict[str, int]]:
    found = planned(
        waiting, MONDAY, quiet_until=quiet_until, urged={} if urged is None else {ANNA: urged}, interval=2 * HOURS
    )
    parcels = sorted(" ".join(one.about for one in parcel) for parcel in found.parcels)
    return parcels, {one.about: int((until - MONDAY) / HOURS * 60) for one, until in found.put_off}


LATER = MONDAY + HOURS


@pytest.mark.parametrize(
    ("waiting", "given", "parcels", "put_off"),
    [
        ([], {}, [], {}),
        ([One("a1"), One("b1")], {}, ["a1", "b1"], {}),
        ([One("a2", place=2), One("a1")], {}, ["a1 a2"], {}),
        ([One("a1"), One("a1", BORIS)], {}, ["a1", "a1"], {}),
        ([One("a1", next_at=LATER)], {}, [], {}),
        ([One("a1"), One("a2", place=2, next_at=LATER)], {}, ["a1 a2"], {}),
        # urgings of several matters go together, the newest last, and take with them what waits of these
        ([One("a3", place=3, urging=True), One("b1", urging=True), One("c1")], {}, ["b1 a3", "c1"], {}),
        ([One("a1", urging=True), One("b2", place=2, urging=True, next_at=LATER)], {}, ["a1 b2"], {}),
        ([One("a1", urging=True), One("a2", place=2)], {}, ["a1 a2"], {}),
        # not so soon after the last
        ([One("a1", urging=True), One("b1")], {"urged": MONDAY - HOURS}, ["b1"], {"a1": 60}),
        ([One("a1", urging=True)], {"urged": MONDAY - 2 * HOURS}, ["a1"], {}),
        ([One("a1", BORIS, urging=True)], {"urged": MONDAY - HOURS}, ["a1"], {}),
        ([One("a1", urging=True, next_at=LATER)], {"urged": MONDAY - HOURS}, [], {}),
        # at night
        ([One("a1"), One("b1", urging=True)], {"quiet_until": LATER}, [], {"a1": 60, "b1": 60}),
        ([One("a1", urgent=True), One("b1")], {"quiet_until": LATER}, ["a1"], {"b1": 60}),
        ([One("a1", urgent=True), One("a2", place=2)], {"quiet_until": LATER}, ["a1 a2"], {}),
    ],
)
def test_what_goes_out_together_and_what_waits(
    waiting: list[One], given: dict[str, datetime], parcels: list[str], put_off: dict[str, int]
) -> None:
    assert plan(*waiting, **given) == (parcels, put_off)


def test_attempts_go_on_for_most_of_a_day() -> None:
    pauses = [pause_after(attempts, 0.5) for attempts in range(1, 9)]
    assert pauses[-1] is None
    assert sum((pause for pause in pauses if pause), timedelta()) == timedelta(minutes=1242.5)
    assert [pause_after(1, chance) for chance in (0.0, 1.0)] == [timedelta(seconds=24), timedelta(seconds=36)]
