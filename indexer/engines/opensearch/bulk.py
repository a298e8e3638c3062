"""Send documents to a cluster in bounded batches, and repeat those that it refuses temporarily."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.connection import BadEngine, Place, blocked, client_errors, is_blocked
from indexer.engines.opensearch.retrying import PAUSES
from indexer.errors import EngineUnreachable

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

MOST_BYTES = 4_000_000  # size of a request; nodes accept 100 MB unless http.max_content_length is smaller
MOST_ACTIONS = 1_000
MOST_WAITING = 2  # requests in progress while more documents are prepared
BUSY = (429, 502, 503, 504)
TOO_LARGE = 413


class Bulk:
    """Sends documents in the background. Errors are raised by the next call, or by `finish`."""

    def __init__(self, client: OpenSearch, place: Place) -> None:
        self.client = client
        self.place = place
        self._lines: list[str] = []
        self._bytes = 0
        self._threads = ThreadPoolExecutor(MOST_WAITING)
        self._waiting: list[Future[None]] = []

    def put(self, index: str, key: str, document: dict[str, Any]) -> None:
        """Write a document under an id."""
        source = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        self._add(json.dumps({"index": {"_index": index, "_id": key}}) + "\n" + source + "\n")

    def delete(self, index: str, key: str) -> None:
        """Delete the document with an id, if it exists."""
        self._add(json.dumps({"delete": {"_index": index, "_id": key}}) + "\n")

    def _add(self, lines: str) -> None:
        size = len(lines.encode("utf-8", "replace"))
        if self._lines and (self._bytes + size > MOST_BYTES or len(self._lines) >= MOST_ACTIONS):
            self._send()
        self._lines.append(lines)
        self._bytes += size

    def _send(self) -> None:
        lines, self._lines, self._bytes = self._lines, [], 0
        while len(self._waiting) >= MOST_WAITING:
            self._waiting.pop(0).result()
        self._waiting.append(self._threads.submit(self._sent, lines))

    def finish(self) -> None:
        """Send the rest, and wait until everything is written."""
        if self._lines:
            self._send()
        while self._waiting:
            self._waiting.pop(0).result()

    def close(self) -> None:
        """Stop sending."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _sent(self, lines: Sequence[str]) -> None:
        """Send lines until all are accepted. Raises if one is invalid, or if the cluster stays busy."""
        why = ""
        for pause in (0.0, *PAUSES):
            time.sleep(pause)
            try:
                lines, why = self._left(lines)
            except EngineUnreachable as error:
                why = str(error)
            if not lines:
                return
        raise EngineUnreachable(
            f"The cluster at {self.place.shown} did not accept all entries: {why}. Try again later."
        )

    def _left(self, lines: Sequence[str]) -> tuple[Sequence[str], str]:
        """Send lines once. Return those that were refused temporarily, and the reason."""
        from opensearchpy.exceptions import TransportError

        with client_errors(self.place):
            try:
                body = "".join(lines).encode("utf-8", "replace")
                answer = self.client.bulk(body=body)
            except TransportError as error:
                if error.status_code != TOO_LARGE:
                    raise
                if len(lines) == 1:
                    raise BadEngine(
                        f"The cluster at {self.place.shown} refuses an entry of {len(body):,} bytes as too large. "
                        "Raise http.max_content_length on its nodes."
                    ) from error
                half = len(lines) // 2
                for some in (lines[:half], lines[half:]):
                    self._sent(some)
                return [], ""
        items = [next(iter(item.values())) for item in answer["items"]] if answer["errors"] else []
        if rejected := [item for item in items if is_blocked(item.get("error"))]:
            raise BadEngine(blocked(self.place, failure(rejected[0]).rstrip(";")))
        left = [line for line, item in zip(lines, items, strict=False) if item["status"] in BUSY]
        refused = [item for item in items if item["status"] >= 400 and item["status"] not in (*BUSY, 404)]
        if refused:
            raise BadEngine(f"The cluster at {self.place.shown} refuses {refused[0]['_id']}: {failure(refused[0])}.")
        return left, next((failure(item) for item in items if item["status"] in BUSY), "")


def failure(item: dict[str, Any]) -> str:
    """Return the reason that the cluster gives for refusing a document."""
    error = item.get("error") or {}
    return " ".join(str(error.get("reason", error)).split())[:300].rstrip(".")
