"""The interface of the engines, and the list of engines."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, cast

from indexer.model import Issue
from tests.bench.nouns import Answer, Ask, Form

OURS, SQLITE, TANTIVY, XAPIAN = "backissue", "SQLite FTS5", "tantivy", "Xapian"
ENGINES = {
    OURS: "tests.bench.engines.ours.Ours",
    SQLITE: "tests.bench.engines.fts5.Fts5",
    TANTIVY: "tests.bench.engines.tantivy.Tantivy",
    XAPIAN: "tests.bench.engines.xapian.Xapian",
}
EVERY_FORM: frozenset[Form] = frozenset({"words", "any", "phrase", "prefix", "fuzzy", "browse"})


class Engine(Protocol):
    """An opened index. `forms` are the forms of queries that it supports."""

    forms: frozenset[Form]

    def __init__(self, folder: Path) -> None:
        """Open the index in a folder."""

    @staticmethod
    def build(folder: Path, issues: Iterable[Issue]) -> None:
        """Index issues in an empty folder."""

    @staticmethod
    def version() -> str:
        """Return the engine's version."""

    def ask(self, ask: Ask) -> Answer:
        """Return the first hits with titles, best first, and the facets of all matches."""

    def close(self) -> None: ...


def load(name: str) -> type[Engine] | None:
    """Return the class of an engine, or None if a package is missing."""
    module, _, made = ENGINES[name].rpartition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the types that SWIG makes say no module, in Python 3.12
        try:
            return cast("type[Engine]", getattr(importlib.import_module(module), made))
        except ImportError:
            return None


def installed() -> list[str]:
    """Return the names of the installed engines."""
    return [name for name in ENGINES if load(name)]
