"""Word what a search did: its notices, its inferred filters, what was searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from indexer.catalog.about import About
from indexer.catalog.answers import InferredFilter
from indexer.query.address import fits
from indexer.search.found import Found
from indexer.search.inference import Inferred


def inferred_filters(found: Found, about: About) -> Iterator[InferredFilter]:
    """Yield the inferred filters, each with the query that has its words in quotation marks."""
    for each in found.best.intent.inferred:
        literal = found.parsed.with_replaced({word.span: f'"{word.text}"' for word in each.words})
        undone = replace(found.query, text=literal, page=1)
        words = " ".join(word.text for word in each.words)
        yield InferredFilter(
            each.field, each.value, label_of(each, about), words, undone if fits(undone) else found.query.literally()
        )


def of_closest(found: Found) -> str:
    """Return the notice for results that lack some of the words."""
    full = found.full.total
    if found.only_similar:
        return "No entry contains any of your words. Showing entries that are similar in meaning."
    if not full:
        return "No entry contains all your words. Showing the closest matches."
    entries = "1 entry contains" if full == 1 else f"{full} entries contain"
    return f"Only {entries} all your words. The others contain some of them."


def label_of(each: Inferred, about: About) -> str:
    """Return an inferred filter as it is shown: "Topic: XDP"."""
    name = about.facet[each.field].label if each.field in about.facet else each.field.capitalize()
    return f"{name}: {about.labels.get(each.field, {}).get(each.value, each.value)}"


def day(iso: str) -> str:
    """Return a date for display: 20 Nov 2017."""
    return f"{date.fromisoformat(iso):%-d %b %Y}" if iso else "unknown"


def in_words(found: Found) -> str:
    """Return what was searched, in words: "verifeir, verifeir read as verifier; topic xdp"."""
    query, matched = found.query, found.matched
    text = [query.text or "all entries"]
    text += [f"{typed} read as {meant}" for typed, meant in found.corrected.items()]
    text += [f"also written {name}" for name in dict.fromkeys(alias.shown for alias in matched.aliases)]
    parts = [", ".join(text)]
    parts += [f"{name} {' or '.join(values)}" for name, values in query.filters.items() if values]
    return "; ".join(parts)


def of_nothing(found: Found, about: About) -> Iterator[str]:
    """Yield the notice for a query that no entry matches, with the end of the archive."""
    if found.total or not found.query.text or not about.entries:
        return
    end = f"newest issue is dated {day(about.newest)}."
    if found.only_similar:
        yield f"The archive's {end}"
    elif found.query.filters:
        yield f"No entry with these filters matches. The archive's {end}"
    else:
        yield f"The archive has nothing that matches. Its {end}"
