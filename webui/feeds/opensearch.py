"""Search from a browser's address bar: an OpenSearch 1.1 description, and suggestions while typing."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from flask import Blueprint, Response, jsonify, request

from indexer.query.address import from_args
from indexer.views.suggestions import suggestions
from webui.feeds.syndication import ATOM, ATOM_TYPE
from webui.feeds.xml import add, add_texts, document
from webui.http.absolute import absolute
from webui.live import catalog

DESCRIPTION = "/opensearch.xml"
SUGGEST = "/suggest.json"
DESCRIPTION_TYPE = "application/opensearchdescription+xml"
SUGGESTIONS_TYPE = "application/x-suggestions+json"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
TERMS = "?q={searchTerms}"
SAID = (
    ("ShortName", "backissue"),  # at most 16 characters
    ("Description", "Search the back issues of a newsletter, entry by entry"),
    ("InputEncoding", "UTF-8"),
    ("OutputEncoding", "UTF-8"),
    ("Language", "en"),
)
# The URLs of a search: relation, media type, path and parameters.
ANSWERS = (
    ("results", "text/html", "/", TERMS),
    ("results", ATOM_TYPE, ATOM, TERMS),
    ("suggestions", SUGGESTIONS_TYPE, SUGGEST, TERMS),
    ("self", DESCRIPTION_TYPE, DESCRIPTION, ""),
)

opensearch = Blueprint("opensearch", __name__)


@opensearch.get(DESCRIPTION)
def description() -> Response:
    """Return the OpenSearch description."""
    root = Element("OpenSearchDescription", xmlns=NAMESPACE)
    add_texts(root, SAID)
    for rel, media_type, path, args in ANSWERS:
        add(root, "Url", rel=rel, type=media_type, template=absolute(path) + args)
    return Response(document(root), mimetype=DESCRIPTION_TYPE)


@opensearch.get(SUGGEST)
def suggest() -> Response:
    """Return the typed text with its suggestions."""
    typed = request.args.get("q", "")
    query = from_args([("q", typed)], catalog().about.fields)  # the limits of a search apply
    found = suggestions(catalog(), query.text)
    response = jsonify([typed, list(dict.fromkeys(each.text for each in found))])
    response.mimetype = SUGGESTIONS_TYPE
    return response
