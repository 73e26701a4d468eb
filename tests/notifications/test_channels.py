"""Each channel against a provider that takes, refuses, limits, is slow or gone: judged by its own code, not by HTTP."""

import email
import email.policy
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qsl

import pytest

from app.core.clock import FixedClock
from app.notifications.channels import Delivered, Outcome, Permanent, Reminder, Retryable, open_channels
from app.notifications.rules import ReminderChannel
from tests.bed.world import MONDAY
from tests.notifications.providing import CLOSED, HALF, SLOW, Answer, Provider, providing

KEY = "0123456789abcdef0123456789abcdef"
LINK = "https://duban.example.gov.cn/notifications/notification_x"
WORDS = "道督〔2026〕3号：催办。"
DINGTALK, WECOM, FEISHU, SMS = "DINGTALK", "WECOM", "FEISHU", "SMS"
SOON, AT_LENGTH = 0.3, 10.0  # who is to be given up, and who only runs on a busy machine
MINUTE = timedelta(minutes=1)


def refused(channel: str, code: int | str) -> dict[str, Any]:
    """What the provider says with this code. HTTP says 200 to all of it."""
    if channel == SMS:
        return {"Code": code}
    return {"code" if channel == FEISHU else "errcode": code}


async def send(provider: Provider, channel: str, *, words: str = WORDS, address: str = "u1", **given: Any) -> Outcome:
    seconds = SOON if any(SLOW in answer for answer in provider.answers if isinstance(answer, str)) else AT_LENGTH
    way = open_channels(provider.settings(**given), FixedClock(MONDAY), seconds)[ReminderChannel(channel)]
    return await way.send(Reminder(address, words, LINK), KEY)


TABLE: list[tuple[str, list[Answer], Outcome]] = [
    (DINGTALK, [], Delivered("256")),
    (WECOM, [], Delivered("m-1")),
    (FEISHU, [], Delivered("om_1")),
    (SMS, [], Delivered(None)),
    # for good, though HTTP says 200
    (DINGTALK, [refused(DINGTALK, 33012)], Permanent("33012")),
    (DINGTALK, [{"errcode": 88, "sub_code": "60011"}], Permanent("60011")),
    (WECOM, [refused(WECOM, 81013)], Permanent("81013")),
    (WECOM, [{"errcode": 0, "msgid": "m-1", "invaliduser": "u1"}], Permanent("invaliduser")),
    (FEISHU, [refused(FEISHU, 230013)], Permanent("230013")),
    (SMS, [refused(SMS, "BLACK")], Permanent("BLACK")),
    # a limit: nothing at all for a while
    (DINGTALK, [{"errcode": 88, "sub_code": "90018"}], Retryable("90018", MINUTE)),
    (WECOM, [refused(WECOM, 45009)], Retryable("45009", MINUTE)),
    (FEISHU, [(429, {"x-ogw-ratelimit-reset": "52"}, b'{"code": 99991400}')],
     Retryable("99991400", timedelta(seconds=52))),
    (SMS, [refused(SMS, "LIMIT")], Retryable("LIMIT", MINUTE)),
    (SMS, [(429, {"Retry-After": "7"}, b"later")], Retryable("HTTP 429", timedelta(seconds=7))),
    # what may pass, and what nobody knows
    (DINGTALK, [refused(DINGTALK, -1)], Retryable("-1")),
    (DINGTALK, [refused(DINGTALK, 88)], Retryable("88")),
    (WECOM, [refused(WECOM, 123456789)], Retryable("123456789")),
    (FEISHU, [(502, {}, b"<html>bad gateway</html>")], Retryable("HTTP 502")),
    (SMS, [(200, {}, b"[]")], Retryable("HTTP 200")),
    (SMS, [{"Code": {"a": 1}}], Retryable("HTTP 200")),
    (SMS, [refused(SMS, "no: 138\n0000")], Retryable("STRANGE")),
    # the code counts, not HTTP
    (SMS, [(500, {}, b'{"Code": "OK"}')], Delivered(None)),
    (DINGTALK, [CLOSED], Retryable("NOT_HTTP")),
    (FEISHU, [CLOSED], Retryable("NOT_HTTP")),
    (SMS, [CLOSED], Retryable("NOT_HTTP")),
    (WECOM, [HALF], Retryable("NOT_HTTP")),
    (DINGTALK, [SLOW], Retryable("TIMEOUT")),
    (SMS, [SLOW], Retryable("TIMEOUT")),
    (SMS, [(200, {}, b'{"Code": "' + b"x" * 70_000 + b'"}')], Retryable("TOO_LONG")),
    # a token that went stale is got once more
    (DINGTALK, [{"errcode": 88, "sub_code": "40014"}], Delivered("256")),
    (WECOM, [refused(WECOM, 42001)], Delivered("m-1")),
    (FEISHU, [refused(FEISHU, 99991663)], Delivered("om_1")),
    (WECOM, [refused(WECOM, 40014)] * 2, Permanent("40014")),
]  # fmt: skip


@pytest.mark.parametrize(("channel", "answers", "expected"), TABLE)
async def test_what_a_provider_says_is_what_counts(channel: str, answers: list[Answer], expected: Outcome) -> None:
    async with providing() as provider:
        provider.answers = list(answers)
        assert await send(provider, channel) == expected
        assert provider.answers == []


@pytest.mark.parametrize(
    ("channel", "answer", "expected"),
    [
        (DINGTALK, refused(DINGTALK, 40089), Permanent("40089")),
        (WECOM, refused(WECOM, 40001), Permanent("40001")),
        (FEISHU, refused(FEISHU, 10014), Permanent("10014")),
        (WECOM, refused(WECOM, 45009), Retryable("45009", MINUTE)),
        (FEISHU, CLOSED, Retryable("NOT_HTTP")),
    ],
)
async def test_without_a_token_nothing_is_sent(channel: str, answer: Answer, expected: Outcome) -> None:
    async with providing() as provider:
        provider.tokens = [answer]
        assert await send(provider, channel) == expected
        assert provider.sent == []


async def test_a_provider_that_is_away_is_tried_again() -> None:
    async with providing() as provider:
        pass
    assert await send(provider, WECOM) == Retryable("CONNECTION")
    assert await send(provider, "SMTP", address="u1@example.gov.cn") == Retryable("CONNECTION")


async def test_each_provider_is_told_in_its_own_way() -> None:
    async with providing() as provider:
        for channel in (DINGTALK, WECOM, FEISHU, SMS):
            await send(provider, channel)
    ding, wecom, feishu, sms = provider.sent
    assert [one.query | {"path": one.path} for one in provider.asked[:2]] == [
        {"path": "/gettoken", "appkey": "ding", "appsecret": "ding-secret"},
        {"path": "/cgi-bin/gettoken", "corpid": "corp", "corpsecret": "corp-secret"},
    ]
    assert provider.asked[2].said == {"app_id": "cli", "app_secret": "cli-secret"}
    text = f"{WORDS}\n{LINK}"
    assert (ding.query, ding.said) == (
        {"access_token": "token"},
        {"agent_id": 7, "userid_list": "u1", "msg": {"msgtype": "text", "text": {"content": text}}},
    )
    assert (wecom.query, wecom.said) == (
        {"access_token": "token"},
        {
            "touser": "u1",
            "msgtype": "text",
            "agentid": 8,
            "text": {"content": text},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14_400,
        },
    )
    assert (feishu.query, feishu.headers["authorization"]) == ({"receive_id_type": "user_id"}, "Bearer token")
    assert feishu.said == {
        "receive_id": "u1",
        "msg_type": "text",
        "content": '{"text":"' + text.replace("\n", "\\n") + '"}',
        "uuid": KEY,
    }
    assert sms.said == {"to": "u1", "text": text, "out_id": KEY, "sign": 'a "secret"'}


@pytest.mark.parametrize(
    ("address", "kind"), [("ou_1", "open_id"), ("on_1", "union_id"), ("a@b.cn", "email"), ("zhang", "user_id")]
)
async def test_feishu_takes_whatever_id_there_is(address: str, kind: str) -> None:
    async with providing() as provider:
        await send(provider, FEISHU, address=address)
    assert provider.sent[0].query == {"receive_id_type": kind}


async def test_of_a_long_text_wecom_is_given_what_it_takes_and_the_link() -> None:
    async with providing() as provider:
        await send(provider, WECOM, words="督" * 1_000)
    content = provider.sent[0].said["text"]["content"]
    assert content == "督" * ((2048 - len(LINK) - 1) // 3) + f"\n{LINK}"
    assert len(content.encode()) <= 2048


async def test_a_form_for_a_gateway_that_reads_no_json() -> None:
    template = "to={mobile}&text={text}&id={key}&key={secret}"
    async with providing() as provider:
        await send(provider, SMS, words="甲&乙={secret}", sms_body=template, sms_secret="s=1&2")
    (request,) = provider.sent
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.body.decode())) == {
        "to": "u1",
        "text": f"甲&乙={{secret}}\n{LINK}",
        "id": KEY,
        "key": "s=1&2",
    }


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([], Delivered(None)),
        (["550"], Permanent("550")),
        (["451"], Retryable("451")),
        (["RCPT 550"], Permanent("550")),
        (["RCPT 452"], Retryable("452")),
        (["MAIL 421"], Retryable("421")),
        (["AUTH 535"], Permanent("535")),
        ([f"MAIL {SLOW}"], Retryable("TIMEOUT")),
        ([f"MAIL {CLOSED}"], Retryable("CONNECTION")),
    ],
)
async def test_mail_is_judged_by_the_codes_of_smtp(answers: list[Answer], expected: Outcome) -> None:
    async with providing(smtp=True) as provider:
        provider.answers = list(answers)
        given = {"smtp_user": "duban", "smtp_password": "word"}
        assert await send(provider, "SMTP", address="u1@example.gov.cn", **given) == expected


async def test_a_mail_bears_the_key_by_which_it_may_be_known_again() -> None:
    async with providing(smtp=True) as provider:
        for _ in range(2):
            await send(provider, "SMTP", address="u1@example.gov.cn")
        assert await send(provider, "SMTP", address="u1@example.gov.cn", smtp_security="starttls") == Permanent(
            "NOT_SUPPORTED"
        )
    first, second = (
        email.message_from_string("\n".join(lines), EmailMessage, policy=email.policy.default)
        for lines in provider.mails
    )
    for mail in (first, second):
        assert mail["Message-ID"] == f"<{KEY}@example.gov.cn>"
    assert (first["To"], first["Subject"]) == ("u1@example.gov.cn", "督办提醒")
    assert first.get_content() == f"{WORDS}\n{LINK}\n"
