"""A cache of recent responses in front of the app, so that a repeated request runs none of the app's code."""

from __future__ import annotations

import marshal
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Response, current_app, g, request
from werkzeug.http import http_date, parse_etags, remove_entity_headers

from indexer.catalog.protocol import Catalog
from indexer.errors import BackissueError
from webui.http.favourites import Favourites
from webui.http.ring import Ring

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 16_000_000  # size of the cache, about 2,500 pages; the workers of a server share it
LONGEST = 50_000  # maximum size of a cached response
PACKING = 1  # the fastest compression
AHEAD = 0.25  # seconds for popular responses before a new index is used
# What a response depends on, besides the index and the settings of the app.
KEY_PARTS = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
# Headers of requests that the app answers in each case.
RARE = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")
Key = tuple[str, ...]


class CachedResponse(NamedTuple):
    """A cached response with a compressed body. Decompression takes a tenth of a millisecond."""

    packed: bytes
    tag: str
    headers: tuple[tuple[str, str], ...]


class Responses:
    """The cached responses, and which of them are popular."""

    def __init__(self) -> None:
        self.ring = Ring(MOST_BYTES)
        self.favourites = Favourites()

    def find(self, generation: str, key: Key) -> CachedResponse | None:
        """Return the cached response to a request, or None."""
        found = self.ring.find((generation, *key))
        if found is None:
            return None
        self.favourites.count(key)
        return CachedResponse(*marshal.loads(found))  # noqa: S302

    def put(self, generation: str, key: Key, made: CachedResponse) -> None:
        """Cache a response."""
        self.ring.put((generation, *key), marshal.dumps(tuple(made)))


def register(app: Flask) -> None:
    """Add the cache to an app. Register it first: the functions after a request run in reverse order."""
    app.extensions["responses"] = Responses()
    app.after_request(cached)
    app.wsgi_app = in_front_of(app, app.wsgi_app)  # type: ignore[assignment, method-assign]


def cached(response: Response) -> Response:
    """Cache a complete response that has an entity tag. The tag covers everything that the response depends on."""
    if response.status_code == HTTPStatus.OK and "tag" in g:
        put_in_cache(response, g.catalog.generation if "catalog" in g else "", request_key(request.environ))
    return response


def put_in_cache(response: Response, generation: str, key: Key) -> None:
    """Cache a response. Large ones are not cached, because they would displace many others."""
    packed = zlib.compress(response.get_data(), PACKING)
    if len(packed) <= LONGEST:
        headers = (each for each in response.get_wsgi_headers(request.environ) if each[0] != "Date")
        current_app.extensions["responses"].put(generation, key, CachedResponse(packed, g.tag, tuple(headers)))


def request_key(environ: WSGIEnvironment) -> Key:
    """Return what identifies the response to a request."""
    return tuple([environ.get(name, "") for name in KEY_PARTS])


def make_ahead(app: Flask, catalog: Catalog) -> None:
    """Cache the most popular responses from an index that is not in use yet, as many as AHEAD allows.

    Workers share the responses, and each makes those that are missing.
    """
    responses: Responses = app.extensions["responses"]
    end = time.monotonic() + AHEAD
    for key in responses.favourites.most():
        if time.monotonic() > end:
            return
        if responses.ring.find((catalog.generation, *key)) is None:
            environ = {**dict(zip(KEY_PARTS, key, strict=True)), "REQUEST_METHOD": "GET", "wsgi.input": BytesIO()}
            with app.request_context(environ), suppress(Exception):  # the request of a reader reports the error
                g.catalog = catalog
                app.full_dispatch_request()


def in_front_of(app: Flask, inner: WSGIApplication) -> WSGIApplication:
    """Return an app that answers from the cache of responses, or else with `inner`."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        made = made_before(app, environ)
        if made is None:
            return inner(environ, start_response)
        headers = [*made.headers, ("Date", date(int(time.time())))]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and ((held := parse_etags(known)).star_tag or held.contains_weak(made.tag)):
            remove_entity_headers(headers)
            start_response("304 NOT MODIFIED", headers)
            return []
        start_response("200 OK", headers)
        return [zlib.decompress(made.packed)] if environ["REQUEST_METHOD"] == "GET" else []

    return answer


@lru_cache(1)
def date(second: int) -> str:
    """Return a time in seconds as a header has it."""
    return http_date(second)


def made_before(app: Flask, environ: WSGIEnvironment) -> CachedResponse | None:
    """Return the cached response to a plain request for the same URL and index, or None."""
    plain = environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.get("CONTENT_LENGTH", "") in ("", "0")
    if not plain or any(name in environ for name in RARE):
        return None
    try:
        generation = app.extensions["backissue"].catalog().generation
    except (BackissueError, OSError):  # no index yet
        generation = ""
    responses: Responses = app.extensions["responses"]
    return responses.find(generation, request_key(environ))
