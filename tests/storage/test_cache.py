"""The cache is bounded, and computes each value once."""

from __future__ import annotations

from threading import Thread

from indexer.query.query import Query
from indexer.search.expansion import MOST_RESOLVED
from indexer.search.page import Searcher
from indexer.search.scoring import MOST_IMPACTS, cache_size
from indexer.storage.cache import BOOKKEEPING, LRU, PART
from indexer.storage.index import Index


def test_the_least_recently_used_value_is_dropped_first() -> None:
    kept: LRU[str] = LRU(2 * (10 + 1 + PART + BOOKKEEPING), len)
    for key in "abac":
        kept.get(key, lambda key=key: key * 10)
    assert kept.get("a", lambda: "made again") == "a" * 10
    assert kept.get("b", lambda: "made again") == "made again"


def test_values_without_weight_are_bounded_too() -> None:
    kept: LRU[None] = LRU(10 * (PART + BOOKKEEPING), lambda _: 0)
    for key in range(1_000):
        kept.get(key, lambda: None)
    assert len(kept) == 10


def test_a_value_beyond_the_limit_is_cached_until_the_next() -> None:
    kept: LRU[str] = LRU(5, len)
    assert kept.get("a", lambda: "long enough") == "long enough"
    assert len(kept) == 1


def test_values_computed_outside_are_stored_once_and_bounded() -> None:
    kept: LRU[str] = LRU(2 * (1 + 1 + PART + BOOKKEEPING), len)
    assert kept.find("a") is None
    for key, value in ("a", "1"), ("a", "2"), ("b", "3"):
        kept.put(key, value)
    assert kept.find("a") == "1"
    kept.put("c", "4")
    assert [kept.find(key) for key in "abc"] == ["1", None, "4"]


def test_concurrent_callers_compute_a_value_once() -> None:
    kept: LRU[int] = LRU(1_000, lambda _: 1)
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return sum(range(20_000))

    threads = [Thread(target=lambda: kept.get("key", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_thousands_of_unknown_words_use_bounded_memory(index: Index) -> None:
    searcher = Searcher(index)
    for number in range(3_000):
        searcher.find(Query(f"zq{number}xw{number}"))
    kept = searcher.words._resolved  # noqa: SLF001
    assert kept.held <= kept.most
    assert len(kept) <= kept.most // BOOKKEEPING


def test_caches_of_terms_grow_with_the_index_up_to_50_megabytes(index: Index) -> None:
    words = Searcher(index).words
    caches = (words._resolved.most, words._phrases.most, words.scorer._impacts.most)  # noqa: SLF001
    for least, most in zip((MOST_RESOLVED, MOST_RESOLVED, MOST_IMPACTS), caches, strict=True):
        assert most == cache_size(least, index.size)
        assert most < cache_size(least, 200_000) < cache_size(least, 50_000_000) < 50_000_000 / 8
