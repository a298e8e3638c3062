"""A page to blocks: the article's text alone, and what the page's metadata say of it."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._html5lib import HTML5TreeBuilder, TreeBuilderForHtml5lib
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.formats import bounds
from indexer.formats.dates import as_date
from indexer.formats.rendered import HEADINGS, blocks_of
from indexer.model import Document

FURNITURE = ("nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template", "svg")
RUNNING = ("p", "ul", "ol", "dl", "blockquote", "pre", "table", *HEADINGS)
MOST_OF_IT = 0.8
FEWEST_WORDS = 20
ASIDE = frozenset("sidebar sidenav navigation navbar nav breadcrumb breadcrumbs menu toc masthead".split())
MOST_OF_ASIDE = 0.5
FEWEST_DAYS = 5
DAY = re.compile(
    r"[\W\d]*(?:[A-Za-z]{3,9}\W*\d{1,2}\w{0,2}|\d{1,2}\w{0,2}\W+[A-Za-z]{3,9}|\d{4}-\d{2}-\d{2})?\W*(?:\d{4})?\W*"
)
MOST_ELEMENTS = 20_000  # of a page; the longest issue known has 1,355
WORD = re.compile(r"\w+")


def read_html(text: str, where: str) -> Document:
    """Return the article of a page.

    Raises `UnreadableSource` for a page without an article, such as the empty shell that some sites send
    for a script to fill.
    """
    soup = parse_page(text, where)
    title = metadata(soup, "og:title") or title_of(soup)
    article = find_article(soup)
    if article is None:
        raise UnreadableSource(
            f"{where}: the page holds no article; it may be a shell that a script fills. "
            "Save the page from a browser once its text shows, or add the issue's Markdown source "
            "(`backissue fetch` brings it where archive/newsletters.toml says where it is kept)"
        )
    date = as_date(metadata(soup, "article:published_time")) or as_date(time_element(soup))
    return Document(
        blocks=blocks_of(article, where),
        title=" ".join(title.split()),
        date=date,
        page=metadata(soup, "og:url") or canonical(soup),
        where=where,
        site=" ".join(metadata(soup, "og:site_name").split()),
    )


def title_of(soup: BeautifulSoup) -> str:
    """Return the text of a page's only heading of the first level; where there are several, the page's own title."""
    headings = soup.find_all("h1")
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    first = str(headings[0].get_text(" ", strip=True)) if headings else ""
    return first if len(headings) == 1 or not named else named


class BeyondBounds(Exception):
    """A page that nests deeper, or has more elements, than any issue's."""


class BoundedTree(TreeBuilderForHtml5lib):
    """A tree that html5lib builds, until it grows beyond the bounds."""

    made = 0

    def elementClass(self, name: str, namespace: str) -> Any:  # noqa: N802  html5lib's name
        """Make an element, or raise `BeyondBounds`."""
        self.made += 1
        if len(self.openElements) > bounds.DEEPEST:
            raise BeyondBounds(f"its elements nest deeper than {bounds.DEEPEST} levels")
        if self.made > MOST_ELEMENTS:
            raise BeyondBounds(f"it has more than {MOST_ELEMENTS:,} elements")
        return super().elementClass(name, namespace)


class BoundedBuilder(HTML5TreeBuilder):
    """What BeautifulSoup builds with."""

    def create_treebuilder(self, namespaceHTMLElements: bool) -> BoundedTree:  # noqa: N803, FBT001  bs4's name
        """Return the tree to build."""
        self.underlying_builder = BoundedTree(
            namespaceHTMLElements, self.soup, store_line_numbers=self.store_line_numbers
        )
        return self.underlying_builder


def parse_page(text: str, where: str) -> BeautifulSoup:
    """Return a page as browsers read it; raises `UnreadableSource` for one that is beyond the bounds."""
    if bounds.attributes(text) > bounds.MOST_ATTRIBUTES:
        raise UnreadableSource(
            f"{where}: an element has more than {bounds.MOST_ATTRIBUTES} attributes, which none of an issue has"
        )
    try:
        return BeautifulSoup(text, builder=BoundedBuilder())
    except BeyondBounds as error:
        raise UnreadableSource(f"{where}: {error}, which no issue does") from error


def find_article(soup: BeautifulSoup) -> Tag | None:
    """Return the element that holds the page's running text, None where there is too little of it.

    It begins with the element that directly holds the most words of paragraphs, lists and headings, and takes in
    what is around it, up to the page's article, as long as a good part of the running text stands outside.
    """
    for furniture in soup(FURNITURE):
        if furniture.name != "header" or not furniture.find_parent("article"):
            furniture.decompose()
    remove_sidebars(soup)
    root = soup.find("main") or soup.body or soup
    candidates = [root, *root.find_all(["article", "section", "div", "main", "td"])]
    best = max(candidates, key=lambda element: words_of(element, recursive=False))
    bounds = [element for element in (best, *best.parents) if element.name in ("article", "main", "body")]
    outer = next((element for element in bounds if element.name == "article"), bounds[0] if bounds else root)
    whole = words_of(outer, recursive=True)
    while best is not outer and words_of(best, recursive=True) < MOST_OF_IT * whole and best.parent is not None:
        best = best.parent
    return best if words_of(best, recursive=True) >= FEWEST_WORDS else None


def remove_sidebars(soup: BeautifulSoup) -> None:
    """Remove what a page says to be navigation or a sidebar, and lists of links to other issues by their dates.

    Nothing that holds a good part of the page's text is removed.
    """
    whole = words_of(soup, recursive=True)
    for element in [tag for tag in soup.descendants if isinstance(tag, Tag)]:
        if element.decomposed or element.name in ("html", "body", "main", "article"):
            continue
        if (is_aside(element) and words_of(element, recursive=True) < MOST_OF_ASIDE * whole) or is_archive(element):
            element.decompose()


def is_aside(element: Tag) -> bool:
    """Return whether the role, the class or the id of an element says that it is beside the text."""
    said = [element.get("role"), element.get("id"), element.get("class")]
    names = " ".join(" ".join(name) if isinstance(name, list) else name for name in said if name)
    return any(part in ASIDE for part in WORD.findall(names.casefold().replace("_", " ")))


def is_archive(element: Tag) -> bool:
    """Return whether an element is a long list whose items are links with a day for text."""
    if element.name not in ("ul", "ol"):
        return False
    items = element.find_all("li", recursive=False)
    dated = [item for item in items if item.find("a") and DAY.fullmatch(item.get_text(" ", strip=True))]
    return len(items) >= FEWEST_DAYS and len(dated) >= MOST_OF_IT * len(items)


def words_of(element: Tag, *, recursive: bool) -> int:
    """Return the number of words in the outermost blocks of running text below an element, or directly in it."""
    blocks = element.find_all(RUNNING, recursive=recursive)
    outermost = (
        block for block in blocks if not recursive or all(above.name not in RUNNING for above in block.parents)
    )
    return sum(len(WORD.findall(block.get_text(" "))) for block in outermost)


def metadata(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return str(tag.get("content") or "") if tag else ""


def canonical(soup: BeautifulSoup) -> str:
    tag = soup.find("link", attrs={"rel": "canonical"})
    return str(tag.get("href") or "") if tag else ""


def time_element(soup: BeautifulSoup) -> str:
    tag = soup.find("time")
    return str(tag.get("datetime") or "") if tag else ""
