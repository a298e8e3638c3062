"""What the pages of resources share: how one is rendered, and how many items it lists."""

from __future__ import annotations

from typing import Any

from flask import render_template

from webui.pages.head import page_head

MOST = 100  # issues or entries on one page; a longer list says where the others are


def page(template: str, title: str, description: str, path: str, **values: Any) -> str:
    """Return a page with what its head says."""
    head = page_head(title, description, path)
    return render_template(template, head=head, title=title, **values)
