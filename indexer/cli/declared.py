"""Read what an archive declares, such as its version facets, before the options are parsed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from indexer.catalog.about import NOTHING, About
from indexer.cli.arguments import typed, value_of
from indexer.engines.opensearch.connection import Place, place_of
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.sources.folders import default_archive, default_data
from indexer.storage.generations import current, read_about
from indexer.storage.schema import FORMAT

DECLARED = "backissue.declared"


def declared(ctx: click.Context) -> About:
    """Return the description of the index for a command line, or of the archive's tables if there is no index."""
    if DECLARED not in ctx.meta:
        ctx.meta[DECLARED] = about_of(typed(ctx))
    found: About = ctx.meta[DECLARED]
    return found


def about_of(args: Sequence[str]) -> About:
    """Return the metadata of the index that the arguments name, or else of their archive's tables."""
    try:
        if place := place_in(args):
            from indexer.engines.origins import catalog_at  # which needs an extra

            return catalog_at(place).about
    except BackissueError:
        pass  # the command says what is wrong with the cluster
    named = value_of(args, "--archive")
    archive = Archive(Path(named) if named else default_archive(), Path(value_of(args, "--data") or default_data()))
    try:
        found = About(read_about(current(archive.data), FORMAT))
        if found.archive == str(archive.folder.resolve()) or archive.folder == default_archive():
            return found
    except (BackissueError, OSError):
        pass  # the command itself reports what is wrong with the index
    try:
        return About(of_tables(archive))
    except (BackissueError, OSError):
        return NOTHING


def place_in(args: Sequence[str]) -> Place | None:
    """Return the cluster that arguments or the environment name, None for the data folder."""
    urls = value_of(args, "--engine-url") or os.environ.get("BACKISSUE_ENGINE_URL")
    engine = value_of(args, "--engine") or os.environ.get("BACKISSUE_ENGINE")
    return place_of(urls) if urls and engine != "local" else None


def of_tables(archive: Archive) -> dict[str, object]:
    """Return what the tables of an archive declare for the newsletters that it has issues of."""
    from indexer.build.about import about_profile  # needed only without an index

    used = dict.fromkeys(source.key.newsletter for source in archive.sources())
    return {**NOTHING.record, "profiles": [about_profile(profile) for profile in archive.in_use(used)]}
