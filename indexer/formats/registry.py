"""Recognise the format of a source, and read it with the right reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

from indexer.errors import UnreadableSource
from indexer.formats.bounds import bounded
from indexer.formats.cleaning import clean, cleaned, prepared
from indexer.formats.feed import pages_of
from indexer.formats.foreign import refuse_foreign
from indexer.formats.headed import read_headed
from indexer.formats.html import read_html
from indexer.formats.items import SUFFIX as ITEMS
from indexer.formats.items import is_joined, read_items
from indexer.formats.jsonfeed import is_json_feed
from indexer.formats.mail import is_mail, is_mailbox, messages_of, read_mail
from indexer.formats.markdown import read_markdown
from indexer.formats.pandoc import read_with_pandoc
from indexer.formats.rst import read_rst
from indexer.formats.several import each_read
from indexer.formats.text import read_text
from indexer.model import LARGEST, LARGEST_OF_SEVERAL, Document
from indexer.values import parts_of_url

Item = TypeVar("Item", bound=str | bytes)
TEXT_SUFFIXES = {
    ".md": "markdown", ".markdown": "markdown", ".mdx": "markdown", ".mkd": "markdown",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "text", ".rst": "rst",
}  # fmt: skip
BY_PANDOC = {
    ".org": "org", ".adoc": "asciidoc", ".asciidoc": "asciidoc", ".docx": "docx", ".epub": "epub", ".odt": "odt",
    ".textile": "textile", ".wiki": "mediawiki",
}  # fmt: skip
MAIL = (".eml", ".mbox")
SUFFIX_OF = {"html": ".html", "markdown": ".md", "rst": ".rst", "text": ".txt"}
NAMES_A_FORMAT = re.compile(r"\.[a-z][a-z0-9]{0,7}\Z")
COMMENTS = r"^\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
HTML_START = re.compile(rf"{COMMENTS}<(?:!doctype\s+html|html|head|body|article)\b", re.I | re.S)
FEED_START = re.compile(rf"{COMMENTS}<(?:rss|feed|rdf:rdf)\b", re.I | re.S)
MARKDOWN_SIGN = re.compile(r"^(?:#{1,6} |---[ \t]*+$|[ \t]*+[-*] \S|> )|\]\(https?://", re.M)


def decode(raw: bytes, where: str, most: int = LARGEST) -> str:
    """Return the text of a file. Raises `UnreadableSource` if it is empty, larger than `most` bytes, or not text."""
    if len(raw) > most:
        raise UnreadableSource(f"{where}: The file has {len(raw):,} bytes. The limit is {most:,}.")
    refuse_foreign(raw, where)
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        text = decoded_as_declared(raw)
        if not text:
            raise UnreadableSource(
                f"{where}: Byte {error.start} is not valid UTF-8. Save the file as UTF-8."
            ) from error
    if "\0" in text:
        raise UnreadableSource(f"{where}: This is a binary file. Save the issue as text or HTML.")
    if not text.strip():
        raise UnreadableSource(f"{where}: The file is empty.")
    return clean(text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded_as_declared(raw: bytes) -> str:
    """Decode a page or feed with the encoding that it declares. Return "" if it declares none that works."""
    from bs4.dammit import EncodingDetector
    from webencodings import lookup

    declared = lookup(EncodingDetector.find_declared_encoding(raw, is_html=True) or "")
    try:
        return declared.codec_info.decode(raw)[0] if declared else ""
    except UnicodeDecodeError:
        return ""


def format_of(text: str, name: str) -> str:
    """Return "html", "feed", "markdown", "rst" or "text", judged by the first characters, then by the suffix."""
    if FEED_START.match(text) or is_json_feed(text):
        return "feed"
    if HTML_START.match(text):
        return "html"
    ending = PurePath(name).suffix.lower()
    if ending in TEXT_SUFFIXES:
        return TEXT_SUFFIXES[ending]
    return "markdown" if MARKDOWN_SIGN.search(text) else "text"


def read(text: str, name: str) -> list[Document]:
    """Return the documents of a text: one for most formats, one per item for a feed.

    `name` is the file's name or URL. Its suffix decides if the text does not show its format.
    Raises `UnreadableSource` if it contains no issue text.
    """
    found = format_of(text, name)
    if found == "feed":
        return documents_of(lambda page: read_html(prepared(page), name), pages_of(prepared(text), name), name)
    readers = {"html": read_html, "rst": read_rst, "text": read_text}
    if found == "markdown":
        return [bounded(cleaned(read_markdown(prepared(text), name)))]
    return [bounded(cleaned(read_headed(prepared(text), name, readers[found])))]


def documents_of(make: Callable[[Item], Document], items: Iterable[Item], where: str) -> list[Document]:
    """Return the documents of a feed or mailbox. An item that cannot be read becomes a problem of the first one."""
    made, problems = each_read(lambda item: bounded(cleaned(make(item))), items, where)
    return [replace(made[0], problems=(*made[0].problems, *problems)), *made[1:]] if problems else made


def read_source(raw: bytes, name: str) -> list[Document]:
    """Return the documents of a file in any format: one for most, several for a feed or a mailbox.

    Raises `UnreadableSource` if no reader knows the format. The message says what could be read instead.
    """
    if is_joined(raw):
        return [bounded(read_items(decode(raw, name), name, read_source))]
    if is_mailbox(raw):
        return documents_of(lambda message: read_mail(message, name), messages_of(raw), name)
    if is_mail(raw):
        return [bounded(cleaned(read_mail(raw, name)))]
    ending = suffix_of(name)
    if ending in BY_PANDOC:
        return [bounded(cleaned(read_with_pandoc(raw, name, BY_PANDOC[ending])))]
    text = decode(raw, name)
    refuse_unclaimed(text, name, ending)
    return read(text, name)


def parts_of(raw: bytes, name: str) -> list[tuple[bytes, str]]:
    """Split a file into its issues (pages of a feed, messages of a mailbox), each with the suffix to store it under."""
    if is_joined(raw):
        return [(raw, ITEMS)]
    if is_mailbox(raw):
        return [(message, ".eml") for message in messages_of(raw)]
    if is_mail(raw):
        return [(raw, ".eml")]
    ending = suffix_of(name)
    if ending in BY_PANDOC:
        return [(raw, ending)]
    text = decode(raw, name, LARGEST_OF_SEVERAL)
    refuse_unclaimed(text, name, ending)
    found = format_of(text, parts_of_url(name).path if "://" in name else name)
    if found != "feed":
        decode(raw, name)
    if found == "feed":
        return [(page.encode(), ".html") for page in pages_of(prepared(text), name)]
    own = ending if TEXT_SUFFIXES.get(ending) == found else ""
    return [(raw, own or SUFFIX_OF[found])]


def suffix_of(name: str) -> str:
    """Return the suffix of a file name or of a URL's path."""
    path = parts_of_url(name).path if "://" in name else name
    return PurePath(path).suffix.lower()


def refuse_unclaimed(text: str, name: str, ending: str) -> None:
    """Raise `UnreadableSource` if no reader knows the file's format."""
    if (
        "://" in name
        or FEED_START.match(text)
        or is_json_feed(text)
        or HTML_START.match(text)
        or ending in TEXT_SUFFIXES
    ):
        return
    if not NAMES_A_FORMAT.match(ending):
        return
    if ending in MAIL:
        raise UnreadableSource(f"{name}: The file contains no e-mail. Export the message again.")
    read_by = ", ".join(sorted({*TEXT_SUFFIXES, *BY_PANDOC, *MAIL}))
    raise UnreadableSource(f"{name}: {ending} files cannot be read. Save it as HTML or as one of {read_by}.")
