"""Repeat requests to a busy cluster, with growing pauses."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from indexer.errors import EngineUnreachable

Answer = TypeVar("Answer")
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)  # seconds; a minute in all


def with_retries(request: Callable[[], Answer]) -> Answer:
    """Call `request()` until the cluster can answer. Raises `EngineUnreachable` after a minute."""
    for pause in PAUSES:
        try:
            return request()
        except EngineUnreachable:
            time.sleep(pause)
    return request()
