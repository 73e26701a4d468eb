"""SMS by any gateway that takes a POST: its body is a template, and its answer is judged by the code that it holds.

A template that begins with a brace is JSON, any other is a form; what is put in is escaped accordingly.
"""

import re
from collections.abc import Callable
from urllib.parse import quote_plus

import orjson

from app.core.settings import Settings
from app.notifications.channels.asking import Api, Codes, NotTakenError
from app.notifications.channels.outcomes import Delivered, Outcome, Reminder

_PLACE = re.compile(r"\{(mobile|text|key|secret)\}")


class Sms:
    def __init__(self, api: Api, settings: Settings) -> None:
        self._api, self._settings = api, settings
        self._codes = Codes(
            at=tuple(settings.sms_code_field.split(".")),
            taken=settings.sms_code_ok,
            limited=_listed(settings.sms_codes_later),
            refused=_listed(settings.sms_codes_never),
        )

    async def send(self, message: Reminder, key: str) -> Outcome:
        template = self._settings.sms_body
        is_json = template.lstrip().startswith("{")
        escaped: Callable[[str], str] = _in_json if is_json else quote_plus
        secret = self._settings.sms_secret.get_secret_value()
        values = {"mobile": message.address, "text": message.text, "key": key, "secret": secret}
        body = _PLACE.sub(lambda place: escaped(values[place[1]]), template)
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        try:
            await self._api.ask(self._settings.sms_url, body.encode(), self._codes, {"content-type": kind})
        except NotTakenError as error:
            return error.outcome
        return Delivered(None)


def _in_json(value: str) -> str:
    return orjson.dumps(value).decode()[1:-1]


def _listed(codes: str) -> frozenset[str]:
    return frozenset(code for code in map(str.strip, codes.split(",")) if code)
