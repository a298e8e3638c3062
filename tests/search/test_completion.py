"""Shell completion of a query's words."""

from __future__ import annotations

import click

from indexer.cli.completion import queries
from indexer.sources.archive import Archive


def completed(archive: Archive, start: str) -> list[str]:
    context = click.Context(click.Command("search"))
    context.params = {"data_folder": archive.data}
    return [item.value for item in queries(context, click.Argument(["words"]), start)]


def test_identifiers_versions_and_field_values_are_completed(archive: Archive) -> None:
    assert "bpf_getsockopt" in completed(archive, "bpf_getsocko")
    assert "v4.15" in completed(archive, "v4.1")
    assert "topic:xdp" in completed(archive, "topic:x")


def test_nothing_is_completed_without_an_index(archive: Archive, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    assert completed(Archive(archive.folder, tmp_path_factory.mktemp("empty")), "bpf") == []
