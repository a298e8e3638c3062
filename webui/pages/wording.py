"""Format titles, numbers, dates, versions and links for pages."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from indexer.catalog.answers import Mark
from indexer.catalog.facets import Count
from indexer.model import Entry
from indexer.query.address import of_series
from indexer.views.mailing_lists import mails_of
from webui.pages.kinds import hue, icon, kind_label
from webui.pages.rendering import (
    MOST_CACHED,
    address,
    author_path,
    beyond_title,
    entry_path,
    grouped,
    host,
    issue_path,
    linked,
    marked,
    name_path,
    names_in,
    safe,
    series_path,
    topic_path,
    version_path,
    with_code,
    year_path,
)

MOST_HEADLINES = 1_024  # cached titles with marks, as a result of several queries has them
COMMIT = re.compile(r"\bcommit (?P<commit>[0-9a-f]{7,40})\b")
PROVEN = ("landed", "merged")  # evidence that has a commit
TAG = re.compile(r"(?:\[[^\]]{1,60}\]\s*)+(?=\S)")  # [PATCH net-next v2 05/15]
# The label of a version by its evidence; IN_DEVELOPMENT if only the date suggests it.
HOW_SHOWN = {"landed": "landed in {}", "merged": "merged in {}", "stated": "stated: {}"}
IN_DEVELOPMENT = "in development for {}"
# Hosts of recordings and slides.
VIDEO_HOSTS = ("youtube.com", "youtu.be", "vimeo.com", "media.ccc.de", "dailymotion.com")
SLIDE_HOSTS = ("slideshare.net", "speakerdeck.com", "docs.google.com")


class Link(NamedTuple):
    """A URL and its label."""

    label: str
    url: str


@lru_cache(MOST_HEADLINES)
def headline(title: str, marks: tuple[Mark, ...] = ()) -> Markup:
    """Return a title as HTML with code and marks. A tag in brackets, as before the subject of a mail, is set apart."""
    tag = TAG.match(title)
    if tag is None:
        return marked(title, names_in(title), marks)
    start = tag.end()
    before = set_apart(title[:start], tuple((a, min(b, start)) for a, b in marks if a < start))
    rest = title[start:]
    return before + marked(rest, names_in(rest), [(max(a, start) - start, b - start) for a, b in marks if b > start])


@lru_cache(MOST_CACHED)
def set_apart(tag: str, marks: tuple[Mark, ...]) -> Markup:
    """Return the tag before the subject of a mail, with its marks."""
    return Markup('<span class="tag">{}</span>').format(marked(tag, (), marks))


def read_in(entry_links: Sequence[str | None], issue: str, page_first: bool) -> list[Link]:  # noqa: FBT001
    """Return links to the original of an entry, the most exact first.

    `entry_links` are the URLs of the entry on the issue's page, of its line in the source, and of the archived
    page. The first link is named after the issue.
    """
    page, source, archived = entry_links
    links = [Link("Issue page", safe(page)), Link("Markdown source", safe(source))]
    found = [link for link in (links if page_first else links[::-1]) if link.url]
    named = [Link(f"Read in {issue}", found[0].url), *found[1:]] if found else []
    return named + ([Link("Wayback Machine", safe(archived))] if safe(archived) else [])


@lru_cache(MOST_CACHED)
def titled(entry_id: str, title: str, language: str = "") -> Markup:
    """Return the title of an entry as a link to its page, with its language if the archive has several."""
    lang = Markup(' lang="{}"').format(language) if language else ""
    return Markup('<a class="title" href="{}"{}>{}</a>').format(entry_path(entry_id), lang, headline(title))


def commits(entry: Entry) -> list[Link]:
    """Return links to the commits that landed or merged what an entry is about, labelled by their first digits."""
    made = entry.outcome and entry.outcome.outcome == "merged" and entry.outcome
    found = [Link(made.commit[:12], made.commit_url)] if made and made.commit else []
    for each in entry.versions:
        if each.how in PROVEN and (digits := COMMIT.search(each.evidence)):
            found.append(Link(digits["commit"][:12], each.url))
    return [*{link.url: link for link in found if safe(link.url)}.values()]


def capital(text: str) -> str:
    """Return a text with a capital at its beginning, unless it begins with an identifier."""
    named = any(span.start == 0 for span in names_in(text))
    return text if named else f"{text[:1].upper()}{text[1:]}"


def evidence(text: str, url: str) -> Markup:
    """Return evidence as a sentence. Its commit links to the proof; without a commit, a link follows."""
    text = capital(text)
    digits = COMMIT.search(text) if safe(url) else None
    if digits:
        start, end = digits.span("commit")
        linked = Markup('<a href="{}"><code>{}</code></a>').format(url, digits["commit"])
        return with_code(text[:start]) + linked + with_code(text[end:]) + "."
    return with_code(text) + (Markup('. <a href="{}">Source</a>').format(url) if safe(url) else ".")


@lru_cache(MOST_CACHED)
def target(kind: str, url: str) -> str:
    """Return a label for an entry's link: patch, slides or video, or else the host."""
    name = host(url)
    if kind == "patch":
        return "Patch"
    if within_hosts(name, VIDEO_HOSTS):
        return "Video"
    if kind == "talk" and (url.lower().endswith(".pdf") or within_hosts(name, SLIDE_HOSTS)):
        return "Slides"
    return name


def within_hosts(name: str, hosts: Sequence[str]) -> bool:
    return any(name == each or name.endswith(f".{each}") for each in hosts)


@lru_cache(MOST_CACHED)
def chip(facet: str, version: str, how: str, evidence: str = "") -> Markup:
    """Return a link to a version, labelled by its evidence."""
    shown = HOW_SHOWN.get(how, IN_DEVELOPMENT).format(escape(version))
    title = f' title="{escape(evidence)}"' if evidence else ""
    return Markup(f'<a class="version {escape(how)}" href="{version_path(facet, version)}"{title}>{shown}</a>')  # noqa: S704


@lru_cache(MOST_CACHED)
def day(date: str) -> Markup:
    """Return the day of a date as HTML, "undated" if there is none."""
    if not date:
        return Markup("undated")
    return Markup('<time datetime="{}">{}</time>').format(date[:10], written(date[:10]))


def written(date: str) -> str:
    """Return a day in the form 20 Nov 2017. Other texts are unchanged."""
    try:
        return f"{datetime.date.fromisoformat(date):%-d %b %Y}"
    except ValueError:
        return date


def number(count: int) -> str:
    """Return a number with thousands separators: 1,292."""
    return f"{count:,}"


def many(count: int, one: str, several: str = "") -> str:
    """Return a number with its noun: 1 entry, 1,292 entries."""
    return f"{count:,} {one if count == 1 else several or f'{one}s'}"


@lru_cache(MOST_CACHED)
def choice(facet: str, value: str, label: str, count: int, selected: bool) -> Markup:  # noqa: FBT001
    """Return a value of a facet as a checkbox."""
    ticked = " checked" if selected else ""
    number = f"{facet}-{value.replace(' ', '-')}"
    return Markup(  # noqa: S704
        f'<label><input type="checkbox" name="{facet}" value="{escape(value)}" id="{escape(number)}"{ticked}> '
        f'{escape(label)} <span class="count">{count:,}</span></label>'
    )


def choices(facet: str, counts: Iterable[Count]) -> Markup:
    """Return values of a facet as the items of a list."""
    boxes = (choice(facet, each.value, each.label, each.count, each.selected) for each in counts)
    return Markup("\n".join(f"<li>{box}</li>" for box in boxes))  # noqa: S704


FOR_TEMPLATES = (
    address,
    author_path,
    beyond_title,
    capital,
    chip,
    choices,
    commits,
    day,
    entry_path,
    evidence,
    grouped,
    headline,
    host,
    hue,
    icon,
    issue_path,
    kind_label,
    linked,
    mails_of,
    many,
    marked,
    name_path,
    of_series,
    names_in,
    number,
    read_in,
    safe,
    series_path,
    target,
    titled,
    topic_path,
    version_path,
    with_code,
    year_path,
)
