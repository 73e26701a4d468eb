"""钉钉: a work notice (工作通知) of an application of the organisation, to one of its people by his userid.

It has no key for repetitions. Its flow control and its tokens are told by the code inside code 88.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from app.core.settings import Settings
from app.notifications.channels.asking import Api, Codes
from app.notifications.channels.outcomes import Reminder
from app.notifications.channels.tokens import TokenWay


class DingTalk(TokenWay):
    codes = Codes(
        at=("errcode",),
        taken="0",
        limited=frozenset({"90001", "90002", "90003", "90004", "90018"}),
        refused=frozenset({"33012", "40035", "40078", "40089", "40096", "50002", "60011", "60020", "400002"}),
        stale=frozenset({"40014", "42001", "33001"}),
        general="88",
        behind=("sub_code",),
    )
    sent_at = ("task_id",)
    token_at = ("access_token",)

    def __init__(self, api: Api, settings: Settings) -> None:
        super().__init__(api)
        self._settings = settings

    async def get_token(self) -> Mapping[str, Any]:
        settings = self._settings
        who = {"appkey": settings.dingtalk_app_key, "appsecret": settings.dingtalk_app_secret.get_secret_value()}
        return await self._api.ask(f"{settings.dingtalk_url}/gettoken?{urlencode(who)}", None, self.codes)

    async def post(self, message: Reminder, key: str, token: str) -> Mapping[str, Any]:
        given = {
            "agent_id": int(self._settings.dingtalk_agent_id),
            "userid_list": message.address,
            "msg": {"msgtype": "text", "text": {"content": message.text}},
        }
        path = "/topapi/message/corpconversation/asyncsend_v2"
        url = f"{self._settings.dingtalk_url}{path}?{urlencode({'access_token': token})}"
        return await self._api.ask(url, orjson.dumps(given), self.codes)
