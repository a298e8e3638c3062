"""Render the page of a resource."""

from __future__ import annotations

from typing import Any

from flask import render_template

from webui.pages.head import page_head

MOST = 100  # issues or entries on one page; a longer list links to the others


def page(template: str, title: str, description: str, path: str, **values: Any) -> str:
    """Return a rendered page with its metadata."""
    head = page_head(title, description, path)
    return render_template(template, head=head, title=title, **values)
