"""The results by issue: a bar chart in order of time, whose bars are filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from indexer.catalog.about import IssueAbout
from indexer.catalog.answers import Page
from indexer.model import label_order
from indexer.query.address import fits
from indexer.query.query import Query
from webui.pages.rendering import address

TALLEST = 40  # units of the chart
MOST_ISSUES = 40  # bars; with more issues, each bar is a year


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its short and full label, number of entries, height, and the URL that selects it.

    A query whose text has no room for a year has no URL.
    """

    short: str
    label: str
    count: int
    height: int
    url: str
    selected: bool = False


def timeline(page: Page, issues: Mapping[str, IssueAbout]) -> tuple[Bar, ...]:
    """Return a bar for each issue that the other filters match, or for each year."""
    counts = {count.value: count.count for count in page.facets["issue"]}
    newsletters = page.query.selected("newsletter")
    offered = [issue for issue in issues.values() if not newsletters or issue.newsletter in newsletters]
    dated = sorted(offered, key=lambda issue: (issue.date, label_order(issue.number)))
    bars = list(
        of_issues(page.query, dated, counts) if len(dated) <= MOST_ISSUES else of_years(page.query, dated, counts)
    )
    most = max((bar.count for bar in bars), default=0)
    return tuple(replace(bar, height=tall(bar.count, most)) for bar in bars) if len(bars) > 1 else ()


def of_issues(query: Query, issues: Iterable[IssueAbout], counts: dict[str, int]) -> Iterable[Bar]:
    for issue in issues:
        key = f"{issue.newsletter}/{issue.number}"
        label = f"{issue.title}, {issue.appeared}"
        selected = key in query.selected("issue")
        yield Bar(str(issue.number), label, counts.get(key, 0), 0, address(query.toggled("issue", key)), selected)


def of_years(query: Query, issues: Iterable[IssueAbout], counts: dict[str, int]) -> Iterable[Bar]:
    for year, held in groupby((issue for issue in issues if issue.date), key=lambda issue: issue.date[:4]):
        total = sum(counts.get(f"{issue.newsletter}/{issue.number}", 0) for issue in held)
        found = query.within(f"after:{year} before:{int(year) + 1}")
        yield Bar(year, year, total, 0, address(found) if fits(found) else "")


def tall(count: int, most: int) -> int:
    """Return the height of a bar. Even one entry is visible."""
    return max(2, round(TALLEST * count / most)) if count else 0
