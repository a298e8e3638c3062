"""What templates need beside values: texts cut at links, code and marks, safe links, and addresses of queries."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape
from nh3 import Cleaner

from indexer.model import Block, Entry, Span
from indexer.search.page import Hit, Mark
from indexer.search.parse import Query, to_args

SAFE_SCHEMES = ("http", "https", "mailto")
CLEANER = Cleaner(
    tags={"a", "code", "mark"},
    attributes={"a": {"href"}},
    url_schemes=set(SAFE_SCHEMES),
    link_rel=None,
)
AFTER_TITLE = " .:;–—\n"  # what may part a title from the text that goes on from it
# What is written as only names in code are: xdp_redirect_map, BPF_F_*, test_verifier.c, bpf_prog_put().
NAME = re.compile(r"(?<![\w&])(?:\w*[^\W_]_\w*(?:\.[ch]\b|\*)?(?:\(\))?|\w+\(\))")


class Segment(NamedTuple):
    """A stretch of text that is the same throughout: link (its address or ""), code and mark."""

    text: str
    url: str = ""
    code: bool = False
    mark: bool = False

    def html(self) -> str:
        """Return the stretch as HTML; every text in it is escaped."""
        made = f"<mark>{escape(self.text)}</mark>" if self.mark else str(escape(self.text))
        made = f"<code>{made}</code>" if self.code else made
        return f'<a href="{escape(self.url)}">{made}</a>' if self.url else made


def segments(text: str, spans: Iterable[Span] = (), marks: Iterable[tuple[int, int]] = ()) -> list[Segment]:
    """Return a text cut wherever a link, code or a mark begins or ends."""
    spans, marks = tuple(spans), tuple(marks)
    cuts = {0, len(text), *(c for s in spans for c in (s.start, s.end)), *(c for m in marks for c in m)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    return [
        Segment(
            text[start:end],
            next((safe(s.url) for s in spans if s.kind == "link" and s.start <= start < s.end), ""),
            any(s.kind == "code" and s.start <= start < s.end for s in spans),
            any(a <= start < b for a, b in marks),
        )
        for start, end in itertools.pairwise(edges)
    ]


def beyond_title(hit: Hit) -> tuple[str, tuple[Mark, ...]]:
    """Return a hit's short text and its marks; one that begins with the title goes on after it."""
    rest = after(hit.record["title"], hit.snippet)
    start = len(hit.snippet) - len(rest)
    return rest, tuple((a - start, b - start) for a, b in hit.snippet_marks if a >= start)


def names_in(text: str) -> list[Span]:
    """Return as code what in a plain text is written as names in code are."""
    return [Span(*found.span(), "code") for found in NAME.finditer(text)]


def with_code(text: str) -> Markup:
    """Return a plain text as HTML, with names in code marked as such."""
    return sanitised(NAME.sub(r"<code>\g<0></code>", str(escape(text))))


def marked(text: str, spans: Iterable[Span] = (), marks: Iterable[tuple[int, int]] = ()) -> Markup:
    """Return a text as HTML, with its links, its code and its marks."""
    return sanitised("".join(part.html() for part in segments(text, spans, marks)))


def sanitised(html: str) -> Markup:
    """Return HTML with no more than links to safe addresses, code and marks, though every text in it was escaped."""
    return Markup(CLEANER.clean(html))  # noqa: S704


def safe(url: str | None) -> str:
    """Return an address of a newsletter where it may be linked to, "" where it may not."""
    if not url:
        return ""
    try:
        return url if urlsplit(url.strip()).scheme.lower() in SAFE_SCHEMES else ""
    except ValueError:
        return ""


def host(url: str) -> str:
    """Return the host of an address, as a reader would name it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def address(query: Query, path: str = "/") -> str:
    """Return the address that asks for a query."""
    args = to_args(query)
    return f"{path}?{urlencode(args)}" if args else path


def entry_path(entry_id: str) -> str:
    return f"/entry/{quote(entry_id)}"


def name_path(name: str) -> str:
    return f"/id/{quote(name)}"


def kernel_path(version: str) -> str:
    return f"/kernel/{quote(version)}"


def series_path(series: str) -> str:
    return f"/series/{quote(series)}"


def topic_path(topic: str) -> str:
    return f"/topic/{quote(topic)}"


def author_path(author: str) -> str:
    return f"/author/{quote(author)}"


def issue_path(newsletter: str, number: int) -> str:
    return f"/issue/{quote(newsletter)}/{number}"


def year_path(newsletter: str, year: int | str) -> str:
    """Return the path of the issues of a newsletter in a year."""
    return f"/issue/{quote(newsletter)}/in/{year}"


def grouped(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """Return blocks in runs of one kind, so that bullets become one list and quoted paragraphs one quotation.

    An entry that is one bullet of its issue is no list by itself.
    """
    runs: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if runs and runs[-1][0] == block.kind:
            runs[-1][1].append(block)
        else:
            runs.append((block.kind, [block]))
    return [("paragraph", list(blocks))] if len(blocks) == 1 and runs[0][0] == "bullet" else runs


def told(entry: Entry) -> list[tuple[str, list[Block]]]:
    """Return the text of an entry under its title, in runs as `grouped`; what only says the title again is left out."""
    if entry.body == entry.title or not entry.blocks:
        return []
    first, *others = entry.blocks
    rest = after_title(entry.title, first)
    return [(kind if kind == "code" else "paragraph", blocks) for kind, blocks in grouped([*rest, *others])]


def after_title(title: str, block: Block) -> list[Block]:
    """Return what a block says after a title that it begins with: nothing, or the block from there on."""
    text = after(title, block.text)
    start = len(block.text) - len(text)
    if not start:
        return [block]
    spans = (replace(span, start=max(0, span.start - start), end=span.end - start) for span in block.spans)
    return [replace(block, text=text, spans=tuple(span for span in spans if span.end > 0))] if text else []


def after(title: str, text: str) -> str:
    """Return what a text says after a title that it begins with; the text where it does not."""
    begins = text.startswith(title) and not text[len(title) : len(title) + 1].isalnum()
    return text[len(title) :].lstrip(AFTER_TITLE) if begins else text


def within(entries: int, below: int) -> str:
    """Return how many entries are listed, and how many patches are within their series: "17 and 51 patches ..."."""
    patches = f"{below} {'patch' if below == 1 else 'patches'}"
    return f"{entries} and {patches} within series" if below else str(entries)


FOR_TEMPLATES = (
    address,
    author_path,
    beyond_title,
    entry_path,
    grouped,
    host,
    issue_path,
    kernel_path,
    marked,
    name_path,
    names_in,
    safe,
    series_path,
    topic_path,
    with_code,
    within,
    year_path,
)
