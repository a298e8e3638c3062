"""Error responses: pages, or problem details (RFC 9457) for requests that do not ask for a page."""

from __future__ import annotations

import re
from http import HTTPStatus
from xml.etree.ElementTree import Element

from flask import Response, jsonify, render_template, request

from indexer.errors import NotFound
from indexer.views.titles import title_of
from webui.api import PREFIX
from webui.api.description import PROBLEM_TYPE
from webui.feeds import crawlers, opensearch, syndication
from webui.feeds.xml import add_texts, document
from webui.http.names import quoted
from webui.live import catalog
from webui.pages.rendering import name_path

PROBLEM_XML_TYPE = "application/problem+xml"
NAMESPACE = "urn:ietf:rfc:7807"  # RFC 9457 kept the namespace of its predecessor
LONGEST = 100  # characters of an address that are repeated
WORD = re.compile(r"\w+")
IN_JSON = (PREFIX, syndication.JSON, opensearch.SUGGEST)
IN_XML = (syndication.ATOM, opensearch.DESCRIPTION, crawlers.SITEMAPS)


def problem(status: int, detail: str, unknown: NotFound | None = None) -> Response:
    """Return an error in the form that the client accepts. `unknown` has the similar names of a failed lookup."""
    title = HTTPStatus(status).phrase
    if request.path.startswith(IN_JSON):
        beyond = {} if unknown is None else {"nearest": unknown.nearest}
        response = jsonify(type="about:blank", title=title, status=status, detail=detail, **beyond)
        response.mimetype = PROBLEM_TYPE
    elif request.path.startswith(IN_XML):
        response = Response(in_xml(title, status, detail), mimetype=PROBLEM_XML_TYPE)
    else:
        response = Response(error_page(title, detail, unknown), mimetype="text/html")
    response.status_code = status
    return response


def no_page() -> NotFound:
    """Return the error for an address that no page has."""
    return NotFound(f"There is no page at {request.path[:LONGEST]}.")


def error_page(title: str, detail: str, unknown: NotFound | None) -> str:
    """Return the page of an error; where something is not known, with the titles of what is nearest to it."""
    kind, _, wanted = request.path.strip("/").partition("/")
    typed = request.args.get("q") or " ".join(WORD.findall(wanted.rpartition("/")[2] or kind))
    near = [(title_of(catalog(), kind, name), beside(name)) for name in unknown.nearest] if unknown else []
    return render_template(
        "error.html",
        title="Page not found" if unknown else title,
        detail=unknown.message if unknown else detail,
        nearest=near,
        words=typed[:LONGEST] if unknown else "",
    )


def beside(name: str) -> str:
    """Return the URL of a similar name, which is of the same kind as the requested one (/topic/..., /author/...)."""
    kind = request.path.split("/")[1]
    return name_path(name) if kind in ("id", "feature") else f"/{kind}/{quoted(name)}"


def in_xml(title: str, status: int, detail: str) -> bytes:
    root = Element("problem", xmlns=NAMESPACE)
    add_texts(root, [("type", "about:blank"), ("title", title), ("status", str(status)), ("detail", detail)])
    return document(root)
