"""Answers that need be neither made nor sent again: what names an answer, and how long one may be kept."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, current_app, g, request

import indexer
from indexer.errors import IndexMissing
from indexer.storage.cache import Kept
from webui.http.absolute import base
from webui.live import live

# A page changes only with a new index, which is at most this late for a reader; till then, going back and forth
# between pages asks for nothing.
KEPT = "public, max-age=60"
KEPT_NOT = "no-store"
MOST_BYTES = 4_000_000  # of the answers that a process keeps, some 500 pages
LONGEST = 50_000  # bytes of one of them
PACKING = 1  # the quickest
HEALTH = "health"
# These endpoints have no tag of the index: the one names its content itself, the other is true only now.
UNTAGGED = ("static", HEALTH)


class Made(NamedTuple):
    """An answer as a page made it, packed: pages are much alike, and unpacked in a tenth of a millisecond."""

    packed: bytes
    headers: tuple[tuple[str, str], ...]


def size(made: Made) -> int:
    """Return the bytes of an answer that is kept."""
    return len(made.packed) + sum(len(name) + len(value) for name, value in made.headers)


def register(app: Flask) -> None:
    """Give the answers of an app their tags; who holds an answer is told so, what was made lately is sent again."""
    app.config["SOFTWARE"] = software()
    app.extensions["made"] = Kept[Made](MOST_BYTES, size)
    app.before_request(unchanged)
    app.before_request(made_before)
    app.after_request(tagged)


def software() -> str:
    """Return what names this version of backissue: its number and its files, which change before the number does."""
    folders = (Path(__file__).parents[1], Path(indexer.__file__).parent)
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return digest([indexer.__version__.encode(), *(path.read_bytes() for path in files)])


def digest(parts: Iterable[bytes]) -> str:
    """Return a short name of some bytes; where one part ends and the next begins counts."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()[:20]


def generation() -> str:
    """Return the name of the generation that answers, "" where there is none."""
    try:
        return live().catalog().generation
    except IndexMissing:
        return ""


def tag() -> str:
    """Return what names the answer to a request: the index, software and settings, and the whole address make it."""
    settings = current_app.config
    named = (generation(), settings["SOFTWARE"], settings["REPORT_URL"], base() + request.path)
    return digest([*(part.encode("utf-8", "replace") for part in named), request.query_string])


def unchanged() -> Response | None:
    """Answer that nothing changed, before anything is searched, where the request names the answer it holds."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None or request.endpoint in UNTAGGED:
        return None
    g.tag = tag()
    held = request.if_none_match  # "*" is any answer, and whether there is one is known only once it is made
    return Response(status=HTTPStatus.NOT_MODIFIED) if not held.star_tag and held.contains_weak(g.tag) else None


def made_before() -> Response | None:
    """Answer with what was made for the same address of the same index, where it is still kept."""
    found: Made | None = current_app.extensions["made"].find(g.tag) if "tag" in g else None
    if not found:
        return None
    g.kept = True
    return Response(zlib.decompress(found.packed), headers=found.headers)


def keep(response: Response) -> None:
    """Keep an answer as it was made, for who asks for the same: nothing but what its tag names goes into it.

    One so long that many others would have to go for it is made anew.
    """
    packed = zlib.compress(response.get_data(), PACKING)
    if len(packed) <= LONGEST:
        current_app.extensions["made"].put(g.tag, Made(packed, tuple(response.headers)))


def tagged(response: Response) -> Response:
    """Say of an answer what names it and how long it may be kept; an error is not kept."""
    if response.status_code >= HTTPStatus.BAD_REQUEST or request.endpoint == HEALTH:
        response.headers["Cache-Control"] = KEPT_NOT
    elif "tag" in g:
        if response.status_code == HTTPStatus.OK and "kept" not in g:
            keep(response)
        response.headers["Cache-Control"] = KEPT
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            # Weak: what compresses the answer on its way may change its bytes.
            response.set_etag(g.tag, weak=True)
            response.make_conditional(request)
            if response.status_code == HTTPStatus.PRECONDITION_FAILED:
                response.headers["Cache-Control"] = KEPT_NOT
                response.headers.pop("ETag")
    return response
