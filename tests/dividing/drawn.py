"""Random blocks, and the words of the pieces that they divide into."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import strategies as st

from indexer.model import Block, Division, Span

WORD = re.compile(r"\w+")


TEXTS = st.sampled_from(
    (
        "Patches",
        "Talks",
        "netdev",
        "Random cool note",
        "BPF",
        "This is issue 3.",
        "The list",
        "One. Two! Three",
        "A, [x] y",
    )
)


texts = TEXTS | st.lists(st.sampled_from(("alpha", "beta.", "gamma,", "(delta", "eps)", "…")), min_size=1).map(" ".join)


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    kind = draw(st.sampled_from(("heading", "paragraph", "bullet", "bullet", "quote", "code")))
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    spans = (Span(start, len(text), "link", "https://a.example"),) if draw(st.booleans()) else ()
    depth = draw(st.integers(1, 6)) if kind == "heading" else draw(st.integers(int(kind == "bullet"), 3))
    return Block(kind, text, depth, spans, gap=draw(st.integers(0, 1)))  # type: ignore[arg-type]


def count(found: list[Block]) -> Counter[str]:
    return Counter(word for block in found for word in WORD.findall(block.text))


def words_of(division: Division) -> Counter[str]:
    """Count the words of a division. The heading of a note is both a section name and the note's link."""
    heads = [piece.head for piece in division.pieces if piece.head and piece.role == "item"]
    pieces = [block for piece in division.pieces for block in piece.blocks]
    return count([*pieces, *heads, *division.sections, *division.boilerplate])
