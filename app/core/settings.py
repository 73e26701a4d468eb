"""Settings: `DUBAN_*` variables, `DUBAN_*_FILE` for secrets. An unknown name is an error, not a surprise."""

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.core.channel_settings import ChannelSettings
from app.core.database import is_sqlite
from app.core.levels import Classification

PREFIX = "DUBAN_"
_NOT_SETTINGS = "DUBAN_TEST_"  # read by the test bed only
_FILE = "_FILE"
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
}
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class SettingsError(ValueError):
    """What is wrong with the settings, a sentence each. Never holds a value: it may be a secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("; ".join(self.problems))


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(ChannelSettings):
    """Everything that an operator may set. Defaults run on a bare machine; `production` refuses what is unsafe."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,  # compose files pass on what is not set as ""
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    env: Environment = Environment.DEVELOPMENT
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    data_dir: Path = Path("var")
    database_url: str = Field("", repr=False)  # empty: SQLite in data_dir
    redis_url: str = Field("", repr=False)  # empty: an embedded server
    api_processes: int = Field(1, ge=1)
    behind_tls_proxy: bool = False
    trusted_proxies: str = "127.0.0.1"
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()  # separated by commas

    token_key: SecretStr = SecretStr("")  # PEM, EC P-256; empty: generated and kept in data_dir
    token_next_public_key: str = ""
    cursor_key: SecretStr = SecretStr("")  # may be replaced: open pages begin anew
    search_key: SecretStr = SecretStr("")  # may not: the search index is made with it
    webhook_key: SecretStr = SecretStr("")  # may not: receivers know the secrets that are derived from it
    webhook_networks: Annotated[tuple[str, ...], NoDecode] = ()  # of the intranet, 10.1.0.0/16, separated by commas
    issuer: str = "duban"
    audience: str = "duban-api"
    access_token_seconds: int = Field(600, ge=60, le=900)
    service_requests_per_second: float = Field(20.0, gt=0)  # of one outside system, at one process
    session_hours: int = Field(12, ge=1, le=720)

    max_classification: Classification = Classification.WORK_SECRET
    max_body_bytes: int = Field(128 * 1024, ge=1024)
    max_file_bytes: int = Field(20 * 1024 * 1024, ge=1024)
    compiled_reads: bool = True  # off for diagnosis: the answers are the same, only slower
    introspection: bool | None = None  # None: on in development, off in production
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    statement_timeout_ms: int = Field(10_000, ge=100)
    drain_seconds: float = Field(2.0, ge=0)
    rehearsal_factor: float = Field(1.0, ge=1.0)
    access_log_days: int = Field(400, ge=184)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @field_validator("allowed_origins", "webhook_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part for part in map(str.strip, value.split(",")) if part) if isinstance(value, str) else value

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            try:
                ip_network(text)
            except ValueError:
                raise ValueError("must be networks as 10.1.0.0/16") from None
        return value

    @field_validator("max_classification", mode="before")
    @classmethod
    def _level_by_name(cls, value: object) -> object:
        if not isinstance(value, str) or value.isdigit():
            return value
        if value not in Classification.__members__:
            raise ValueError(f"must be one of {', '.join(Classification.__members__)}")
        return Classification[value]

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if _parts(origin)[0] not in ("http", "https") or _parts(origin)[2]:
                raise ValueError("each must be a scheme and a host, as in https://duban.example.gov.cn")
        return value

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, value: str) -> str:
        scheme, host, path = _parts(value)
        if value and not (scheme in ("redis", "rediss") and host) and not (scheme == "unix" and path):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        for address in map(str.strip, value.split(",")):
            try:
                ip_network(address)
            except ValueError:
                raise ValueError("must be IP addresses or networks, separated by commas") from None
        return value

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: str) -> str:
        scheme, separator, rest = value.partition("://")
        driver = _DRIVERS.get(scheme, scheme)
        if value and (not separator or driver not in _DRIVERS.values()):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        named = f"{driver}{separator}{rest}"
        if value:
            _refuse_what_no_driver_reads(named)
        return named

    @model_validator(mode="after")
    def _refuse_what_production_may_not_do(self) -> Self:
        if self.env is not Environment.PRODUCTION:
            return self
        problems = tuple(
            sentence
            for wrong, sentence in (
                (
                    not self.token_key.get_secret_value(),
                    "DUBAN_TOKEN_KEY(_FILE) must be set: keys are not generated",
                ),
                (
                    not self.cursor_key.get_secret_value(),
                    "DUBAN_CURSOR_KEY(_FILE) must be set: keys are not generated",
                ),
                (
                    not self.search_key.get_secret_value(),
                    "DUBAN_SEARCH_KEY(_FILE) must be set: keys are not generated",
                ),
                (
                    not self.webhook_key.get_secret_value(),
                    "DUBAN_WEBHOOK_KEY(_FILE) must be set: keys are not generated",
                ),
                (
                    not self.behind_tls_proxy,
                    "DUBAN_BEHIND_TLS_PROXY must be true: sign-in never travels in clear",
                ),
                (self.sqlite and self.api_processes > 1, "SQLite serves one process: set DUBAN_DATABASE_URL"),
                (self.rehearsal_factor != 1.0, "DUBAN_REHEARSAL_FACTOR must be 1"),
            )
            if wrong
        )
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @cached_property
    def url(self) -> str:
        """The database URL, SQLite in `data_dir` by default."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'duban.sqlite3'}"

    @property
    def sqlite(self) -> bool:
        return is_sqlite(self.url)

    @property
    def production(self) -> bool:
        return self.env is Environment.PRODUCTION


def _refuse_what_no_driver_reads(named: str) -> None:
    try:
        url: URL = make_url(named)
    except (ArgumentError, ValueError):
        raise ValueError("cannot be read; @ : / in a name or a password are written %40 %3A %2F") from None
    if is_sqlite(named) and (url.host or not url.database):
        raise ValueError("names no file: sqlite:///folder/file, or sqlite:////folder/file from the root")
    if set(url.query) - {"sslmode", "host"}:
        raise ValueError("takes no parameters but sslmode and host")
    if url.query.get("sslmode", "prefer") not in _SSL_MODES:
        raise ValueError(f"its sslmode must be one of {', '.join(_SSL_MODES)}")


def _parts(url: str) -> tuple[str, str, str]:
    """Scheme, host and what follows it; nothing for what is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", ""
    return (parts.scheme if parts.netloc or parts.path else "", parts.netloc, parts.path.rstrip("/") + parts.query)


def load_settings(**overrides: Any) -> Settings:
    """Read the environment. Raises SettingsError with every problem at once."""
    problems: list[str] = []
    from_files = _read_files(os.environ, problems)
    try:
        settings = Settings(**{**from_files, **overrides})
    except ValidationError as error:
        for detail in error.errors(include_input=False, include_url=False):
            problems += _sentences(detail)
        raise SettingsError(problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def _read_files(environment: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """The values that stand in files; what is wrong with the names and the files goes to `problems`."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    values: dict[str, str] = {}
    for name, path in environment.items():
        if not name.upper().startswith(PREFIX) or name.startswith(_NOT_SETTINGS) or name.upper() in known:
            continue
        plain = name.removesuffix(_FILE)
        if plain == name or plain not in known:
            problems.append(f"unknown setting {name}")
        elif environment.get(plain):
            problems.append(f"{plain} and {name} are both set")
        elif path:
            try:
                values[plain.removeprefix(PREFIX).lower()] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeError) as error:
                problems.append(f"{name}: the file cannot be read ({type(error).__name__})")
    return values


def _sentences(detail: ErrorDetails) -> list[str]:
    message = detail["msg"].removeprefix("Value error, ")
    return [f"{PREFIX}{str(detail['loc'][0]).upper()}: {message}"] if detail["loc"] else message.split("; ")
