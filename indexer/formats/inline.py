"""Collect the text of inline HTML elements with its spans, and divide it into blocks at empty lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4.element import Comment, NavigableString, Tag

from indexer.model import Block, BlockKind, Span, SpanKind

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LISTS = ("ul", "ol", "dl", "menu")
ITEMS = ("li", "dt", "dd")
CONTAINERS = (
    "div section article main header footer aside figure figcaption details summary center table thead "
    "tbody tfoot tr td th body html form fieldset nav address hgroup"
).split()
BLOCKS = frozenset((*HEADINGS, *LISTS, *ITEMS, *CONTAINERS, "p", "pre", "blockquote"))
INLINE = frozenset(
    "a abbr acronym audio b bdi bdo big br canvas cite code data del dfn em embed font i iframe img input ins kbd "
    "label map mark math meter nobr object output picture progress q rb rp rt rtc ruby s samp select slot small "
    "source span strike strong sub sup textarea time track tt u var video wbr option".split()
)
NOT_TEXT = ("script", "style", "template", "noscript", "svg", "button", "hr", "head")
MISSING = "data-missing"  # on an <a>: an undefined reference link
BOLD = re.compile(r"(?<![\w-])font-weight\s*:\s*(?:bold(?:er)?|[6-9]00)\b", re.I)  # in the style of an element
WHITE = re.compile(r"[^\S\u00a0]+")
# What may follow a title on its line, and how the text on the next line begins.
BYLINE = re.compile(r"^\W{0,3}(?:\b(?:by|from|von|par|por|di|door) [^.!?]{3,60}\.?)?$")
SENTENCE = re.compile(r"^\s*[\"'“„«¿¡(]?(?:[^\W\d_a-zß-öø-ÿ]|https?://)")
MOST_SPACES = 10  # at the end of a line


@dataclass
class Inline:
    """The text of a block under construction, with its spans."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)
    line: int = 0
    broken: list[int] = field(default_factory=list)  # where lines end
    wrapped: int = 0  # where the first line of the source ends

    def add(self, words: str) -> None:
        ending, newline, _ = words.partition("\n")
        if newline and not self.wrapped:
            self.wrapped = len((self.text + WHITE.sub(" ", ending)).rstrip())
        words = WHITE.sub(" ", words)
        if not self.text or self.text.endswith((" ", "\n")):
            words = words.lstrip(" ")
        self.text += words

    def element(self, tag: Tag) -> None:
        """Append the text of an inline element and of everything in it."""
        start = len(self.text)
        self.line = self.line or (tag.sourceline or 0)
        self.begin(tag.name, str(tag.get("alt") or ""))
        for child in tag.children:
            self.node(child)
        url = str(tag.get("href") or "").strip() if tag.name == "a" else ""
        if tag.name in ("code", "tt", "kbd", "samp"):
            self.span(start, "code", "")
        if is_bold(tag):
            self.span(start, "strong", "")
        if tag.name == "a" and tag.has_attr(MISSING):
            self.span(start, "missing", "")
        if url:
            self.span(start, "link", url)

    def begin(self, name: str, described: str) -> None:
        """Append what an element of this name begins with: its description, or a line break."""
        if name not in INLINE and name not in BLOCKS:
            self.add(f"<{name}>")  # not HTML, but a URL or placeholder in angle brackets
        elif name == "img":
            self.add(described)
        elif name == "br" or (name in BLOCKS and self.text):
            end = self.end_of_words()
            if name == "br" or end not in self.broken[-1:]:  # a block in a link, such as a card, is one line
                self.broken.append(end)
            self.add(" ")

    def node(self, node: object) -> None:
        if isinstance(node, Tag):
            if node.name not in NOT_TEXT:
                self.element(node)
        elif isinstance(node, NavigableString) and not isinstance(node, Comment):
            self.add(str(node))

    def span(self, start: int, kind: SpanKind, url: str) -> None:
        while start < len(self.text) and self.text[start] == " ":
            start += 1
        if start < len(self.text):
            self.spans.append(Span(start, len(self.text), kind, url))

    def end_of_words(self) -> int:
        """Return the length of the text without a few spaces at its end."""
        tail = self.text[-MOST_SPACES:]
        return len(self.text) - len(tail) + len(tail.rstrip())

    def block(self, kind: BlockKind, depth: int) -> Block:
        """Return all text as one block."""
        return self.part(kind, depth, 0, len(self.text))

    def blocks(self, kind: BlockKind, depth: int) -> list[Block]:
        """Return the text as blocks: an empty line, made of two line breaks, ends one."""
        ends = [end for end, count in Counter(self.broken).items() if end and count > 1]
        pairs = zip((0, *ends), (*ends, len(self.text)), strict=True)
        return [self.part(kind, depth, start, end) for start, end in pairs if self.text[start:end].strip()]

    def part(self, kind: BlockKind, depth: int, start: int, end: int) -> Block:
        """Return a part of the text as a block."""
        lines = self.first_line(start, end) if kind != "row" else ()
        spans = tuple(sorted((*self.spans, *lines), key=lambda s: (s.start, -s.end)))
        return Block(kind, self.text, depth, spans, self.line).slice(start, end)

    def first_line(self, start: int, end: int) -> Iterator[Span]:
        """Yield a span over the first of several lines if it is one link or bold, as titles in e-mail are.

        A line of the source counts if the next one begins like a sentence; it may have a byline.
        """
        broken = next((at for at in self.broken if start < at), 0)
        inside = (span for span in self.spans if start <= span.start < end and span.kind in ("link", "strong"))
        marked = [span for span in inside if not re.search(r"\w", self.text[start : span.start])]
        ends = (span.end == broken or (span.kind == "link" and span.end > broken) for span in marked)
        wraps = (BYLINE.match(self.text[span.end : self.wrapped]) for span in marked if span.end <= self.wrapped)
        if start < broken < len(self.text[:end].rstrip()) and any(ends):
            yield Span(start, broken, "line")
        elif start < self.wrapped < end and SENTENCE.match(self.text[self.wrapped :]) and any(wraps):
            yield Span(start, self.wrapped, "line")


def is_bold(tag: Tag) -> bool:
    """Return whether an element makes its text bold, by its name or its style."""
    return tag.name in ("strong", "b") or BOLD.search(str(tag.get("style") or "")) is not None
