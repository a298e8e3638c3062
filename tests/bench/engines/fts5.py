"""SQLite FTS5 as one of the engines: a contentless table, matches gathered once, sets of facet values counted.

Slower with 20,000 entries: a row for each facet value, clustered by entry (3 to 4 times slower to count), EXISTS for
the filters (2 to 10 times, most for common words), and running the query twice instead of using a temporary table.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from indexer.model import Issue
from tests.bench.engine import EVERY_FORM
from tests.bench.nouns import TOP, Answer, Ask, Document, newest_first
from tests.bench.sets import Counter, Sets

FILE = "entries.db"
# title, body, names, author; filters are words without weight
WEIGHTS = "bm25(3.0, 1.0, 4.0, 2.0, 0.0)"
CREATE = f"""
    CREATE TABLE entries (n INTEGER PRIMARY KEY, id TEXT, title TEXT);
    CREATE TABLE held (n INTEGER PRIMARY KEY, facets INTEGER);
    CREATE VIRTUAL TABLE words USING fts5 (
        title, body, names, author, filters,
        content = '', prefix = '3 4 5', tokenize = "porter unicode61 remove_diacritics 2 tokenchars '_'"
    );
    INSERT INTO words (words, rank) VALUES ('rank', '{WEIGHTS}');
"""  # noqa: S608
INSERT = "INSERT INTO words (rowid, title, body, names, author, filters) VALUES (?, ?, ?, ?, ?, ?)"
FINISH = """
    CREATE INDEX by_facets ON held (facets);
    INSERT INTO words (words) VALUES ('optimize');
    ANALYZE;
"""
OPEN = """
    PRAGMA mmap_size = 4000000000;
    PRAGMA cache_size = -262144;
    PRAGMA temp_store = memory;
    CREATE TEMP TABLE hits (n INTEGER PRIMARY KEY, score REAL);
"""
MATCH = "INSERT INTO hits SELECT rowid, rank FROM words WHERE words MATCH ?"
BEST = f"""
    SELECT id, title FROM (SELECT n, score FROM hits ORDER BY score, n LIMIT {TOP}) CROSS JOIN entries USING (n)
    ORDER BY score, n
"""  # noqa: S608
COUNT = "SELECT facets, count(*) FROM hits CROSS JOIN held USING (n) GROUP BY facets"
NEWEST = f"SELECT id, title FROM entries ORDER BY n LIMIT {TOP}"  # noqa: S608
COUNT_ALL = "SELECT facets, count(*) FROM held GROUP BY facets"


class Fts5:
    """A read-only database with a temporary table for the matches of one query."""

    forms = EVERY_FORM - {"fuzzy"}

    def __init__(self, folder: Path) -> None:
        path = f"{(folder / FILE).resolve().as_uri()}?mode=ro&immutable=1"
        self.database = sqlite3.connect(path, uri=True, isolation_level=None)
        self.database.executescript(OPEN)
        self.counter = Counter(folder)

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        sets = Sets()
        database = sqlite3.connect(folder / FILE)
        try:
            database.executescript(CREATE)
            for n, document in enumerate(newest_first(issues), 1):
                database.execute("INSERT INTO entries VALUES (?, ?, ?)", (n, document.id, document.title))
                database.execute("INSERT INTO held VALUES (?, ?)", (n, sets.of(document)))
                database.execute(INSERT, (n, *texts(document)))
            database.commit()
            database.executescript(FINISH)
        finally:
            database.close()
        sets.write(folder)

    @staticmethod
    def version() -> str:
        return sqlite3.sqlite_version

    def ask(self, ask: Ask) -> Answer:
        if ask.form == "browse":
            return self.answer(NEWEST, COUNT_ALL)
        self.database.execute("DELETE FROM hits")
        self.database.execute(MATCH, (matching(ask),))
        return self.answer(BEST, COUNT)

    def answer(self, best: str, count: str) -> Answer:
        hits = self.database.execute(best).fetchall()
        total, facets = self.counter.counts(self.database.execute(count))
        return Answer(tuple(hit[0] for hit in hits), tuple(hit[1] for hit in hits), total, facets)

    def close(self) -> None:
        self.database.close()


def texts(document: Document) -> tuple[str, ...]:
    """Return the columns of a document."""
    filters = [token(*pair) for pair in document.pairs()]
    return document.title, document.body, " ".join(document.names), document.author, " ".join(filters)


def token(facet: str, value: str) -> str:
    """Return the token for a filter value."""
    return f"{facet}_{re.sub(r'[^a-z0-9]', '_', value)}"


def matching(ask: Ask) -> str:
    """Return a query as an FTS5 expression."""
    quoted = [f'"{word}"' for word in ask.words]
    words = {
        "words": " AND ".join(quoted),
        "any": " OR ".join(quoted),
        "phrase": " + ".join(quoted),
        "prefix": f"{quoted[0]} *",
    }[ask.form]
    return " AND ".join((f"({words})", *(f"filters : {token(*pair)}" for pair in ask.filters)))
