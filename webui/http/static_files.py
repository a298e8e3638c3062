"""The static files, each at an address that changes with its content, so that a browser asks for it once."""

from __future__ import annotations

import io
import mimetypes
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, request, send_file

from indexer.errors import NotFound
from webui.http.caching import KEPT, digest

FOLDER = Path(__file__).parents[1] / "static"
FOR_GOOD = "public, max-age=31536000, immutable"  # a year, the longest that HTTP knows


class File(NamedTuple):
    """A static file as it was when the server started, and what names its content."""

    content: bytes
    version: str


class StaticFiles:
    """The files of a folder, read once: the address of a file and what it answers with are of one content."""

    def __init__(self, folder: Path) -> None:
        contents = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
        self.files = {name: File(content, digest([content])) for name, content in contents.items()}

    def address(self, name: str) -> str:
        """Return the address of the present content of a file."""
        return f"/static/{name}?v={self.files[name].version}"

    def answer(self, name: str) -> Response:
        """Answer with a file; to be kept for good at the address of its content, for a moment at any other."""
        if name not in self.files:
            raise NotFound(f"There is no file {name!r}.")
        content, version = self.files[name]
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response = send_file(io.BytesIO(content), mimetype=media_type, etag=version, conditional=False)
        response.make_conditional(request)  # without ranges: the files are small, and are answered whole
        response.headers["Cache-Control"] = FOR_GOOD if request.args.get("v") == version else KEPT
        return response


def register(app: Flask) -> None:
    """Give an app its static files, and its templates their addresses."""
    files = StaticFiles(FOLDER)
    app.jinja_env.globals["static"] = files.address
    app.add_url_rule("/static/<path:name>", "static", files.answer)
