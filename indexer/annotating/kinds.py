"""Determine the kind of an entry from its position in the issue, its words and its links."""

from __future__ import annotations

import re

from indexer.model import Piece
from indexer.values import parts_of_url

HELPER_WORDS = re.compile(r"\b(?:helper functions?|function helpers?|helpers? `?bpf_\w+|bpf_\w+ helper)\b", re.I)
REPOSITORY_HOSTS = ("github.com", "gitlab.com", "bitbucket.org", "git.sr.ht", "codeberg.org")
VIDEO_HOSTS = (
    "youtube.com",
    "youtu.be",
    "vimeo.com",
    "media.ccc.de",
    "slideshare.net",
    "speakerdeck.com",
    "dailymotion.com",
)
TALK_WORDS = re.compile(r"\b(?:talk|slides|webinar|keynote|recording|lab session|panel|presentation)\b", re.I)
CHANGE_HOSTS = re.compile(r"^(?:git\.kernel\.org|git\.\S+|github\.com/\S+/commit/)")


def kind_of(piece: Piece, helpers: tuple[str, ...], *, tracks_kernel: bool) -> str:
    """Return the kind of a piece; `helpers` are the helper functions that it names.

    Only a newsletter that tracks the kernel reports changes to it; a bullet of another is what it links to.
    """
    if piece.role in ("patch", "note", "commentary"):
        return piece.role
    if piece.role == "item":
        return kind_of_item(piece)
    if piece.kind:
        return piece.kind
    if not tracks_kernel:
        return kind_by_link(piece.url) if piece.url else "note"
    if helpers and HELPER_WORDS.search(piece.title):
        return "helper"
    if piece.role == "bullet" and is_reading(piece):
        return "article"
    return "feature"


def kind_of_item(piece: Piece) -> str:
    """Return the kind of a headed item: its section's, but software is a project wherever it stands."""
    if piece.kind in (None, "article") and is_repository(piece.url or ""):
        return "project"
    if piece.kind:
        return piece.kind
    if is_video(piece.url or "") or any(TALK_WORDS.search(block.text) for block in piece.blocks[:1]):
        return "talk"
    return "article"


def kind_by_link(url: str) -> str:
    """Return what an address leads to: software, a recording, else something to read."""
    if is_repository(url):
        return "project"
    return "talk" if is_video(url) else "article"


def is_video(url: str) -> bool:
    return parts_of_url(url).netloc.removeprefix("www.") in VIDEO_HOSTS


def is_repository(url: str) -> bool:
    """Return whether an address is a repository's root."""
    parts = parts_of_url(url)
    path = [part for part in parts.path.split("/") if part]
    return parts.netloc.removeprefix("www.") in REPOSITORY_HOSTS and len(path) == 2


def is_reading(piece: Piece) -> bool:
    """Return whether a bullet is nothing but a link to something to read, and no commit."""
    first = piece.blocks[0]
    link = next(first.links(), None)
    if link is None or len(piece.blocks) > 1:
        return False
    address = link.url.split("://", 1)[-1]
    whole = first.text[: link.start].strip() == "" and first.text[link.end :].strip(" .") == ""
    return whole and not CHANGE_HOSTS.match(address)
