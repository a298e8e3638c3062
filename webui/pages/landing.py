"""The front page: a search box with examples, and ways to browse the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template

from indexer.catalog.about import About
from indexer.catalog.protocol import Catalog
from indexer.query.query import Query
from indexer.views.examples import short_examples
from indexer.views.issues import newest
from indexer.views.topics import topics
from indexer.views.versions import versions
from webui.pages.head import front_head
from webui.pages.rendering import issue_path, version_path
from webui.pages.wording import many

MOST_EXAMPLES = 4
MOST_ISSUES = 40  # on the timeline, the newest


@dataclass(frozen=True, slots=True)
class Moment:
    """An issue or release on the timeline."""

    date: str
    label: str
    path: str
    release: bool = False


def landing(catalog: Catalog) -> str:
    """Return the front page."""
    about = catalog.about
    names = ", ".join(about.newsletter(name).name for name in about.served) or "backissue"
    issues = newest(catalog, most=MOST_ISSUES)
    described = f"{many(about.entries, 'entry', 'entries')} from {many(len(about.issues), 'issue')} of {names}"
    return render_template(
        "landing.html", about=about, query=Query(), names=names, described=described,
        head=front_head(f"Search the back issues of {names}", ": ".join(filter(None, (described, about.covers)))),
        examples=(about.examples.questions or tuple(short_examples(catalog)))[:MOST_EXAMPLES],
        newest=issues[0] if len(issues) else None, moments=sorted(moments(catalog), key=lambda each: each.date),
        topics=topics(catalog), versions={facet: versions(catalog, facet) for facet in about.versions},
    )  # fmt: skip


def moments(catalog: Catalog) -> Iterator[Moment]:
    """Yield the newest issues, and the releases between the first and the last of them."""
    dated = [issue for issue in newest(catalog, most=MOST_ISSUES) if issue.date]
    for issue in dated:
        label = catalog.about.issue_named(issue.id)
        yield Moment(issue.date, f"{label[:1].upper()}{label[1:]}", issue_path(issue.newsletter, issue.number))
    if dated:
        yield from releases(catalog.about, dated[-1].date, dated[0].date)


def releases(about: About, first: str, last: str) -> Iterator[Moment]:
    """Yield the releases between two days."""
    for facet in about.versions.values():
        for each in facet.releases.values():
            if first <= str(each.released) <= last:
                path = version_path(facet.id, each.version)
                yield Moment(str(each.released), f"{each.version} released", path, release=True)
