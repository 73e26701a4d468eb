"""Mail by SMTP. Its own codes: 4xx not now, 5xx never. The Message-ID is that of the message, however often it is sent:
some servers and readers drop what they have, others do not.
"""

import asyncio
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from app.core.settings import Settings
from app.notifications.channels.outcomes import SECONDS, SUBJECT, Delivered, Outcome, Permanent, Reminder, Retryable

_AT_ONCE = 8
_FOR_EVER = range(500, 600)


class Mail:
    def __init__(self, settings: Settings, seconds: float = SECONDS) -> None:
        self._settings, self._seconds = settings, seconds
        # the library blocks; in threads of its own it holds up nothing else
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="mail")

    async def send(self, message: Reminder, key: str) -> Outcome:
        mail = self._written(message, key)
        try:
            async with asyncio.timeout(self._seconds):
                await asyncio.get_running_loop().run_in_executor(self._threads, self._send, mail)
        except OSError as error:  # that of the library is one
            return _judged(error)
        return Delivered(None)

    def _written(self, message: Reminder, key: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._settings.smtp_from, message.address, SUBJECT
        mail["Message-ID"] = f"<{key}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # nobody's absence note should answer it
        mail.set_content(message.text, cte="base64")  # not every server takes eight bits
        return mail

    @property
    def _domain(self) -> str:
        return self._settings.smtp_from.rpartition("@")[2]

    def _send(self, mail: EmailMessage) -> None:
        settings = self._settings
        # named, lest the library ask the network for this machine's name
        where = (settings.smtp_host, settings.smtp_port, self._domain)
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=self._seconds, context=context)
        else:
            server = smtplib.SMTP(*where, timeout=self._seconds)
        with server:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            server.send_message(mail)


def _judged(error: OSError) -> Outcome:
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=recipients):
            code: int | None = next(iter(recipients.values()))[0]
        case smtplib.SMTPResponseException(smtp_code=code):
            pass
        case smtplib.SMTPNotSupportedError():  # by a server that is not what the operator takes it for
            return Permanent("NOT_SUPPORTED")
        case TimeoutError():
            return Retryable("TIMEOUT")
        case _:
            return Retryable("CONNECTION")
    return Permanent(str(code)) if code in _FOR_EVER else Retryable(str(code))
