"""docs/deploy/nginx.conf in a real nginx, in front of the server, against malicious clients."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.ports import free_port
from tests.webui.serving import CROWD, MANY, PATIENCE, UNREAD, eventually, needs_files, whole

CONFIGURATION = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
OTHER = "127.0.0.2"  # the address of a normal client
AROUND = """\
daemon off; master_process off; pid {folder}/pid; error_log stderr warn;
events {{ worker_connections 768; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/a;
    uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c; include {folder}/site.conf;
}}
"""
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx")


def adapted(upstream: str, port: int) -> str:
    """Return the sample for a local port, without TLS and without the redirecting server."""
    text = re.sub(r"server \{\s*listen 80;.*?\n\}\n", "", CONFIGURATION, flags=re.S)
    text = re.sub(r"^ *(?:ssl_\w+|listen \[::\]).*\n", "", text, flags=re.M)
    return text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8017", upstream)


@pytest.fixture(scope="module")
def front(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Return the port of nginx before a server."""
    folder = tmp_path_factory.mktemp("nginx")
    port = free_port()
    (folder / "site.conf").write_text(adapted(base.removeprefix("http://"), port), encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    with nginx(folder) as process:
        assert eventually(lambda: process.poll() is not None or is_open(port))
        yield port


@contextmanager
def nginx(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    assert NGINX
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE)


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def attacker(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), PATIENCE)


def get(port: int, path: str = "/healthz") -> httpx.Response:
    """Send a request from another address than the attackers', on a new connection."""
    with httpx.Client(transport=httpx.HTTPTransport(local_address=OTHER), timeout=PATIENCE) as client:
        return client.get(f"http://127.0.0.1:{port}{path}")


def test_pages_pass_with_their_headers_and_compressed(front: int) -> None:
    answer = get(front, "/?q=xdp")
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "://bpf.example.org/" in get(front, "/robots.txt").text


def test_unread_responses_do_not_block_other_clients(front: int) -> None:
    with ExitStack() as opened:
        clients = [opened.enter_context(attacker(front)) for _ in range(MANY)]
        for client in clients:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.sendall(UNREAD)
        assert all(get(front).status_code == 200 for _ in range(5))


@needs_files
def test_a_connection_with_an_unfinished_request_is_closed(front: int) -> None:
    with ExitStack() as opened:
        clients = [opened.enter_context(attacker(front)) for _ in range(CROWD)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert all(get(front).status_code == 200 for _ in range(5))
        with suppress(ConnectionResetError):
            assert not whole(clients[-1]).startswith(b"HTTP/1.1 200")


def test_a_client_that_sends_too_many_requests_is_rejected(front: int) -> None:
    with ExitStack() as opened:
        clients = [opened.enter_context(attacker(front)) for _ in range(100)]
        for client in clients:  # all at once, since a slow machine would stay below the rate
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answers = [whole(client) for client in clients]
    refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 429 ")]
    assert refused
    assert b"\r\nX-Content-Type-Options: nosniff\r\n" in refused[0]
    assert get(front).status_code == 200
