"""The fuzz targets. Each takes any text and may raise only errors of backissue."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from flask.testing import FlaskClient

from indexer.build.builder import build
from indexer.engines.local import LocalCatalog, open_catalog
from indexer.errors import BackissueError
from indexer.ingest import Hints, parse
from indexer.query.address import to_args
from indexer.query.query import Query
from indexer.sources.archive import Archive
from indexer.views.suggestions import suggestions
from tests.conftest import SHIPPED
from tests.fuzz.pieces import ADDRESS, API, BYTES, FEED, FRONT_MATTER, HTML, MARKDOWN, QUERY
from tests.linux import FILTERS, from_args
from tests.linux import parse as parse_query
from webui.app import create_app

HINTS = Hints("bpf-updates", 3, datetime(2017, 6, 1, tzinfo=UTC))
TOLD_NOTHING = Hints()


class Target(NamedTuple):
    """A name, a function of a text, the pieces of syntax for its texts, and their length."""

    name: str
    take: Callable[[str], object]
    pieces: tuple[str, ...]
    longest: int


@cache
def archive() -> Archive:
    """Return the shipped archive with an index."""
    made = Archive(SHIPPED, Path(tempfile.mkdtemp(prefix="backissue-fuzz-")))
    build(made)
    return made


@cache
def catalog() -> LocalCatalog:
    return open_catalog(archive().data)


@cache
def client() -> FlaskClient:
    """Return a client of the app that raises unexpected errors."""
    app = create_app(archive().data)
    app.testing = True
    return app.test_client()


def reads(name: str, before: str = "", after: str = "") -> Callable[[str], object]:
    """Return a function that reads, divides and enriches a text as the format of a file name."""

    def take(text: str) -> None:
        raw = f"{before}{text}{after}".encode("utf-8", "replace")
        with contextlib.suppress(BackissueError):
            parse(raw, name, known(), HINTS)

    return take


@cache
def known() -> Archive:
    """Return the shipped archive with its tables loaded, without an index."""
    return Archive(SHIPPED, Path(tempfile.gettempdir()) / "backissue-fuzz-none")


def raw(text: str) -> None:
    """Read a text as bytes in any encoding and format."""
    with contextlib.suppress(BackissueError):
        parse(text.encode("latin-1", "ignore"), "download", known(), TOLD_NOTHING)


def tree(text: str) -> None:
    """Parse a text as a query. Without its filters, it must stay the same query."""
    with contextlib.suppress(BackissueError):
        found = parse_query(" ".join(text.split()))
        again = parse_query(found.text)
        assert again.tree == found.tree
        assert not again.filters


def parameters(text: str) -> None:
    """Read a text as URL parameters. After normalising, they must not change again."""
    with contextlib.suppress(BackissueError):
        ordered = to_args(from_args(parse_qsl(text, keep_blank_values=True)))
        assert to_args(from_args(ordered)) == ordered


def query(text: str) -> None:
    """Search for a text. Its URL must give the same query."""
    try:
        asked = from_args([("q", text)])
        page = catalog().search(asked)
    except BackissueError:
        return
    assert to_args(from_args(to_args(page.query))) == to_args(page.query)
    assert page.total >= sum(not hit.similar for hit in page.hits)


def suggest(text: str) -> None:
    """Complete a text, and search it with a suggested filter."""
    suggestions(catalog(), text)
    with contextlib.suppress(BackissueError):
        catalog().search(Query(text="bpf", filters=dict.fromkeys(FILTERS[:2], (text,))))


def asks(before: str) -> Callable[[str], object]:
    """Return a function that requests a URL. The response must not be a server error or show internals."""

    def take(text: str) -> None:
        address = before + quote(text.lstrip("/"), safe="/?&=%:+,;@!$'()*~-._")
        response = client().get(address)
        assert response.status_code in (200, 301, 302, 303, 304, 308, 400, 404, 405), (response.status_code, address)
        assert b"Traceback" not in response.data
        assert "Set-Cookie" not in response.headers

    return take


PAGE = "<!doctype html><main><article><p>" + "Some words of an article. " * 6 + "</p>"
TARGETS = {
    target.name: target
    for target in (
        Target("markdown", reads("a.md"), MARKDOWN, 60),
        Target("html", reads("a.html", PAGE), HTML, 60),
        Target("text", reads("a.txt", "June 1, 2017\n\nBPF Updates 3\n\n"), MARKDOWN, 60),
        Target("feed", reads("feed.xml", "<rss><channel>"), FEED, 40),
        Target("front matter", reads("a.md", "---\n", "\n---\n\n- A bullet.\n"), FRONT_MATTER, 30),
        Target("bytes", raw, BYTES, 30),
        Target("query parser", tree, QUERY, 20),
        Target("parameters", parameters, ADDRESS, 20),
        Target("query", query, QUERY, 20),
        Target("suggestions", suggest, QUERY, 8),
        Target("addresses", asks("/"), ADDRESS, 12),
        Target("API", asks("/api/v1/"), API, 12),
    )
}  # fmt: skip
