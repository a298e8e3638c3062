"""A browser, and a local server for the pages that it opens."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from indexer.sources.archive import Archive
from tests.browser.waiting import PATIENCE, new_profile
from webui.app import create_app
from webui.export.site import export

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> None:
    """Wait for no threads: those of a server live as long as the browser keeps its connections."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return headless Chromium, shared by all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: make test-browser installs it")
    with playwright.sync_playwright() as driver:
        browser = launched(driver)
        yield browser
        browser.close()


def launched(driver: Playwright) -> Browser:
    """Launch the Chromium on the path."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("needs Chromium: no executable of that name is on the path")
    return driver.chromium.launch(executable_path=executable, args=ARGUMENTS, timeout=PATIENCE)


class Pages(BaseHTTPRequestHandler):
    """Serves what a test puts under a path."""

    def __init__(self, held: dict[str, str], *args: object) -> None:
        self.held = held
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Respond to a request."""
        body = self.held.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Do not log."""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without logging."""

    def log_message(self, *_: object) -> None:
        """Do not log."""


@pytest.fixture
def site() -> Iterator[Callable[[str], str]]:
    """Return a function that serves a page on loopback and returns its URL."""
    held: dict[str, str] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, held))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(html: str) -> str:
        path = f"/{len(held)}.html"
        held[path] = html
        return f"http://127.0.0.1:{server.server_port}{path}"

    yield put
    server.shutdown()
    server.server_close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app on loopback and yield its URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def served(archive: Archive) -> Iterator[str]:
    """Return the URL of a server of the shipped archive."""
    with serving(create_app(archive.data)) as address:
        yield address


@pytest.fixture(scope="session")
def exported(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the exported shipped archive, which no test may change."""
    folder = tmp_path_factory.mktemp("exported") / "bpf"
    assert export(archive.data, folder).missing == ()
    return folder


@pytest.fixture(scope="session")
def below(exported: Path) -> Iterator[str]:
    """Return the URL of the exported archive under a path of a plain file server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(exported.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{exported.name}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return a page of a new browser profile; what goes wrong in its console is the test's failure.

    A test may ask for other settings of the profile by indirect parameters.
    """
    settings = {"viewport": {"width": 1200, "height": 800}} | getattr(request, "param", {})
    context = new_profile(chromium, **settings)
    opened, wrong, visited = context.new_page(), [], set()
    opened.on("framenavigated", lambda frame: visited.add(frame.url))
    opened.on("console", lambda said: wrong.append(said) if said.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: wrong.append(error))
    yield opened
    context.close()
    assert [str(each) for each in wrong if not is_answer(each, visited)] == []


@pytest.fixture
def disk(chromium: Browser) -> Iterator[Page]:
    """Return a page for files on disk."""
    context = new_profile(chromium)
    yield context.new_page()
    context.close()


def is_answer(said: object, visited: set[str]) -> bool:
    """Return whether Chromium only reports the status 404 or 400 of the requested page."""
    text, location = getattr(said, "text", ""), getattr(said, "location", {})
    return text.startswith("Failed to load resource") and location.get("url") in visited
