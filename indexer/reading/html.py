"""A page to blocks: the article's text alone, and what the page's metadata say of it."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from indexer.errors import UnreadableSource
from indexer.model import Document
from indexer.reading import frontmatter
from indexer.reading.rendered import HEADINGS, blocks_of

FURNITURE = ("nav", "header", "footer", "aside", "form", "script", "style", "noscript", "template", "svg")
RUNNING = ("p", "ul", "ol", "dl", "blockquote", "pre", "table", *HEADINGS)
MOST_OF_IT = 0.8
FEWEST_WORDS = 20
WORD = re.compile(r"\w+")


def read_html(text: str, where: str) -> Document:
    """Return the article of a page.

    Raises `UnreadableSource` for a page without an article, such as the empty shell that some sites send
    for a script to fill.
    """
    soup = BeautifulSoup(text, "html5lib")
    article = find_article(soup)
    if article is None:
        raise UnreadableSource(
            f"{where}: the page holds no article; it may be a shell that a script fills. "
            "Save the page from a browser once its text shows, or add the issue's Markdown source "
            "(`backissue fetch` brings it where archive/newsletters.toml says where it is kept)"
        )
    heading = soup.find("h1")
    title = metadata(soup, "og:title") or (heading.get_text(" ", strip=True) if heading else "")
    date = frontmatter.as_date(metadata(soup, "article:published_time")) or frontmatter.as_date(time_element(soup))
    return Document(
        blocks=blocks_of(article, where),
        title=" ".join(title.split()),
        date=date,
        page=metadata(soup, "og:url") or canonical(soup),
        where=where,
    )


def find_article(soup: BeautifulSoup) -> Tag | None:
    """Return the element that holds the page's running text, None where there is too little of it.

    It begins with the element that directly holds the most words of paragraphs, lists and headings, and takes in
    what is around it, up to the page's article, as long as a good part of the running text stands outside.
    """
    for furniture in soup(FURNITURE):
        if furniture.name != "header" or not furniture.find_parent("article"):
            furniture.decompose()
    root = soup.find("main") or soup.body or soup
    candidates = [root, *root.find_all(["article", "section", "div", "main", "td"])]
    best = max(candidates, key=lambda element: words_of(element, recursive=False))
    bounds = [element for element in (best, *best.parents) if element.name in ("article", "main", "body")]
    outer = next((element for element in bounds if element.name == "article"), bounds[0] if bounds else root)
    whole = words_of(outer, recursive=True)
    while best is not outer and words_of(best, recursive=True) < MOST_OF_IT * whole and best.parent is not None:
        best = best.parent
    return best if words_of(best, recursive=True) >= FEWEST_WORDS else None


def words_of(element: Tag, *, recursive: bool) -> int:
    """Return the number of words in the outermost blocks of running text below an element, or directly in it."""
    blocks = element.find_all(RUNNING, recursive=recursive)
    outermost = (block for block in blocks if not recursive or block.find_parent(RUNNING) is None)
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
