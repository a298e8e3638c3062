"""Formats that no reader reads, recognised by their content whatever the file's name says."""

from __future__ import annotations

import json
import re

from indexer.errors import UnreadableSource
from indexer.formats.jsonfeed import is_json_feed

SAVE = "Save it as HTML, Markdown or plain text."
# The first bytes of a file, what it is, and what to do.
SIGNATURES = (
    (rb"%PDF-\d", "a PDF", "Save the newsletter's web page, or convert it to text with pdftotext."),
    (rb"\{\\rtf\d?", "Rich Text (RTF)", "Save it as DOCX or HTML."),
    (rb"\xd0\xcf\x11\xe0", "an old Word, Excel or Outlook file", "Save it as DOCX or HTML."),
    (rb"\s*(?:%[^\n]*\n\s*)*\\documentclass\b", "LaTeX", "Convert it to HTML with pandoc."),
    (rb"PK\x03\x04", "a ZIP archive", "Unpack it, or give a DOCX, EPUB or ODT file the ending of its format."),
    (rb"\x1f\x8b|BZh\d|\xfd7zXZ|7z\xbc\xaf", "a compressed file", "Unpack it."),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", "an image", "Add the issue's text."),
)
JSON = re.compile(rb"\s*[\[{]")
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<\?xml\b")
PAGE_OR_FEED = re.compile(rb"<(?:!doctype\s+html|html|rss|feed|rdf:rdf|\w+:html|article|body)\b", re.I)
HEAD = 4_000
# A file of long lines of base64 alone.
BASE64 = re.compile(rb"\s*+(?:[A-Za-z0-9+/]{60,}+={0,2}\s++){3,}+[A-Za-z0-9+/]*+={0,2}\s*+\Z")


def refuse_foreign(raw: bytes, where: str) -> None:
    """Raise `UnreadableSource` for a format that no reader reads. The message says how to convert it."""
    for pattern, what, then in SIGNATURES:
        if re.match(pattern, raw, re.S):
            raise UnreadableSource(f"{where}: The file is {what}, which cannot be read. {then}")
    if XML.match(raw) and not PAGE_OR_FEED.search(raw[:HEAD]):
        raise UnreadableSource(f"{where}: The file is XML, but neither a feed nor a page. {SAVE}")
    if BASE64.match(raw):
        raise UnreadableSource(f"{where}: The file is encoded data (base64), not text. Decode it first.")
    if JSON.match(raw) and not is_json_feed(raw.decode("utf-8", "replace")) and is_json(raw):
        raise UnreadableSource(f"{where}: The file is JSON. Only JSON feeds can be read. {SAVE}")


def is_json(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict | list)
    except (ValueError, RecursionError):
        return False
