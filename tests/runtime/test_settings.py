"""Settings come from `DUBAN_*` alone, say everything that is wrong at once, and never repeat a value."""

from pathlib import Path

import pytest

from app.core.levels import Classification
from app.core.settings import Settings, SettingsError, load_settings

PRODUCTION = {
    "DUBAN_ENV": "production",
    "DUBAN_TOKEN_KEY": "a-token-key",
    "DUBAN_CURSOR_KEY": "a-cursor-key",
    "DUBAN_SEARCH_KEY": "a-search-key",
    "DUBAN_WEBHOOK_KEY": "a-webhook-key",
    "DUBAN_BEHIND_TLS_PROXY": "true",
}


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*PRODUCTION, *(f"DUBAN_{name.upper()}" for name in Settings.model_fields)]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def _set(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def _problems(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> tuple[str, ...]:
    _set(monkeypatch, variables)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return refused.value.problems


def test_an_empty_environment_runs_on_a_bare_machine() -> None:
    settings = load_settings()
    assert (settings.url, settings.sqlite, settings.redis_url) == ("sqlite+aiosqlite:///var/duban.sqlite3", True, "")
    assert (settings.host, settings.port, settings.production) == ("127.0.0.1", 8000, False)


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"DUBAN_PROT": "8000", "duban_lower": "x", "DUBAN_PORT": "0", "DUBAN_TOKEN_KEY_FILE": "/does/not/exist"}
    assert _problems(monkeypatch, wrong) == (
        "DUBAN_PORT: Input should be greater than or equal to 1",
        "DUBAN_TOKEN_KEY_FILE: the file cannot be read (FileNotFoundError)",
        "unknown setting DUBAN_PROT",
        "unknown setting duban_lower",
    )


def test_the_test_beds_own_variables_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TEST_ANYTHING", "1")
    load_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "cursor_key"
    secret.write_text("密钥\n", encoding="utf-8")
    monkeypatch.setenv("DUBAN_CURSOR_KEY_FILE", str(secret))
    assert load_settings().cursor_key.get_secret_value() == "密钥"


def test_a_value_and_a_file_for_it_contradict_each_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "cursor_key"
    secret.write_text("one", encoding="utf-8")
    variables = {"DUBAN_CURSOR_KEY": "two", "DUBAN_CURSOR_KEY_FILE": str(secret)}
    assert _problems(monkeypatch, variables) == ("DUBAN_CURSOR_KEY and DUBAN_CURSOR_KEY_FILE are both set",)


def test_empty_means_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, {"DUBAN_PORT": "", "DUBAN_INTROSPECTION": "", "DUBAN_CURSOR_KEY_FILE": ""})
    assert (load_settings().port, load_settings().introspection) == (8000, None)


def test_no_value_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = PRODUCTION | {"DUBAN_BEHIND_TLS_PROXY": "false", "DUBAN_DATABASE_URL": "mysql://u:geheim@h/d"}
    problems = _problems(monkeypatch, variables)
    assert problems == ("DUBAN_DATABASE_URL: must begin with postgresql:// or sqlite:///",)
    monkeypatch.setenv("DUBAN_DATABASE_URL", "postgresql://u:geheim@h/d")
    problems = _problems(monkeypatch, {})
    assert problems == ("DUBAN_BEHIND_TLS_PROXY must be true: sign-in never travels in clear",)
    monkeypatch.setenv("DUBAN_BEHIND_TLS_PROXY", "true")
    shown = repr(load_settings())
    assert not any(secret in shown for secret in ("geheim", "a-token-key", "a-cursor-key", "a-search-key"))


@pytest.mark.parametrize(
    ("given", "url", "sqlite"),
    [
        ("postgres://u@h/d", "postgresql+asyncpg://u@h/d", False),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d", False),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d", False),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db", True),
    ],
)
def test_the_driver_is_ours_to_name(monkeypatch: pytest.MonkeyPatch, given: str, url: str, sqlite: bool) -> None:
    monkeypatch.setenv("DUBAN_DATABASE_URL", given)
    assert (load_settings().url, load_settings().sqlite) == (url, sqlite)


@pytest.mark.parametrize("given", ["postgresql+psycopg2://u@h/d", "oracle://h", "data.db"])
def test_other_databases_are_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    problems = _problems(monkeypatch, {"DUBAN_DATABASE_URL": given})
    assert problems == ("DUBAN_DATABASE_URL: must begin with postgresql:// or sqlite:///",)


_NO_FILE = "names no file: sqlite:///folder/file, or sqlite:////folder/file from the root"
_NO_ORIGIN = "each must be a scheme and a host, as in https://duban.example.gov.cn"


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("DATABASE_URL", "sqlite:///", _NO_FILE),
        ("DATABASE_URL", "sqlite://data.db", _NO_FILE),
        (
            "DATABASE_URL",
            "postgresql://[::1/d",
            "cannot be read; @ : / in a name or a password are written %40 %3A %2F",
        ),
        ("DATABASE_URL", "postgresql://u@h/d?options=-c", "takes no parameters but sslmode and host"),
        (
            "DATABASE_URL",
            "postgresql://u@h/d?sslmode=yes",
            "its sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full",
        ),
        ("REDIS_URL", "http://h", "must begin with redis://, rediss:// or unix://"),
        ("REDIS_URL", "127.0.0.1:6379", "must begin with redis://, rediss:// or unix://"),
        ("ALLOWED_ORIGINS", "*", _NO_ORIGIN),
        ("ALLOWED_ORIGINS", "https://a,duban.example", _NO_ORIGIN),
        ("ALLOWED_ORIGINS", "https://a/console", _NO_ORIGIN),
        ("TRUSTED_PROXIES", "127.0.0.1, proxy", "must be IP addresses or networks, separated by commas"),
        (
            "MAX_CLASSIFICATION",
            "SECRET",
            "must be one of PUBLIC, INTERNAL, WORK_SECRET, STATE_CONFIDENTIAL, STATE_SECRET, STATE_TOP_SECRET",
        ),
    ],
)
def test_what_would_fail_later_or_never_match_is_told_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, given: str, sentence: str
) -> None:
    assert _problems(monkeypatch, {f"DUBAN_{name}": given}) == (f"DUBAN_{name}: {sentence}",)


def test_what_operators_write_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(
        monkeypatch,
        {
            "DUBAN_DATABASE_URL": "postgresql://u@/d?host=/run/postgresql&sslmode=require",
            "DUBAN_REDIS_URL": "unix:///run/valkey.sock?db=1",
            "DUBAN_TRUSTED_PROXIES": "10.0.0.0/8,::1",
            "DUBAN_ALLOWED_ORIGINS": "https://a/",
        },
    )
    load_settings()


def test_lists_and_levels_are_written_as_people_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, {"DUBAN_ALLOWED_ORIGINS": "https://a, https://b,", "DUBAN_MAX_CLASSIFICATION": "INTERNAL"})
    settings = load_settings()
    assert settings.allowed_origins == ("https://a", "https://b")
    assert settings.max_classification is Classification.INTERNAL


def test_production_runs_when_everything_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, PRODUCTION)
    assert load_settings().production


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"DUBAN_TOKEN_KEY": ""}, "DUBAN_TOKEN_KEY(_FILE) must be set: keys are not generated"),
        ({"DUBAN_CURSOR_KEY": ""}, "DUBAN_CURSOR_KEY(_FILE) must be set: keys are not generated"),
        ({"DUBAN_SEARCH_KEY": ""}, "DUBAN_SEARCH_KEY(_FILE) must be set: keys are not generated"),
        ({"DUBAN_WEBHOOK_KEY": ""}, "DUBAN_WEBHOOK_KEY(_FILE) must be set: keys are not generated"),
        ({"DUBAN_WEBHOOK_NETWORKS": "10.1.0.0/16,10.1"}, "DUBAN_WEBHOOK_NETWORKS: must be networks as 10.1.0.0/16"),
        ({"DUBAN_BEHIND_TLS_PROXY": ""}, "DUBAN_BEHIND_TLS_PROXY must be true: sign-in never travels in clear"),
        ({"DUBAN_API_PROCESSES": "2"}, "SQLite serves one process: set DUBAN_DATABASE_URL"),
        ({"DUBAN_REHEARSAL_FACTOR": "60"}, "DUBAN_REHEARSAL_FACTOR must be 1"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, change: dict[str, str], sentence: str) -> None:
    assert _problems(monkeypatch, PRODUCTION | change) == (sentence,)


FRONT_END = {"DUBAN_FRONT_END_URL": "https://duban.example.gov.cn/"}
WECOM = {"DUBAN_WECOM_CORP_ID": "corp", "DUBAN_WECOM_SECRET": "word", "DUBAN_WECOM_AGENT_ID": "8"}
SMTP = {"DUBAN_SMTP_HOST": "mail.example.gov.cn", "DUBAN_SMTP_FROM": "duban@example.gov.cn"}
SMS = {
    "DUBAN_SMS_URL": "https://sms.example.gov.cn/send",
    "DUBAN_SMS_BODY": "to={mobile}&text={text}",
    "DUBAN_SMS_CODE_FIELD": "code",
    "DUBAN_SMS_CODE_OK": "0",
}


def test_a_channel_is_on_when_it_has_all_that_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().channels_on == frozenset()
    _set(monkeypatch, FRONT_END | WECOM | SMTP | SMS)
    settings = load_settings()
    assert settings.channels_on == {"WECOM", "SMTP", "SMS"}
    assert settings.front_end_url == "https://duban.example.gov.cn"


@pytest.mark.parametrize(
    ("variables", "sentences"),
    [
        (
            FRONT_END | {"DUBAN_WECOM_CORP_ID": "corp"},
            [f"DUBAN_WECOM_{name} is missing: WECOM is half given" for name in ("AGENT_ID", "SECRET(_FILE)")],
        ),
        (FRONT_END | SMS | {"DUBAN_SMS_CODE_OK": ""}, ["DUBAN_SMS_CODE_OK is missing: SMS is half given"]),
        (
            FRONT_END | {"DUBAN_SMS_SECRET": "word"},
            [f"DUBAN_SMS_{name} is missing: SMS is half given" for name in ("BODY", "CODE_FIELD", "CODE_OK", "URL")],
        ),
        (
            FRONT_END | SMTP | {"DUBAN_SMTP_USER": "duban"},
            ["DUBAN_SMTP_USER and DUBAN_SMTP_PASSWORD(_FILE) are given together or not at all"],
        ),
        (WECOM, ["DUBAN_FRONT_END_URL is missing: reminders link to it"]),
        (
            FRONT_END | SMS | {"DUBAN_SMS_BODY": "to={mobile}", "DUBAN_WECOM_URL": "qyapi"},
            [
                "DUBAN_SMS_BODY: must hold {mobile} and {text}",
                "DUBAN_WECOM_URL: must be an address as https://duban.example.gov.cn",
            ],
        ),
    ],
)
def test_a_channel_that_is_half_given_is_an_error_that_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentences: list[str]
) -> None:
    assert list(_problems(monkeypatch, variables)) == sentences
