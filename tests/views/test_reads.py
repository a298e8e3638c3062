"""Lists read only the entries that they show, not those that they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from indexer.engines.local import LocalCatalog, open_catalog
from indexer.model import Block, Division, Entry, Issue, Outcome, Version
from indexer.sources.archive import Archive
from indexer.views.merged_series import merged_series
from tests.bench.writing import write
from tests.conftest import SHIPPED
from webui.app import create_app
from webui.pages import search

SERIES = 12
RELEASES = ("v4.14", "v4.15")


def patches() -> Iterator[Entry]:
    """Yield series of two patches each, of which the second was merged a release later."""
    for number in range(SERIES):
        for n, release in enumerate(RELEASES, 1):
            title = f"[PATCH net-next {n}/2] thing{number}: change part{n}"
            at, person = 2 * number + n, f"Author {number}"
            yield Entry(
                "bpf-updates", 1, at, f"bpf-updates/1/patch-{at}", title, "patch", title, title, author=person,
                people=(person,), facet="kernel", versions=(Version(release, "merged"),),
                outcome=Outcome(str(at), "merged", f"{at:012x}", "linux", release, "a commit", "commit"),
                blocks=(Block("paragraph", title),),
            )  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(SHIPPED, tmp_path_factory.mktemp("merged"))
    issue = Issue(
        "bpf-updates",
        1,
        "An issue",
        datetime(2017, 11, 20, tzinfo=UTC),
        None,
        "retold",
        tuple(patches()),
        Division((), (), ()),
    )
    write(made, [issue])
    return made


@pytest.mark.parametrize(("version", "shown"), [("v4.14", 0), ("v4.15", SERIES)])
def test_a_series_is_read_only_for_the_version_that_has_all_of_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, version: str, shown: int
) -> None:
    read: set[int] = set()
    entry = LocalCatalog.entry

    def counted(catalog: LocalCatalog, doc: int) -> Entry:
        read.add(doc)
        return entry(catalog, doc)

    monkeypatch.setattr(LocalCatalog, "entry", counted)
    found, number = merged_series(open_catalog(archive.data), "kernel", version)
    assert (len(found), number) == (shown, shown)
    assert len(read) == SERIES + shown  # a patch of each, and the other one of those that are shown


def test_names_like_unknown_words_are_looked_up_until_there_are_enough(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def nearest(_: object, word: str, most: int) -> tuple[str, ...]:
        asked.append(word)
        return tuple(f"{word}_{n}" for n in range(most - 1))

    monkeypatch.setattr(search, "nearest_names", nearest)
    page = create_app(archive.data).test_client().get("/?q=zzqa+zzqb+zzqc+zzqd&literal=1").text
    assert asked == ["zzqa", "zzqb"]
    assert "zzqb_0" in page
    assert "zzqb_1" not in page
