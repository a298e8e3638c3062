"""Whoosh's own reader with the codec agrees with the mapped arrays."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh.query import And, Phrase, Prefix, Term

from indexer.build.builder import build
from indexer.sources.archive import Archive
from indexer.storage.index import PLACE_BITS, Index, open_index
from indexer.storage.schema import EXACT, SEARCHED, TEXT_FIELDS
from indexer.storage.spelling import SHORTEST, SPELT_FIELDS
from tests.archives import put_issue, small


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Open an index of several segments, one of them with deleted entries."""
    archive = small(tmp_path_factory.mktemp("changed"), "first tool", "second tool", "third tool", "fourth tool")
    build(archive)
    for number, title in ((5, "fifth tool"), (2, "another tool"), (6, "sixth tool")):
        put_issue(archive, number, title)
        build(archive)
    with closing(open_index(archive.data)) as index:
        yield index


@pytest.mark.parametrize("field", [*SEARCHED, *EXACT])
def test_whoosh_finds_the_same_documents_for_each_term_as_the_arrays(index: Index, field: str) -> None:
    with whoosh_index.open_dir(index.folder, readonly=True).reader() as reader:
        assert [term.decode() for term in reader.lexicon(field)] == list(index.vocabulary(field))
        for term in index.vocabulary(field)[::7]:
            matcher, held = reader.postings(field, term), index.postings(field, term)
            assert held
            assert list(matcher.all_ids()) == held.ids.tolist(), term
            matcher = reader.postings(field, term)
            assert [weight for _, weight in weights(matcher)] == held.weights.tolist(), term


def weights(matcher: object) -> Iterator[tuple[int, float]]:
    while matcher.is_active():  # type: ignore[attr-defined]
        yield matcher.id(), matcher.weight()  # type: ignore[attr-defined]
        matcher.next()  # type: ignore[attr-defined]


def test_whoosh_reads_the_same_positions_as_the_arrays(index: Index) -> None:
    with whoosh_index.open_dir(index.folder, readonly=True).reader() as reader:
        for term in index.vocabulary("body")[::25]:
            matcher, theirs = reader.postings("body", term), []
            while matcher.is_active():
                theirs += [(matcher.id(), place) for place in matcher.value_as("positions")]
                matcher.next()
            keys = [key for key in index.places((term,)).tolist() if key >> 28 & 15 == TEXT_FIELDS.index("body")]
            assert theirs == [(key >> PLACE_BITS, key & (1 << 28) - 1) for key in keys], term


def test_whoosh_leaves_out_deleted_entries_as_our_reader_does(changed: Index) -> None:
    opened = whoosh_index.open_dir(changed.folder, readonly=True)
    assert len(opened.reader().leaf_readers()) > 1
    with opened.searcher() as searcher:
        for term in ("tool", "another", "second", "sixth", "first"):
            theirs = len(searcher.search(Term("body", term), limit=None))
            held = changed.postings("body", term)
            assert theirs == (len(held.ids) if held else 0), term


def test_whoosh_searches_phrases_and_beginnings_through_the_codec(index: Index) -> None:
    with whoosh_index.open_dir(index.folder, readonly=True).searcher() as searcher:
        both = searcher.search(And([Term("body", "bpf"), Term("body", "map")]), limit=None).docs()
        bpf, maps = index.postings("body", "bpf"), index.postings("body", "map")
        assert bpf
        assert maps
        assert set(both) == set(bpf.ids.tolist()) & set(maps.ids.tolist())
        assert set(searcher.search(Phrase("body", ["bpf", "map"]), limit=None).docs()) <= set(both)
        begun = set(searcher.search(Prefix("body", "sockm"), limit=None).docs())
        assert begun == set(index.marked("body", index.with_prefix("body", "sockm", 100)).nonzero()[0].tolist())


def test_the_values_of_an_index_of_several_segments_are_those_of_its_entries(changed: Index) -> None:
    values = changed.values("issue")
    for doc in range(changed.size):
        record = changed.stored(doc)
        assert values.of(doc) == [f"{record['newsletter']}/{record['issue']}"]
    assert values.counts(changed.all) == dict.fromkeys(changed.issues, 1)
    assert list(values.totals) == [1] * len(values.names)


def test_the_heading_of_an_entry_is_the_id_and_title_of_its_record(index: Index, changed: Index) -> None:
    for each in (index, changed):
        records = [each.stored(doc) for doc in range(each.size)]
        assert [each.heading(doc) for doc in range(each.size)] == [(made["id"], made["title"]) for made in records]


def test_words_within_an_edit_distance_are_among_the_candidates(index: Index) -> None:
    from rapidfuzz.distance import OSA

    spelt = {
        term
        for field in SPELT_FIELDS
        for term in index.vocabulary(field)
        if len(term) >= SHORTEST and term.isascii() and "." not in term
    }
    for word in (*sorted(spelt)[::150], "redirct", "verifeir", "bpf", "socketss", "q" * 100):
        near = {term for term in spelt if OSA.distance(word, term) <= 2}
        found = index.alike(word, 2)
        assert near <= set(found) <= spelt, word
        assert found == sorted(found)
        assert all(abs(len(term) - len(word)) <= 2 for term in found), word


def test_reading_an_index_loads_no_pickle_and_no_whoosh_index(archive: Archive) -> None:
    import subprocess

    program = (
        "import sys, pickle; pickle.load = pickle.loads = pickle.Unpickler = None\n"
        "from pathlib import Path; from indexer.storage.index import open_index\n"
        f"index = open_index(Path({str(archive.data)!r})); index.stored(0); index.postings('body', 'bpf')\n"
        "print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert (
        set(ran.stdout.split()) & {"whoosh.index", "whoosh.reading", "whoosh.writing", "whoosh.fields", "whoosh.util"}
        == set()
    )


def test_each_file_of_an_index_is_listed_with_its_size(archive: Archive, index: Index) -> None:
    listed = {name: size for name, (size, _) in index.metadata["files"].items()}
    held = {path.name: path.stat().st_size for path in Path(index.folder).iterdir() if path.name in listed}
    assert listed == held
    assert {Path(name).suffix for name in listed} == {".seg", ".rec", ".map", ".toc", ".json"}


def test_the_entries_with_a_term_are_counted_for_each_field_without_deleted_ones(changed: Index) -> None:
    terms = {term for field in SEARCHED for term in changed.vocabulary(field)}
    for term in {*terms, "second", "absent"}:
        found = {field: changed.postings(field, term) for field in SEARCHED}
        assert changed.counts_of(term) == {field: len(held.ids) for field, held in found.items() if held}, term
