"""What is known about an identifier: its kind, its first release, and the entries that mention it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from indexer.catalog.protocol import Catalog
from indexer.model import Claim, Landing
from indexer.query.versions import version_key
from indexer.views.briefs import Brief, brief
from indexer.views.first_releases import landing_of
from indexer.views.identifier_lookup import names
from indexer.views.listing import Listing


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry that mentions a name, and the form that it uses."""

    entry: Brief
    written: str


@dataclass(frozen=True, slots=True)
class Alias:
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

    name: Annotated[str, "In the spelling of the tables of facts."]
    kind: str | None
    version: str | None
    commit: str | None
    commit_url: str | None
    aliases: tuple[Alias, ...]
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
    return Listing(names(catalog).containing(text), lambda some: (name_count(catalog, name) for name in some))


def name_count(catalog: Catalog, name: str) -> NameCount:
    """Return a name with the number of entries that mention it."""
    landing = landing_of(catalog, name)
    mentions = names(catalog).often(name)
    return NameCount(name, landing.kind if landing else None, landing.version if landing else None, mentions)


def name_of(catalog: Catalog, text: str, skip: int = 0, limit: int | None = None) -> NameAbout | None:
    """Return facts about a name in any spelling: case, `()`, BPF_FUNC_x, an alias, without its prefix.

    Returns None if neither an entry nor a table of facts has it. Of the mentions, the first `skip` are left out, and
    up to `limit` are read.
    """
    name = names(catalog).meant(text)
    if name is None:
        return None
    landing = landing_of(catalog, name)
    others = [each for each in catalog.about.aliases if name in (each.canonical, each.written)]
    aliases = tuple(Alias(each.written, each.why) for each in others if each.canonical)
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
        mentions=mentions_of(catalog, name, limit, skip),
        links=tuple(links(catalog, name, landing, aliases)),
    )


def links(catalog: Catalog, name: str, landing: Landing | None, aliases: Iterable[Alias]) -> Iterator[Outside]:
    """Yield external links for a name: documentation, commit, source code, mailing lists."""
    pages = catalog.about.elsewhere
    folder = pages.get("folders", {}).get(landing.kind) if landing else None
    if folder and "documentation" in pages:
        yield Outside("documentation", pages["documentation"].format(folder=folder, name=name))
    if landing and landing.commit:
        yield Outside(f"commit {landing.commit}", landing.commit_url)
    if "sources" in pages and name.isascii() and name.isidentifier():
        version = landing.version if landing else newest_version(catalog, name)
        address = pages["sources"].format(version=version or "latest", name=name)
        yield Outside(f"source code in {version}" if version else "source code", address)
    for each in (name, *(alias.name for alias in aliases)) if "lists" in pages else ():
        quoted = quote(f'"{each}"', errors="replace")
        yield Outside(f"mailing lists about {each}", pages["lists"].format(text=quoted))


def elsewhere(catalog: Catalog, text: str, typed: Iterable[str]) -> tuple[Outside, ...]:
    """Return external links for a text without results: pages about its names, and mailing lists."""
    pages = catalog.about.elsewhere
    named = tuple(typed) or ((text,) if "_" in text and text.isidentifier() else ())
    found = [each for name in named for each in links(catalog, name, landing_of(catalog, name), ())]
    if "lists" in pages and text and named != (text,):
        found.append(Outside(pages["lists_name"], pages["lists"].format(text=quote(text, errors="replace"))))
    return tuple({each.url: each for each in found}.values())


def newest_version(catalog: Catalog, name: str) -> str | None:
    """Return the newest version of the entries that mention a name, by the version facet of the tables of facts."""
    facet = catalog.about.facts_facet
    found = catalog.count(facet, names(catalog).where(name)) if facet else {}
    return max(found, key=version_key, default=None)


def mentions_of(catalog: Catalog, name: str, most: int | None = None, skip: int = 0) -> tuple[Mention, ...]:
    """Return up to `most` entries that mention a name, as the tables of facts have it, in reading order."""
    found = names(catalog).mentions(name, most, skip)
    return tuple(Mention(brief(catalog, entry), written) for entry, written in found)


def nearest_names(catalog: Catalog, text: str, most: int = 5) -> tuple[str, ...]:
    """Return the known names nearest to a text: those that contain it, then by edit distance, then by common parts."""
    return names(catalog).nearest(text, most)
