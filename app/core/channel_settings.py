"""Settings of the channels by which reminders leave the house: all off by default, none half on."""

from typing import Literal, NamedTuple, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from app.core.posting import target_of


class _Channel(NamedTuple):
    """`needs`: without these it cannot send; `takes`: what it may be given besides."""

    name: str
    needs: tuple[str, ...]
    takes: tuple[str, ...] = ()


_CHANNELS = (
    _Channel("DINGTALK", ("dingtalk_app_key", "dingtalk_app_secret", "dingtalk_agent_id")),
    _Channel("WECOM", ("wecom_corp_id", "wecom_secret", "wecom_agent_id")),
    _Channel("FEISHU", ("feishu_app_id", "feishu_app_secret")),
    _Channel("SMTP", ("smtp_host", "smtp_from"), ("smtp_user", "smtp_password")),
    _Channel(
        "SMS",
        ("sms_url", "sms_body", "sms_code_field", "sms_code_ok"),
        ("sms_secret", "sms_codes_later", "sms_codes_never"),
    ),
)
_TOGETHER = ("smtp_user", "smtp_password")


class ChannelSettings(BaseSettings):
    """What reminders need to leave the house. A channel is on when all that it needs is set."""

    front_end_url: str = ""  # reminders link to it

    dingtalk_url: str = "https://oapi.dingtalk.com"
    dingtalk_app_key: str = ""
    dingtalk_app_secret: SecretStr = SecretStr("")
    dingtalk_agent_id: str = Field("", pattern=r"^\d*$")

    wecom_url: str = "https://qyapi.weixin.qq.com"
    wecom_corp_id: str = ""
    wecom_secret: SecretStr = SecretStr("")
    wecom_agent_id: str = Field("", pattern=r"^\d*$")

    feishu_url: str = "https://open.feishu.cn"
    feishu_app_id: str = ""
    feishu_app_secret: SecretStr = SecretStr("")

    smtp_host: str = ""
    smtp_port: int = Field(465, ge=1, le=65535)
    smtp_security: Literal["tls", "starttls", "none"] = "tls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = Field("", pattern=r"^$|^[^@\s<>]+@[^@\s<>]+$")

    sms_url: str = ""
    sms_body: str = ""  # JSON with {mobile}, {text}, {key}, {secret} where they belong
    sms_secret: SecretStr = SecretStr("")
    sms_code_field: str = ""  # where in the answer the gateway's own code stands: code, or Response.Code
    sms_code_ok: str = ""
    sms_codes_later: str = ""  # which codes mean a limit, separated by commas
    sms_codes_never: str = ""  # which mean that the same message would be refused again

    @field_validator("front_end_url", "dingtalk_url", "wecom_url", "feishu_url", "sms_url")
    @classmethod
    def _leads_somewhere(cls, value: str) -> str:
        if value and target_of(value) is None:
            raise ValueError("must be an address as https://duban.example.gov.cn")
        return value.rstrip("/")

    @field_validator("sms_body")
    @classmethod
    def _says_what_to_whom(cls, value: str) -> str:
        if value and not ("{mobile}" in value and "{text}" in value):
            raise ValueError("must hold {mobile} and {text}")
        return value

    @model_validator(mode="after")
    def _refuse_what_is_half_given(self) -> Self:
        problems = [
            f"{_variable(name)} is missing: {channel.name} is half given"
            for channel in _CHANNELS
            if any(map(self._is_given, (*channel.needs, *channel.takes)))
            for name in channel.needs
            if not self._is_given(name)
        ]
        given = [self._is_given(name) for name in _TOGETHER]
        if any(given) and not all(given):
            problems.append(f"{' and '.join(map(_variable, _TOGETHER))} are given together or not at all")
        if self.channels_on and not self.front_end_url:
            problems.append("DUBAN_FRONT_END_URL is missing: reminders link to it")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    @property
    def channels_on(self) -> frozenset[str]:
        """The channels that have all that they need."""
        return frozenset(one.name for one in _CHANNELS if all(map(self._is_given, one.needs)))

    def _is_given(self, name: str) -> bool:
        value = getattr(self, name)
        return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _variable(name: str) -> str:
    secret = ChannelSettings.model_fields[name].annotation is SecretStr
    return f"DUBAN_{name.upper()}{'(_FILE)' if secret else ''}"
