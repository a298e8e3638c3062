"""Find the author in an item: "from X", "by @x", "X: ...", "(X, link)", "[X](profile) wrote"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from indexer.languages import every_month, plain
from indexer.model import Block, Span

WORD = r"(?!and\b)[^\W\d_][\w'’.-]*"  # not "and", which separates names; else matching would take exponential time
NAME = rf"(?:@[\w@.-]*\w|{WORD}(?: {WORD}){{1,4}})"
NAMES = rf"{NAME}(?:(?:, and |, | and | & | \+ ){NAME}){{0,30}}"
PARTICLES = frozenset("de da di del der den van von le la el al bin ibn ter ten dos du y und".split())
# Capitalized words that begin sentences or names of things, but not a person's name.
NO_NAMES = frozenset(
    "the a an this that these those new read learn how why what when where introducing announcing using building git "
    "linux windows team project weekly news blog podcast episode version release github gitlab google microsoft "
    "amazon mozilla apache foundation university conference meetup summit upcoming update updates call help our your "
    "part chapter tutorial guide week month january february march april may june july august september october "
    "november december monday tuesday wednesday thursday friday saturday sunday".split()
)
WHAT = (
    r"(?:(?:also|a|an|the|posts?|articles?|interview|talk|video|slides|written|blog|presented|paper|tutorial) ){0,8}+"
)
BEHIND_LINK = re.compile(
    rf"^(?:\s++https?://\S++(?=\s))?[\"”»’]?\s*+(?:\([^()]{{0,40}}\)\s*+)?[,;–—-]?\s*+{WHAT}(?:by|from|von|par|por) "
    rf"(?P<names>{NAMES})",
    re.I,
)
AT_END = re.compile(
    rf"(?:[,;]|(?<!\s))\s*+\b{WHAT}by (?P<names>{NAMES})(?P<rest>(?: (?:on|at|in|for) [^.,;]{{1,60}})?)[.!]?$", re.I
)
IN_BRACKETS = re.compile(rf"\((?:(?:by|from|von|par|por) )?(?P<names>{NAMES})(?:,? \w+)?\)\.?$")
# After the number of a change: "([#12](...), @ann)".
BEHIND_NUMBER = re.compile(r"\([^()]{1,60}, (?P<names>@[\w-]+(?:, @[\w-]+){0,9})\)\.?$")
DASHED = re.compile(rf"^\s*[–—-]\s+(?P<names>{NAMES})\.?$")
BEFORE_LINK = re.compile(rf"^(?P<names>{NAMES})[:,]\s*$")
CONTACT = re.compile(
    rf"^(?:contacts?|authors?|from(?=:)|(?:(?:written|posted|submitted) )?by):?\s+(?P<names>{WORD}(?: {WORD}){{0,5}})",
    re.I,
)
DOES = re.compile(
    rf"^(?P<names>{NAMES}) (?:(?:has|have|had|also|recently|just) ){{0,3}}"
    r"(?:published|wrote|written|writes|reports|reported|says|said|announces|released|posted|shared|pitched|proposed|merged|opened|sent|announced|presented|"
    r"explains|explained|describes|described|shows|showed|gave|introduces|introduced|created|built|made|started|looks)\b"
)
# Between the parts of a line such as "Ann Bee • 3 May 2021 • example.org", and what one part of it looks like.
BETWEEN = re.compile(r"(?<!\s)\s++[•·|–—]\s+")
DAY_OR_SITE = re.compile(r"\d|\w\.[a-z]{2,}$")
COLUMN = re.compile(
    r"(?:authors?|speakers?|presenters?|written by|by|who|autor(?:in|en|es)?|auteure?s?|著者|作者)", re.I
)
PROFILES = re.compile(
    r"^(?:(?:mobile\.)?twitter\.com|x\.com|github\.com|gitlab\.com|bsky\.app/profile|linkedin\.com/in|medium\.com|dev\.to"
    r"|keybase\.io|t\.me)/@?[\w.-]+/?$|^[\w.-]+/(?:@[\w.-]+|users?/[\w.-]+|~[\w.-]+|u/[\w.-]+)(?:@[\w.-]+)?/?$"
)


BY = re.compile(r"\b(?:by|from|von|par|por|door|di) $", re.I)
REPORTS = re.compile(
    r"^ (?:reports|reported|says|said|announces|announced|writes|wrote|tells|told|shares|shared)\b", re.I
)
# A word with a full stop that is neither an initial nor a title: "Green.", but not "J.", "Jr." or "St.".
ENDS_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})\.$")
MATRIX_USER = re.compile(r"^https?://matrix\.to/#/@[^/]+$")
DAY = re.compile(r" \d{1,2}(?!\d)")
CELL = " | "
BEFORE_PLACE = re.compile(rf"(?P<names>{NAMES})(?: \([^()]{{1,40}}\))?")
LONGEST_CREDIT = 200  # characters
MOST_NAME_WORDS = 4
MOST_META = 16  # words of a line with a name, a date and a site
MOST_REPORTING = 8  # words of a line such as "Ann Bee reports"


@dataclass(frozen=True, slots=True)
class Byline:
    """An author, and the range of the byline in a block's text."""

    author: str
    start: int
    end: int


def is_name(text: str) -> bool:
    """Return whether words look like a person's name: capitalized, and none a common word."""
    if text.startswith("@"):
        return True
    words = text.split()
    return (
        len(words) > 1
        and all(word[:1].isupper() or word in PARTICLES for word in words)
        and not all(word.isupper() and len(word) > 2 for word in words)
        and not any(word.casefold().strip(".,'’") in NO_NAMES for word in words)
    )


def names_in(text: str) -> str:
    """Return the leading names of a list, or "" if the first item is not a name."""
    kept, at = "", 0
    for match in re.finditer(r", and |, | and | & | \+ |$", text):
        part = trimmed(text[at : match.start()])
        if not part:
            break
        kept = text[: at + len(part)]
        if part != text[at : match.start()]:
            break
        at = match.end()
    return kept


def until_stop(text: str) -> str:
    """Return words up to the first one that ends a sentence: "Ann Green. With examples" is "Ann Green."."""
    words = text.split(" ")
    stop = next((i for i, word in enumerate(words, 1) if ENDS_SENTENCE.search(word)), len(words))
    return " ".join(words[:stop])


def trimmed(text: str) -> str:
    """Return the longest prefix of words that is a name, or ""."""
    words = until_stop(text).split(" ")
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if words[count - 1] not in PARTICLES and is_name(name.rstrip(".")):
            return name
    return ""


def is_profile(url: str) -> bool:
    """Return whether a URL is a personal profile."""
    parts = urlsplit(url)
    if MATRIX_USER.match(url):
        return True
    return bool(PROFILES.match(f"{parts.netloc.removeprefix('www.')}{parts.path}")) and not parts.query


def byline(block: Block, lead: Span | None) -> Byline | None:
    """Return the byline of a block; `lead` is the link that the block begins with."""
    text = block.text
    if lead is not None and (found := found_in(BEHIND_LINK, text, lead.end) or found_in(DASHED, text, lead.end)):
        return found
    if lead is not None and lead.end < len(text) and (name := name_alone(block.slice(lead.end, len(text)))):
        return Byline(name, lead.end, len(text))
    first = next(block.links(), None)
    if (
        first is not None
        and (before := BEFORE_LINK.match(text[: first.start]))
        and names_in(before["names"]) == before["names"]
    ):
        return Byline(before["names"], 0, first.start)
    if first is not None and not text[: first.start].strip() and is_profile(first.url) and len(list(block.links())) > 1:
        name = text[first.start : first.end]
        return Byline(name, 0, 0) if is_name(name) or name.startswith("@") else None
    if (linked := linked_author(block)) is not None:
        return Byline(linked, 0, 0)
    if (credit := credited(block)) is not None:
        return credit
    bracket = IN_BRACKETS.search(text)
    if bracket and names_in(bracket["names"]):
        return Byline(names_in(bracket["names"]), bracket.start(), len(text))
    numbered = BEHIND_NUMBER.search(text)
    return Byline(numbered["names"], numbered.start(), len(text)) if numbered else None


def linked_author(block: Block) -> str | None:
    """Return the name of a profile link after "by" or "from", or before a verb: "[Ann Bee](profile) says"."""
    for span in block.links():
        name = block.text[span.start : span.end]
        if len(name.split()) > MOST_NAME_WORDS:
            continue
        if not is_profile(span.url):
            if is_named_by(block, span):
                return name
            continue
        reports = (
            span.start == 0 and len(block.text.split()) <= MOST_REPORTING and REPORTS.match(block.text[span.end :])
        )
        if BY.search(block.text[: span.start]) or reports:
            return name
    return None


def is_named_by(block: Block, span: Span) -> bool:
    """Return whether a link is that of an author to their site: "by [Ann Bee](https://ann.example)"."""
    by = BY.search(block.text[: span.start]) is not None
    return by and is_name(block.text[span.start : span.end]) and urlsplit(span.url).path in ("", "/")


def is_home_page(block: Block, span: Span) -> bool:
    """Return whether a link leads to a person's page: "[Ann Bee](https://ann.example) wrote", "by [Ann Bee](...)"."""
    if is_named_by(block, span):
        return True
    does = DOES.match(block.text) if span.start == 0 else None
    return does is not None and does["names"] == block.text[: span.end] and urlsplit(span.url).path in ("", "/")


def found_in(pattern: re.Pattern[str], text: str, at: int) -> Byline | None:
    """Return the author that a pattern finds after a position."""
    match = pattern.search(text[at:])
    names = names_in(match["names"]) if match else ""
    if not match or not names:
        return None
    return Byline(names.rstrip("."), at + match.start(), at + match.start("names") + len(names))


def byline_of(sentence: str) -> Byline | None:
    """Return the author at the end of a sentence, or its grammatical subject."""
    end = AT_END.search(sentence)
    if end and names_in(end["names"]) == end["names"].rstrip("."):
        return Byline(end["names"].rstrip("."), end.start(), len(sentence))
    does = DOES.match(sentence)
    if does and names_in(does["names"]) == does["names"]:
        return Byline(does["names"], 0, 0)
    return None


def contact_in(block: Block) -> str | None:
    """Return the name in a line such as "Contact: X, <x@example.org>"."""
    match = CONTACT.match(block.text)
    if match is None and block.kind in ("paragraph", "heading") and (named := reporter_in(block)):
        return named
    if match is None and block.kind == "paragraph":
        return linked_author(block)
    if match is None or block.kind not in ("paragraph", "row", "bullet"):
        return None
    names = until_stop(match["names"])
    dated = match.end("names") if names == match["names"] else len(block.text)
    return before_day(names, block.text[dated:]).rstrip(".,")


def before_day(names: str, after: str) -> str:
    """Return names without a month that a day follows: "Ann Bee" for "By Ann Bee January 3", but "Brian May"."""
    others, _, last = names.rpartition(" ")
    return others if others and plain(last) in every_month() and DAY.match(after) else names


def reporter_in(block: Block) -> str | None:
    """Return the name in a line such as "Ann Bee announced:" or "Ann Bee • 3 May 2021 • example.org"."""
    parts = BETWEEN.split(block.text)
    if len(block.text.split()) > (MOST_META if parts[1:] else MOST_REPORTING):
        return None
    if parts[1:]:
        name = re.sub(r"^by ", "", parts[0], flags=re.I)
        return name if any(map(DAY_OR_SITE.search, parts[1:])) and names_in(name) == name else None
    does = DOES.match(block.text)
    return does["names"] if does and names_in(does["names"]) == does["names"] else None


def name_alone(block: Block) -> str | None:
    """Return the names in a line that has only these, and perhaps where they work: "Ann Bee and Cee Dee (ZZ)"."""
    if block.kind not in ("paragraph", "bullet") or any(block.links()) or len(block.text.split()) > MOST_META:
        return None
    named = BEFORE_PLACE.fullmatch(block.text)
    names = named["names"] if named else ""
    return names if names and names_in(names) == names else None


def credited(block: Block) -> Byline | None:
    """Return the authors in brackets with the links of a change at the end: "(Ann Bee, Loom 5.2. [Link](...))"."""
    start = block.text.rfind("(")
    links = [link for link in block.links() if link.start > start] if block.text.endswith((")", ").")) else []
    if start < 0 or not links or len(block.text) - start > LONGEST_CREDIT:
        return None
    inside = block.text[start + 1 : links[0].start].rstrip(" ,:")
    names = names_in(inside)
    alone = names == inside or inside[len(names) :].startswith(", ")
    return Byline(names, start, len(block.text)) if names and alone else None


def in_column(row: Block, header: Block) -> str | None:
    """Return the cell of a table row in the column of authors."""
    names, cells = header.text.split(CELL), row.text.split(CELL)
    at = next((i for i, name in enumerate(names) if COLUMN.fullmatch(name.strip())), None)
    return cells[at].strip() or None if at is not None and len(cells) == len(names) else None
