"""飞书: a message of an application's bot to one person, by whatever id of his is given.

It has a key for repetitions, `uuid`, and keeps it for an hour.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from app.core.settings import Settings
from app.notifications.channels.asking import Api, Codes
from app.notifications.channels.outcomes import Reminder
from app.notifications.channels.tokens import TokenWay


class Feishu(TokenWay):
    codes = Codes(
        at=("code",),
        taken="0",
        limited=frozenset({"99991400", "230020", "11232"}),
        refused=frozenset(
            {"10003", "10014", "230001", "230006", "230013", "230027", "99991672", "99992351", "99992360"}
        ),
        stale=frozenset({"99991661", "99991663", "99991665"}),
        wish="x-ogw-ratelimit-reset",
    )
    sent_at = ("data", "message_id")
    token_at = ("tenant_access_token",)

    def __init__(self, api: Api, settings: Settings) -> None:
        super().__init__(api)
        self._settings = settings

    async def get_token(self) -> Mapping[str, Any]:
        settings = self._settings
        who = {"app_id": settings.feishu_app_id, "app_secret": settings.feishu_app_secret.get_secret_value()}
        url = f"{settings.feishu_url}/open-apis/auth/v3/tenant_access_token/internal"
        return await self._api.ask(url, orjson.dumps(who), self.codes)

    async def post(self, message: Reminder, key: str, token: str) -> Mapping[str, Any]:
        given = {
            "receive_id": message.address,
            "msg_type": "text",
            "content": orjson.dumps({"text": message.text}).decode(),
            "uuid": key,
        }
        url = f"{self._settings.feishu_url}/open-apis/im/v1/messages?receive_id_type={_kind_of(message.address)}"
        return await self._api.ask(url, orjson.dumps(given), self.codes, {"authorization": f"Bearer {token}"})


def _kind_of(address: str) -> str:
    if "@" in address:
        return "email"
    return {"ou_": "open_id", "on_": "union_id"}.get(address[:3], "user_id")
