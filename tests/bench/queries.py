"""Draw distinct queries of each class from the documents, by a seed."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from indexer.analysis import stemmed
from tests.bench.nouns import FACETS, WORD, Ask, Document

PLAIN = re.compile(r"[a-z]{3,}")
NAME = re.compile(r"[a-z]\w*_\w*[a-z0-9]", re.A)
RARE = 3  # maximum number of documents with a rare identifier
LONG = 6  # minimum letters of a misspelt word, or of a word whose prefix is searched
BEGINNING = 4  # letters
LETTERS = "abcdefghijklmnopqrstuvwxyz"
TRIES = 200  # attempts per wanted query, because an archive may have fewer


@dataclass(frozen=True)
class Stock:
    """The documents and the frequencies of their words. `common` words are not used in queries."""

    documents: Sequence[Document]
    holders: Counter[str]
    common: frozenset[str]

    def plain(self, text: str) -> list[str]:
        """Return the words of a text that are in lower case and not too common."""
        return [word for word in text.split() if PLAIN.fullmatch(word) and word not in self.common]

    def word(self, rng: random.Random, length: int = 3) -> str:
        """Return a word of a document with a minimum length."""
        while True:
            found = [word for word in self.plain(rng.choice(self.documents).body) if len(word) >= length]
            if found:
                return rng.choice(found)


def stock(documents: Sequence[Document], common: Iterable[str]) -> Stock:
    holders = Counter(word for document in documents for word in set(WORD.findall(document.text().lower())))
    return Stock(documents, holders, frozenset(common))


def rare_identifiers(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    names = sorted(word for word, holders in stock.holders.items() if holders <= RARE and NAME.fullmatch(word))
    rng.shuffle(names)
    return (Ask("words", (name,)) for name in names)


def common_words(stock: Stock, _: random.Random) -> Iterator[Ask]:
    words = (word for word, _ in stock.holders.most_common() if PLAIN.fullmatch(word) and word not in stock.common)
    return (Ask("words", (word,)) for word in words)


def two_words(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    while True:
        words = sorted(set(stock.plain(rng.choice(stock.documents).body)))
        if len(words) > 1:
            yield Ask("words", tuple(rng.sample(words, 2)))


def three_ored(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    while True:
        words = tuple(stock.word(rng) for _ in range(3))
        if len(set(words)) == len(words):
            yield Ask("any", words)


def phrases(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    while True:
        words = rng.choice(stock.documents).body.split()
        pairs = [pair for pair in pairwise(words) if len(stock.plain(" ".join(pair))) == len(pair)]
        if pairs:
            yield Ask("phrase", rng.choice(pairs))


def filtered(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    while True:
        document = rng.choice(stock.documents)
        words = stock.plain(document.body)
        chosen = rng.sample(FACETS, 2)
        if words and all(document.values(facet) for facet in chosen):
            filters = tuple((facet, rng.choice(document.values(facet))) for facet in chosen)
            yield Ask("words", (rng.choice(words),), filters)


def beginnings(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    """Yield prefixes that are also prefixes of stems, because SQLite FTS5 stores only stems."""
    while True:
        beginning = (word := stock.word(rng, LONG))[:BEGINNING]
        if stemmed(word).startswith(beginning):
            yield Ask("prefix", (beginning,))


def misspelt(stock: Stock, rng: random.Random) -> Iterator[Ask]:
    """Yield words with an inner letter omitted, doubled, replaced or swapped with the next."""
    while True:
        word = stock.word(rng, LONG)
        at = rng.randrange(1, len(word) - 2)
        head, letter, tail = word[:at], word[at], word[at + 1 :]
        inside = rng.choice(("", letter * 2, rng.choice(LETTERS), None))
        wrong = f"{head}{tail[0]}{letter}{tail[1:]}" if inside is None else f"{head}{inside}{tail}"
        if wrong not in stock.holders:
            yield Ask("fuzzy", (wrong,))


def browsing(_: Stock, __: random.Random) -> Iterator[Ask]:
    return iter([Ask("browse")])


CLASSES: dict[str, Callable[[Stock, random.Random], Iterator[Ask]]] = {
    "rare identifier": rare_identifiers,
    "common word": common_words,
    "two words": two_words,
    "three ORed": three_ored,
    "phrase": phrases,
    "word, two filters": filtered,
    "prefix": beginnings,
    "fuzzy": misspelt,
    "browse": browsing,
}


def draw(stock: Stock, number: int, seed: int) -> dict[str, list[Ask]]:
    """Return `number` distinct queries of each class, or fewer if there are not enough."""
    found = {}
    for name, drawn in CLASSES.items():
        rng = random.Random(f"{seed}/{name}")  # noqa: S311
        found[name] = list(islice(dict.fromkeys(islice(drawn(stock, rng), number * TRIES)), number))
    return found
