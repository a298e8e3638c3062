"""Turn an HTML page into a document: the blocks of its article, and its metadata."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.builder._html5lib import HTML5TreeBuilder, TreeBuilderForHtml5lib
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.formats import bounds
from indexer.formats.dates import as_date
from indexer.formats.inline import HEADINGS
from indexer.formats.rendered import blocks_of
from indexer.languages import as_tag
from indexer.model import Document

FURNITURE = ("nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template", "svg")
RUNNING = ("p", "figure", "ul", "ol", "dl", "blockquote", "pre", "table", *HEADINGS)
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
    """Return the article of a page as a document.

    Raises `UnreadableSource` for a page without an article, such as the empty shell of a site that renders its text
    with JavaScript.
    """
    soup = parse_page(text, where)
    title = metadata(soup, "og:title") or title_of(soup)
    language = as_tag(soup.html.get("lang") if soup.html else "")
    article = find_article(soup)
    if article is None:
        raise UnreadableSource(
            f"{where}: The page contains no article. Its text may be loaded by a script. "
            "Save the page from a browser once its text shows, or add the issue's Markdown source "
            "(`backissue fetch` downloads it if the newsletter's table has its location)."
        )
    date = as_date(metadata(soup, "article:published_time")) or as_date(time_element(soup))
    return Document(
        blocks=blocks_of(article, where),
        title=" ".join(title.split()),
        date=date,
        page=metadata(soup, "og:url") or canonical(soup),
        where=where,
        site=" ".join(metadata(soup, "og:site_name").split()),
        language=language,
    )


def title_of(soup: BeautifulSoup) -> str:
    """Return the text of the page's h1, or the title of the page if it does not have exactly one."""
    headings = soup.find_all("h1")
    named = soup.title.get_text(" ", strip=True) if soup.title else ""
    first = str(headings[0].get_text(" ", strip=True)) if headings else ""
    return first if len(headings) == 1 or not named else named


class BeyondBounds(Exception):
    """A page that nests deeper, or has more elements, than the limits allow."""


class BoundedTree(TreeBuilderForHtml5lib):
    """A tree for html5lib that stops when the page exceeds the limits."""

    made = 0

    def elementClass(self, name: str, namespace: str) -> Any:  # noqa: N802  html5lib's name
        """Create an element. Raises `BeyondBounds` if the tree exceeds the limits."""
        self.made += 1
        if len(self.openElements) > bounds.DEEPEST:
            raise BeyondBounds(f"The page was not read because its elements nest deeper than {bounds.DEEPEST} levels.")
        if self.made > MOST_ELEMENTS:
            raise BeyondBounds(f"The page was not read because it has more than {MOST_ELEMENTS:,} elements.")
        return super().elementClass(name, namespace)


class BoundedBuilder(HTML5TreeBuilder):
    """BeautifulSoup's builder for html5lib, with the bounded tree."""

    def create_treebuilder(self, namespaceHTMLElements: bool) -> BoundedTree:  # noqa: N803, FBT001  bs4's name
        """Return the bounded tree."""
        self.underlying_builder = BoundedTree(
            namespaceHTMLElements, self.soup, store_line_numbers=self.store_line_numbers
        )
        return self.underlying_builder


def parse_page(text: str, where: str) -> BeautifulSoup:
    """Parse a page as browsers do. Raises `UnreadableSource` if it exceeds the limits."""
    if bounds.attributes(text) > bounds.MOST_ATTRIBUTES:
        raise UnreadableSource(
            f"{where}: The page was not read because an element has more than {bounds.MOST_ATTRIBUTES} attributes."
        )
    try:
        return BeautifulSoup(text, builder=BoundedBuilder())
    except BeyondBounds as error:
        raise UnreadableSource(f"{where}: {error}") from error


def find_article(soup: BeautifulSoup) -> Tag | None:
    """Return the element that contains the page's running text; None if there is too little text.

    The search begins at the element whose direct paragraphs, lists and headings have the most words. It moves up, as
    far as the page's article, while a large part of the running text is still outside.
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
    """Remove navigation, sidebars, and lists of dated links to other issues.

    An element with a large part of the page's text is always kept.
    """
    whole = words_of(soup, recursive=True)
    for element in [tag for tag in soup.descendants if isinstance(tag, Tag)]:
        if element.decomposed or element.name in ("html", "body", "main", "article"):
            continue
        if (is_aside(element) and words_of(element, recursive=True) < MOST_OF_ASIDE * whole) or is_archive(element):
            element.decompose()


def is_aside(element: Tag) -> bool:
    """Return whether the role, class or id of an element marks it as navigation or a sidebar."""
    said = [element.get("role"), element.get("id"), element.get("class")]
    names = " ".join(" ".join(name) if isinstance(name, list) else name for name in said if name)
    return any(part in ASIDE for part in WORD.findall(names.casefold().replace("_", " ")))


def is_archive(element: Tag) -> bool:
    """Return whether an element is a long list of links whose texts are dates."""
    if element.name not in ("ul", "ol"):
        return False
    items = element.find_all("li", recursive=False)
    dated = [item for item in items if item.find("a") and DAY.fullmatch(item.get_text(" ", strip=True))]
    return len(items) >= FEWEST_DAYS and len(dated) >= MOST_OF_IT * len(items)


def words_of(element: Tag, *, recursive: bool) -> int:
    """Count the words in the outermost text blocks of an element: all below it, or only its direct children."""
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
