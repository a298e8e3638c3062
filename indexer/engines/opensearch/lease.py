"""Allow one build at a time in a cluster, with a lock document that the build renews."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.connection import Place, client_errors
from indexer.engines.opensearch.retrying import with_retries
from indexer.errors import BackissueError, IndexLocked

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

SECONDS = 120  # until a lock that is no longer renewed expires
RENEWED = 20.0  # seconds between renewals
BUILD = "build"
INDEX = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
    "mappings": {"dynamic": False, "_meta": {"backissue": 0}},
}


class Lease:
    """The lock of a build, valid while it is renewed."""

    def __init__(self, client: OpenSearch, place: Place) -> None:
        self.client = client
        self.place = place
        self.index = f"{place.name}-lock"
        self.token = secrets.token_hex(8)  # tells a lock whose response was lost from that of another process

    def take(self) -> None:
        """Acquire the lock. Raises `IndexLocked` if another process has it."""
        with client_errors(self.place):
            self.client.indices.create(index=self.index, body=INDEX, ignore=400)
            lock = self.client.get(index=self.index, id=BUILD, ignore=404)
            if lock.get("found") and is_alive(lock["_source"]) and lock["_source"].get("token") != self.token:
                raise IndexLocked(
                    f"{lock['_source']['host']} is building the index in the cluster at {self.place.shown}. Wait for "
                    "it, then run backissue index again."
                )
            same = {"if_seq_no": lock["_seq_no"], "if_primary_term": lock["_primary_term"]} if lock.get("found") else {}
            done = self.write(**(same or {"op_type": "create"}))
            if "error" in done:
                raise IndexLocked(
                    f"Another process is building the index in the cluster at {self.place.shown}. Wait for it."
                )

    def write(self, **params: Any) -> dict[str, Any]:
        mine = {"host": socket.gethostname(), "pid": os.getpid(), "token": self.token, "until": time.time() + SECONDS}
        return dict(self.client.index(index=self.index, id=BUILD, body=mine, params=params, ignore=409))

    def renew(self, until: Event) -> None:
        """Renew the lock now and then, until an event. A busy cluster is not an error."""
        while not until.wait(RENEWED):
            with suppress(BackissueError), client_errors(self.place):
                self.write()

    def give_up(self) -> None:
        """Release the lock."""
        with suppress(BackissueError), client_errors(self.place):
            self.client.delete(index=self.index, id=BUILD, ignore=404)


def is_alive(lock: dict[str, Any]) -> bool:
    """Return whether a lock is valid: renewed in time, and not of a process known to have ended."""
    here = lock["host"] == socket.gethostname() and Path("/proc/self").exists()
    gone = here and not Path(f"/proc/{lock['pid']}").exists()
    return not gone and lock["until"] > time.time()


@contextmanager
def building(client: OpenSearch, place: Place) -> Iterator[Lease]:
    """Hold the lock during the block. Raises `IndexLocked` if another process has it."""
    lease = Lease(client, place)
    with_retries(lease.take)
    over = Event()
    renewing = Thread(target=lease.renew, args=(over,), daemon=True)
    renewing.start()
    try:
        yield lease
    finally:
        over.set()
        renewing.join()
        lease.give_up()
