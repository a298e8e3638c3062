"""The query language to a small tree; and a query to and from the parameters of an address."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from indexer.errors import BadQuery

LONGEST = 300
MOST_TERMS = 24
DEEPEST = 20
MOST_PARSED = 1_000  # texts whose trees are kept: each filter that is clicked asks for the same text again
LAST_PAGE = 1_000
MOST_HITS = 100
SHORTEST_PREFIX = 3
YES = ("1", "true", "on", "yes", "y", "t")
SORTS = ("relevance", "newest", "oldest", "kernel")
LITERAL = "The words as they are: no correction, no word of the same meaning."
# The filters, by the name that they have in a query, in an address and on the page.
FILTERS = ("kernel", "how", "topic", "kind", "issue", "author", "tree", "newsletter")
DATED = ("before", "after")
FIELDS = (*FILTERS, "id", "series", *DATED)


class Word(NamedTuple):
    """A word as it was typed; with `prefix`, the beginning of one."""

    text: str
    prefix: bool = False


class Phrase(NamedTuple):
    """Words that stand next to each other."""

    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A field that has to hold a value; `at` is where it stands in the text."""

    field: str
    value: str
    at: int = dataclasses.field(default=-1, compare=False, repr=False)


class Not(NamedTuple):
    """What must not match."""

    node: Node


class And(NamedTuple):
    """What must match all together; with no nodes, everything does."""

    nodes: tuple[Node, ...]


class Or(NamedTuple):
    """What may match."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Match | Not | And | Or


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query's text as a tree, the filters that it names at its top, and what was odd about it.

    `text` is what is left of the text without those filters.
    """

    tree: Node
    text: str = ""
    filters: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the text, the values chosen for each filter, the order, and which page of hits.

    `literal` means the words as they are, without a correction or a word that means the same.
    """

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    sort: str = "relevance"
    limit: int = 20
    page: int = 1
    literal: bool = False

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the values that are chosen for a filter."""
        return self.filters.get(name, ())

    def toggled(self, name: str, value: str) -> Query:
        """Return the query with a value of a filter chosen, or no longer so; on its first page."""
        chosen = self.chosen(name)
        after = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
        return replace(self, filters={**self.filters, name: after}, page=1)

    def on_page(self, page: int) -> Query:
        """Return the query for another page of its hits."""
        return replace(self, page=page)

    def literally(self) -> Query:
        """Return the query for the words as they were typed."""
        return replace(self, literal=True, page=1)

    def without_filters(self) -> Query:
        """Return the query for the same text with no filter chosen."""
        return replace(self, filters={}, page=1)


def to_args(query: Query) -> list[tuple[str, str]]:
    """Return the parameters of the address that asks for a query: sorted, with defaults left out."""
    args = [(name, value) for name, values in query.filters.items() for value in sorted(values)]
    args += [("q", query.text)] if query.text else []
    args += [("literal", "1")] if query.literal else []
    default = Query()
    args += [(k, str(getattr(query, k))) for k in ("sort", "limit", "page") if getattr(query, k) != getattr(default, k)]
    return sorted(args)


def from_args(args: Iterable[tuple[str, str]]) -> Query:
    """Return the query that an address asks for; unknown parameters do no harm.

    Raises `BadQuery` for one outside the bounds or with a number that is none.
    """
    given: dict[str, list[str]] = {}
    for name, value in args:
        given.setdefault(name, []).append(value)
    last = {name: values[-1].strip() for name, values in given.items()}
    return query_of(
        " ".join(given.get("q", [])),
        {name: given[name] for name in FILTERS if name in given},
        sort=given.get("sort", [""])[-1] or "relevance",
        limit=number(last, "limit", 20, MOST_HITS),
        page=number(last, "page", 1, LAST_PAGE),
        literal=last.get("literal", "").lower() in YES,
    )


def query_of(
    text: str, filters: Mapping[str, Collection[str]],
    *, sort: str = "relevance", limit: int = 20, page: int = 1, literal: bool = False,
) -> Query:  # fmt: skip
    """Return the query for what is asked for, values as the index has them; raises `BadQuery` outside the bounds."""
    if sort not in SORTS:
        raise BadQuery(f"sort={sort}: hits are sorted by one of {', '.join(SORTS)}")
    text = text.strip()
    if len(text) > LONGEST:
        raise BadQuery(f"the query has {len(text)} characters; the most is {LONGEST}")
    for name, value, most in (("limit", limit, MOST_HITS), ("page", page, LAST_PAGE)):
        if not 1 <= value <= most:
            raise outside(name, str(value), most)
    for name, values in filters.items():
        if longest := max((len(value) for value in values if len(value) > LONGEST), default=0):
            raise BadQuery(f"{name}: a value has {longest} characters; the most is {LONGEST}")
    chosen = {
        name: tuple(dict.fromkeys(normal(name, value.strip()) for value in filters[name] if value.strip()))
        for name in FILTERS
        if name in filters
    }
    return Query(text, {name: values for name, values in chosen.items() if values}, sort, limit, page, literal)


def number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise outside(name, text, most)
    return int(text or default)


def outside(name: str, text: str, most: int) -> BadQuery:
    return BadQuery(f"{name}={text[:20]}: it is a number from 1 to {most}")


# 4.15, 4.13..4.15, >=4.14: a version without its v.
# A release candidate or a stable update is of its base: v4.12-rc3, v4.15.3.
SMALLER_PARTS = re.compile(r"(?<=\d)-rc\d+|(?:(?<=v\d\.\d)|(?<=v\d\.\d\d))\.\d+(?!\d)")
BARE_VERSION = re.compile(r"(?P<before>^|\.\.|[<>=])v?(?=\d)")


def normal(name: str, value: str) -> str:
    """Return a filter's value as the index has it: v4.15 for 4.15, lower case but for authors."""
    if name == "kernel":
        return SMALLER_PARTS.sub("", BARE_VERSION.sub(r"\g<before>v", value.lower()))
    return value if name == "author" else value.casefold()


TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<open>\()(?!\))|(?P<close>(?<!\()\))"
    r"|(?P<minus>-)(?=[\w\"(\[])"
    rf"|(?P<field>(?i:{'|'.join(FIELDS)})):(?P<value>\"[^\"]*\"|[^\s()\"]+)"
    r"|\"(?P<phrase>[^\"]*)\""
    r"|(?P<word>(?:\(\)|[^\s()\"])+)"
    r"|(?P<other>.)",
    re.S,
)
EMPTY = re.compile(r"\( \)")
HAS_WORD = re.compile(r"\w")
LOOKS_LIKE_FIELD = re.compile(r"^(?P<name>[a-z_]{2,20}):(?P<value>[^\s:/].*)$")
JOINS = ("AND", "OR", "NOT")


@lru_cache(maxsize=MOST_PARSED)
def parse(text: str) -> Parsed:
    """Return the tree of a query's text. Whatever is no syntax is words; raises `BadQuery` outside the bounds."""
    if len(text) > LONGEST:
        raise BadQuery(f"the query has {len(text)} characters; the most is {LONGEST}")
    notices: list[str] = []
    if text.count('"') % 2:
        notices.append("a quotation mark has no partner; it was left out")
        head, _, tail = text.rpartition('"')
        text = f"{head} {tail}"
    found = tuple(tokens(text))
    tree = Parser(found, notices).disjunction(0)
    notices += bound_to_a_choice(tree)
    if count(tree) > MOST_TERMS:
        raise BadQuery(f"the query has {count(tree)} terms; the most is {MOST_TERMS}")
    nodes = tree.nodes if isinstance(tree, And) else (tree,)
    filters = [node for node in nodes if is_filter(node)]
    rest = tuple(node for node in nodes if not is_filter(node))
    left = " ".join(without(text, lifted(found, {node.at for node in filters})).split())
    if filters:
        left = without_empty(left)
    return Parsed(rest[0] if len(rest) == 1 else And(rest), left, gathered(filters), tuple(notices))


def without_empty(text: str) -> str:
    """Return a text without the parentheses that a filter left empty; those of a call, as in bpf(), have no space."""
    while (fewer := EMPTY.sub(" ", text)) != text:
        text = fewer
    return " ".join(text.split())


def bound_to_a_choice(tree: Node) -> Iterator[str]:
    """Yield a sentence for each filter that stands with words in one of several choices: it is of that one only."""
    for choice in tree.nodes if isinstance(tree, Or) else ():
        nodes = choice.nodes if isinstance(choice, And) else ()
        for node in nodes:
            if isinstance(node, Match) and node.field in FILTERS:
                yield (
                    f"{node.field}:{node.value} filters only its side of OR; "
                    "put parentheses around the words to filter all of them"
                )


def gathered(matches: Iterable[Match]) -> dict[str, tuple[str, ...]]:
    """Return the values of some fields by field; several of one are alternatives."""
    found: dict[str, tuple[str, ...]] = {}
    for match in matches:
        found[match.field] = tuple(dict.fromkeys((*found.get(match.field, ()), match.value)))
    return found


def is_filter(node: Node) -> TypeGuard[Match]:
    """Return whether a node is a filter that can go to those that are chosen; one that was negated twice stays."""
    return isinstance(node, Match) and node.field in FILTERS and node.at >= 0


def lifted(found: tuple[Typed, ...], starts: set[int]) -> Iterator[Typed]:
    """Yield the tokens that leave the text: the fields at these places, and each AND that only joined one to the rest.

    After a NOT, an AND stays: it keeps the NOT a word.
    """
    gone = [token.kind == "field" and token.start in starts for token in found]
    for i, token in enumerate(found):
        joins = token.kind == "AND" and any(gone[max(i - 1, 0) : i + 2])
        if gone[i] or (joins and (i == 0 or found[i - 1].kind not in ("minus", "NOT"))):
            yield token


def without(text: str, taken: Iterable[Typed]) -> str:
    """Return a query's text without some of its tokens."""
    kept, at = "", 0
    for token in taken:
        kept, at = f"{kept}{text[at : token.start]} ", token.end
    return kept + text[at:]


class Typed(NamedTuple):
    """A token of a query: what it is, its text, and where it stands."""

    kind: str
    text: str
    value: str = ""
    start: int = 0
    end: int = 0


def tokens(text: str) -> Iterator[Typed]:
    for match in TOKEN.finditer(text.replace("\0", " ")):
        kind = match.lastgroup or "other"
        if kind == "value":
            yield Typed("field", match["field"].lower(), match["value"].strip('"'), *match.span())
        elif kind == "word" and match["word"] in JOINS:
            yield Typed(match["word"], match["word"], "", *match.span())
        elif kind not in ("space", "other"):
            yield Typed(kind, match[kind])


class Parser:
    """Recursive descent over the tokens; it never fails, and goes no deeper than DEEPEST."""

    def __init__(self, found: tuple[Typed, ...], notices: list[str]) -> None:
        self.found = found
        self.at = 0
        self.notices = notices

    @property
    def next(self) -> str:
        return self.found[self.at].kind if self.at < len(self.found) else "end"

    def disjunction(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadQuery(f"the query nests deeper than {DEEPEST} parentheses")
        choices = [self.conjunction(depth)]
        while self.next == "OR":
            self.at += 1
            choices.append(self.conjunction(depth))
        full = [choice for choice in choices if choice != And(())]
        return full[0] if len(full) == 1 else Or(tuple(full)) if full else And(())

    def conjunction(self, depth: int) -> Node:
        nodes: list[Node] = []
        while self.next not in ("end", "OR"):
            if self.next == "close":
                if depth:
                    break
                self.at += 1
                continue
            if self.next == "AND":
                self.at += 1
                continue
            nodes.append(self.item(depth))
        flat = tuple(inner for node in nodes for inner in (node.nodes if isinstance(node, And) else (node,)))
        return flat[0] if len(flat) == 1 else And(flat)

    def item(self, depth: int) -> Node:
        token = self.found[self.at]
        self.at += 1
        if token.kind in ("minus", "NOT"):
            negations = 1
            while self.next in ("minus", "NOT"):
                self.at, negations = self.at + 1, negations + 1
            if negations > DEEPEST:
                raise BadQuery(f"the query negates more than {DEEPEST} times over")
            if self.next in ("end", "close", "OR", "AND"):
                return Word(token.text) if token.kind == "NOT" else And(())
            node = self.item(depth)
            if isinstance(node, Match):
                node = replace(node, at=-1)
            return Not(node) if negations % 2 and node != And(()) else node
        if token.kind == "open":
            inside = self.disjunction(depth + 1)
            if self.next == "close":
                self.at += 1
            return inside
        if token.kind == "field":
            return self.match(token)
        if token.kind == "phrase":
            return Phrase(token.text) if HAS_WORD.search(token.text) else And(())
        return self.word(token.text)

    def match(self, token: Typed) -> Node:
        """Return a field that has to hold a value; none, and a date that is none, is left out."""
        if not token.value.strip():
            self.notices.append(f'{token.text}:"" names no value; it was left out')
            return And(())
        if token.text in DATED and day_of(token.value) is None:
            self.notices.append(f"{token.text}:{token.value} is no date like 2017-08 or 2017-08-15; it was left out")
            return And(())
        return Match(token.text, normal(token.text, token.value), token.start)

    def word(self, text: str) -> Node:
        """Return a word or a prefix; signs alone are none."""
        if not HAS_WORD.search(text):
            return And(())
        if (odd := LOOKS_LIKE_FIELD.match(text)) and odd["name"] not in FIELDS:
            self.notices.append(f"{odd['name']}: is no field; it was searched as words. Fields are {', '.join(FIELDS)}")
        if text.endswith(":") and text[:-1].lower() in FIELDS:
            self.notices.append(
                f"{text} was searched as a word; the value of a field follows it at once, without a space"
            )
        start = text.rstrip("*")
        if text == start:
            return Word(text)
        if len(start) >= SHORTEST_PREFIX and start.replace("_", "").isalnum():
            return Word(start, prefix=True)
        self.notices.append(
            f"{text} was searched as a word; the beginning of one has {SHORTEST_PREFIX} letters or more, and no signs"
        )
        return Word(text)


def day_of(value: str) -> date | None:
    """Return the day that a date means, the first one of a month or a year; None for what is no date."""
    parts = (value + "-01-01").split("-")[:3] if value.count("-") < 2 else value.split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def count(node: Node) -> int:
    """Return the number of words, phrases and fields in a tree."""
    if isinstance(node, And | Or):
        return sum(count(inner) for inner in node.nodes)
    return count(node.node) if isinstance(node, Not) else 1
