"""Texts as HTML, with links, code and marks, and the paths of pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from itertools import chain, pairwise, starmap
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup
from nh3 import Cleaner

from indexer.catalog.answers import Hit, Mark
from indexer.model import Block, Entry, Label, Span
from indexer.query.address import to_args
from indexer.query.query import Query
from indexer.views.features import feature_slug, is_feature
from webui.http.names import quoted

SAFE_SCHEMES = ("http", "https", "mailto")
CLEANER = Cleaner(
    tags={"a", "code", "mark"},
    attributes={"a": {"href"}},
    url_schemes=set(SAFE_SCHEMES),
    link_rel=None,
)
MOST_CACHED = 4_096  # texts and URLs that are shown repeatedly
LONGEST_CACHED = 500  # characters; a notice may repeat a long URL
AFTER_TITLE = " .,:;–—\n"  # between a title and the text that continues it
LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?P<url>[^)\s]+)\)")
# Words that can only be code: xdp_redirect_map, BPF_F_*, test_verifier.c, bpf_prog_put().
NAME = re.compile(r"(?<![\w&])(?:\w*[^\W_]_\w*(?:\.[ch]\b|\*)?(?:\(\))?|\w+\(\))")


def beyond_title(hit: Hit) -> tuple[str, tuple[Mark, ...]]:
    """Return a result's snippet and its marks, without a title at the beginning."""
    rest = after(hit.record["title"], hit.snippet)
    start = len(hit.snippet) - len(rest)
    return rest, tuple((a - start, b - start) for a, b in hit.snippet_marks if a >= start)


@lru_cache(MOST_CACHED)
def names_in(text: str) -> tuple[Span, ...]:
    """Return the spans of a plain text that look like code."""
    return tuple(Span(*found.span(), "code") for found in NAME.finditer(text))


def with_code(text: str) -> Markup:
    """Return a plain text as HTML with identifiers as code. Short texts, such as titles, are cached."""
    return coded_once(text) if len(text) <= LONGEST_CACHED else coded(text)


def coded(text: str) -> Markup:
    return sanitised(NAME.sub(r"<code>\g<0></code>", escape(text)))


coded_once = lru_cache(MOST_CACHED)(coded)


def marked(text: str, spans: Sequence[Span] = (), marks: Sequence[Mark] = ()) -> Markup:
    """Return a text as HTML with links, code and marks. It is cut wherever one of these begins or ends."""
    cuts = {0, len(text), *chain.from_iterable(marks), *chain.from_iterable((span.start, span.end) for span in spans)}
    edges = sorted(cut for cut in cuts if 0 <= cut <= len(text))
    return sanitised("".join(stretch(text, start, end, spans, marks) for start, end in pairwise(edges)))


def stretch(text: str, start: int, end: int, spans: Sequence[Span], marks: Sequence[Mark]) -> str:
    """Return a part of a text without further cuts as escaped HTML."""
    made = escape(text[start:end])
    for first, after_last in marks:
        if first <= start < after_last:
            made = f"<mark>{made}</mark>"
            break
    within = [span for span in spans if span.start <= start < span.end]
    if any(span.kind == "code" for span in within):
        made = f"<code>{made}</code>"
    for span in within:
        if span.kind == "link":
            return f'<a href="{escape(url)}">{made}</a>' if (url := safe(span.url)) else made
    return made


def sanitised(html: str) -> Markup:
    """Return HTML with nothing but safe links, code and marks. This is a second defence, as all texts are escaped."""
    return Markup(CLEANER.clean(html))  # noqa: S704


@lru_cache(MOST_CACHED)
def safe(url: str | None) -> str:
    """Return a URL if it is safe to link to, or ""."""
    if not url:
        return ""
    try:
        return url if urlsplit(url.strip()).scheme.lower() in SAFE_SCHEMES else ""
    except ValueError:
        return ""


@lru_cache(MOST_CACHED)
def host(url: str) -> str:
    """Return the host of a URL, without "www."."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def address(query: Query, path: str = "/") -> str:
    """Return the URL of a query."""
    args = to_args(query)
    return f"{path}?{'&'.join(starmap(argument, args))}" if args else path


@lru_cache(MOST_CACHED)
def argument(name: str, value: str) -> str:
    """Return an encoded parameter of a URL."""
    return urlencode([(name, value)])


def entry_path(entry_id: str) -> str:
    return f"/entry/{quote(entry_id)}"


def name_path(name: str) -> str:
    return f"/feature/{feature_slug(name)}" if is_feature(name) else f"/id/{quoted(name)}"


def version_path(facet: str, version: str) -> str:
    return f"/{facet}/{quoted(version)}"


def series_path(series: str) -> str:
    return f"/series/{quoted(series)}"


def topic_path(topic: str) -> str:
    return f"/topic/{quoted(topic)}"


def author_path(author: str) -> str:
    return f"/author/{quoted(author)}"


def issue_path(newsletter: str, label: Label) -> str:
    return f"/issue/{quote(newsletter)}/{label}"


def year_path(newsletter: str, year: int | str) -> str:
    """Return the path of a newsletter's issues in a year."""
    return f"/issue/{quote(newsletter)}/in/{year}"


def grouped(blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """Group neighbouring blocks of the same kind, so that bullets become one list and quoted paragraphs one quotation.

    A single bullet becomes a paragraph.
    """
    runs: list[tuple[str, list[Block]]] = []
    for block in blocks:
        if runs and runs[-1][0] == block.kind:
            runs[-1][1].append(block)
        else:
            runs.append((block.kind, [block]))
    return [("paragraph", list(blocks))] if len(blocks) == 1 and runs[0][0] == "bullet" else runs


def below_title(entry: Entry) -> list[tuple[str, list[Block]]]:
    """Return the text of an entry below its title, grouped as by `grouped`, without repeating the title."""
    if entry.body == entry.title or not entry.blocks:
        return []
    first, *others = entry.blocks
    rest = after_title(entry.title, first)
    return [(kind if kind == "code" else "paragraph", blocks) for kind, blocks in grouped([*rest, *others])]


def after_title(title: str, block: Block) -> list[Block]:
    """Return the rest of a block after a title at its beginning, as a list of no or one block."""
    text = after(title, block.text)
    start = len(block.text) - len(text)
    if not start:
        return [block]
    spans = (replace(span, start=max(0, span.start - start), end=span.end - start) for span in block.spans)
    return [replace(block, text=text, spans=tuple(span for span in spans if span.end > 0))] if text else []


def after(title: str, text: str) -> str:
    """Return the rest of a text after a title at its beginning, or the whole text."""
    begins = text.startswith(title) and not text[len(title) : len(title) + 1].isalnum()
    return text[len(title) :].lstrip(AFTER_TITLE) if begins else text


def linked(text: str) -> Markup:
    """Return a sentence of a profile as HTML. Its links are in Markdown."""
    return sanitised(LINK.sub(r'<a href="\g<url>">\g<text></a>', escape(text)))
