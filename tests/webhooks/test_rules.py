"""The tables of webhooks: addresses, URLs, answers, pauses, and the signature of the specification."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core.posting import Target, target_of, wish_of
from app.webhooks.addresses import is_listed, is_public, networks_of
from app.webhooks.rules import Verdict, hold_after, pause_after, verdict_on
from app.webhooks.sending import may_be_public
from app.webhooks.signing import headers, secret_of, told
from tests.bed.world import MONDAY

INSIDE = """
127.0.0.1 127.8.9.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
192.0.2.1 198.18.0.1 :: ::1 fe80::1 fe80::1%eth0 fc00::1 ff02::1 2001:db8::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1::
2001:0:4136:e378:8000:63bf:f5ff:fffe
"""
OUTSIDE = "8.8.8.8 1.1.1.1 2606:4700:4700::1111 64:ff9b::808:808 2002:808:808::"


@pytest.mark.parametrize("address", INSIDE.split())
def test_what_lies_inside_is_no_public_address_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE.split())
def test_what_lies_outside_is(address: str) -> None:
    assert is_public(address)


def test_a_listed_network_is_meant_however_its_addresses_are_written() -> None:
    listed = networks_of(["10.1.0.0/16", "fd00:1::/32"])
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd00:1::9"):
        assert is_listed(address, listed)
    for address in ("10.2.0.1", "127.0.0.1", "::ffff:10.2.0.1", "fd00:2::9"):
        assert not is_listed(address, listed)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://oa.example.gov.cn", Target(True, "oa.example.gov.cn", 443, "/")),
        ("https://OA.example.gov.cn:8443/a/b?c=d", Target(True, "oa.example.gov.cn", 8443, "/a/b?c=d")),
        ("http://10.1.2.3/x", Target(False, "10.1.2.3", 80, "/x")),
        ("http://[fd00::1]:8080/x", Target(False, "fd00::1", 8080, "/x")),
    ],
)
def test_where_a_url_leads(url: str, target: Target) -> None:
    assert target_of(url) == target


@pytest.mark.parametrize(
    "url",
    [
        "", "oa.example.gov.cn", "ftp://a.example", "file:///etc/passwd", "https://", "https:///x", "https://user@a.example",
        "https://a.example@b.example", "https://a.example#x", "https://a.example:0", "https://a.example:99999",
        "https://a.example:port", "https://a b.example", "https://督办.example", "https://a.example/\r\nX: y",
        "https://a.example\\@b.example", "https://[::1", "https://.example", "gopher://a.example", "//a.example",
    ],
)  # fmt: skip
def test_what_is_no_address_of_an_http_server(url: str) -> None:
    assert target_of(url) is None


def test_only_tls_at_its_own_ports_may_leave_the_house() -> None:
    public = {url: target_of(url) for url in ("https://a.example", "https://a.example:8443")}
    assert all(target is not None and may_be_public(target) for target in public.values())
    for url in ("http://a.example", "https://a.example:22", "http://a.example:443"):
        target = target_of(url)
        assert target is not None
        assert not may_be_public(target)


@pytest.mark.parametrize(
    ("verdict", "statuses"),
    [
        (Verdict.TAKEN, [200, 201, 202, 204, 299]),
        (Verdict.GONE, [410]),
        (Verdict.NOT_THIS, [400, 405, 409, 413, 415, 422]),
        (Verdict.NOT_NOW, [300, 301, 302, 307, 308, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504]),
    ],
)
def test_what_an_answer_means(verdict: Verdict, statuses: list[int]) -> None:
    assert {verdict_on(status) for status in statuses} == {verdict}


def test_it_is_tried_for_days_and_then_given_up() -> None:
    pauses = [pause_after(attempts, 0.5) for attempts in range(1, 10)]
    assert [pause.total_seconds() for pause in pauses[:3] if pause] == [5, 300, 1_800]
    assert sum((pause for pause in pauses if pause), timedelta()) > timedelta(days=2, hours=23)
    assert pause_after(10, 0.5) is None
    assert (pause_after(2, 0.0), pause_after(2, 1.0)) == (timedelta(seconds=240), timedelta(seconds=360))


def test_a_receiver_is_left_alone_longer_and_longer_up_to_minutes() -> None:
    assert [hold_after(failures).total_seconds() for failures in (1, 2, 3, 9, 10, 1_000_000)] == [
        1,
        2,
        4,
        256,
        300,
        300,
    ]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("0", 0), ("120", 120), ("9" * 400, 86_400),
        ("Mon, 15 Jun 2026 01:02:00 GMT", 120), ("Mon, 15 Jun 2020 01:02:00 GMT", 0),
        ("Mon, 15 Jun 2099 01:02:00 GMT", 86_400),
        ("\uff11\uff12", None),
    ],
)  # fmt: skip
def test_retry_after_is_heard_within_bounds(said: str | None, seconds: int | None) -> None:
    assert wish_of(said, MONDAY) == (None if seconds is None else timedelta(seconds=seconds))


def test_the_signature_is_that_of_the_specification() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    at = datetime.fromtimestamp(1_614_265_330, UTC)
    signed = headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [secret])
    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signed["webhook-timestamp"] == "1614265330"


def test_each_endpoint_and_generation_has_a_secret_of_its_own() -> None:
    made = {
        secret_of(key, one, number) for key in (b"a", b"b") for one in (UUID(int=1), UUID(int=2)) for number in (1, 2)
    }
    assert len(made) == 8
    assert {len(secret) for secret in made} == {32}
    assert told(bytes(32)) == "whsec_" + "A" * 43 + "="
