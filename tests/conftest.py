"""Fixtures that several tests share: the shipped archive, its index, and the reference data if present."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache

from indexer.build.builder import build
from indexer.engines.local import LocalCatalog
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.generations import current
from indexer.storage.index import Index, open_index

# Inputs have no time limit, because the machine may be busy.
settings.register_profile("backissue", deadline=None)
settings.load_profile("backissue")

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "archive"
SHARED = ROOT.parent / "shared"
FILES = 4_096


@pytest.fixture(scope="session", autouse=True)
def no_data_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give commands without --data an empty data folder instead of the user's own, and turn off extras."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKISSUE_DATA", str(tmp_path_factory.mktemp("no-data")))
        patch.setenv("BACKISSUE_SEMANTIC", "off")  # tests/search/test_similar.py turns the extra on
        yield


def most_files() -> int:
    """Return how many files this process may open, after raising the limit as far as may be needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return FILES if soft == resource.RLIM_INFINITY else max(soft, wanted)


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test() -> Iterator[None]:
    """Wait for the threads of a test, because a process with threads forks no workers."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 60
    while set(threading.enumerate()) - before and time.monotonic() < deadline:  # some may not have begun yet
        time.sleep(0.01)


@pytest.fixture(scope="session", autouse=True)
def each_template_is_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let all apps of the tests share their compiled templates."""
    with pytest.MonkeyPatch.context() as patch:
        kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
        patch.setitem(Flask.jinja_options, "bytecode_cache", kept)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data, which is not in the repository."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared: the original issues and their annotations are not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return the shipped archive with an index in a temporary data folder, which no test may build again."""
    made = Archive(SHIPPED, tmp_path_factory.mktemp("data"))
    build(made)
    built = current(made.data)
    yield made
    assert current(made.data) == built


@pytest.fixture(scope="session")
def index(archive: Archive) -> Iterator[Index]:
    """Return the open index of the shipped archive."""
    opened = open_index(archive.data)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def catalog(index: Index) -> LocalCatalog:
    """Return the catalog of the shipped archive."""
    return LocalCatalog(index)


@pytest.fixture(scope="session")
def searcher(index: Index) -> Searcher:
    """Return a searcher for the shipped archive."""
    return Searcher(index)
