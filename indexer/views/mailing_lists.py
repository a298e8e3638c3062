"""Links to the mailing-list threads of patches."""

from __future__ import annotations

from urllib.parse import quote

from indexer.kernel.subjects import parse_subject

LORE = "https://lore.kernel.org/all/?q={}"


def lore(title: str) -> str:
    """Return the URL of a lore.kernel.org search for the subject of a patch."""
    subject = parse_subject(title).words.replace('"', " ")
    return LORE.format(quote(f's:"{subject}"', errors="replace"))
