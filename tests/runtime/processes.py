"""What the tests of this folder ask of real processes."""

import asyncio
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line of a child's output; fails with what it said on standard error when there is none."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        _, complaint = process.communicate(timeout=5)
        pytest.fail(f"the process ended: {complaint}")
    return line.strip()


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")


def wait_until(condition: Callable[[], bool], within: float = 5.0) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.02)


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)
