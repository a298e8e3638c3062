"""Shell completion of a query's words."""

from __future__ import annotations

import click
import pytest

from indexer.cli.completion import queries
from indexer.engines.local import LocalCatalog
from indexer.query.query import Query
from indexer.sources.archive import Archive


def completed(archive: Archive, start: str) -> list[str]:
    context = click.Context(click.Command("search"))
    context.params = {"data_folder": archive.data}
    return [item.value for item in queries(context, click.Argument(["words"]), start)]


def test_identifiers_versions_and_field_values_are_completed(archive: Archive) -> None:
    assert "bpf_getsockopt" in completed(archive, "bpf_getsocko")
    assert "v4.15" in completed(archive, "v4.1")
    assert "topic:xdp" in completed(archive, "topic:x")


def test_topics_authors_series_and_issues_are_completed_as_filters(archive: Archive) -> None:
    assert "topic:tc" in completed(archive, "traffic")
    assert 'author:"Daniel Borkmann"' in completed(archive, "bork")
    assert "series:bpf-socket-redirect-john-fastabend" in completed(archive, "bpf socket red")
    assert "issue:bpf-updates/12" in completed(archive, "issue 12")


@pytest.mark.parametrize("start", ["b", "bpf", "x", "the ", "author:", "zz zz", ""])
def test_completions_are_few(archive: Archive, start: str) -> None:
    assert sum(map(len, completed(archive, start))) < 3_000


@pytest.mark.parametrize("start", ["bork", "traffic", "issue 12", "bpf socket red"])
def test_what_is_completed_finds_entries(archive: Archive, catalog: LocalCatalog, start: str) -> None:
    for text in completed(archive, start):
        page = catalog.search(Query(text))
        assert page.total, text
        assert not page.closest, text


def test_nothing_is_completed_without_an_index(archive: Archive, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    assert completed(Archive(archive.folder, tmp_path_factory.mktemp("empty")), "bpf") == []
