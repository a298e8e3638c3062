"""Turn an e-mail message into a document, and split a mailbox into messages."""

from __future__ import annotations

import mailbox
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from itertools import chain

from indexer.errors import UnreadableSource
from indexer.formats.cleaning import clean, prepared
from indexer.formats.dates import as_date
from indexer.formats.digest import FOOTER, Message, joined
from indexer.formats.html import find_article, parse_page
from indexer.formats.rendered import blocks_of
from indexer.formats.text import read_text
from indexer.model import Document

HEADERS = re.compile(rb"(?:From [^\n]*\n)?(?:[A-Za-z][A-Za-z0-9-]{1,70}:[^\n]*\n(?:[ \t][^\n]*\n)*+)+\r?\n")
EVERY_MESSAGE_HAS = (b"\nfrom:", b"\ndate:")
MAILBOX = re.compile(rb"From [^\n]{1,200}\d{4}\r?\n[A-Za-z][A-Za-z0-9-]{1,70}:")
LONGEST_HEAD = 100_000
# What the parsers of headers raise for invalid ones.
INVALID = (MessageError, LookupError, ValueError, ArithmeticError, AttributeError, TypeError, RecursionError)


def is_mail(raw: bytes) -> bool:
    """Return whether a file begins with the headers of a message."""
    head = HEADERS.match(raw[:LONGEST_HEAD])
    return head is not None and all(name in b"\n" + head[0].lower() for name in EVERY_MESSAGE_HAS)


def is_mailbox(raw: bytes) -> bool:
    return MAILBOX.match(raw) is not None and is_mail(raw)


def messages_of(raw: bytes) -> Iterator[bytes]:
    """Yield the messages of a mailbox."""
    with tempfile.NamedTemporaryFile(suffix=".mbox") as file:
        file.write(raw)
        file.flush()
        box = mailbox.mbox(file.name, create=False)
        try:
            for key in box.keys():  # noqa: SIM118  a mailbox is not a dictionary
                yield box.get_bytes(key)
        finally:
            box.close()


def read_mail(raw: bytes, where: str) -> Document:
    """Return the document of a message: of its HTML part, or else of its plain text."""
    message = message_from_bytes(raw.removeprefix(b"\n"), _class=EmailMessage, policy=policy.default)
    title, day = header(message, "subject"), header(message, "date")
    document = digest_of(message, where) or document_of(message, where, title)
    if not document.blocks:
        raise UnreadableSource(f"{where}: The e-mail has no text. Save its web version instead.")
    return replace(document, title=title or document.title, date=as_date(day) or document.date)


def digest_of(message: EmailMessage, where: str) -> Document | None:
    """Return a digest in MIME (multipart/digest) as one document with an item for each message; None for other mail."""
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    if message.get_content_type() == "multipart/digest":
        at, inside = 0, parts
    else:
        at = next((i for i, part in enumerate(parts) if part.get_content_type() == "multipart/digest"), len(parts))
        inside = [
            part for digest in parts[at : at + 1] for part in digest.iter_parts() if isinstance(part, EmailMessage)
        ]
        parts = [*parts[:at], EmailMessage(), *parts[at + 1 :]]
    found = [each for part in inside for each in part.iter_parts() if isinstance(each, EmailMessage)]
    if not found:
        return None
    before, after = (texts_of(part) for part in (parts[:at], parts[at + 1 :]))
    subjects = [{name: header(each, name) for name in ("subject", "from")} for each in found]
    messages = [Message(0, headers, []) for headers in ({}, *subjects, *([{"subject": FOOTER}] if after else []))]
    ending = [read_text(after, where, "-")] if after else []
    each_read = (document_of(each, where, "-") for each in found)
    return joined(messages, chain([read_text(before, where, "-")], each_read, ending))


def texts_of(parts: Sequence[EmailMessage]) -> str:
    """Return the plain texts among the parts of a message."""
    return "\n\n".join(content(part) for part in parts if part.get_content_type() == "text/plain")


def document_of(message: EmailMessage, where: str, title: str) -> Document:
    """Return the text of a message as a document."""
    try:
        body = message.get_body(("html", "plain"))
        kind = body.get_content_subtype() if body else ""
        text = content(body) if body else ""
    except INVALID as error:
        raise UnreadableSource(f"{where}: The e-mail could not be read ({error}). Save it as HTML.") from error
    return page(text, where) if kind == "html" and text.strip() else read_text(text, where, title)


def header(message: EmailMessage, name: str) -> str:
    """Return the value of a header, "" if it is missing or cannot be parsed."""
    try:
        return " ".join(str(message.get(name) or "").split())
    except INVALID:
        return ""


def content(body: MIMEPart) -> str:
    """Return the text of a part. Bytes that are invalid in its declared encoding become U+FFFD."""
    raw = body.get_payload(decode=True)
    charset = body.get_content_charset("utf-8")
    if not isinstance(raw, bytes):
        return ""
    try:
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError):  # an unknown encoding, or one that cannot replace what is invalid
        text = raw.decode("utf-8", "replace")
    return prepared(clean(text.replace("\r\n", "\n").replace("\r", "\n")))


def page(text: str, where: str) -> Document:
    soup = parse_page(text, where)
    article = find_article(soup) or soup.body or soup
    return Document(blocks_of(article, where), where=where)
