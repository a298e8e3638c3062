"""Requests to one generation in a cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from indexer.engines.opensearch.connection import Place, client_errors
from indexer.storage.cache import LRU

if TYPE_CHECKING:
    from opensearchpy import OpenSearch

Dsl = dict[str, Any]
ALL: Dsl = {"match_all": {"boost": 0.0}}
NONE: Dsl = {"match_none": {}}
AT_ONCE = 500  # conditions to count with one request
MOST_COUNTS = 2_000_000  # size of the cache of counts, in characters of their conditions
MOST_BUCKETS = 7_000  # values of a facet; a request may have 65,535 buckets in total
BATCH = 1_000  # entries per request
MOST_VALUES = 50_000  # values per request, each a bucket
KEEP_OPEN = "2m"  # lifetime of a point in time between two batches
WHOLE = {"allow_partial_search_results": "false"}


class Requests:
    """Access to the two indices of a generation. Thread-safe."""

    def __init__(self, client: OpenSearch, place: Place, entries: str, words: str, shards: int) -> None:
        self.client = client
        self.place = place
        self.entries = entries
        self.words = words
        # With several shards, frequencies and lengths have to be added up first.
        self._params = WHOLE | ({"search_type": "dfs_query_then_fetch"} if shards > 1 else {})
        self._counts: LRU[int] = LRU(MOST_COUNTS, lambda _: 0)

    def search(self, body: Dsl, *, named: bool = False) -> Dsl:
        """Search the index of entries. With `named`, the scores of named queries are included."""
        with client_errors(self.place):
            index = None if "pit" in body else self.entries
            params = WHOLE if "pit" in body or body.get("size") == 0 else self._params  # without hits, without scores
            params = params | {"include_named_queries_score": "true"} if named else params
            return dict(self.client.search(index=index, body=body, params=params))

    def search_words(self, body: Dsl) -> list[Dsl]:
        """Search the index of terms."""
        with client_errors(self.place):
            answer = self.client.search(
                index=self.words, body=body | {"_source": ["term", "fields", "held"]}, params=WHOLE
            )
        return [dict(hit["_source"]) for hit in answer["hits"]["hits"]]

    def term_documents(self, ids: Sequence[str]) -> list[Dsl]:
        """Return the documents with these ids in the index of terms, without missing ones."""
        found: list[Dsl] = []
        for some in batches(ids, AT_ONCE):
            with client_errors(self.place):
                answer = self.client.mget(index=self.words, body={"ids": list(some)})
            found += [dict(each["_source"]) for each in answer["docs"] if each.get("found")]
        return found

    def count(self, query: Dsl) -> int:
        """Count the entries that match a condition. Recent counts are cached."""
        return self.counts([query])[0]

    def counts(self, queries: Sequence[Dsl]) -> list[int]:
        """Count the entries that match each condition."""
        keys = [json.dumps(query, sort_keys=True) for query in queries]
        new = {key: query for key, query in zip(keys, queries, strict=True) if self._counts.find(key) is None}
        known: dict[str, int] = {}
        for some in batches(list(new.items()), AT_ONCE):
            filters = {str(number): {"bool": {"filter": [query]}} for number, (_, query) in enumerate(some)}
            body = {"size": 0, "aggs": {"each": {"filters": {"filters": filters}}}}
            buckets = self.search(body)["aggregations"]["each"]["buckets"]
            known |= {key: int(buckets[str(number)]["doc_count"]) for number, (key, _) in enumerate(some)}
        for key, number in known.items():
            self._counts.put(key, number)
        return [known[key] if key in known else self._counts.find(key) or 0 for key in keys]

    def values(self, field: str, query: Dsl, prefix: str = "") -> dict[str, int]:
        """Return the sorted values of a field with a prefix, each with its number of entries under a condition."""
        found: dict[str, int] = {}
        terms: Dsl = {"field": field, "size": MOST_BUCKETS, "order": {"_key": "asc"}}
        terms |= {"include": literally(prefix) + ".*"} if prefix else {}
        body = {"size": 0, "query": {"bool": {"filter": [query]}}, "aggs": {"of": {"terms": terms}}}
        answer = self.search(body)["aggregations"]["of"]
        if not answer["sum_other_doc_count"]:
            return {bucket["key"]: int(bucket["doc_count"]) for bucket in answer["buckets"]}
        for bucket in self.composite(field, query):
            name = str(bucket["key"]["of"])
            if name.startswith(prefix):
                found[name] = int(bucket["doc_count"])
        return found

    def repeats(self, field: str, query: Dsl) -> int:
        """Return how many of the entries under a condition have a value that an earlier one has. Cached."""
        key = f"{field} {json.dumps(query, sort_keys=True)}"
        known = self._counts.find(key)
        if known is None:
            known = sum(int(bucket["doc_count"]) - 1 for bucket in self.composite(field, query))
            self._counts.put(key, known)
        return known

    def composite(self, field: str, query: Dsl, inside: Dsl | None = None) -> Iterator[Dsl]:
        """Yield a bucket for each value of a field, sorted, with the aggregation `inside`."""
        composite: Dsl = {"size": BATCH if inside else MOST_VALUES, "sources": [{"of": {"terms": {"field": field}}}]}
        while True:
            each: Dsl = {"composite": composite} | ({"aggs": inside} if inside else {})
            body = {"size": 0, "query": {"bool": {"filter": [query]}}, "aggs": {"each": each}}
            answer = self.search(body)["aggregations"]["each"]
            yield from answer["buckets"]
            if "after_key" not in answer:
                return
            composite["after"] = answer["after_key"]

    def each(self, query: Dsl, sort: Sequence[Dsl], after: Sequence[Any] | None, limit: int | None) -> Iterator[Dsl]:
        """Yield the hits of a condition in an order. Batches are requested on demand, for one point in time."""
        body: Dsl = {"query": {"bool": {"filter": [query]}}, "sort": list(sort), "track_total_hits": False}
        left = limit
        pit = None
        try:
            while left is None or left > 0:
                size = BATCH if left is None else min(BATCH, left)
                if pit is None and (left is None or left > BATCH):
                    pit = self._open()
                where = {"pit": {"id": pit, "keep_alive": KEEP_OPEN}} if pit else {}
                request = body | {"size": size} | where | ({"search_after": list(after)} if after is not None else {})
                hits = self.search(request)["hits"]["hits"]
                yield from hits
                if len(hits) < size:
                    return
                after = hits[-1]["sort"]
                left = None if left is None else left - len(hits)
        finally:
            if pit:
                with suppress(Exception):  # it expires anyway
                    self.client.delete_pit(body={"pit_id": [pit]})

    def firsts(self, field: str, query: Dsl, sort: Sequence[Dsl], limit: int | None) -> Iterator[Dsl]:
        """Yield the first hit with each value of a field, in an order. Batches are requested on demand."""
        size = BATCH if limit is None else min(BATCH, limit)
        where: Dsl = {"bool": {"filter": [query, {"exists": {"field": field}}]}}
        body: Dsl = {"query": where, "sort": list(sort), "collapse": {"field": field}, "track_total_hits": False}
        for start in count(0, size):
            hits = self.search(body | {"from": start, "size": size})["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return

    def _open(self) -> str:
        with client_errors(self.place):
            return str(self.client.create_pit(index=self.entries, params={"keep_alive": KEEP_OPEN})["pit_id"])


def batches(items: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """Split items into batches."""
    return (items[start : start + most] for start in range(0, len(items), most))


def literally(text: str) -> str:
    """Escape a text for a regular expression of Lucene."""
    return "".join(f"\\{letter}" if not letter.isalnum() else letter for letter in text)
