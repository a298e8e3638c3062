"""Serve static files at URLs that change with their contents, so that browsers load each only once."""

from __future__ import annotations

import io
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, request, send_file

from indexer.errors import NotFound
from webui.http.caching import CACHED, conditional, digest

FOLDER = Path(__file__).parents[1] / "static"
FOR_GOOD = "public, max-age=31536000, immutable"  # a year


class File(NamedTuple):
    """The contents of a static file when the server started, and their digest."""

    content: bytes
    version: str


class StaticFiles:
    """The files of a folder, read once, so that URLs and contents always match."""

    def __init__(self, folder: Path) -> None:
        contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
        self.files = {name: File(content, digest([content])) for name, content in contents.items()}

    def address(self, name: str) -> str:
        """Return the URL of a file, with its digest."""
        return f"/static/{name}?v={self.files[name].version}"

    def answer(self, name: str) -> Response:
        """Return a file. It can be cached for good under the URL with its digest, and briefly under any other."""
        if name not in self.files:
            raise NotFound(f"There is no file {name}.")
        content, version = self.files[name]
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = send_file(io.BytesIO(content), mimetype=media_type, etag=version, conditional=False)
        response = conditional(response)  # without ranges, because the files are small
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return response
        response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == version else CACHED
        return response


def register(app: Flask) -> None:
    """Add the static files to an app, and their URLs to its templates."""
    files = StaticFiles(FOLDER)
    app.jinja_env.globals["static"] = files.address
    app.add_url_rule("/static/<path:name>", "static", files.answer)
