"""Archives of newsletters of other fields: a neutral one, one about Rust, and both together."""

from __future__ import annotations

from pathlib import Path

from indexer.build.builder import build
from indexer.sources.archive import Archive

GARDEN = """---
title: "Garden Notes {number}"
date: 2021-0{number}-11
---

## Reading

- [Pruning apple trees in winter](https://example.org/pruning/{number}), from Ada Lovelace
- [A garden planner](https://github.com/example/planner)
- [Compost for beginners](https://www.youtube.com/watch?v=compost{number})
- [Sort seeds by name](https://github.com/example/planner/pull/1{number})
- [Planner 2.{number}](https://github.com/example/planner/releases/tag/v2.{number})
- [Autumn fair](https://www.meetup.com/gardeners/events/{number})

## Tools

- [A quieter mower](https://example.org/mower/{number})
"""
GARDEN_TABLE = """
name = "Garden Notes"
home = "https://example.org/"
files = ['^garden-(?P<number>\\d+)']
groups = ["reading"]

[sections]
"tools" = "project"
"""
CRATES = """---
title: "Crate Weekly {number}"
date: 2021-0{number}-13
---

## Updates

- [Announcing Rust 1.5{number}.0](https://blog.example.org/rust-1.5{number})
- [A crate for parsing dates](https://github.com/example/dates)
- [What async means](https://example.org/async/{number}), needs Rust 1.49 or newer
"""
CRATES_TABLE = """
name = "Crate Weekly"
profile = "rust"
files = ['^crates-(?P<number>\\d+)']
groups = ["updates"]
"""
# This is the example of docs/newsletters.md; `tests/docs` holds that both are the same.
RUST = """\
name = "Rust"

[version]
id = "rust"
label = "Rust version"
title = "Rust {version}"
names = ["rust", "rustc"]
before = '\\b(?:rust|rustc|toolchain)(?: version)?\\s*(?:>=)?\\s*$'
after = '^\\s*(?:is out|toolchain)\\b'
release_url = "https://github.com/rust-lang/rust/releases/tag/{version}.0"
examples = ["1.50", "1.49..1.51", ">=1.50"]

[version.releases]
"1.49" = 2020-12-31
"1.50" = 2021-02-11
"1.51" = 2021-03-25
"1.52" = 2021-05-06

[examples]
placeholder = 'words, "phrases", rust:1.50'
"""


def put(folder: Path, newsletter: str, table: str, issues: dict[str, str]) -> None:
    """Write a newsletter with its table to an archive folder."""
    place = folder / "newsletters" / newsletter
    place.mkdir(parents=True)
    (place / "newsletter.toml").write_text(table, encoding="utf-8")
    for name, text in issues.items():
        (place / name).write_text(text, encoding="utf-8")


def garden(folder: Path) -> Archive:
    """Return an indexed archive of a newsletter without a profile."""
    put(folder, "garden-notes", GARDEN_TABLE, {f"{n}.md": GARDEN.format(number=n) for n in (1, 2, 3)})
    return indexed(folder)


def crates(folder: Path) -> Archive:
    """Return an indexed archive with an additional newsletter and its own profile."""
    put(folder, "garden-notes", GARDEN_TABLE, {f"{n}.md": GARDEN.format(number=n) for n in (1, 2)})
    put(folder, "crate-weekly", CRATES_TABLE, {f"{n}.md": CRATES.format(number=n) for n in (1, 2)})
    (folder / "profiles" / "rust").mkdir(parents=True)
    (folder / "profiles" / "rust" / "profile.toml").write_text(RUST, encoding="utf-8")
    return indexed(folder)


def indexed(folder: Path) -> Archive:
    made = Archive(folder, folder / "data")
    built = build(made)
    assert built.problems == ()
    return made
