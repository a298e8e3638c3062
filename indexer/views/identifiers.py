"""A name of the kernel as anybody writes it: what it is, since when, and which entries mention it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from indexer.catalog.facets import version_key
from indexer.storage.index import Index
from indexer.views.briefs import Brief, brief
from indexer.views.first_releases import Claim, Landing, landing_of
from indexer.views.identifier_lookup import Names

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
    """An entry that mentions a name, and the form in which it writes it."""

    entry: Brief
    written: str


@dataclass(frozen=True, slots=True)
class Written:
    """Another way in which a name is written, and why it is the same."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A page elsewhere about a name, and what it is."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class NameAbout:
    """What is known of a name. What it is and where it landed are None where no table of facts has it.

    `aliases` are the other names that issues write for it, `claims` what each source says, `disputed` whether they
    give different versions, `checked` whether that was settled against kernel headers.
    """

    name: str
    kind: str | None
    version: str | None
    commit: str | None
    commit_url: str | None
    aliases: tuple[Written, ...]
    claims: tuple[Claim, ...]
    disputed: bool
    checked: bool | None
    note: str
    mentions: tuple[Mention, ...]
    links: tuple[Outside, ...]


@dataclass(frozen=True, slots=True)
class NameCount:
    """A name, what it is and where it landed, None where no table of facts has it, and how many entries mention it."""

    name: str
    kind: str | None
    version: str | None
    mentions: int


def names_like(index: Index, text: str = "") -> tuple[NameCount, ...]:
    """Return the names that a text is a part of: those that begin so first, then those mentioned most.

    All names without a text.
    """
    names = index.once(Names)
    return tuple(name_count(index, name, len(names.mentioned.get(name, ()))) for name in names.containing(text))


def name_count(index: Index, name: str, mentions: int) -> NameCount:
    landing = landing_of(index, name)
    return NameCount(name, landing.kind if landing else None, landing.version if landing else None, mentions)


def name_of(index: Index, text: str) -> NameAbout | None:
    """Return what is known of a name however it is written: case, `()`, BPF_FUNC_x, an alias, without its prefix.

    None for one that neither the archive mentions nor a table of facts has.
    """
    name = index.once(Names).meant(text)
    if name is None:
        return None
    landing = landing_of(index, name)
    others = [each for each in index.about["aliases"] if name in (each["canonical"], each["written"])]
    aliases = tuple(Written(each["written"], each["why"]) for each in others if each["canonical"])
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
        note=landing.note if landing else "; ".join(each["why"] for each in others if not each["canonical"]),
        mentions=mentions_of(index, name),
        links=tuple(links(index, name, landing, aliases)),
    )


def links(index: Index, name: str, landing: Landing | None, aliases: Iterable[Written]) -> Iterator[Outside]:
    """Yield where to read on about a name: its documentation, its commit, the sources, the lists."""
    if landing and landing.kind in DOCUMENTED:
        yield Outside("documentation", DOCS_URL.format(DOCUMENTED[landing.kind], name))
    if landing and landing.commit:
        yield Outside(f"commit {landing.commit}", landing.commit_url)
    if name.isascii() and name.isidentifier():
        version = landing.version if landing else newest_version(index, name)
        yield Outside(f"sources of {version}" if version else "sources", SOURCES_URL.format(version or "latest", name))
    for each in (name, *(alias.name for alias in aliases)):
        quoted = quote(f'"{each}"', errors="replace")
        yield Outside(f"mailing lists on {each}", LIST_URL.format(quoted))


def elsewhere(index: Index, text: str, names: Iterable[str]) -> tuple[Outside, ...]:
    """Return where to look for a text that the archive has nothing on: what there is on its names, and the lists."""
    named = tuple(names) or ((text,) if "_" in text and text.isidentifier() else ())
    pages = [each for name in named for each in links(index, name, landing_of(index, name), ())]
    last = Outside("the kernel's mailing lists", LIST_URL.format(quote(text, errors="replace")))
    found = {each.url: each for each in (*pages, *([last] if text and named != (text,) else ()))}
    return tuple(found.values())


def newest_version(index: Index, name: str) -> str | None:
    """Return the newest kernel version of the entries that mention a name."""
    docs = index.once(Names).mentioned.get(name, ())
    return max((version for doc in docs for version in index.values("version").of(doc)), key=version_key, default=None)


def mentions_of(index: Index, name: str) -> tuple[Mention, ...]:
    """Return the entries that mention a name, as the kernel has it, in reading order."""
    found = index.once(Names).mentioned.get(name, {})
    return tuple(Mention(brief(index, doc), found[doc]) for doc in sorted(found))


def nearest_names(index: Index, text: str, most: int = 5) -> tuple[str, ...]:
    """Return the known names nearest to a text: those it is a part of, then by letters, then by parts in common."""
    return index.once(Names).nearest(text, most)
