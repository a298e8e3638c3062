"""Split the text of a query into tokens: words, phrases, fields, operators and parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from indexer.query.tree import Span

JOINS = ("AND", "OR", "NOT")
# bpf_map_lookup_elem(&map, &key) is a name with arguments; verifier(jit OR maps) is a word and a group.
CALL = (
    r"(?P<called>[A-Za-z_]\w*)(?=\([^()\"]*(?:[,&*]|->)|\([^\s()\"]*\))"
    r"\((?P<arguments>(?:(?!\b(?:AND|OR|NOT)\b)[^()\":])+)\)"
)
CONSTANT = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b")


QUOTE, ESCAPED = '"', '\\"'
PLAIN_VALUE = re.compile(r"^[^\s()\"]+$")


class Token(NamedTuple):
    """A token of a query: its kind, text, value (of a field) and span."""

    kind: str
    text: str
    value: str
    span: Span


def tokens(text: str, fields: Iterable[str]) -> Iterator[Token]:
    """Yield the tokens of a query's text, in which some fields may be named."""
    for match in pattern(tuple(fields)).finditer(text.replace("\0", " ")):
        yield from of_match(match)


@lru_cache
def pattern(fields: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a token of any kind."""
    return re.compile(
        rf"(?P<space>\s+)|{CALL}"
        r"|(?P<open>\()(?!\))|(?P<close>(?<!\()\))"
        r"|(?P<minus>-)(?=[\w\"(\[])"
        rf"|(?P<field>(?i:{'|'.join(fields)})):(?P<value>\"(?:\\\"|[^\"])*\"|[^\s()\"]+)"
        r"|\"(?P<phrase>[^\"]*)\""
        r"|(?P<word>(?:\(\)|[^\s()\"])+)"
        r"|(?P<other>.)",
        re.S,
    )


def of_match(match: re.Match[str]) -> Iterator[Token]:
    kind, span = match.lastgroup or "other", Span(*match.span())
    if kind == "arguments":
        # Arguments are mostly variables of the caller; only constants are meaningful.
        yield Token("word", f"{match['called']}()", "", span)
        for constant in CONSTANT.finditer(match["arguments"]):
            start = match.start("arguments")
            yield Token("word", constant[0], "", Span(start + constant.start(), start + constant.end()))
    elif kind == "value":
        yield Token("field", match["field"].lower(), unquoted(match["value"]), span)
    elif kind == "word" and match["word"] in JOINS:
        yield Token(match["word"], match["word"], "", span)
    elif kind not in ("space", "other"):
        yield Token(kind, match[kind], "", span)


def quoted(value: str) -> str:
    """Return the value of a field as a query writes it: in quotation marks where needed, with those inside escaped."""
    return f'"{value.replace(QUOTE, ESCAPED)}"' if PLAIN_VALUE.search(value) is None else value


def unquoted(written: str) -> str:
    """Return the value of a field that a query writes."""
    return written[1:-1].replace(ESCAPED, QUOTE) if written.startswith(QUOTE) else written
