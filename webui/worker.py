"""The app of one worker process: it opens the index, and each new generation in a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Flask

from indexer.catalog.protocol import Catalog
from indexer.engines.origins import Where
from indexer.errors import IndexMissing
from indexer.live import freeze
from webui.app import create_app
from webui.feeds import crawlers
from webui.pages.rendering import entry_path

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def worker(where: Where, base_url: str = "", report_url: str = "") -> WSGIApplication:
    """Return the app of `create_app`, ready for requests.

    Without an index, or while its cluster does not answer, all responses are 503.
    """
    return following(ready(where, base_url, report_url))


def ready(where: Where, base_url: str = "", report_url: str = "") -> Flask:
    """Return an app with its index open, if there is one, and what many requests need loaded."""
    app = create_app(where, base_url, report_url)
    for name in app.jinja_env.list_templates(filter_func=is_served):
        app.jinja_env.get_template(name)
    with suppress(IndexMissing):
        warm(app)
    return app


def is_served(template: str) -> bool:
    """Return whether a template is one of the server's pages, and not only of exported sites."""
    return not template.startswith("exported/")


def following(app: Flask) -> WSGIApplication:
    """Return an app for granian that opens each new generation in a thread of this process."""
    Thread(target=app.extensions["backissue"].follow, args=(Event(),), daemon=True).start()
    return in_one_piece(app)


def warm(app: Flask) -> None:
    """Open the index and request a page of each kind, so that shared data is loaded before the first reader comes."""
    client = app.test_client()
    for path in one_of_each(app.extensions["backissue"].catalog()):
        client.get(path)
    freeze()


def one_of_each(catalog: Catalog) -> Iterator[str]:
    """Yield the path of one page of each common kind."""
    yield "/"
    for kind in (crawlers.issues, crawlers.versions, crawlers.names):
        yield from (page.path for page in kind(catalog)[:1])
    yield from ("/series/", "/author/")
    for entry in catalog.find(limit=1):
        yield entry_path(entry.id)
        word = quote(max(entry.title.split(), key=len, default=""), safe="")
        yield from (f"{path}?q={word}" for path in ("/", "/search.atom", "/api/v1/search", "/api/v1/suggest"))


def in_one_piece(app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> WSGIApplication:
    """Return an app that returns lists, which granian sends without blocking a thread for a slow client."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        parts = app(environ, start_response)
        try:
            return list(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()

    return answer
