"""The terms, values and metadata of a generation in a cluster."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, cast

from indexer.catalog.about import About
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.mapping import MOST_WINDOW
from indexer.engines.opensearch.requests import ALL, Dsl, Requests
from indexer.engines.opensearch.scored import Countable
from indexer.storage.cache import LRU
from indexer.storage.index import Ids, Index, Postings
from indexer.storage.schema import SEARCHED
from indexer.storage.spelling import SHORTEST, SPELT_FIELDS

AT_FIRST = 300  # terms with a prefix to request at first
MOST_ALIKE = 1_000
MOST_CONTAINING = 300
MOST_TERMS = 2_000_000  # size of the cache of numbers of entries, in characters of their terms
MOST_LISTS = 4_000_000
MOST_LETTERS = 4_000_000  # size of the cache of entries, in characters

Counts = dict[str, int]  # of the entries with a term, by field


@dataclass(frozen=True, slots=True)
class Names:
    """The values of a field, sorted."""

    names: Sequence[str]


class Metadata(dict[str, Any]):
    """The metadata of a generation; rarely needed parts are read on demand."""

    def __init__(self, first: Mapping[str, Any], more: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__(first)
        self._more = more

    def __missing__(self, key: str) -> Any:
        more = self._more()
        if key not in more:
            raise KeyError(key)
        self.update(more)
        return self[key]


class ClusterIndex(Index):
    """One generation in a cluster, for the parts of the search that look up terms and values.

    It has none of the arrays of an `Index`: sets of entries are described as queries (see `scored`).
    """

    def __init__(self, requests: Requests, first: Mapping[str, Any], more: Callable[[], Mapping[str, Any]]) -> None:
        self.requests = requests
        self.metadata = cast("Any", Metadata(first, more))
        self.about = About(self.metadata)
        self.size = self.about.entries
        # Once a generation was changed, its stored numbers of entries are out of date.
        self.changed = bool(first["changed"])
        self._lists: LRU[list[tuple[str, tuple[str, ...]]]] = LRU(MOST_LISTS, lambda terms: 30 * len(terms))
        self._terms: LRU[Counts] = LRU(MOST_TERMS, lambda _: 0)
        self._stored: LRU[dict[str, Any]] = LRU(MOST_LETTERS, lambda record: 4 * len(record["body"]))
        self._names: dict[str, Names] = {}
        self._made: dict[Callable[[Index], Any], Any] = {}
        self._making = RLock()

    @property
    def all(self) -> Ids:
        """All entries; they can only be counted."""
        return cast("Ids", Countable(self.requests, ALL))

    def postings(self, field: str, term: str) -> Postings | None:
        """Return the postings of a term, of which only the length is known; None if there are none."""
        if field in SEARCHED:
            number = self.holders(field, term)
        else:
            number = self.requests.count({"term": {field: ready.value(term)}})
        return Postings(cast("Ids", range(number)), cast("Any", ())) if number else None

    def holders(self, field: str, term: str) -> int:
        """Return the number of entries that contain a term."""
        return self.counts_of(term).get(field, 0)

    def counts_of(self, term: str) -> Mapping[str, int]:
        """Return the number of entries with a term for each searched field that has it."""
        known = self._terms.find(term)
        if known is None:
            self.prefetch([term])
            known = self._terms.find(term) or {}
        return known

    def prefetch(self, terms: Iterable[str]) -> None:
        """Count the entries of some terms with one request, because they are needed soon."""
        new = [term for term in dict.fromkeys(terms) if self._terms.find(term) is None]
        if not new:
            return
        if self.changed:
            pairs = [(term, field) for term in new for field in SEARCHED]
            numbers = self.requests.counts([{"term": {field: ready.term(term)}} for term, field in pairs])
            found: dict[str, Counts] = {}
            for (term, field), number in zip(pairs, numbers, strict=True):
                if number:
                    found.setdefault(term, {})[field] = number
        else:
            found = {
                each["held"]["whole"]: each["held"]["entries"]
                for each in self.requests.term_documents([*map(word_id, new)])
            }
        for term in new:
            self._terms.put(term, found.get(term, {}))

    def with_prefix(self, field: str, prefix: str, most: int) -> list[str]:
        """Return up to `most` terms of a field with a prefix."""
        matching = self._listed(("begun", prefix), beginning(prefix), AT_FIRST)
        found = sorted(self._present(term for term, fields in matching if field in fields))
        if len(matching) == AT_FIRST and len(found) < most:
            where: Dsl = {"bool": {"filter": [beginning(prefix), {"term": {"fields": field}}]}}
            found = sorted(self._present(term for term, _ in self._request(where, most)))
        return found[:most]

    def containing(self, field: str, part: str) -> set[str]:
        """Return the terms of a field that contain a text; only the first ones if there are very many."""
        wanted = "".join(f"\\{letter}" if letter in "*?\\" else letter for letter in ready.term(part))
        where: Dsl = {"wildcard": {"term": {"value": f"*{wanted}*"}}}
        found = self._listed(("in", part), where, MOST_CONTAINING)
        return set(self._present(term for term, fields in found if field in fields))

    def alike(self, word: str, edits: int) -> list[str]:
        """Return the sorted words and names within an edit distance of a word."""
        fuzzy = {"value": ready.term(word), "fuzziness": edits, "max_expansions": MOST_ALIKE, "transpositions": True}
        where: Dsl = {"bool": {"filter": [{"fuzzy": {"term": fuzzy}}, {"terms": {"fields": list(SPELT_FIELDS)}}]}}
        found = sorted(self._present(term for term, _ in self._listed(("alike", word), where, MOST_ALIKE)))
        return [term for term in found if len(term) >= SHORTEST and term.isascii() and "." not in term]

    def _listed(self, key: tuple[str, str], where: Dsl, most: int) -> list[tuple[str, tuple[str, ...]]]:
        """Return terms with their fields. Recent results are cached."""
        known = self._lists.find(key)
        if known is None:
            known = self._request(where, most)
            self._lists.put(key, known)
        return known

    def _request(self, where: Dsl, most: int) -> list[tuple[str, tuple[str, ...]]]:
        """Return the first terms that match a condition, with their fields."""
        found: list[tuple[str, tuple[str, ...]]] = []
        body: Dsl = {"query": where, "sort": [{"term": "asc"}], "track_total_hits": False}
        while len(found) < most:
            size = min(most - len(found), MOST_WINDOW // 10)
            some = self.requests.search_words(body | {"size": size})
            for each in some:
                if not self.changed:
                    self._terms.put(each["held"]["whole"], each["held"]["entries"])
                found.append((each["held"]["whole"], tuple(each["fields"])))
            if len(some) < size:
                break
            body["search_after"] = [some[-1]["term"]]
        return found

    def _present(self, terms: Iterable[str]) -> Iterator[str]:
        """Yield the terms that an entry still contains."""
        terms = list(terms)
        if self.changed:
            self.prefetch(terms)
        return (term for term in terms if not self.changed or self._terms.find(term))

    def values(self, field: str) -> Any:
        """Return the values of a filter field."""
        with self._making:
            if field not in self._names:
                self._names[field] = Names(list(self.requests.values(field, ALL)))
            return self._names[field]

    def first_with(self, field: str, other: str) -> Iterator[tuple[str, list[str]]]:
        """Yield each value of a field, with the values of another field in the first entry that has it."""
        first = {"size": 1, "sort": [{"place": "asc"}, {"n": "asc"}], "_source": False, "docvalue_fields": [other]}
        for bucket in self.requests.composite(field, ALL, {"first": {"top_hits": first}}):
            yield bucket["key"]["of"], list(bucket["first"]["hits"]["hits"][0].get("fields", {}).get(other, []))

    @property
    def has_vectors(self) -> bool:
        """Whether there are vectors of the extra `semantic`: a cluster has none."""
        return False

    def stored(self, doc: Any) -> dict[str, Any]:
        """Return the record of an entry, given its id."""
        found = self._stored.find(doc)
        if found is None:
            hits = self.requests.search({"size": 1, "query": {"term": {"id": ready.value(doc)}}})
            found = self.keep(hits["hits"]["hits"][0])
        return found

    def keep(self, hit: Dsl) -> dict[str, Any]:
        """Return the record of a hit, and cache it by its id."""
        record = dict(hit["_source"]["record"])
        self._stored.put(record["id"], record)
        return record

    def forget_entries(self) -> None:
        """Drop the records that were read."""
        self._stored.clear()

    def once(self, make: Callable[[Index], Any]) -> Any:
        """Return `make(index)`, computed once and cached as long as the index is open."""
        with self._making:
            if make not in self._made:
                self._made[make] = make(self)
            return self._made[make]


def word_id(term: str) -> str:
    """Return the id of the document of a term."""
    return hashlib.sha256(term.encode("utf-8", "replace")).hexdigest()


def beginning(prefix: str) -> Dsl:
    """Return the condition for terms that begin with a prefix."""
    return {"prefix": {"term": {"value": ready.term(prefix)}}} if prefix else {"exists": {"field": "term"}}
