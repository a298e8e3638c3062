"""Entity tags and cache lifetimes of responses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, g, request

import indexer
from indexer.errors import IndexMissing
from webui.http.absolute import base
from webui.http.errors import problem
from webui.live import live

# Pages change only with a new index. This is the longest delay until a reader sees it; until then, going back and
# forth between pages needs no requests.
CACHED = "public, max-age=60"
NOT_CACHED = "no-store"
UNMET = "The response is not the one that If-Match names. Send the request without this header."
HEALTH = "health"
# Endpoints without a tag of the index: static files have their own, and the health check must not be cached.
UNTAGGED = ("static", HEALTH)


def register(app: Flask) -> None:
    """Add entity tags, cache lifetimes and 304 responses to an app."""
    app.config["SOFTWARE"] = software()
    app.before_request(unchanged)
    app.after_request(tagged)


def software() -> str:
    """Return a digest of this version of backissue: its number and its files, which change more often."""
    folders = (Path(__file__).parents[1], Path(indexer.__file__).parent)
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return digest([indexer.__version__.encode(), *(path.read_bytes() for path in files)])


def digest(parts: Iterable[bytes]) -> str:
    """Return a short digest of some parts and their boundaries."""
    made = hashlib.sha256()
    for part in parts:
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()[:20]


def generation() -> str:
    """Return the name of the current generation, "" if there is none."""
    try:
        return live().catalog().generation
    except IndexMissing:
        return ""


def tag() -> str:
    """Return the entity tag of a response: a digest of the index, software, settings and URL."""
    settings = current_app.config
    named = (generation(), settings["SOFTWARE"], settings["REPORT_URL"], base() + request.path)
    return digest([*(part.encode("utf-8", "replace") for part in named), request.query_string])


def unchanged() -> Response | None:
    """Return 304 if the request has the current entity tag, before anything is computed."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None or request.endpoint in UNTAGGED:
        return None
    g.tag = tag()
    held = request.if_none_match  # "*" matches any response, but whether there is one is not known yet
    return Response(status=HTTPStatus.NOT_MODIFIED) if not held.star_tag and held.contains_weak(g.tag) else None


def tagged(response: Response) -> Response:
    """Add the entity tag and cache lifetime to a response. Errors are not cached."""
    if response.status_code >= HTTPStatus.BAD_REQUEST or request.endpoint == HEALTH:
        response.headers["Cache-Control"] = NOT_CACHED
    elif "tag" in g:
        response.headers["Cache-Control"] = CACHED
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            # Weak, because a proxy that compresses the response changes its bytes.
            response.set_etag(g.tag, weak=True)
            if any(name.startswith("HTTP_IF_") or name == "HTTP_RANGE" for name in request.environ):
                return conditional(response)
    return response


def conditional(response: Response) -> Response:
    """Apply the conditions of the request to a response with an entity tag. A failed one is an error."""
    environ = dict(request.environ)
    if request.if_match.star_tag:  # met by any response, but Werkzeug compares it with the tag
        del environ["HTTP_IF_MATCH"]
    response.make_conditional(environ)
    if response.status_code != HTTPStatus.PRECONDITION_FAILED:
        return response
    failed = problem(HTTPStatus.PRECONDITION_FAILED, UNMET)
    failed.headers["Cache-Control"] = NOT_CACHED
    return failed
