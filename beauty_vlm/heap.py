"""The C library's heap, for a program that needs the same few hundred megabytes again for every photo.

By itself glibc gives large blocks back to the system as soon as they are free, and has them zeroed page by page when
they are asked for again: thousands of page faults a photo. And it gives each thread a heap of its own.
"""

from __future__ import annotations

import ctypes
import sys

# Parameters of mallopt(3), by their numbers in glibc's <malloc.h>.
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KEPT = 256 * 2**20  # bytes free at the heap's end that stay: more than a photo's features
LARGEST = 32 * 2**20  # bytes of a block that comes from the heap: the most that glibc admits


def keep() -> bool:
    """Make this process keep one heap for all threads, and what is free in it. Returns whether it does; a C library
    that is not glibc stays as it is.

    It concerns the whole process, so programs call it, not the library; and before they import what begins threads,
    such as NumPy, because those have a heap each already.
    """
    if sys.platform == "win32":  # where a program's own functions cannot be asked for by name
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = ((ARENA_MAX, 1), (TRIM_THRESHOLD, KEPT), (MMAP_THRESHOLD, LARGEST))
    return [mallopt(parameter, value) for parameter, value in wanted] == [1] * len(wanted)
