"""Logs: one line an event, JSON in production, to standard error.

An exception is logged by its type, its code and the places it went through, never by its words: they may quote what a
row held.
"""

import errno
import logging
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.core.settings import Settings

_OURS = "app"


def configure_logs(settings: Settings) -> None:
    """Send structlog and the standard library's records the same way."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        place_instead_of_words,
    ]
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if settings.production else _console()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    # what matters of the libraries' doings we say ourselves; what they say on lower levels quotes rows and messages
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    logging.getLogger(_OURS).setLevel(level)
    logging.raiseExceptions = False  # a handler that fails would print the record, words and all


def place_instead_of_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace exception information by types and places."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[1] is not None:
        event["exception"] = _chain(info[1])
    return event


def _chain(raised: BaseException) -> str:
    error: BaseException | None = raised
    lines: list[str] = []
    while error is not None:
        places = [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
        lines.append(f"{type(error).__name__}{code_of(error)}: {' > '.join(places)}")
        error = error.__cause__ or error.__context__
    return "\n".join(lines)


def code_of(error: BaseException) -> str:
    """What the database or the system calls an error, after a space: SQLITE_FULL, 53100, ENOSPC. It quotes nothing."""
    origin = getattr(error, "orig", None) or error
    code = getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None)
    if isinstance(origin, OSError):
        code = errno.errorcode.get(origin.errno or 0)
    return f" {code}" if code else ""


def _console() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
