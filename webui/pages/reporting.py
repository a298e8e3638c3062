"""Forms for reporting a mistake in an entry, filled in with its title and address."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlencode, urlsplit

from indexer.catalog.about import IssueAbout
from indexer.errors import BackissueError
from indexer.model import Entry
from webui.http.absolute import absolute
from webui.pages.rendering import entry_path, safe

# The new-issue pages of trackers, by the end of their path, with the names of the fields for title and text.
# Sources: docs.github.com (creating an issue from a URL query; Gitea and Forgejo take the same), docs.gitlab.com.
TRACKERS = {"/-/issues": ("issue[title]", "issue[description]"), "/issues": ("title", "body")}
NEW = "/new"
WHOLE = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s?])\S*", re.IGNORECASE)


class BadReportUrl(BackissueError):
    """The URL for reports of mistakes is not valid."""


def checked(url: str) -> str:
    """Return a URL for reports of mistakes. Raises `BadReportUrl` unless it is http, https or mailto, and complete."""
    if not safe(url) or not WHOLE.fullmatch(url):
        raise BadReportUrl(
            f"{url!r} is not a URL for reports. Use one with http://, https:// or mailto:, such as "
            "mailto:editor@example.org."
        )
    return url


def report_address(base: str, entry: Entry, issue: IssueAbout) -> str:
    """Return the URL to report a mistake in an entry. `base` is an issue tracker, a mailbox or another page."""
    title, text = f"Mistake in {entry.id}", report_text(entry, issue)
    address = urlsplit(base)
    if address.scheme.casefold() == "mailto":
        return filled(base, "subject", title, "body", text)
    path = address.path.rstrip("/").removesuffix(NEW)
    for end, (title_field, text_field) in TRACKERS.items():
        if path.endswith(end):
            return filled(address._replace(path=f"{path}{NEW}").geturl(), title_field, title, text_field, text)
    return base


def filled(address: str, title_field: str, title: str, text_field: str, text: str) -> str:
    fields = urlencode({title_field: title, text_field: text}, quote_via=quote)
    return f"{address}{'&' if '?' in address else '?'}{fields}"


def report_text(entry: Entry, issue: IssueAbout) -> str:
    """Return the text of a report for the reader to complete."""
    lines = [f"Entry: {entry.title}", f"Page: {absolute(entry_path(entry.id)) or entry.id}", f"Issue: {issue.title}"]
    lines += [f"Source: {entry.source_url}"] if entry.source_url else []
    return "\n".join([*lines, "", "What is wrong:", "", "What is right, and how that is known:", ""])


def correction_of(entry: Entry) -> str:
    """Return the table for corrections.toml for the operator to complete."""
    lines = [f'["{entry.id}"]', f'kind = "{entry.kind}"']
    if entry.facet:
        versions = dict.fromkeys(each.version for each in entry.versions)
        lines.append(f"versions = [{', '.join(map(json.dumps, versions))}]")
    if entry.kind == "patch":
        lines.append(f'outcome = "{entry.outcome.outcome if entry.outcome else "unknown"}"')
    return "\n".join([*lines, 'reason = ""', ""])
