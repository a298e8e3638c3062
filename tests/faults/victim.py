"""The command line, killed at its n-th writing step: python -m tests.faults.victim N ARGUMENT..."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

from indexer.cli import main

STEPS = ("os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod")
WRITES = os.O_WRONLY | os.O_RDWR


def kill_at(step: int) -> None:
    """Kill this process before its n-th writing step, without any chance to clean up."""
    steps = count(1)

    def hook(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and bool(args[2] & WRITES)
        if (writes or event in STEPS) and next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


if __name__ == "__main__":
    kill_at(int(sys.argv.pop(1)))
    main()
