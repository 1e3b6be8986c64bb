"""The C library's memory allocator, told to be frugal."""

import ctypes

_M_ARENA_MAX = -8
_ARENAS = 2


def share_arenas() -> None:
    """Let all threads share two arenas of glibc's malloc (mallopt(3)).

    By default each thread may get one of its own, and what is free in one is of no use to the
    others: a process with many mostly waiting threads grows by a quarter for nothing. Without
    glibc this does nothing.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
