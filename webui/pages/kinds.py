"""The icon and colour of each kind."""

from __future__ import annotations

from functools import cache
from html import escape

from markupsafe import Markup

# Strokes on 16 by 16 units.
DRAWINGS = {
    "braces": "M6 3C4 3 5 8 3 8c2 0 1 5 3 5M10 3c2 0 1 5 3 5-2 0-1 5-3 5",
    "spark": "M8 2l1.6 4.4L14 8l-4.4 1.6L8 14l-1.6-4.4L2 8l4.4-1.6z",
    "screen": "M2 3h12v8H2zM8 11v2.5M5.5 13.5h5M7 5.2L9.7 7 7 8.8z",
    "box": "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6",
    "page": "M4 2h5.5L12 4.5V14H4zM6.5 7h3M6.5 9.5h3",
    "difference": "M8 2.5v6M5 5.5h6M5 12.5h6",
    "note": "M3 3h10v7l-3 3H3zM10 13v-3h3",
    "speech": "M2.5 3h11v7.5H8L5 13.5v-3H2.5z",
    "tag": "M2.5 2.5h5l6 6-5 5-6-6zM5.4 5.4h.2",
    "calendar": "M2.5 3.5h11v10h-11zM2.5 7h11M5.5 2v3M10.5 2v3",
    "case": "M2 5h12v8H2zM6 5V3h4v2M2 9h12",
    "stack": "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
    "dot": "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
}
LOOKS = {
    "helper": ("braces", "green"),
    "feature": ("spark", "green"),
    "talk": ("screen", "violet"),
    "project": ("box", "teal"),
    "article": ("page", "blue"),
    "patch": ("difference", "grey"),
    "note": ("note", "amber"),
    "commentary": ("speech", "rose"),
    "release": ("tag", "green"),
    "event": ("calendar", "violet"),
    "job": ("case", "amber"),
    "series": ("stack", "grey"),
}
OTHER = ("dot", "grey")


@cache
def icon(name: str) -> Markup:
    """Return an icon. It is decorative, because the kind is written next to it."""
    return Markup('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>').format(
        DRAWINGS[name]
    )


@cache
def kind_label(kind: str, label: str = "") -> Markup:
    """Return a kind as a small coloured label."""
    drawing, hue = LOOKS.get(kind, OTHER)
    shown = escape(label or kind.capitalize())
    return Markup(f'<span class="kind {hue}">{icon(drawing)} {shown}</span>')  # noqa: S704


def hue(kind: str) -> str:
    """Return the CSS class of a kind's colour."""
    return LOOKS.get(kind, OTHER)[1]
