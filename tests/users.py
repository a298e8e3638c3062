"""A user to whom permissions apply, even if the tests run as root."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

VERSION = 0x20080522  # of the structures of capset(2)
OVERRIDES = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


class Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class Capabilities(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def without_override() -> Iterator[None]:
    """Drop the capabilities that let root read and write everything.

    Changing the user would not work if the interpreter is in root's own folder.
    """
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = Header(VERSION, 0), (Capabilities * 2)()
    assert libc.capget(ctypes.byref(header), held) == 0, os.strerror(ctypes.get_errno())
    before = held[0].effective
    held[0].effective = before & ~OVERRIDES
    assert libc.capset(ctypes.byref(header), held) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        held[0].effective = before
        libc.capset(ctypes.byref(header), held)
