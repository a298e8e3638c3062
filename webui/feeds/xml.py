"""Create XML with the standard library, without characters that XML does not allow."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

# https://www.w3.org/TR/xml/#charsets
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cleaned(text: str) -> str:
    return FORBIDDEN.sub("", text)


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """Append a new element with text and attributes, and return it."""
    made = SubElement(parent, name, {key: cleaned(value) for key, value in attributes.items()})
    made.text = None if text is None else cleaned(text)
    return made


def add_texts(parent: Element, texts: Iterable[tuple[str, str]]) -> None:
    """Append a text element for each pair of name and text."""
    for name, text in texts:
        add(parent, name, text)


def document(root: Element) -> bytes:
    """Return the document as bytes."""
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made
