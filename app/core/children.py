"""Processes that this one starts must not outlive it, however it ends."""

import ctypes
import os
import platform
import signal

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if platform.system() == "Linux" else None


def die_with(parent: int) -> None:
    """Called in the child: the kernel kills it when the parent ends. Linux only; elsewhere it does nothing.

    The signal comes when the THREAD that forked ends, so the parent must start its children in the main thread. A
    parent that died before this line is seen by the child's new parent.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
