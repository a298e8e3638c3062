"""Replace control characters in the URL of a request, before pages, errors and feeds repeat parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from indexer.controls import SHOWN, visible

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# The characters of `indexer.controls` in UTF-8 and percent-encoded, as a query string has them.
ENCODED = re.compile(
    r"%(?:(?!0[9a])[01][0-9a-f]|7f|c2%[89][0-9a-f]|e2%80%a[a-e]|e2%81%a[6-9]|ed%[ab][0-9a-f]%[89ab][0-9a-f])", re.I
)
REPLACED = "".join(f"%{byte:02X}" for byte in SHOWN.encode())


def register(app: Flask) -> None:
    """Clean the URL of each request that reaches the app."""
    app.wsgi_app = cleaning(app.wsgi_app)  # type: ignore[assignment, method-assign]


def cleaning(inner: WSGIApplication) -> WSGIApplication:
    """Return an app that passes requests on to `inner` with clean URLs."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        query, path = environ.get("QUERY_STRING", ""), environ.get("PATH_INFO", "")
        if "%" in query or not is_plain(query):
            environ["QUERY_STRING"] = ENCODED.sub(REPLACED, clean(query))
        if not is_plain(path):
            environ["PATH_INFO"] = clean(path)
        return inner(environ, start_response)

    return answer


def is_plain(raw: str) -> bool:
    return raw.isascii() and raw.isprintable()


def clean(raw: str) -> str:
    """Return a part of a URL, whose bytes of UTF-8 are Latin-1 characters (PEP 3333), without control characters."""
    text = raw.encode("latin-1", "replace").decode("utf-8", "replace")
    return visible(text).encode().decode("latin-1")
