"""Identifier views: what a kernel name is, when it landed, and which entries mention it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from indexer.catalog.facets import version_key
from indexer.catalog.protocol import Catalog
from indexer.views.briefs import Brief, brief
from indexer.views.first_releases import Claim, Landing, landing_of
from indexer.views.identifier_lookup import names
from indexer.views.listing import Listing

# The folders of docs.ebpf.io by kind.
DOCUMENTED = {
    "helper": "helper-function",
    "program type": "program-type",
    "map type": "map-type",
    "syscall command": "syscall",
}
DOCS_URL = "https://docs.ebpf.io/linux/{}/{}/"
SOURCES_URL = "https://elixir.bootlin.com/linux/{}/ident/{}"
LIST_URL = "https://lore.kernel.org/all/?q={}"


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry that mentions a name, and the form that it uses."""

    entry: Brief
    written: str


@dataclass(frozen=True, slots=True)
class Written:
    """Another spelling of a name, and why it is the same."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """An external page about a name, and its label."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NameAbout:
    """Facts about a name; its kind and landing are null if no table of facts has it."""

    name: Annotated[str, "As the kernel has it, however it was asked for."]
    kind: str | None
    version: str | None
    commit: str | None
    commit_url: str | None
    aliases: tuple[Written, ...]
    claims: tuple[Claim, ...]
    disputed: bool
    checked: bool | None
    note: str
    mentions: Annotated[tuple[Mention, ...], "In reading order."]
    links: tuple[Outside, ...]


@dataclass(frozen=True, slots=True)
class NameCount:
    """A name, its kind and landing (null if no table of facts has it), and the number of entries that mention it."""

    name: str
    kind: str | None
    version: str | None
    mentions: int


def names_like(catalog: Catalog, text: str = "") -> Sequence[NameCount]:
    """Return the names that contain a text: those that begin with it first, then the most mentioned.

    Returns all names if the text is empty.
    """
    return Listing(names(catalog).containing(text), lambda name: name_count(catalog, name))


def name_count(catalog: Catalog, name: str) -> NameCount:
    """Return a name with the number of entries that mention it."""
    landing = landing_of(catalog, name)
    mentions = names(catalog).often(name)
    return NameCount(name, landing.kind if landing else None, landing.version if landing else None, mentions)


def name_of(catalog: Catalog, text: str) -> NameAbout | None:
    """Return facts about a name in any spelling: case, `()`, BPF_FUNC_x, an alias, without its prefix.

    Returns None if neither an entry nor a table of facts has it.
    """
    name = names(catalog).meant(text)
    if name is None:
        return None
    landing = landing_of(catalog, name)
    others = [each for each in catalog.about.aliases if name in (each.canonical, each.written)]
    aliases = tuple(Written(each.written, each.why) for each in others if each.canonical)
    return NameAbout(
        name=name,
        kind=landing.kind if landing else None,
        version=landing.version if landing else None,
        commit=landing.commit if landing else None,
        commit_url=landing.commit_url if landing else None,
        aliases=aliases,
        claims=landing.claims if landing else (),
        disputed=landing.disputed if landing else False,
        checked=landing.checked if landing else None,
        note=landing.note if landing else "; ".join(each.why for each in others if not each.canonical),
        mentions=mentions_of(catalog, name),
        links=tuple(links(catalog, name, landing, aliases)),
    )


def links(catalog: Catalog, name: str, landing: Landing | None, aliases: Iterable[Written]) -> Iterator[Outside]:
    """Yield external links for a name: documentation, commit, source code, mailing lists."""
    if landing and landing.kind in DOCUMENTED:
        yield Outside("documentation", DOCS_URL.format(DOCUMENTED[landing.kind], name))
    if landing and landing.commit:
        yield Outside(f"commit {landing.commit}", landing.commit_url)
    if name.isascii() and name.isidentifier():
        version = landing.version if landing else newest_version(catalog, name)
        yield Outside(f"sources of {version}" if version else "sources", SOURCES_URL.format(version or "latest", name))
    for each in (name, *(alias.name for alias in aliases)):
        quoted = quote(f'"{each}"', errors="replace")
        yield Outside(f"mailing lists on {each}", LIST_URL.format(quoted))


def elsewhere(catalog: Catalog, text: str, typed: Iterable[str]) -> tuple[Outside, ...]:
    """Return external links for a text without results: pages about its names, and mailing lists."""
    named = tuple(typed) or ((text,) if "_" in text and text.isidentifier() else ())
    pages = [each for name in named for each in links(catalog, name, landing_of(catalog, name), ())]
    last = Outside("the kernel's mailing lists", LIST_URL.format(quote(text, errors="replace")))
    found = {each.url: each for each in (*pages, *([last] if text and named != (text,) else ()))}
    return tuple(found.values())


def newest_version(catalog: Catalog, name: str) -> str | None:
    """Return the newest kernel version among the entries that mention a name."""
    return max(catalog.count("kernel", names(catalog).where(name)), key=version_key, default=None)


def mentions_of(catalog: Catalog, name: str) -> tuple[Mention, ...]:
    """Return the entries that mention a kernel name, in reading order."""
    return tuple(Mention(brief(catalog, entry), written) for entry, written in names(catalog).mentions(name))


def nearest_names(catalog: Catalog, text: str, most: int = 5) -> tuple[str, ...]:
    """Return the known names nearest to a text: those that contain it, then by edit distance, then by common parts."""
    return names(catalog).nearest(text, most)
