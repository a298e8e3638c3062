"""Find code identifiers in entries, marked up as code or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.kernel.facts import Facts
from indexer.model import Block

# snake_case, MACRO_CASE and camelCase words, including leading and trailing characters that belong to the name.
NAME = re.compile(
    r"(?<![\w/.$-])"
    r"(?P<name>_{0,2}[A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+_{0,2}"  # bpf_map_lookup_elem, TCP_CONGESTION
    r"|_+[a-z][a-z0-9]{2,}"  # _htons
    r"|[a-z]{3,}[A-Z][a-z]+(?:[A-Z]+[a-z]*)+)"  # getHostCPUNameForBPF
    r"(?![\w])"
)
CALL = re.compile(r"(?<![\w.])(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?:\(\)|\[\])")
PATH = re.compile(
    r"(?<![\w/:.])(?P<name>(?:[A-Za-z_][\w.-]*/)*[A-Za-z_][\w-]*\.(?:c|h|hpp|json|S|py|rst|txt|readme|sh|go|rs|o)|[a-z_]{4,}\.[1-9])(?![\w/-]|\.\w)"
)
# BPF_J{LT,LE}, sys_{enter|exit}_*: bracketed alternatives next to an underscore in a name.
ALTERNATIVES = re.compile(
    r"(?<![\w/])(?P<name>(?=[^\W_]*+_)\w++[{(]\w++(?:[,|] ?\w++)++[})]\w*"
    r"|\w*+[{(]\w++(?:[,|] ?\w++)++[})]_\w+)(?![\w{(])"
)
HELPER_WORD = re.compile(r"\bhelpers?\b", re.I)
CODE_NAME = re.compile(r"^[\w./{}(),|*+>-]*[\w)}*]$")
# Code spans that are not names: options, numbers, mail addresses, prose.
NOT_A_NAME = re.compile(r"^(?:-.*|[\d.]+|\S[^\s@]*+@\S++|(?:(?!://).)*+://.*)$")
STRUCT_MEMBER = re.compile(r"(?:->|(?<=[a-z_])\.)(?P<name>[a-z]+(?:_[a-z0-9]+)+)\b")
# The patterns, each with characters of which any match contains one: most texts have none and are skipped.
PATTERNS = (
    (ALTERNATIVES, ("{", "(")),
    (PATH, (".",)),
    (NAME, ("",)),
    (CALL, ("()", "[]")),
    (STRUCT_MEMBER, ("->", ".")),
)
ADDRESS = re.compile(r"(?<!\w)\w++://\S+")


def identifiers_in(blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the distinct identifiers in blocks, in reading order, without () and []."""
    found: dict[str, None] = {}
    for block in blocks:
        for name in in_block(block):
            found.setdefault(name)
    return tuple(found)


def in_block(block: Block) -> Iterator[str]:
    """Yield the identifiers in a block, in order; a longer one hides those inside it."""
    spans = [(m.start("name"), m.end("name"), m["name"]) for m in matches(block.text)]
    for span in block.spans:
        if span.kind == "code" and is_code_name(block.text[span.start : span.end]):
            spans.append((span.start, span.end, block.text[span.start : span.end]))
    links = [(m.start(), m.end()) for m in ADDRESS.finditer(block.text)] if "://" in block.text else []
    end = 0
    for start, stop, name in sorted(spans, key=lambda s: (s[0], -s[1])):
        if start >= end and not any(a <= start < b for a, b in links):
            several = name.count("_") > 1 and not set(name) & set("{(")
            yield from filter(None, map(bare, name.split("|") if several else [name]))
            end = stop


def matches(text: str) -> Iterator[re.Match[str]]:
    for pattern, signs in PATTERNS:
        if any(sign in text for sign in signs):
            yield from pattern.finditer(text)


def is_code_name(text: str) -> bool:
    """Return whether a code span is a name, rather than a phrase, an option or a number."""
    if NOT_A_NAME.match(text) or not CODE_NAME.match(text):
        return False
    return (
        "_" in text
        or "." in text.strip(".")
        or "()" in text
        or "/" in text
        or any(c.isupper() for c in text[1:])
        or len(text) > 3
    )


def helpers_among(names: Iterable[str], text: str, facts: Facts) -> tuple[str, ...]:
    """Return the names that are BPF helper functions, as written.

    The tables of facts have the name of a helper, or the name it was merged under. Otherwise, the text must call it a
    helper: it may be new ("a new helper bpf_x") or lack its prefix ("the get_stackid helper").
    """
    prefix = facts.helper_prefix
    return tuple(
        name
        for name in names
        if facts.is_helper(name)
        or (HELPER_WORD.search(text) and (called_helper(name, text, prefix) or facts.is_helper(prefix + name)))
    )


def called_helper(name: str, text: str, prefix: str) -> bool:
    written = re.escape(name)
    return name.startswith(prefix) and bool(
        re.search(rf"\bhelper(?: function)?s? {written}\b|\b{written}(?:\(\))? helper\b", text)
    )


def bare(name: str) -> str:
    """Return a name without the () of a call or the [] of an array."""
    return name.removesuffix("()").removesuffix("[]")
