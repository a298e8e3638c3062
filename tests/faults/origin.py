"""A local server with the originals of an archive's issues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from indexer.sources.archive import Archive
from tests.faults.stage import NUMBERS


class Handler(BaseHTTPRequestHandler):
    """Responds with the text of a path."""

    def do_GET(self) -> None:
        body = self.server.texts.get(self.path)  # type: ignore[attr-defined]
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Do not log."""


@contextmanager
def origin(archive: Archive) -> Iterator[dict[int, str]]:
    """Yield the texts of the issues by number, to be filled in. The archive's table points to them."""
    texts: dict[str, bytes] = {}
    paths = {number: archive.newsletters["bpf-updates"].issues[number].source_path for number in NUMBERS}
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.texts = texts  # type: ignore[attr-defined]
        table = archive.folder / "newsletters.toml"
        raw = f'raw = "http://127.0.0.1:{server.server_port}/{{path}}"'
        text = re.sub(r'^raw = ".*"$', raw, table.read_text(encoding="utf-8"), flags=re.M)
        table.write_text(text.partition(f"[[bpf-updates.issues]]\nnumber = {max(NUMBERS) + 1}\n")[0], encoding="utf-8")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield Texts(texts, paths)
        server.shutdown()
        thread.join()


class Texts(dict[int, str]):
    """Texts by issue number, served at the issue's path."""

    def __init__(self, texts: dict[str, bytes], paths: dict[int, str]) -> None:
        self.texts = texts
        self.paths = paths
        super().__init__()

    def __setitem__(self, number: int, text: str) -> None:
        self.texts[f"/{self.paths[number]}"] = text.encode()
