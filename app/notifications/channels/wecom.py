"""企业微信: a message of an application of the organisation, to one of its people by his userid.

Of a text it takes 2048 bytes. What is the same for the same person within four hours, which our messages are only when
they are repeated, it drops. It answers 0 even where it knows nobody of that id.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from app.core.settings import Settings
from app.notifications.channels.asking import Api, Codes, said_at
from app.notifications.channels.outcomes import Outcome, Permanent, Reminder
from app.notifications.channels.tokens import TokenWay
from app.notifications.rules import fitted

MOST_BYTES = 2048
_SAME_FOR_SECONDS = 14_400


class WeCom(TokenWay):
    codes = Codes(
        at=("errcode",),
        taken="0",
        limited=frozenset({"45009", "45033", "45011"}),
        refused=frozenset({"40001", "40003", "40013", "40056", "60011", "60020", "60111", "81013", "82001", "301002"}),
        stale=frozenset({"40014", "42001"}),
    )
    sent_at = ("msgid",)
    token_at = ("access_token",)

    def __init__(self, api: Api, settings: Settings) -> None:
        super().__init__(api)
        self._settings = settings

    async def get_token(self) -> Mapping[str, Any]:
        settings = self._settings
        who = {"corpid": settings.wecom_corp_id, "corpsecret": settings.wecom_secret.get_secret_value()}
        return await self._api.ask(f"{settings.wecom_url}/cgi-bin/gettoken?{urlencode(who)}", None, self.codes)

    async def post(self, message: Reminder, key: str, token: str) -> Mapping[str, Any]:
        given = {
            "touser": message.address,
            "msgtype": "text",
            "agentid": int(self._settings.wecom_agent_id),
            "text": {"content": fitted(message.words, message.link, MOST_BYTES)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _SAME_FOR_SECONDS,
        }
        url = f"{self._settings.wecom_url}/cgi-bin/message/send?{urlencode({'access_token': token})}"
        return await self._api.ask(url, orjson.dumps(given), self.codes)

    def judged(self, answer: Mapping[str, Any]) -> Outcome:
        return Permanent("invaliduser") if said_at(answer, ("invaliduser",)) else super().judged(answer)
