"""Find the title, link and author of an item in its blocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from indexer.dividing import authors, sentences
from indexer.dividing.bold import bold_lead
from indexer.dividing.headings import heading_text
from indexer.languages import every_month, plain
from indexer.model import Block, Span

# What may precede the leading link of an item: its number, symbols, a label in brackets, a date.
NUMBERED = re.compile(r"^[（(]?(?P<number>\d{1,3})(?P<sign>\s?[、．）]|[.)](?=\s|$))")
BEFORE_LINK = re.compile(rf"(?:{NUMBERED.pattern})?(?:\W|\[[^\[\]]{{1,40}}\]\s|\d{{4}}-\d{{2}}-\d{{2}}\b)*$")
SEPARATED = re.compile(r"^\s*(?:$|https?://|[.(,:;–—|\[：（、。｜「·•→»›>”]|[-=](?:\s|$)|[\"'’](?=\W|$)|//)")
# A whole sentence after a title, without a separator: "[Parsing logs](...) The author shows how to".
NEXT_SENTENCE = re.compile(r"^\s+[\"'“„«¿¡]?[^\W\d_a-zß-öø-ÿ]\S*+(?:\s+[^\W\dA-ZÀ-ÖØ-Þ]\S*+){2}(?:\s+\S++){3}")
FEWEST_TITLE_WORDS = 2  # of a title that a sentence follows
# Where the link was found, at the end of a title: "(via Hacker News)", "— via @ann".
VIA = re.compile(
    r"(?<![\s–—-])[\s–—-]*+(?:[(\[](?:via|h/t|hat tip) [^()\[\]]{1,80}[)\]]|(?<=[–—-] )via \S{1,80})$", re.I
)
FOLLOWED_BY_AUTHOR = re.compile(
    r"^\s*+(?:post|article|talk|video|interview)?\s*+(?:also )?(?:by|from|von|par|por) ", re.I
)
# Numbers of changes, proposals and versions, which are part of the title: "#123", "KEP-4009", "D12345", "1.2.3".
CODE_NUMBER = re.compile(r"^(?:[#!]\d\S*+|(?=\S*?\d{3})\S++|\w++-\d\S*+|v?\d\S*+)$")
BARE = re.compile(r"^https?://")
WORD = re.compile(r"\w+")
DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th|er)?|\d{4}|de|of")
FEWEST_LETTERS = 3
REPOSITORY = 2  # parts of the path of a repository
FILES = re.compile(r"/(?:blob|tree|src|raw|wiki)(?:/|$)")
CHANGE = re.compile(r"(?:[\w.-]{1,40}/[\w.-]{1,60}|PR|MR|pull request|merge request|issue)?\s?[#!]\d+", re.I)
BESIDE = re.compile(r"[\]\s:/|@–—-]{1,3}\[?")  # between two links that are one


@dataclass(frozen=True, slots=True)
class Described:
    """Title, link and author of an item."""

    title: str
    url: str | None
    author: str | None


def describe(blocks: Sequence[Block], *, headed: bool = False) -> Described:
    """Return the title, link and author of an item; if `headed`, its first block is the heading."""
    first = blocks[0]
    if headed:
        author = next(filter(None, map(authors.contact_in, blocks[1:4])), None)
        return Described(sentences.as_title(without_number(first, heading_text(first))), url_of(blocks), author)
    if blocks[1:] and blocks[1].kind == "quote" and (reporter := authors.contact_in(first)) and is_report_of(first):
        said = describe(blocks[1:])
        return Described(said.title, url_of(blocks[1:]), reporter)
    if blocks[1:] and NUMBERED.fullmatch(first.text):
        return describe(blocks[1:])
    line = next((span for span in first.spans if span.kind == "line"), None)
    head = first.slice(0, line.end) if line else first
    lead = leading_link(head)
    written = authors.byline(head, lead) or (authors.byline(first, lead) if line else None)
    start, end = title_in(head, lead, written)
    numbered = NUMBERED.match(first.text)
    if numbered and start < numbered.end() < end and is_counted(first, numbered):
        start = numbered.end()
    title = first.text[start:end]
    if written is None and (named := authors.byline_of(title)):
        title = title[: named.start] if title[named.start :].startswith((",", ";")) else title
        written = named
    title = without_author(title, written, first) if written else title
    title = sentences.as_title(without_arrows(VIA.sub("", title))) or first.text
    nested = (block for block in blocks[1:4] if block.kind == "bullet")
    author = written.author if written else next(filter(None, map(authors.contact_in, nested)), None)
    author = author or (authors.name_alone(blocks[1]) if lead and blocks[1:] else None)
    return Described(title, url_of(blocks, (start, end)), author)


def without_number(block: Block, title: str) -> str:
    """Return the title in a heading or bold line without its number in a list: "**1. A map**"."""
    numbered = NUMBERED.match(title)
    return title[numbered.end() :].strip() or title if numbered and is_counted(block, numbered) else title


def is_counted(block: Block, numbered: re.Match[str]) -> bool:
    """Return whether a number counts items: "2) A map", "**2. A map**", but not "3. Oktober: Treffen"."""
    if numbered["sign"] != ".":
        return True
    after = block.text[numbered.end() :]
    start = len(block.text) - len(after.lstrip())
    marked = any(span.start <= start < span.end for span in block.spans if span.kind in ("strong", "link"))
    return marked and not sentences.is_month(after)


def without_author(title: str, written: authors.Byline, block: Block) -> str:
    """Return a title without an author behind a link at its end: "The river, see [#12](...) by [Ann Bee](...)"."""
    shorter = title.rstrip(" .").removesuffix(written.author)
    by = authors.BY.search(shorter) if shorter != title else None
    begun = shorter[: by.start()].rstrip(" ,–—-") if by else ""
    linked = any(begun.endswith(block.text[link.start : link.end]) for link in block.links())
    return begun if begun and linked else title


def is_report_of(block: Block) -> bool:
    """Return whether a line only says who reports the quotation below it: "[Ann Bee](...) announces"."""
    return len(block.text.split()) <= authors.MOST_REPORTING and not any(
        not authors.is_profile(link.url) for link in block.links()
    )


def without_arrows(title: str) -> str:
    """Return a title without arrows and separators around it; a closing quotation mark stays: « Licences »."""
    shorter = title.strip(" ,;→»›")
    return title.strip(" ,;→") if title.rstrip().endswith(("»", "›")) and re.search("[«‹]", shorter) else shorter


def leading_link(block: Block) -> Span | None:
    """Return the leading link of a block, ignoring symbols and labels before it."""
    for span in block.spans:
        if span.kind in ("link", "missing"):
            before = block.text[: span.start]
            change = change_below(block, span)
            if change and change.start < span.end + 4 and is_label(block, span, change):
                span = change
            return span if BEFORE_LINK.match(before) or is_day(before) else None
    return None


def is_label(block: Block, span: Span, change: Span) -> bool:
    """Return whether a link to a repository is only a label before a change: "[[zz](...)] [#12](...) Be quick"."""
    enclosed = block.text[: span.start].endswith("[") and block.text[span.end :].startswith("]")
    return enclosed or len(block.text[change.start : change.end].split()) >= FEWEST_TITLE_WORDS


def change_below(block: Block, span: Span) -> Span | None:
    """Return the link to a part of what a link leads to, such as a pull request of a repository.

    It follows at once, "[zz](repository) [1.2](release)", or is the number of a change: "[zz](repository): Be quick
    ([#12](change))". A link to a file is none.
    """
    above = urlsplit(span.url)
    for link in block.links():
        parts = urlsplit(link.url)
        inside = parts.netloc == above.netloc and parts.path.startswith(above.path.rstrip("/") + "/")
        if link.start < span.end or above.path.count("/") < REPOSITORY or not inside or FILES.search(parts.path):
            continue
        if BESIDE.fullmatch(block.text[span.end : link.start]) or CHANGE.fullmatch(block.text[link.start : link.end]):
            return link
    return None


def is_day(text: str) -> bool:
    """Return whether a text is only a day: "15. März:", "May 5th –"."""
    words = WORD.findall(text)
    months = [word for word in words if plain(word) in every_month()]
    return len(months) == 1 and len(words) > 1 and all(word in months or DAY.fullmatch(word) for word in words)


def title_in(block: Block, lead: Span | None, written: authors.Byline | None) -> tuple[int, int]:
    """Return the range of an item's title in its first block."""
    text = block.text
    if (bold := bold_lead(block)) and not (lead and is_day(text[: lead.start])):
        return bold
    if any(span.kind == "line" and any(is_over(other, span) for other in block.links()) for span in block.spans):
        return 0, len(text)
    if block.kind == "row":
        return first_cell(block)
    if lead is not None and written is not None and 0 < written.end == lead.start:
        return lead.start, lead.end
    if written is not None and written.start == 0 < written.end:
        return written.end, sentence_end(block, written.end)
    if lead is None or authors.is_profile(lead.url):
        end = min(sentence_end(block, 0), before_address(block))
        return 0, written.start if written and 0 < written.start < end else end
    if BARE.match(text[lead.start : lead.end]):
        return without_address(block, lead)
    after = text[lead.end :]
    if (change := change_below(block, lead)) is not None:
        end = sentence_end(block, lead.start)
        bracket = len(text[: change.start].rstrip()) - 1
        whole = end if text[bracket] not in "([" or change.start > end else bracket
        return lead.start, min(whole, written.start if written and written.start >= lead.end else whole)
    if ends_title(text[lead.start : lead.end], after, named=written is not None and written.start >= lead.end):
        return lead.start, lead.end
    end = sentence_end(block, lead.start)
    return lead.start, written.start if written and lead.end <= written.start < end else end


def is_over(link: Span, line: Span) -> bool:
    """Return whether a link ends where its line does."""
    return link.end >= line.end


def first_cell(block: Block) -> tuple[int, int]:
    """Return the range of the first cell of a row with words; a cell such as "✅" has none.

    If it is only a day or a number, the first cell with a link is the title.
    """
    start, found = 0, []
    for cell in block.text.split(authors.CELL):
        if re.search(r"\w", cell):
            found.append((start, start + len(cell)))
        start += len(cell) + len(authors.CELL)
    first = next(iter(found), (0, len(block.text.partition(authors.CELL)[0])))
    if not is_date(block.text[slice(*first)]):
        return first
    links = list(block.links())
    return next(((start, end) for start, end in found if any(start <= link.start < end for link in links)), first)


def is_date(text: str) -> bool:
    """Return whether a text is only a day or a number: "May 7", "Tue, 7 May 2024", "2024-05-07", "3"."""
    return is_day(re.sub(r"^\w{2,9}\.?, ", "", text)) or re.search(r"[^\W\d_]", text) is None


def ends_title(linked: str, after: str, *, named: bool) -> bool:
    """Return whether the words of a leading link are a title by themselves, judging by what follows."""
    if CODE_NUMBER.match(linked) and after.strip() and not after.lstrip().startswith(("(", ".", ",")):
        return False
    if len(linked) < FEWEST_LETTERS and after.strip():
        return False
    if SEPARATED.match(after) or unicodedata.category(after.lstrip()[0]) == "So":
        return True
    if len(linked.split()) >= FEWEST_TITLE_WORDS and NEXT_SENTENCE.match(after):
        return True
    return named and FOLLOWED_BY_AUTHOR.match(after) is not None


def without_address(block: Block, lead: Span) -> tuple[int, int]:
    """Return the title of an item that begins with a bare URL: the text after it, or else the URL."""
    start = lead.end + len(block.text[lead.end :]) - len(block.text[lead.end :].lstrip(" :–—-"))
    return (start, sentence_end(block, start)) if start < len(block.text) else (lead.start, lead.end)


def before_address(block: Block) -> int:
    """Return the end of the words before the first bare URL; the text's length if the sentence continues after it."""
    bare = next((link for link in block.links() if BARE.match(block.text[link.start : link.end])), None)
    if bare is None or block.text[bare.end :].lstrip()[:1].islower():
        return len(block.text)
    words = block.text[: bare.start].rstrip(" (<:–—-")
    named = words and words.casefold() in block.text[bare.start : bare.end].casefold()  # "zim https://zim.example"
    return len(words) if named or len(words.split()) > 1 else len(block.text)


def sentence_end(block: Block, start: int) -> int:
    """Return the end of the first sentence from `start` on, without a colon that introduces a link or list."""
    part = block.slice(start, len(block.text))
    offset = len(block.text[start:]) - len(block.text[start:].lstrip())
    return start + offset + sentences.first_sentence(part)


def url_of(blocks: Sequence[Block], title: tuple[int, int] = (0, 0)) -> str | None:
    """Return an item's link: the first in its title, or else in its blocks, preferring links that are not profiles.

    Returns None if the link of the title has no definition.
    """
    start, end = title
    inside = [span for span in blocks[0].spans if start <= span.start < end and span.kind in ("link", "missing")]
    inside = [
        span
        for span in inside
        if span.kind == "missing" or not (authors.is_profile(span.url) or authors.is_home_page(blocks[0], span))
    ]
    if inside:
        change = change_below(blocks[0], inside[0]) if inside[0].kind == "link" else None
        return (change or inside[0]).url or None
    links = [span.url for span in links_in(blocks)]
    people = {span.url for span in blocks[0].links() if authors.is_home_page(blocks[0], span)}
    return next(
        (url for url in links if not authors.is_profile(url) and url not in people), links[0] if links else None
    )


def links_in(blocks: Iterable[Block]) -> Iterable[Span]:
    return (span for block in blocks for span in block.links() if not span.url.startswith(("mailto:", "#")))
