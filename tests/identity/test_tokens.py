"""Access tokens: everything that a token must be, a test for each line of the list."""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from app.core.ids import new_id
from app.identity.token_keys import key_id
from app.identity.tokens import TokenFault, TokenRefusedError, Tokens
from tests.identity.bed import NOW

KEY = ec.generate_private_key(ec.SECP256R1())
NEXT_KEY = ec.generate_private_key(ec.SECP256R1())
ACCOUNT, SESSION = new_id(), new_id()
LATER = NOW + timedelta(hours=12)


def make(key: ec.EllipticCurvePrivateKey = KEY, **options: Any) -> Tokens:
    return Tokens(key, issuer="duban", audience="duban-api", lifetime=timedelta(minutes=10), **options)


def good_claims() -> dict[str, Any]:
    issued = int(NOW.timestamp())
    return {
        "iss": "duban",
        "aud": "duban-api",
        "sub": str(ACCOUNT),
        "sid": str(SESSION),
        "jti": str(new_id()),
        "iat": issued,
        "nbf": issued,
        "exp": issued + 600,
    }


def good_headers() -> dict[str, Any]:
    return {"typ": "at+jwt", "kid": key_id(KEY.public_key())}


def signed(claims: dict[str, Any], headers: dict[str, Any] | None = None, key: Any = KEY, alg: str = "ES256") -> str:
    return jwt.encode(claims, key, alg, headers or good_headers())


def fault_of(text: str, now: datetime = NOW, tokens: Tokens | None = None) -> TokenFault:
    with pytest.raises(TokenRefusedError) as refused:
        (tokens or make()).read(text, now)
    return refused.value.fault


def test_a_token_of_ours_is_read_back() -> None:
    tokens = make()
    token = tokens.issue(ACCOUNT, SESSION, NOW, LATER)
    claims = tokens.read(token.text, NOW)
    assert (claims.account_id, claims.session_id) == (ACCOUNT, SESSION)
    assert claims.expires_at == token.expires_at == NOW + timedelta(minutes=10)
    assert jwt.get_unverified_header(token.text) == {"alg": "ES256", **good_headers()}


def test_a_token_says_who_and_which_session_and_nothing_about_rights() -> None:
    token = make().issue(ACCOUNT, SESSION, NOW, LATER)
    payload = jwt.decode(token.text, options={"verify_signature": False})
    assert set(payload) == {"iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"}


def test_a_token_never_outlives_its_session() -> None:
    assert make().issue(ACCOUNT, SESSION, NOW, NOW + timedelta(minutes=3)).expires_at == NOW + timedelta(minutes=3)


def test_the_same_claims_made_elsewhere_with_our_key_are_taken() -> None:
    assert make().read(signed(good_claims()), NOW).account_id == ACCOUNT  # else the refusals below would prove nothing


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf", "aud", "iss", "sub", "jti", "sid"])
def test_no_claim_may_be_missing(claim: str) -> None:
    claims = good_claims()
    del claims[claim]
    assert fault_of(signed(claims)) is TokenFault.INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "another"},
        {"iss": "dub"},
        {"iss": ["duban"]},
        {"aud": "another"},
        {"aud": ["duban-api"]},
        {"aud": ["duban-api", "another"]},
        {"sub": 7},
        {"sub": "nobody"},
        {"sid": 7},
        {"sid": None},
        {"sid": "nothing"},
        {"jti": 7},
        {"jti": "x"},
        {"exp": "soon"},
        {"exp": None},
        {"exp": True},
        {"exp": float(NOW.timestamp() + 600)},
        {"iat": "now"},
        {"nbf": 1.5},
    ],
    ids=str,
)
def test_claims_must_be_of_their_kind_and_ours(changes: dict[str, Any]) -> None:
    assert fault_of(_with(changes)) is TokenFault.INVALID


def _with(changes: dict[str, Any]) -> str:
    header = _part({"alg": "ES256", **good_headers()})
    body = _part({**good_claims(), **changes})  # past PyJWT's own checks on writing
    return f"{header}.{body}.{_signature(f'{header}.{body}')}"


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _signature(signed_text: str) -> str:
    algorithm = jwt.get_algorithm_by_name("ES256")
    return base64.urlsafe_b64encode(algorithm.sign(signed_text.encode(), KEY)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("issued", "not_before", "expires"),
    [
        (0, 0, 901),  # longer than fifteen minutes
        (0, 0, 10 * 365 * 86_400),
        (0, 0, 10**30),
        (0, 0, 0),
        (0, 0, -1),
        (0, 600, 600),  # begins when it ends
        (10, 0, 600),  # valid before it was issued
    ],
)
def test_the_times_of_a_token_must_fit_together(issued: int, not_before: int, expires: int) -> None:
    start = int(NOW.timestamp())
    claims = good_claims() | {"iat": start + issued, "nbf": start + not_before, "exp": start + expires}
    assert fault_of(signed(claims)) is TokenFault.INVALID


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (-31, TokenFault.INVALID),  # issued in the future, beyond what clocks may differ by
        (-30, None),
        (0, None),
        (599, None),
        (629, None),
        (630, TokenFault.EXPIRED),
        (86_400, TokenFault.EXPIRED),
    ],
)
@pytest.mark.parametrize("remembered", [False, True])
def test_a_token_is_good_from_its_beginning_to_its_end(after: int, fault: TokenFault | None, remembered: bool) -> None:
    tokens, text = make(), signed(good_claims())
    if remembered:
        tokens.read(text, NOW)
    at = NOW + timedelta(seconds=after)
    if fault is None:
        assert tokens.read(text, at).account_id == ACCOUNT
    else:
        assert fault_of(text, at, tokens) is fault


@pytest.mark.parametrize(
    "headers",
    [
        {"typ": "JWT"},
        {"typ": "at+JWT"},
        {"typ": None},
        {"kid": key_id(NEXT_KEY.public_key())},
        {"kid": ""},
        {"kid": "../../etc/passwd"},
        {"jwk": {"kty": "EC"}},
        {"jku": "https://example.org/keys"},
        {"x5u": "https://example.org/keys"},
        {"crit": ["b64"], "b64": True},
        {"cty": "JWT"},
    ],
    ids=" ".join,
)
def test_the_header_is_ours_or_the_token_is_not(headers: dict[str, Any]) -> None:
    assert fault_of(signed(good_claims(), good_headers() | headers)) is TokenFault.INVALID


@pytest.mark.parametrize("name", ["typ", "kid"])
def test_no_header_may_be_missing(name: str) -> None:
    header = {"alg": "ES256", **good_headers()}
    del header[name]
    body = f"{_part(header)}.{_part(good_claims())}"
    assert fault_of(f"{body}.{_signature(body)}") is TokenFault.INVALID


def test_a_token_beyond_the_length_of_ours_is_not_even_looked_at() -> None:
    assert fault_of(signed(good_claims() | {"note": "x" * 1400})) is TokenFault.MALFORMED


def test_a_token_of_another_key_is_refused_under_our_key_id() -> None:
    assert fault_of(signed(good_claims(), key=NEXT_KEY)) is TokenFault.INVALID


def test_no_other_algorithm_is_taken_whatever_the_header_says() -> None:
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    unsigned = f"{_part({'alg': 'none', **good_headers()})}.{_part(good_claims())}."
    confused = jwt.PyJWS().encode(b"{}", b"x" * 64, "HS256", good_headers()).split(".")[0]
    by_public_key = _hmac(f"{confused}.{_part(good_claims())}", public)
    others = [
        signed(good_claims(), key=rsa.generate_private_key(65537, 2048), alg="RS256"),
        signed(good_claims(), key=ec.generate_private_key(ec.SECP384R1()), alg="ES384"),
        signed(good_claims(), key=ed25519.Ed25519PrivateKey.generate(), alg="EdDSA"),
        signed(good_claims(), key=b"x" * 64, alg="HS256"),
    ]
    for text in (unsigned, by_public_key, *others):
        assert fault_of(text) is TokenFault.INVALID


def _hmac(text: str, key: bytes) -> str:
    import hashlib
    import hmac

    code = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(code).rstrip(b'=').decode()}"


def test_a_changed_token_is_refused() -> None:
    header, body, signature = signed(good_claims()).split(".")
    other = _part(good_claims() | {"sub": str(new_id())})
    assert fault_of(f"{header}.{other}.{signature}") is TokenFault.INVALID
    assert fault_of(f"{header}.{body}.{signature[:-8]}AAAAAAAA") is TokenFault.INVALID
    assert fault_of(f"{header}.{body}.") is TokenFault.INVALID


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "a.b",
        "Bearer",
        "x" * 2049,
        "督办",
        "\ud800",
        "\x00",
        f"{base64.urlsafe_b64encode(b'[' * 1400).decode().rstrip('=')}.e30.AA",
        f"{base64.urlsafe_b64encode(b'[]').decode().rstrip('=')}.e30.AA",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_what_is_no_token_is_malformed(text: str) -> None:
    assert fault_of(text) is TokenFault.MALFORMED


@pytest.mark.parametrize(
    "lifetime", [timedelta(), timedelta(seconds=-1), timedelta(minutes=15, seconds=1), timedelta(days=1)]
)
def test_no_server_can_be_set_up_to_issue_longer_tokens(lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match=r"^an access token lives at most 0:15:00$"):
        Tokens(KEY, issuer="duban", audience="duban-api", lifetime=lifetime)


def test_keys_are_changed_without_a_gap() -> None:
    before = make(also_accepted=[NEXT_KEY.public_key()])
    after = make(NEXT_KEY, also_accepted=[KEY.public_key()])
    retired = make(NEXT_KEY)
    old, new = (tokens.issue(ACCOUNT, SESSION, NOW, LATER).text for tokens in (before, after))
    for tokens, text in ((before, old), (before, new), (after, old), (after, new), (retired, new)):
        assert tokens.read(text, NOW).session_id == SESSION
    assert fault_of(old, tokens=retired) is TokenFault.INVALID


def test_a_verified_token_is_not_verified_again_and_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = make(remembered=2)
    verified: list[str] = []
    decode: Callable[[str], Any] = tokens._decode

    def count(text: str) -> Any:
        verified.append(text)
        return decode(text)

    monkeypatch.setattr(tokens, "_decode", count)
    first, second, third = (tokens.issue(ACCOUNT, SESSION, NOW, LATER).text for _ in range(3))
    for text in (first, second, first, first, third, first, second):
        tokens.read(text, NOW)
    assert verified == [first, second, third, second]  # `second` was the least lately used when `third` came
    assert len(tokens._verified._claims) == 2


def test_a_refused_token_is_not_remembered() -> None:
    tokens = make()
    fault_of(signed(good_claims(), key=NEXT_KEY), tokens=tokens)
    fault_of(signed(good_claims()), NOW + timedelta(hours=1), tokens)
    assert len(tokens._verified._claims) == 0


def test_the_token_id_is_that_of_this_token_alone() -> None:
    tokens = make()
    ids = {tokens.read(tokens.issue(ACCOUNT, SESSION, NOW, LATER).text, NOW).token_id for _ in range(5)}
    assert len(ids) == 5
    assert all(isinstance(item, UUID) for item in ids)
