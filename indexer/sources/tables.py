"""The tables of an archive, and their state."""

from __future__ import annotations

from pathlib import Path

from indexer.sources.archive import FIRST_TABLES, REDIRECTS, Archive
from indexer.sources.folders import SHIPPED

TABLES = ("newsletters.toml", "links.toml", REDIRECTS)
OWN = "newsletters/*/newsletter.toml"
State = tuple[tuple[str, int, int], ...]


def tables_of(archive: Archive) -> list[Path]:
    """Return the tables of an archive except the corrections."""
    places = [archive.table(name) for name in TABLES] + [archive.folder / name for name in FIRST_TABLES]
    places += [place for folder in archive.profile_folders() for place in (folder, folder / "facts")]
    tables = [path for place in places for path in (sorted(place.glob("*.t*")) if place.is_dir() else [place])]
    shipped = sorted(SHIPPED.glob(OWN)) if archive.folder != SHIPPED else []
    tables = [path for path in (*tables, *shipped, *sorted(archive.folder.glob(OWN))) if path.exists()]
    return tables + [path for path in (archive.outcomes, archive.data / REDIRECTS) if path.is_file()]


def state_of_tables(archive: Archive) -> State:
    """Return the path, time and size of each table, to notice that one has changed."""
    held = [(path, path.stat()) for path in (*tables_of(archive), *archive.corrections_files)]
    return tuple((str(path), about.st_mtime_ns, about.st_size) for path, about in held)
