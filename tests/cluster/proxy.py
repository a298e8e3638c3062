"""A proxy that requires a password and a client certificate, in front of a node that requires neither."""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

USER, PASSWORD = "reader", "a long word: of ünicode"
WANTED = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@contextmanager
def guarding(node: str, context: ssl.SSLContext) -> Iterator[str]:
    """Run a proxy for the node at a URL such as http://127.0.0.1:9200, and yield the proxy's URL."""

    class Guard(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != WANTED:
                self.reply(401, b"{}")
                return
            there = http.client.HTTPConnection(node.removeprefix("http://"), timeout=300)
            kind = {"Content-Type": self.headers.get("Content-Type", "application/json")}
            there.request(self.command, self.path, body, kind)
            answer = there.getresponse()
            self.reply(answer.status, answer.read())
            there.close()

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Guard)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
