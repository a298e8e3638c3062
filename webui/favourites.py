"""What is asked for again and again: told by the processes that answer, and made anew before a new index answers."""

from __future__ import annotations

import json
import os
import select
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

NAMED = ("PATH_INFO", "QUERY_STRING", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "wsgi.url_scheme")
END = b"\n"
CHUNK = 65_536  # bytes; a pipe holds no more
MOST = 2_000  # addresses that are remembered


class Favourites:
    """How often each address was asked for that had been answered before; copies of this process tell it this one."""

    def __init__(self) -> None:
        self._heard, self._told = os.pipe()
        os.set_blocking(self._told, False)
        self._counts: Counter[bytes] = Counter()
        self._part = b""

    def tell(self, environ: dict[str, Any]) -> None:
        """Tell of a request; what is too long to be told in one piece, or comes faster than it is heard, is not."""
        line = json.dumps({name: environ[name] for name in NAMED if name in environ}).encode() + END
        if len(line) <= select.PIPE_BUF:
            with suppress(BlockingIOError):
                os.write(self._told, line)

    def hear(self) -> None:
        """Count what was told meanwhile."""
        while select.select([self._heard], [], [], 0)[0]:
            *lines, self._part = (self._part + os.read(self._heard, CHUNK)).split(END)
            self._counts.update(lines)
        if len(self._counts) > MOST:
            self._counts = Counter(dict(self._counts.most_common(MOST // 2)))

    def most(self) -> Iterator[dict[str, str]]:
        """Yield what names each address in a request of WSGI, what was asked for most first."""
        return (json.loads(line) for line, _ in self._counts.most_common())

    def make(self, app: Flask, seconds: float) -> None:
        """Have an app answer what was asked for most, so that it keeps the answers; for so long at the most.

        What was asked before counts half from then on.
        """
        end = time.monotonic() + seconds
        for named in self.most():
            if time.monotonic() > end:
                break
            run_wsgi_app(app, create_environ() | named)
        self._counts = Counter({line: count // 2 for line, count in self._counts.items() if count > 1})
