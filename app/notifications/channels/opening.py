"""The channels that the operator has turned on."""

from collections.abc import Callable, Mapping

from app.core.clock import Clock
from app.core.settings import Settings
from app.notifications.channels.asking import Api
from app.notifications.channels.dingtalk import DingTalk
from app.notifications.channels.feishu import Feishu
from app.notifications.channels.mail import Mail
from app.notifications.channels.outcomes import SECONDS, Way
from app.notifications.channels.sms import Sms
from app.notifications.channels.wecom import WeCom
from app.notifications.rules import ReminderChannel


def open_channels(settings: Settings, clock: Clock, seconds: float = SECONDS) -> Mapping[ReminderChannel, Way]:
    api = Api(clock, seconds)
    made: dict[ReminderChannel, Callable[[], Way]] = {
        ReminderChannel.DINGTALK: lambda: DingTalk(api, settings),
        ReminderChannel.WECOM: lambda: WeCom(api, settings),
        ReminderChannel.FEISHU: lambda: Feishu(api, settings),
        ReminderChannel.SMTP: lambda: Mail(settings, seconds),
        ReminderChannel.SMS: lambda: Sms(api, settings),
    }
    return {channel: make() for channel, make in made.items() if channel in settings.channels_on}
