"""Text fragments: the directive in an address that makes a browser scroll to an entry's very words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

MOST_CONTEXT = 12  # words of context that a directive has at the most
WORD = re.compile(r"\S+")
BOUND = re.compile(r"\b")
SAME_LETTER = str.maketrans("ıİ", "ii")  # re.I takes these two for an i, folding does not


@dataclass(frozen=True, slots=True)
class Directive:
    """What a browser is to look for: words, and if they stand on the page before, the words around them."""

    words: str
    prefix: str = ""
    suffix: str = ""

    def encoded(self) -> str:
        """Return the directive as the specification writes it: - , and & encoded inside of its parts.

        Source: URL Fragment Text Directives, https://wicg.github.io/scroll-to-text-fragment/
        """
        prefix = f"{encode(self.prefix)}-," if self.prefix else ""
        suffix = f",-{encode(self.suffix)}" if self.suffix else ""
        return f"text={prefix}{encode(self.words)}{suffix}"


def encode(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")


class PageText:
    """The text of a page, block by block, as a browser searches it: without case, any white space alike."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self.text = "\n" + "\n".join(blocks) + "\n"
        self.folded = folded(self.text)

    def position(self, block: str, at: int) -> int:
        """Return where a block, or the opening of one, stands: at `at` or after it; -1 where it does not."""
        whole = self.text.find(f"\n{block}\n", max(0, at - 1))
        found = whole if whole >= 0 else self.text.find(f"\n{block}", max(0, at - 1))
        return found + 1 if found >= 0 else -1

    def lands(self, directive: Directive) -> int:
        """Return where a browser would scroll to, by the words and what is around them; -1 where nowhere.

        Of all places the browser takes the first; a match begins and ends where a word does.
        """
        before = rf"{phrase(directive.prefix)}\s*" if directive.prefix else ""
        after = rf"\s*{phrase(directive.suffix)}" if directive.suffix else ""
        match = re.search(rf"{before}(?P<words>{phrase(directive.words)}){after}", self.text, re.I)
        return match.start("words") if match else -1

    def is_only(self, words: str, at: int) -> bool:
        """Return whether words stand at `at` as a browser finds them, and are nowhere else, whatever their bounds.

        That is so of most, and is known without a pattern, whose compiling takes longer than all else of an entry.
        """
        opening, end = folded(words), at + len(words)
        return (
            self.folded.find(opening) == self.folded.rfind(opening)
            and self.text.startswith(words, at)
            and (not words[:1].isalnum() or BOUND.match(self.text, at) is not None)
            and (not words[-1:].isalnum() or BOUND.match(self.text, end) is not None)
        )

    def directive(self, words: str, at: int) -> Directive | None:
        """Return the shortest directive that lands on `words` at position `at`; None where there is none."""
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
    """Return a text in which the same is what a search without case takes for the same, any white space one space."""
    return " ".join(text.translate(SAME_LETTER).casefold().split())


def phrase(words: str) -> str:
    """Return a pattern for words, at their bounds, with any white space between."""
    joined = r"\s+".join(re.escape(word) for word in words.split())
    first, last = words.lstrip()[:1], words.rstrip()[-1:]
    return (r"\b" if first.isalnum() else "") + joined + (r"\b" if last.isalnum() else "")


def directives(page: PageText, openings: Sequence[tuple[str, str]]) -> list[Directive | None]:
    """Return a directive for each entry of a page, in reading order.

    Each opening is the text of the block in which the entry begins, and its words there, the locator.
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
