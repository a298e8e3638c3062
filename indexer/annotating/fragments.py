"""Text fragments: URL directives that make a browser scroll to the words of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

MOST_CONTEXT = 12  # maximum number of context words in a directive
WORD = re.compile(r"\S+")
BOUND = re.compile(r"\b")
SAME_LETTER = str.maketrans("ıİ", "ii")  # re.I matches these two with i, case folding does not


@dataclass(frozen=True, slots=True)
class Directive:
    """A text directive: the words to find, with context words if they also occur earlier on the page."""

    words: str
    prefix: str = ""
    suffix: str = ""

    def encoded(self) -> str:
        """Return the directive in URL syntax, with - , and & encoded inside its parts.

        Source: URL Fragment Text Directives, https://wicg.github.io/scroll-to-text-fragment/
        """
        prefix = f"{encode(self.prefix)}-," if self.prefix else ""
        suffix = f",-{encode(self.suffix)}" if self.suffix else ""
        return f"text={prefix}{encode(self.words)}{suffix}"


def encode(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


class PageText:
    """The text of a page, block by block, matched as browsers do: ignoring case and kinds of white space."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self.text = "\n" + "\n".join(blocks) + "\n"
        self.folded = folded(self.text)

    def position(self, block: str, at: int) -> int:
        """Return the position of a block, or of its opening, at or after `at`; -1 if not found."""
        whole = self.text.find(f"\n{block}\n", max(0, at - 1))
        found = whole if whole >= 0 else self.text.find(f"\n{block}", max(0, at - 1))
        return found + 1 if found >= 0 else -1

    def lands(self, directive: Directive) -> int:
        """Return the position that a browser would scroll to, or -1.

        Browsers use the first match; a match begins and ends at word boundaries.
        """
        before = rf"{phrase(directive.prefix)}\s*" if directive.prefix else ""
        after = rf"\s*{phrase(directive.suffix)}" if directive.suffix else ""
        match = re.search(rf"{before}(?P<words>{phrase(directive.words)}){after}", self.text, re.I)
        return match.start("words") if match else -1

    def is_only(self, words: str, at: int) -> bool:
        """Return whether words match at `at` and occur nowhere else, not even inside other words.

        This is true of most entries, and avoids compiling a pattern, the slowest part of annotating an entry.
        """
        opening, end = folded(words), at + len(words)
        return (
            self.folded.find(opening) == self.folded.rfind(opening)
            and self.text.startswith(words, at)
            and (not words[:1].isalnum() or BOUND.match(self.text, at) is not None)
            and (not words[-1:].isalnum() or BOUND.match(self.text, end) is not None)
        )

    def directive(self, words: str, at: int) -> Directive | None:
        """Return the shortest directive that selects `words` at position `at`, or None."""
        plain = Directive(words)
        if self.is_only(words, at) or self.lands(plain) == at:
            return plain
        after = WORD.findall(self.text, at + len(words), at + len(words) + 400)[:MOST_CONTEXT]
        before = WORD.findall(self.text, max(0, at - 400), at)[-MOST_CONTEXT:]
        for k in range(1, MOST_CONTEXT + 1):
            for made in (
                Directive(words, suffix=" ".join(after[:k])),
                Directive(words, prefix=" ".join(before[-k:])),
            ):
                if (made.prefix or made.suffix) and self.lands(made) == at:
                    return made
        return None


def folded(text: str) -> str:
    """Fold a text for case-insensitive search, with each run of white space as one space."""
    return " ".join(text.translate(SAME_LETTER).casefold().split())


def phrase(words: str) -> str:
    """Return a pattern for words at word boundaries, with any white space between them."""
    joined = r"\s+".join(re.escape(word) for word in words.split())
    first, last = words.lstrip()[:1], words.rstrip()[-1:]
    return (r"\b" if first.isalnum() else "") + joined + (r"\b" if last.isalnum() else "")


def directives(page: PageText, openings: Sequence[tuple[str, str]]) -> list[Directive | None]:
    """Return a directive for each entry of a page, in reading order.

    Each opening is the text of the block in which the entry begins, and its locator in that text.
    """
    found: list[Directive | None] = []
    at = 0
    for block, words in openings:
        start = page.position(block, at)
        inside = block.find(words)
        if start < 0 or inside < 0:
            found.append(None)
            continue
        found.append(page.directive(words, start + inside))
        at = start
    return found
