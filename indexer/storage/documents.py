"""Make the index document of an entry: the tokens or values of each field."""

from __future__ import annotations

import re
from collections.abc import Sequence

from indexer.analysis import analysed, name_terms, written
from indexer.annotating.addresses import same_page
from indexer.kernel.introducing import commit_merged, names_landed
from indexer.languages import ENGLISH
from indexer.model import Entry, merge_of, pairs_of, posting_of
from indexer.storage.schema import INSIDE, RECORD, Document

COMMIT = re.compile(r"[?&]id=(?P<commit>[0-9a-f]{12})")


def to_document(entry: Entry, record: bytes, inside: str = "", language: str = ENGLISH) -> Document:
    """Return the index document of an entry: its record, and the tokens or values of each field.

    Tokens are analysed when a segment is written. `record` is the stored entry, `inside` the subjects of its patches,
    `language` that of its newsletter.
    """
    title = written(entry.title, language)
    body = title if entry.body == entry.title else written(entry.body, language)
    names = list(dict.fromkeys((*entry.identifiers, *(name.canonical for name in entry.names))))
    wholes = {term for name in names for term in name_terms(name)}
    others = sorted(underscored((*title, *body)) - wholes)
    return {
        RECORD: record,
        "title": title,
        "body": body,
        "author": written(" ".join((entry.author or "", *entry.otherwise)), language),
        "section": written(" ".join(entry.section), language),
        "link": written(" ".join(link.url for link in entry.links), language),
        INSIDE: written(inside, language),
        "names": [*names, *others, *commits_of(entry)],
        "parts": [*names, *others],
        "joined": [*names, *others],
        "id": [entry.id],
        "identifier": entry.identifiers,
        **of_versions(entry),
        "topic": entry.topics,
        "kind": [entry.kind],
        "heading": list(dict.fromkeys(entry.section)),
        "issue": [f"{entry.newsletter}/{entry.issue}"],
        "person": entry.people,
        "written": [entry.author] if entry.author and entry.people != (entry.author,) else [],
        "tree": [entry.tree] if entry.tree else [],
        "outcome": entry.outcome.values if entry.outcome else [],
        "newsletter": [entry.newsletter],
        "series": [entry.series] if entry.series else [],
        "posting": [posting_of(entry.series, entry.version or 1)] if entry.series else [],
        "merge": merges(entry),
        "page": [same_page(entry.url)] if entry.url else [],
        "linked": sorted(pages_of(entry)),
        "lead": [] if entry.parent else ["yes"],
        "introduces": introduced(entry),
    }


def merges(entry: Entry) -> list[str]:
    """Return the posting of a patch with its release if it is known to be merged, and not only from its series."""
    own = entry.own_outcome
    if own is None or own.outcome != "merged" or not entry.series:
        return []
    return [merge_of(posting_of(entry.series, entry.version or 1), own.release)]


def introduced(entry: Entry) -> Sequence[str]:
    """Return the names that an entry introduces, and the commit as which it was merged."""
    return list(dict.fromkeys(filter(None, (*names_landed(entry), commit_merged(entry)))))


def of_versions(entry: Entry) -> Document:
    """Return the fields of the version facet of an entry."""
    found: dict[str, Sequence[str]] = {"how": sorted({each.how for each in entry.versions})}
    if entry.facet:
        found[entry.facet] = sorted({each.version for each in entry.versions})
        found[pairs_of(entry.facet)] = sorted({f"{each.version}/{each.how}" for each in entry.versions})
    return found


def underscored(tokens: tuple[str, ...]) -> set[str]:
    """Return the terms of tokens that contain an underscore, as identifiers do."""
    named = {token for token in tokens if "_" in token}
    return {form for token in named for _, form in analysed(token).forms if "_" in form}


def pages_of(entry: Entry) -> set[str]:
    """Return the pages that an entry links to; empty for a patch, which links only to itself."""
    urls = (*(link.url for link in entry.links), entry.url) if entry.kind != "patch" else ()
    return {same_page(url) for url in urls if url}


def commits_of(entry: Entry) -> list[str]:
    """Return the commits that are evidence for an entry's versions, so that searching for them finds it."""
    found = (COMMIT.search(version.url) for version in entry.versions)
    return [match["commit"] for match in found if match]
