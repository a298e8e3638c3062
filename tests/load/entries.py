"""The entries as an SQLite database with FTS5 for Datasette, from the output of `backissue export`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from indexer.sources.archive import Archive
from tests.faults.stage import must, run

COLUMNS = ("id", "title", "kind", "issue", "date", "author", "body", "kernel", "topics", "original_url")
SEARCHED = ("title", "body", "author")
# The same words and shares as of our searches; both count facets over all that is found.
FACETS = "_facet=kind&_facet=issue&_facet_array=kernel&_facet_array=topics"
SEARCHES: Mapping[str, int] = {
    f"/entries/entries?_search={{w}}&{FACETS}&_size=20": 60,
    f"/entries/entries.json?_search={{w}}&{FACETS}&_size=10": 40,
}


def database(archive: Archive, path: Path) -> int:
    """Write the database and return the number of entries."""
    exported = run(archive, "export")
    must(exported.status == 0, f"export said {exported.err}")
    records = [json.loads(line) for line in exported.out.splitlines()]
    with closing(sqlite3.connect(path)) as made, made:
        made.execute(f"CREATE TABLE entries ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
        rows = [[cell(record, column) for column in COLUMNS] for record in records]
        made.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * len(COLUMNS))})", rows)  # noqa: S608
        made.execute(f"CREATE VIRTUAL TABLE entries_fts USING fts5({', '.join(SEARCHED)}, content=entries)")
        made.execute("INSERT INTO entries_fts (entries_fts) VALUES ('rebuild')")
    return len(records)


def cell(record: Mapping[str, object], column: str) -> object:
    """Return a value for SQLite: lists as JSON, versions as their names."""
    value = record[column]
    if isinstance(value, list):
        return json.dumps(sorted({each["version"] if isinstance(each, dict) else each for each in value}))
    return value
