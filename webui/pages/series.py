"""The pages of series of patches."""

from __future__ import annotations

from flask import Blueprint

from indexer.views import lookup
from indexer.views.series import all_series, of_several
from webui.live import catalog
from webui.pages.rendering import series_path
from webui.pages.resource import page

series = Blueprint("series", __name__)


@series.get("/series/<name:name>")
def one_series(name: str) -> str:
    """Show the versions of a series of patches over the issues, and what became of it."""
    found = lookup.series(catalog(), name)
    versions = ", ".join(f"v{each.version}" for each in found.versions)
    about = f"{', '.join(found.people)}: {versions}"
    return page("series.html", found.subject, about, series_path(name), found=found)


@series.get("/series/")
def every_series() -> str:
    """Show the series of several patches; the others stand with their authors."""
    several = sorted(of_several(catalog()), key=lambda each: (-len(each.versions), each.subject))
    total = len(all_series(catalog()))
    head = f"{total} series of patches"
    return page("all_series.html", "Series", head, "/series/", found=several, single=total - len(several))
