"""Headers of all responses, and requests that are refused before anything is computed."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from webui.api import PREFIX
from webui.http import absolute

READING = ("GET", "HEAD", "OPTIONS")
LARGEST_BODY = 16_384  # bytes; request bodies are never read
# What a page may load and send. Exported pages have the policy in a meta element.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": f"{CONTENT_POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

# Pages of any site may use the API and read the ETag. Browsers send a preflight request (OPTIONS) for If-None-Match,
# and cache the permission for a day.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Access-Control-Max-Age": "86400",
}


def register(app: Flask) -> None:
    """Add the headers to all responses of an app."""
    app.before_request(only_reading)
    app.after_request(with_headers)


def only_reading() -> None:
    """Refuse requests that write or have a large body.

    OPTIONS is allowed for the preflight requests of browsers.
    """
    allowed = READING if request.path.startswith(PREFIX) else READING[:2]
    if request.method not in allowed:
        raise MethodNotAllowed(valid_methods=allowed)
    if (request.content_length or 0) > LARGEST_BODY:
        raise RequestEntityTooLarge


def with_headers(response: Response) -> Response:
    response.headers.extend({name: value for name, value in HEADERS.items() if name not in response.headers})
    if request.path.startswith(PREFIX):
        response.headers.extend(CROSS_ORIGIN)
    if response.location:
        response.location = absolute.within(response.location)
    return response
