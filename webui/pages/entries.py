"""The page of an entry."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template
from flask.typing import ResponseReturnValue

from indexer.views import lookup
from indexer.views.briefs import issue_about
from indexer.views.issues import around, listed_by, seen_in
from indexer.views.related import related_to
from indexer.views.reported_series import reported_series
from webui.live import catalog
from webui.pages.citing import citations
from webui.pages.head import entry_head
from webui.pages.rendering import entry_path
from webui.pages.reporting import correction_of, report_address
from webui.pages.resource import MOST

entries = Blueprint("entries", __name__)


@entries.get("/entry/<path:entry_id>")
def entry(entry_id: str) -> ResponseReturnValue:
    """Show an entry with its text, links and evidence."""
    found = lookup.entry(catalog(), entry_id)
    if found.id != entry_id:
        return redirect(entry_path(found.id), HTTPStatus.MOVED_PERMANENTLY)
    issue = issue_about(catalog(), found)
    newsletter = catalog().about.newsletter(found.newsletter)
    seen = seen_in(catalog(), found.url) if found.url else []
    before, after = around(catalog(), found)
    return render_template(
        "entry.html", entry=found, issue=issue, newsletter=newsletter,
        labels=catalog().about.labels, before=before, after=after,
        listed=listed_by(catalog(), found.id, found.body),
        related=related_to(catalog(), found), citations=citations(found, issue, newsletter),
        issues=catalog().about.issues, seen_in=[key for key in seen if key != issue.key][:MOST],
        head=entry_head(found, issue), reported_series=reported_series(catalog(), found),
        report=report_address(current_app.config["REPORT_URL"], found, issue), correction=correction_of(found),
        most=MOST,
    )  # fmt: skip
