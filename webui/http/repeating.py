"""A cache of recent responses in front of the app, so that a repeated request runs none of the app's code."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, Response, current_app, g, request
from werkzeug.http import http_date, parse_etags, remove_entity_headers

from indexer.errors import BackissueError
from indexer.storage.cache import LRU

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 8_000_000  # size of the cache, about 1,300 pages
LONGEST = 50_000  # maximum size of a cached response
PACKING = 1  # the fastest compression
# What a response depends on, besides the index and the settings of the app.
KEY_PARTS = ("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
# Headers of requests that the app answers in each case.
RARE = ("HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_RANGE")


class Made(NamedTuple):
    """A cached response with a compressed body. Decompression takes a tenth of a millisecond."""

    packed: bytes
    tag: str
    headers: tuple[tuple[str, str], ...]


def register(app: Flask) -> None:
    """Add the cache to an app. Register it first: the functions after a request run in reverse order."""
    app.extensions["made"] = LRU[Made](MOST_BYTES, size)
    app.after_request(cached)
    app.wsgi_app = in_front_of(app, app.wsgi_app)  # type: ignore[assignment, method-assign]


def size(made: Made) -> int:
    """Return the size of a cached response in bytes."""
    return len(made.packed) + sum(len(name) + len(value) for name, value in made.headers)


def cached(response: Response) -> Response:
    """Cache a complete response that has an entity tag. The tag covers everything that the response depends on."""
    if response.status_code == HTTPStatus.OK and "tag" in g:
        put_in_cache(response, (g.catalog.generation if "catalog" in g else "", *request_key(request.environ)))
    return response


def put_in_cache(response: Response, key: tuple[str, ...]) -> None:
    """Cache a response. Large ones are not cached, because they would displace many others."""
    packed = zlib.compress(response.get_data(), PACKING)
    if len(packed) <= LONGEST:
        headers = (each for each in response.get_wsgi_headers(request.environ) if each[0] != "Date")
        current_app.extensions["made"].put(key, Made(packed, g.tag, tuple(headers)))


def request_key(environ: WSGIEnvironment) -> tuple[str, ...]:
    """Return what identifies the response to a request."""
    return tuple(environ.get(name, "") for name in KEY_PARTS)


def in_front_of(app: Flask, inner: WSGIApplication) -> WSGIApplication:
    """Return an app that answers from the cache of responses, or else with `inner`."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        made = made_before(app, environ)
        if made is None:
            return inner(environ, start_response)
        headers = [*made.headers, ("Date", http_date())]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and ((held := parse_etags(known)).star_tag or held.contains_weak(made.tag)):
            remove_entity_headers(headers)
            start_response("304 NOT MODIFIED", headers)
            return []
        start_response("200 OK", headers)
        return [zlib.decompress(made.packed)] if environ["REQUEST_METHOD"] == "GET" else []

    return answer


def made_before(app: Flask, environ: WSGIEnvironment) -> Made | None:
    """Return the cached response to a plain request for the same URL and index, or None."""
    responses: LRU[Made] = app.extensions["made"]
    plain = environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.get("CONTENT_LENGTH", "") in ("", "0")
    if not (plain and len(responses)) or any(name in environ for name in RARE):
        return None
    try:
        generation = app.extensions["backissue"].catalog().generation
    except (BackissueError, OSError):  # no index yet
        generation = ""
    return responses.find((generation, *request_key(environ)))
