"""Where the shipped files are: beside `app/` in a checkout, inside the package in a wheel."""

from pathlib import Path

_APP = Path(__file__).resolve().parent.parent


def shipped(folder: str) -> Path:
    """The folder `policies` or `migrations` that belongs to this code."""
    beside = _APP.parent / folder
    return beside if beside.is_dir() else _APP / "_shipped" / folder
