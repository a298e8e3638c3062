"""The pages of series of patches."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint

from indexer.analysis import fold
from indexer.views import lookup
from indexer.views.series import of_several, several_patches
from webui.live import catalog
from webui.pages.paging import at, part_of
from webui.pages.rendering import series_path
from webui.pages.resource import MOST, page
from webui.pages.sorting import Column, sorted_path, table

series = Blueprint("series", __name__)


@series.get("/series/<name:name>")
def one_series(name: str) -> str:
    """Show the versions of a series across the issues, and its outcome."""
    found = lookup.series(catalog(), name)
    versions = ", ".join(f"v{each.version}" for each in found.versions)
    about = f"{', '.join(found.people)}: {versions}"
    return page("series.html", found.subject, about, series_path(name), found=found, most=MOST)


COLUMNS = (
    Column("date", "Last issue", lambda each: (each.date, len(each.versions)), largest_first=True),
    Column("subject", "Series", lambda each: fold(each.subject)),
    Column("versions", "Versions", lambda each: len(each.versions), largest_first=True),
    Column("entries", "Entries", lambda each: each.entries, largest_first=True, number=True),
)


@series.get("/series/")
def every_series() -> str:
    """Show the series with several patches. Single patches are on the pages of their authors."""
    found = table(of_several(catalog()), COLUMNS)
    total, several = len(catalog().count("series")), len(several_patches(catalog()))
    head = f"{total} series of patches"
    part = part_of(found.rows, sorted_path("/series/"), lambda each: 400 + 2 * len(each.subject))
    return page(
        "all_series.html", "Series", head, at("/series/", part.page), part=part, single=total - several,
        more=several - len(found.rows),
        found=replace(found, rows=part.items),
    )  # fmt: skip
