"""Links to the mailing-list threads of patches."""

from __future__ import annotations

from urllib.parse import quote

from indexer.kernel.subjects import parse_subject


def mails_of(title: str, lists: str) -> str:
    """Return the search of mailing lists for the subject of a patch; `lists` is the address of a search."""
    subject = parse_subject(title).words.replace('"', " ")
    return lists.format(text=quote(f's:"{subject}"', errors="replace"))
