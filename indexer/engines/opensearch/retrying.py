"""Ask a busy cluster again, after pauses that grow."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from indexer.errors import EngineUnreachable

Answer = TypeVar("Answer")
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)  # seconds; a minute in all


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Return `ask()`, asked again while the cluster cannot answer; raise `EngineUnreachable` after a minute."""
    for pause in PAUSES:
        try:
            return ask()
        except EngineUnreachable:
            time.sleep(pause)
    return ask()
