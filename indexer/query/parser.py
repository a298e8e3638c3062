"""The lenient query parser: text to syntax tree; invalid syntax becomes words."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeGuard

from indexer.errors import BadQuery
from indexer.query.fields import DATED, PLAIN, Fields, day_of
from indexer.query.query import LONGEST
from indexer.query.tokens import JOINS, Token, tokens
from indexer.query.tree import ALL, NOWHERE, And, Match, Node, Not, Or, Phrase, Span, Word, both, conjuncts, count

MOST_TERMS = 24
DEEPEST = 20
MOST_PARSED = 1_000  # size of the cache of parsed texts; toggling a filter parses the same text again
SHORTEST_PREFIX = 3
EMPTY = re.compile(r"\( \)")
PLAIN_WORD = re.compile(r"\w+")
PLAIN_TEXT = re.compile(r"\w+(?: \w+)*")
HAS_WORD = re.compile(r"\w")
QUOTATION_MARK = re.compile(r"(?<!\\)\"")
LOOKS_LIKE_FIELD = re.compile(r"^(?P<name>[a-z_]{2,20}):(?P<value>[^\s:/].*)$")


@dataclass(frozen=True)
class Parsed:
    """A parsed query: the tree without the filters at its top, these filters, and notices about odd syntax.

    `source` is the text as typed; the spans of the tree refer to it. `lifted` are the spans of its filters.
    """

    tree: Node
    source: str = ""
    filters: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    notices: tuple[str, ...] = ()
    lifted: tuple[Span, ...] = ()

    @cached_property
    def text(self) -> str:
        """The text without its filters."""
        return self.with_replaced({})

    def with_replaced(self, words: Mapping[Span, str]) -> str:
        """Return the text without its filters, with the words at some spans replaced."""
        changes = {**dict.fromkeys(self.lifted, " "), **words}
        kept, at = "", 0
        for span in sorted(changes):
            kept, at = kept + self.source[at : span.start] + changes[span], span.end
        text = " ".join((kept + self.source[at:]).split())
        return without_empty(text) if self.lifted else text


@lru_cache(maxsize=MOST_PARSED)
def parse(text: str, fields: Fields = PLAIN) -> Parsed:
    """Parse the text of a query, which may name `fields`. Raises `BadQuery` beyond the limits."""
    if len(text) > LONGEST:
        raise BadQuery(f"The query has {len(text):,} characters. The limit is {LONGEST:,}.")
    if (words := plain_words(text)) is not None:
        return Parsed(both(words), text)
    notices: list[str] = []
    if len(QUOTATION_MARK.findall(text)) % 2:
        notices.append("A quotation mark has no partner and was ignored.")
        head, _, tail = text.rpartition('"')
        text = f"{head} {tail}"
    found = tuple(tokens(text, fields.names))
    tree = Parser(found, notices, fields).disjunction(0)
    notices += bound_to_a_choice(tree, fields.filters)
    if count(tree) > MOST_TERMS:
        raise BadQuery(f"The query has {count(tree):,} terms. The limit is {MOST_TERMS:,}.")
    filters = [node for node in conjuncts(tree) if is_filter(node, fields.filters)]
    rest = both(node for node in conjuncts(tree) if not is_filter(node, fields.filters))
    spans = tuple(token.span for token in lifted(found, {node.span for node in filters}))
    return Parsed(rest, text, gathered(filters), tuple(notices), spans)


def plain_words(text: str) -> list[Word] | None:
    """Return the words of a text without any syntax, which most texts are; None for any other, or for too many."""
    if not text:
        return []
    if PLAIN_TEXT.fullmatch(text) is None:
        return None
    words = [Word(match[0], span=Span(*match.span())) for match in PLAIN_WORD.finditer(text)]
    return words if len(words) <= MOST_TERMS and not any(word.text in JOINS for word in words) else None


def without_empty(text: str) -> str:
    """Remove parentheses that held only filters. The parentheses of a call, as in bpf(), have no space and stay."""
    while (fewer := EMPTY.sub(" ", text)) != text:
        text = fewer
    return " ".join(text.split())


def bound_to_a_choice(tree: Node, filters: Container[str]) -> Iterator[str]:
    """Yield a notice for each filter next to words on one side of OR, because it filters only that side."""
    for choice in tree.nodes if isinstance(tree, Or) else ():
        for node in choice.nodes if isinstance(choice, And) else ():
            if isinstance(node, Match) and node.field in filters:
                yield (
                    f"{node.field}:{node.value} filters only its side of OR. "
                    "To filter all of it, put the words in parentheses."
                )


def gathered(matches: Iterable[Match]) -> dict[str, tuple[str, ...]]:
    """Group the values of matches by field; several values of one field are alternatives."""
    found: dict[str, tuple[str, ...]] = {}
    for match in matches:
        found[match.field] = tuple(dict.fromkeys((*found.get(match.field, ()), match.value)))
    return found


def is_filter(node: Node, filters: Container[str]) -> TypeGuard[Match]:
    """Return whether a node is a filter that can join the selected ones."""
    return isinstance(node, Match) and node.field in filters and node.span != NOWHERE


def lifted(found: tuple[Token, ...], filters: set[Span]) -> Iterator[Token]:
    """Yield the tokens to remove from the text: filters, and each AND that only joined one to the rest.

    An AND after a NOT stays, so that the NOT remains a word.
    """
    gone = [token.kind == "field" and token.span in filters for token in found]
    for i, token in enumerate(found):
        joins = token.kind == "AND" and any(gone[max(i - 1, 0) : i + 2])
        if gone[i] or (joins and (i == 0 or found[i - 1].kind not in ("minus", "NOT"))):
            yield token


class Parser:
    """A recursive descent parser that accepts any tokens, to a depth of DEEPEST."""

    def __init__(self, found: tuple[Token, ...], notices: list[str], fields: Fields) -> None:
        self.fields = fields
        self.found = found
        self.at = 0
        self.notices = notices

    @property
    def next(self) -> str:
        return self.found[self.at].kind if self.at < len(self.found) else "end"

    def disjunction(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadQuery(f"The query has more than {DEEPEST} levels of parentheses. Use fewer.")
        choices = [self.conjunction(depth)]
        while self.next == "OR":
            self.at += 1
            choices.append(self.conjunction(depth))
        full = [choice for choice in choices if choice != ALL]
        return full[0] if len(full) == 1 else Or(tuple(full)) if full else ALL

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
        return both(flat)

    def item(self, depth: int) -> Node:
        token = self.found[self.at]
        self.at += 1
        if token.kind in ("minus", "NOT"):
            negations = 1
            while self.next in ("minus", "NOT"):
                self.at, negations = self.at + 1, negations + 1
            if negations > DEEPEST:
                raise BadQuery(f"The query has more than {DEEPEST} negations in a row. Use fewer.")
            if self.next in ("end", "close", "OR", "AND"):
                return Word(token.text, span=token.span) if token.kind == "NOT" else ALL
            node = self.item(depth)
            if isinstance(node, Match):
                node = replace(node, span=NOWHERE)
            return Not(node) if negations % 2 and node != ALL else node
        if token.kind == "open":
            inside = self.disjunction(depth + 1)
            if self.next == "close":
                self.at += 1
            return inside
        if token.kind == "field":
            return self.match(token)
        if token.kind == "phrase":
            return Phrase(token.text, token.span) if HAS_WORD.search(token.text) else ALL
        return self.word(token.text, token.span)

    def match(self, token: Token) -> Node:
        """Return a field and its value; nothing if the value is missing or an invalid date."""
        if not token.value.strip():
            self.notices.append(f"The filter {token.text}: has no value and was ignored.")
            return ALL
        if token.text in DATED and day_of(token.value) is None:
            self.notices.append(
                f"{token.text}:{token.value} was ignored. Dates are written like 2017-08 or 2017-08-15."
            )
            return ALL
        return Match(token.text, self.fields.normal(token.text, token.value), token.span)

    def word(self, text: str, span: Span) -> Node:
        """Return a word or a prefix; nothing if it has only punctuation."""
        if not HAS_WORD.search(text):
            return ALL
        if (odd := LOOKS_LIKE_FIELD.match(text)) and odd["name"] not in self.fields.names:
            known = ", ".join(self.fields.names)
            self.notices.append(f"There is no field {odd['name']}. Searched for it as words. The fields are {known}.")
        if text.endswith(":") and text[:-1].lower() in self.fields.names:
            self.notices.append(
                f"Searched for {text} as a word. To filter, write the value right after the colon, without a space."
            )
        start = text.rstrip("*")
        if text == start:
            return Word(text, span=span)
        if len(start) >= SHORTEST_PREFIX and start.replace("_", "").isalnum():
            return Word(start, prefix=True, span=span)
        self.notices.append(
            f"Searched for {text} as a whole word. A prefix needs {SHORTEST_PREFIX} letters or more and no punctuation."
        )
        return Word(text, span=span)
