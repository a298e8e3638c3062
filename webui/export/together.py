"""Pages of an exported site for several entries that have only a title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask, render_template

from indexer.catalog.protocol import Catalog
from indexer.errors import NotFound
from indexer.model import Entry
from indexer.views.briefs import issue_about, issue_key
from indexer.views.reported_series import reported_series
from webui.export.paths import segment
from webui.live import catalog
from webui.pages.head import page_head
from webui.pages.rendering import entry_path, issue_path

FEW = 10  # entries with only a title that an issue may have before they share pages
MOST = 100  # entries of a page
RULE = "/together/<path:issue>/<int:number>"


@dataclass(frozen=True, slots=True)
class Together:
    """The ids of the entries of each shared page by its path, and the URL of each entry by the path of its page."""

    ids: Mapping[str, tuple[str, ...]]
    addresses: Mapping[str, str]


def together(catalog: Catalog) -> Together:
    """Return the shared pages for each issue with many entries that have only a title."""
    ids: dict[str, tuple[str, ...]] = {}
    addresses: dict[str, str] = {}
    for issue, titles in only_titles(catalog):
        for start in range(0, len(titles), MOST):
            path, on_page = page_path(issue, start // MOST + 1), titles[start : start + MOST]
            ids[path] = tuple(on_page)
            addresses |= {entry_path(each): f"{path}#{anchor(each)}" for each in on_page}
    return Together(ids, addresses)


def only_titles(catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    """Yield each issue with many entries that have only a title, and their ids."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in catalog.find():
        if entry.body == entry.title:
            found[issue_key(entry)].append(entry.id)
    return ((issue, ids) for issue, ids in found.items() if len(ids) > FEW)


def page_path(issue: str, number: int) -> str:
    return f"{issue_path(*issue.split('/', 1)).replace('/issue/', '/together/', 1)}/{number}"


def anchor(entry_id: str) -> str:
    """Return the anchor of an entry on a shared page."""
    return segment(entry_id.rpartition("/")[2])


def register(app: Flask, pages: Together) -> None:
    """Add the shared pages to an app."""

    def page(issue: str, number: int) -> str:
        path = page_path(issue, number)
        if path not in pages.ids:
            raise NotFound(f"There is no page {path}.")
        entries = [entry for each in pages.ids[path] if (entry := catalog().get(each))]
        return shown(path, entries)

    app.add_url_rule(RULE, "entries.together", page)


def shown(path: str, entries: list[Entry]) -> str:
    """Return a shared page."""
    issue = issue_about(catalog(), entries[0])
    title = f"Short entries of {issue.title}"
    head = page_head(title, f"{len(entries)} short entries", path)
    return render_template(
        "exported/together.html", title=title, head=head, issue=issue, entries=entries, anchor=anchor,
        below_title={entry.id: reported_series(catalog(), entry) for entry in entries if entry.kind == "patch"},
        newsletter=catalog().about.newsletter(entries[0].newsletter),
    )  # fmt: skip
