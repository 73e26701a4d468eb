"""Symmetric keys: from the settings, or in development made once and kept in the data folder for its owner only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from app.core.crypto import mac
from app.core.settings import Settings

_KEY_BYTES = 32


def cursor_key(settings: Settings) -> bytes:
    """What cursors are authenticated with."""
    return _key(settings.cursor_key.get_secret_value(), settings.data_dir / "cursor.key")


def search_key(settings: Settings) -> bytes:
    """What the tokens of the search index are made with; it must stay as long as the index."""
    return _key(settings.search_key.get_secret_value(), settings.data_dir / "search.key")


def webhook_key(settings: Settings) -> bytes:
    """What the secrets of webhooks are derived from; replaced, every receiver needs a new one."""
    return _key(settings.webhook_key.get_secret_value(), settings.data_dir / "webhook.key")


def _key(given: str, kept: Path) -> bytes:
    return mac(given.encode() if given else _kept(kept), b"duban", _KEY_BYTES)


def _kept(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # for its owner only, 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            with suppress(FileExistsError):  # another process was first: its key is the one
                os.link(made, path)
        finally:
            Path(made).unlink()
    return path.read_bytes()
