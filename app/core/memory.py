"""What the C library's allocator and Python's collector are told: both serve long-lived processes badly by default."""

import ctypes
import gc
import platform

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_LARGE = 1024 * 1024
_NEW_OBJECTS = 10_000  # between two looks at what is young; 700 by default, fewer than one batch of rows
_WHILE_LOADING = 100_000


def keep_heaps_few() -> None:
    """Have blocks from 1 MiB on returned to the system when they are freed.

    Hashing one password takes 19 MiB. By default glibc learns from the first one to keep such blocks, one for each
    thread: measured, 38 MB for good. Nor does it make a heap for every thread then, which each would keep: 3 MB. Other
    C libraries have no such switches and no such habits.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_M_ARENA_MAX, 1)


def load_undisturbed() -> None:
    """Have the collector look seldom while a process begins: hardly anything that it loads can be thrown away again.

    Measured: a sixth of the time until a server answers.
    """
    gc.set_threshold(_WHILE_LOADING)


def keep_what_is_loaded() -> None:
    """Have the collector pass over what is there when a process begins its work and stays until it ends.

    That is some 190 000 objects: modules, types, the schema. By default it looks at each of them again and again while
    thousands of rows come and go: measured, a quarter of the sweep's CPU time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
