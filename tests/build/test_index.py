"""The index: built next to the old one, published atomically, and read back as written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from threading import Event, Thread

import pytest
from whoosh import index as whoosh_index
from whoosh.query import Term
from whoosh.scoring import BM25F

from indexer.build.builder import build
from indexer.errors import BackissueError, BadArchive, IndexLocked, IndexMissing, NotFound
from indexer.ingest import parse
from indexer.model import Block, Correction, Entry, IssueKey, Link, Name, Outcome, Span, Version
from indexer.query.query import Query
from indexer.records import from_stored, to_record, to_stored
from indexer.search.page import Searcher
from indexer.search.scoring import FIELD_B
from indexer.sources.archive import Archive
from indexer.storage.generations import CHECKED, check_contents, checksum
from indexer.storage.index import Index, open_index
from indexer.storage.schema import SEARCHED
from tests.archives import IN_A_BUILD, ISSUE, found, put_issue, small
from tests.conftest import SHIPPED


def folders(archive: Archive) -> list[str]:
    return sorted(path.name.partition("-")[0] for path in (archive.data / "index").iterdir() if path.is_dir())


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Return another process that is building in tmp_path/data until its input ends."""
    command = [sys.executable, "-c", IN_A_BUILD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "building\n"
        yield process
        process.kill()


def test_an_index_holds_every_entry_of_the_archive(tmp_path: Path) -> None:
    built = build(small(tmp_path, "first tool", "second tool"))
    with closing(open_index(tmp_path / "data")) as index:
        assert (built.issues, built.entries, index.size) == (2, 2, 2)
        assert list(index.issues) == ["bpf-updates/1", "bpf-updates/2"]


def test_a_source_that_cannot_be_read_is_a_problem_and_the_others_are_indexed(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    (archive.folder / "bpf-updates" / "02.md").write_bytes(b"")
    built = build(archive)
    assert [problem.where for problem in built.problems] == ["bpf-updates/02.md"]
    assert found(archive, "tool") == ["first tool"]


def test_an_original_is_indexed_instead_of_the_retold_issue(tmp_path: Path) -> None:
    archive = small(tmp_path, "retold tool")
    original = ISSUE.format(number=1, title="original tool").replace("edition: retold\n", "")
    archive.put_original(IssueKey("bpf-updates", 1), original.encode(), ".md")
    build(archive)
    assert found(archive, "tool") == ["original tool"]


def test_a_build_that_fails_leaves_the_old_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "old tool")
    build(archive)
    (archive.folder / "profiles" / "linux" / "facts" / "names.tsv").write_text("ragged\ttable\nrow\n", encoding="utf-8")
    with pytest.raises(BadArchive, match=r"names\.tsv"):
        build(Archive(archive.folder, archive.data))
    assert found(archive, "tool") == ["old tool"]
    assert folders(archive) == ["generation"]


def test_a_build_that_is_interrupted_leaves_the_old_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "old tool", "new tool")
    build(archive)

    def interrupt(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(archive, interrupt)
    assert len(found(archive, "tool")) == 2
    assert folders(archive) == ["generation"]


def test_an_id_that_changed_is_still_searched_for(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    with (archive.folder / "redirects.tsv").open("a", encoding="utf-8") as file:
        file.write("bpf-updates/1/an-old-name\tbpf-updates/1/a-tool\n")
    build(archive)
    assert found(archive, "id:bpf-updates/1/an-old-name") == ["a tool"]


def test_a_first_build_that_fails_leaves_no_index(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    (archive.folder / "newsletters.toml").write_text("not = [toml", encoding="utf-8")
    with pytest.raises(BadArchive, match=r"newsletters\.toml"):
        build(archive)
    with pytest.raises(IndexMissing):
        open_index(archive.data)


def test_an_open_index_stays_complete_when_a_new_one_is_published(tmp_path: Path) -> None:
    archive = small(tmp_path, "old tool")
    build(archive)
    with closing(open_index(archive.data)) as before:
        put_issue(archive, 1, "new tool")
        build(archive)
        assert [hit.record["title"] for hit in Searcher(before).search(Query("tool")).hits] == ["old tool"]
        assert found(archive, "tool") == ["new tool"]


def test_a_reader_finds_a_complete_index_at_any_moment_of_a_build(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    build(archive)
    done, wrong = Event(), []

    def read() -> None:
        while not done.is_set():
            try:
                with closing(open_index(archive.data)) as index:
                    wrong.extend([] if index.size == 1 else [f"{index.size} entries"])
            except BackissueError as error:
                wrong.append(str(error))

    reader = Thread(target=read)
    reader.start()
    for _ in range(25):
        build(archive)
    done.set()
    reader.join()
    assert wrong == []


def test_while_another_process_builds_a_build_is_refused_with_what_to_do(
    tmp_path: Path, builder: subprocess.Popen[str]
) -> None:
    with pytest.raises(IndexLocked, match=r"Another process is building the index\. Wait"):
        build(small(tmp_path, "tool"))


def test_the_lock_ends_with_the_process_that_held_it(tmp_path: Path, builder: subprocess.Popen[str]) -> None:
    builder.kill()
    builder.wait()
    assert build(small(tmp_path, "tool")).entries == 1


def test_the_next_build_removes_what_a_crashed_one_left(tmp_path: Path, builder: subprocess.Popen[str]) -> None:
    builder.kill()
    builder.wait()
    archive = small(tmp_path, "tool")
    assert folders(archive) == ["building"]
    build(archive)
    assert folders(archive) == ["generation"]


def test_the_next_build_removes_an_unpublished_generation(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    build(archive)
    (archive.data / "index" / "generation-20170801-000000-abcdef").mkdir()
    (archive.data / "index" / ".writing-half").write_text("generation-2017")
    assert found(archive, "tool") == ["tool"]
    build(archive)
    assert folders(archive) == ["generation"]
    assert not (archive.data / "index" / ".writing-half").exists()


def test_a_missing_index_is_reported_with_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match=r"There is no index yet\. Run backissue index"):
        open_index(tmp_path)


def test_an_index_of_another_version_counts_as_missing(tmp_path: Path) -> None:
    build(small(tmp_path, "tool"))
    (about,) = (tmp_path / "data" / "index").glob("*/about.json")
    about.write_text(json.dumps(json.loads(about.read_text()) | {"format": 0}))
    (about.parents[1] / "current").write_text(f"{about.parent.name} {checksum(about)}")
    with pytest.raises(IndexMissing, match=r"another version of backissue\. Run backissue index"):
        open_index(tmp_path / "data")


def test_an_index_with_an_extra_file_is_damaged(tmp_path: Path) -> None:
    build(small(tmp_path, "tool"))
    (toc,) = (tmp_path / "data" / "index").glob("*/*.toc")
    shutil.copyfile(toc, toc.with_name("_MAIN_99.toc"))  # Whoosh would open the one with the highest number
    with pytest.raises(IndexMissing, match=r"damaged: its files do not match its list of files\. Run backissue index"):
        open_index(tmp_path / "data")


@pytest.mark.parametrize("garbage", [b"", b"\xff\xfe\x00garbage", b"[]", b"null", b'{"format": 1}', b"{"])
@pytest.mark.parametrize("file", ["current", "*/about.json"])
def test_an_index_with_garbage_files_counts_as_missing(tmp_path: Path, file: str, garbage: bytes) -> None:
    build(small(tmp_path, "tool"))
    (path,) = (tmp_path / "data" / "index").glob(file)
    path.write_bytes(garbage)
    with pytest.raises(IndexMissing, match="Run backissue index"):
        open_index(tmp_path / "data")


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("pattern", ["*/*.seg", "*/*.rec", "*/entries.map", "*/*.toc"])
def test_a_truncated_index_counts_as_missing(tmp_path: Path, pattern: str, kept: float) -> None:
    build(small(tmp_path, "first tool", "second tool"))
    (path,) = (tmp_path / "data" / "index").glob(pattern)
    held = path.read_bytes()
    path.write_bytes(held[: int(len(held) * kept)])
    with pytest.raises(IndexMissing, match="Run backissue index"):
        found(Archive(SHIPPED, tmp_path / "data"), "tool")


def spoil(path: Path, at: float) -> None:
    """Change some bytes of a file without changing its size."""
    held = bytearray(path.read_bytes())
    start = int(len(held) * at)
    held[start : start + 8] = bytes(byte ^ 0xFF for byte in held[start : start + 8])
    path.write_bytes(held)


@pytest.mark.parametrize("at", [0.05, 0.25, 0.5, 0.75, 0.95])
@pytest.mark.parametrize("pattern", ["*/*.seg", "*/*.rec", "*/*.toc"])
def test_an_index_with_damaged_bytes_counts_as_missing_after_an_unclean_stop(
    tmp_path: Path, pattern: str, at: float
) -> None:
    build(small(tmp_path, "first tool", "second tool"))
    (path,) = (tmp_path / "data" / "index").glob(pattern)
    spoil(path, at)
    (tmp_path / "data" / "index" / CHECKED).write_text(f"{path.parent.name} another start of the machine")
    with pytest.raises(IndexMissing, match=f"damaged: the contents of {path.name} have changed. Run backissue index"):
        open_index(tmp_path / "data")


def test_a_verified_index_is_not_read_again_when_it_is_opened(tmp_path: Path) -> None:
    build(small(tmp_path, "tool"))
    marker = tmp_path / "data" / "index" / CHECKED
    first = marker.read_text()
    marker.write_text("another generation")
    open_index(tmp_path / "data").close()
    assert marker.read_text() == first


def test_the_next_build_does_not_reuse_damaged_parts(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    (path,) = (archive.data / "index").glob("*/*.toc")
    spoil(path, 0.5)
    assert build(archive).parsed == 2
    assert build(archive).parsed == 0


def test_the_next_build_does_not_reuse_damage_that_a_check_found(tmp_path: Path) -> None:
    archive = small(tmp_path, "first tool", "second tool")
    build(archive)
    index = open_index(archive.data)
    (path,) = (archive.data / "index").glob("*/*.seg")
    spoil(path, 0.5)
    with pytest.raises(IndexMissing, match="have changed"):
        check_contents(index.folder, index.metadata)
    assert build(archive).parsed == 2
    assert build(archive).parsed == 0


def test_a_garbage_index_is_replaced_by_the_next_build(tmp_path: Path) -> None:
    archive = small(tmp_path, "tool")
    build(archive)
    (archive.data / "index" / "current").write_bytes(b"\xff\xfe\x00garbage")
    build(archive)
    assert found(archive, "tool") == ["tool"]


def test_every_entry_is_read_from_the_index_as_it_was_parsed(archive: Archive, index: Index) -> None:
    source = archive.retold()[IssueKey("bpf-updates", 13)]
    (issue,) = parse(source.path.read_bytes(), source.path.name, archive)
    for entry in issue.entries:
        held, _ = index.entry(entry.id)
        # The series of a patch, and the outcome of that series, are known only after all issues are parsed.
        unknown = {"series": None, "version": None, "outcome": None}
        assert replace(held, **unknown) == replace(entry, **unknown)


def test_an_entry_with_every_field_round_trips_through_json() -> None:
    entry = Entry(
        newsletter="news", issue=7, n=3, id="news/7/a", locator="a b c d", kind="patch", title="Title", body="Body",
        url="https://x.org", author="Ö", people=("Ann A.",), section=("S", "T"), parent="news/7/p", tree="net",
        series="news/7/p", version=2, identifiers=("bpf_x",), helpers=("bpf_y",), topics=("xdp", "maps"),
        names=(Name("bpf_xs", "bpf_x", "why"),),
        facet="kernel", versions=(Version("v4.15", "landed", "commit 1", "https://k.org"), Version("v4.16", "issue")),
        outcome=Outcome("news/7/a", "merged", "1" * 40, "linux", "v4.15", "log", "A"),
        corrections=(Correction("title", "A title", "why"),),
        links=(Link("https://x.org", "https://y.org", "https://z.org", "news/6"), Link("mailto:x@y", "", "")),
        blocks=(Block("bullet", "Body", 2, (Span(0, 4, "link", "u"), Span(1, 2, "code")), 9, 1),), line=12,
        original_url="https://o.org", source_url="https://s.org", archived_url="https://a.org",
    )  # fmt: skip
    assert all(getattr(entry, each.name) != each.default for each in fields(Entry))
    assert from_stored(json.loads(json.dumps(to_stored(entry)))) == entry


def test_a_record_is_json_and_holds_no_blocks(index: Index) -> None:
    record = to_record(from_stored(index.stored(0)))
    assert json.loads(json.dumps(record)) == record
    assert "blocks" not in record


def test_an_unknown_entry_is_reported(index: Index) -> None:
    with pytest.raises(NotFound, match="'bpf-updates/99/nothing'"):
        index.entry("bpf-updates/99/nothing")


def test_the_entries_of_an_issue_come_in_reading_order(index: Index) -> None:
    entries = index.entries_of("bpf-updates/13")
    assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry.issue for entry in entries} == {13}


@pytest.mark.parametrize("field", SEARCHED)
def test_scores_are_those_of_whoosh(index: Index, searcher: Searcher, field: str) -> None:
    vocabulary = index.vocabulary(field)
    by_holders = sorted(vocabulary, key=lambda term: -len(searcher.scorer.impacts(field, term)[0]))
    # Whoosh's constants, except for fields in which length does not count here.
    weighting = BM25F(**{f"{name}_B": b for name, b in FIELD_B.items()})
    with whoosh_index.open_dir(index.folder, readonly=True).searcher(weighting=weighting) as reference:
        for term in {*by_holders[:5], *vocabulary[:: max(1, len(vocabulary) // 25)]}:
            theirs = {hit.docnum: hit.score for hit in reference.search(Term(field, term), limit=None)}
            ids, scores = searcher.scorer.impacts(field, term)
            assert dict(zip(ids.tolist(), scores.tolist(), strict=True)) == pytest.approx(theirs, abs=1e-3), term


def test_values_are_computed_while_postings_are_decoded(index: Index) -> None:
    def made(index: Index) -> bool:
        reader = Thread(target=index.postings, args=("body", "nosuchterm at all"), daemon=True)
        reader.start()
        reader.join(120)
        return not reader.is_alive()

    assert index.once(made)


def test_an_unknown_term_has_no_postings(index: Index) -> None:
    assert index.postings("body", "nosuchterm") is None


def test_postings_are_the_documents_that_whoosh_gives(index: Index) -> None:
    with whoosh_index.open_dir(index.folder, readonly=True).reader() as reader:
        for term in ("bpf", "xdp", "patch", "net"):
            postings = index.postings("body", term)
            assert postings
            assert postings.ids.tolist() == list(reader.postings("body", term).all_ids())


def test_terms_with_a_prefix_are_bounded_and_all_begin_with_it(index: Index) -> None:
    few, all_of_them = index.with_prefix("names", "bpf_", 5), index.with_prefix("names", "bpf_", 100_000)
    assert len(few) == 5
    assert all_of_them == [term for term in index.vocabulary("names") if term.startswith("bpf_")]
