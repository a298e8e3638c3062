"""Archives for tests: generated issues with the shipped tables, and everything in their index."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from indexer.build.builder import build
from indexer.model import IssueKey
from indexer.query.query import Query
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.index import Index, open_index
from indexer.storage.schema import EXACT, SEARCHED, TEXT_FIELDS
from tests.conftest import SHIPPED

ISSUE = """---
newsletter: bpf-updates
number: {number}
title: "BPF Updates {number}"
date: 2017-08-{number:02d}
edition: retold
---

## Projects

#### [{title}](https://example.org/{number})

Made for a test: {title} and more.
"""


IN_A_BUILD = """
import sys
from pathlib import Path
from indexer.build.publish import building
with building(Path(sys.argv[1])) as fresh:
    (fresh / "half").write_text("written")
    print("building", flush=True)
    sys.stdin.read()
"""


def linked(folder: Path, tmp_path: Path) -> Path:
    """Return a copy of a data folder that shares its files, which are replaced but never changed."""
    return Path(shutil.copytree(folder, tmp_path / "data", copy_function=os.link))


def small(folder: Path, *titles: str) -> Archive:
    """Return an archive with the shipped tables and one generated issue for each title."""
    shutil.copytree(SHIPPED, folder / "archive", ignore=shutil.ignore_patterns("bpf-updates"))
    (folder / "archive" / "bpf-updates").mkdir()
    made = Archive(folder / "archive", folder / "data")
    for number, title in enumerate(titles, 1):
        put_issue(made, number, title)
    return made


def little(folder: Path, *titles: str) -> Archive:
    """Return a small archive with few facts, because a site has a page for each name in a table."""
    archive = small(folder, *titles)
    for table in ("features", "helpers", "map-types", "program-types", "names"):
        path = archive.folder / "profiles" / "linux" / "facts" / f"{table}.tsv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = (line for line in lines if "\tv4.15\t" in line or "\tv" not in line or "\tversion" in line)
        path.write_text("".join(kept), encoding="utf-8")
    return archive


def built(folder: Path, *titles: str) -> Archive:
    """Return such an archive with an index."""
    made = small(folder, *titles)
    build(made)
    return made


def put_issue(archive: Archive, number: int, title: str) -> None:
    path = archive.folder / "bpf-updates" / f"{number:02d}.md"
    path.write_text(ISSUE.format(number=number, title=title), encoding="utf-8")


def found(archive: Archive, text: str) -> list[str]:
    """Return the titles that a search finds."""
    with closing(open_index(archive.data)) as index:
        return [hit.record["title"] for hit in Searcher(index).search(Query(text)).hits]


PATCHES = """
## Patches

* [{series}](https://example.org/{number}) by Ada Byron
* [PATCH net] fix number {number} of the {word} by Grace Hopper
"""


def contents(index: Index) -> dict[str, Any]:
    """Return everything that can be asked of an index."""
    held: dict[str, Any] = {"records": [index.stored(doc) for doc in range(index.size)], "days": index.days.tolist()}
    for field in {*SEARCHED, *EXACT}:
        for term in index.vocabulary(field):
            postings = index.postings(field, term)
            assert postings, (field, term)
            held[f"{field}:{term}"] = (postings.ids.tolist(), postings.weights.tolist())
            if field in TEXT_FIELDS:
                held[f"@{term}"] = index.places((term,)).tolist()
    for field in SEARCHED:
        lengths, mean = index.lengths(field)
        held[f"{field} lengths"] = (lengths.tolist(), round(mean, 6))
    return held


def contents_of(archive: Archive) -> dict[str, Any]:
    with closing(open_index(archive.data)) as index:
        return contents(index)


def contents_anew(archive: Archive) -> dict[str, Any]:
    """Return the contents of a newly built index of the same issues."""
    with tempfile.TemporaryDirectory() as folder:
        anew = Archive(archive.folder, Path(folder))
        if archive.originals.is_dir():
            shutil.copytree(archive.originals, anew.originals)
        build(anew)
        return contents_of(anew)


def text_of(number: int, variant: int) -> str:
    """Return the text of a generated issue. Its first patch is a version of one series across the issues."""
    series = f"[PATCH net-next v{number + variant}] one series told over issues"
    word = ("verifier", "sockmap", "cgroup", "tracing", "xdp")[variant]
    return ISSUE.format(number=number, title=f"tool {word}") + PATCHES.format(series=series, number=number, word=word)


def edit(archive: Archive, what: str, number: int, variant: int) -> None:
    path = archive.folder / "bpf-updates" / f"{number:02d}.md"
    if what == "write":
        path.write_text(text_of(number, variant), encoding="utf-8")
    elif what == "remove":
        path.unlink(missing_ok=True)
    else:
        text = text_of(number, variant).replace("edition: retold\n", "").replace("tool", "original tool")
        archive.put_original(IssueKey("bpf-updates", number), text.encode(), ".md")


HOSTILE = """---
newsletter: bpf-updates
number: 1
title: "BPF Updates <script>alert(0)</script> 1"
date: 2017-08-01
edition: retold
---

## Projects

#### [A `<script>alert(1)</script>` tool](javascript:alert(2))

See [more](javascript:alert(3)), [data](data:text/html,x) and [a page](https://example.org/"onmouseover="alert(4))
with `<img src=x onerror=alert(5)>` beside.

## Patches

- Anna &lt;img src=x onerror=alert&gt;, [[PATCH net-next] bpf: `"><svg onload=alert(6)>` fix](JaVaScript:alert(7))
"""
