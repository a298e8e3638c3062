"""Examples of queries: those of the archive's profiles, or else generated from its index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.analysis import spans
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog
from indexer.model import Entry
from indexer.query.tokens import quoted

SHORTEST = 5  # minimum letters of a word in a generated example
NONE = "none"


@dataclass(frozen=True, slots=True)
class Example:
    """A query and what it finds."""

    query: str
    finds: str


Groups = Mapping[str, Sequence[Example]]


def query_examples(catalog: Catalog) -> Groups:
    """Return examples of queries in groups."""
    declared = catalog.about.examples.help
    if declared:
        return {heading: [Example(*row) for row in rows] for heading, rows in declared.items()}
    return once(catalog, made_examples)


def short_examples(catalog: Catalog) -> Sequence[str]:
    """Return a few example queries without explanations."""
    declared = catalog.about.examples.short
    return declared or [rows[0].query for rows in once(catalog, made_examples).values()]


def names_of_things(catalog: Catalog) -> Mapping[str, str]:
    """Return an example name for each kind of resource in the API: an entry's id, an author, a topic ..."""
    return {**once(catalog, made_names), **catalog.about.examples.things}


def made_examples(catalog: Catalog) -> Groups:
    """Generate examples of queries from a title, and from the most frequent values of fields."""
    return {heading: rows for heading, rows in groups(catalog) if rows}


def groups(catalog: Catalog) -> Iterator[tuple[str, list[Example]]]:
    yield "Words", list(of_words(newest_entry(catalog)))
    yield "Versions", list(of_versions(catalog))
    yield "Fields", list(of_fields(catalog))


def of_words(entry: Entry | None) -> Iterator[Example]:
    """Yield examples with words from the title of an entry."""
    words = [entry.title[start:end] for _, start, end in spans(entry.title)] if entry else []
    long = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
    if len(words) > 1:
        # Short words are often small ones, such as "how to".
        one, other = max(pairwise(words), key=lambda pair: min(map(len, pair)))
        yield Example(f"{one} {other}", "entries with both words, in any form and order")
        yield Example(f'"{one} {other}"', "the words next to each other")
        yield Example(f"{one} OR {other}", "either; parentheses group")
        yield Example(f"{one} -{other}", "entries with one word but not another; NOT does the same")
    if long:
        yield Example(f"{long[0][:4]}*", "words that begin with these letters (three or more)")


def of_versions(catalog: Catalog) -> Iterator[Example]:
    """Yield examples for each version facet of the archive."""
    for facet in catalog.about.versions.values():
        for value in facet.examples:
            yield Example(
                f"{facet.id}:{value}",
                f"entries of {'several versions' if '..' in value or value[0] in '<>' else 'a version'}",
            )


def of_fields(catalog: Catalog) -> Iterator[Example]:
    """Yield an example for each other field that is in use."""
    for field, finds in (
        ("kind", "entries of a kind"),
        ("topic", "entries of a topic"),
        ("section", "entries of a section, in all issues"),
        ("author", "an author or speaker, by any part of the name"),
        ("newsletter", "entries of a newsletter"),
    ):
        if (value := most_frequent(catalog, field)) != NONE:
            yield Example(f"{field}:{quoted(value)}", finds)
    days = sorted(issue.date[:4] for issue in catalog.about.issues.values() if issue.date)
    if days:
        yield Example(f"after:{days[-1]}", "entries of issues since a date, month or year")


def newest_entry(catalog: Catalog) -> Entry | None:
    """Return the first entry of the newest issue, or None."""
    return next(iter(catalog.find(order="newest", limit=1)), None)


def made_names(catalog: Catalog) -> dict[str, str]:
    """Generate an example name for each kind of resource from the index."""
    entry = newest_entry(catalog)
    word = next((each.query for each in of_words(entry)), NONE)
    return {
        "entry": entry.id if entry else NONE,
        "newsletter": entry.newsletter if entry else NONE,
        "number": str(entry.issue) if entry else "1",
        "words": word,
        "typed": word[:4],
        **{
            thing: most_frequent(catalog, field)
            for thing, field in (
                ("identifier", "identifier"), ("author", "author"), ("topic", "topic"), ("series", "series"),
            )
        },
        **{facet: most_frequent(catalog, facet) for facet in catalog.about.versions},
    }  # fmt: skip


def most_frequent(catalog: Catalog, field: str) -> str:
    """Return the most frequent value of a field."""
    counts = catalog.count(field)
    return max(sorted(counts), key=counts.__getitem__, default=NONE)
