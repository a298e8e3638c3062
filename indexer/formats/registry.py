"""Which format a source is in, and the reader for it."""

from __future__ import annotations

import re
from pathlib import PurePath

from indexer.errors import UnreadableSource
from indexer.formats.bounds import bounded
from indexer.formats.cleaning import clean, cleaned, prepared
from indexer.formats.feed import pages_of
from indexer.formats.html import read_html
from indexer.formats.markdown import read_markdown
from indexer.formats.text import read_text
from indexer.model import LARGEST, Document

MARKDOWN_NAMES = (".md", ".markdown", ".mdx", ".mkd")
COMMENTS = r"^\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
HTML_START = re.compile(rf"{COMMENTS}<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S)
FEED_START = re.compile(rf"{COMMENTS}<(?:rss|feed|rdf:rdf)\b", re.I | re.S)
MARKDOWN_SIGN = re.compile(r"^(?:#{1,6} |---[ \t]*+$|[ \t]*+[-*] \S|> )|\]\(https?://", re.M)


def decode(raw: bytes, where: str) -> str:
    """Return the text of a file; raises `UnreadableSource` for one that is empty, too large or no text."""
    if len(raw) > LARGEST:
        raise UnreadableSource(f"{where}: {len(raw):,} bytes are more than an issue has; the limit is {LARGEST:,}")
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = decoded_as_declared(raw)
        if not text:
            raise UnreadableSource(f"{where}: byte {error.start} is no UTF-8; save the file as UTF-8") from error
    if "\0" in text:
        raise UnreadableSource(f"{where}: this is no text but a binary file")
    if not text.strip():
        raise UnreadableSource(f"{where}: the file is empty")
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded_as_declared(raw: bytes) -> str:
    """Return the text of a page or feed in the encoding that it declares, "" where it declares none that fits."""
    from bs4.dammit import EncodingDetector
    from webencodings import lookup

    declared = lookup(EncodingDetector.find_declared_encoding(raw, is_html=True) or "")
    try:
        return declared.codec_info.decode(raw)[0] if declared else ""
    except UnicodeDecodeError:
        return ""


def format_of(text: str, name: str) -> str:
    """Return "html", "feed", "markdown" or "text", by the first characters and then by the name's ending."""
    if FEED_START.match(text):
        return "feed"
    if HTML_START.match(text):
        return "html"
    ending = PurePath(name).suffix.lower()
    if ending in MARKDOWN_NAMES:
        return "markdown"
    if ending in (".html", ".htm", ".xhtml"):
        return "html"
    if ending == ".txt":
        return "text"
    return "markdown" if MARKDOWN_SIGN.search(text) else "text"


def read(text: str, name: str) -> list[Document]:
    """Return the documents that a source holds: one, but for a feed.

    `name` is the file's name or address; it decides where the text itself does not show its format.
    Raises `UnreadableSource` where there is no issue text in it.
    """
    found = format_of(text, name)
    if found == "feed":
        return [bounded(cleaned(read_html(prepared(page), name))) for page in pages_of(prepared(text), name)]
    readers = {"html": read_html, "markdown": read_markdown, "text": read_text}
    return [bounded(cleaned(readers[found](prepared(text), name)))]
