"""What an index says of itself: all that a search and the pages need to know and no entry holds."""

from __future__ import annotations

from dataclasses import asdict
from functools import reduce
from operator import add
from typing import Any

from indexer import __version__
from indexer.build.fingerprint import Row, place_of
from indexer.build.meanings import meanings
from indexer.kernel.facts import NOTHING
from indexer.model import Landing
from indexer.profile.kinds import Kind
from indexer.profile.profiles import Profile
from indexer.profile.versions import VersionFacet
from indexer.profile.words import Words
from indexer.sources.archive import Archive
from indexer.storage.schema import FORMAT


def about_index(archive: Archive, tables: str, rows: list[Row]) -> dict[str, Any]:
    """Return the metadata of the index, from the profiles of its newsletters."""
    profiles = archive.in_use(dict.fromkeys(row["newsletter"] for row in rows))
    facts = next((archive.facts_of(profile) for profile in profiles if profile.patches), NOTHING)
    words = reduce(add, (profile.words for profile in profiles), Words())
    return {
        "format": FORMAT,
        "version": __version__,
        "archive": place_of(archive),
        "tables": tables,
        "issues": rows,
        "newsletters": {
            name: {"name": n.name, "home": n.home, "author": n.author, "licence": n.licence, "page_first": n.page_first}
            for name, n in archive.newsletters.items()
        },
        "profiles": [about_profile(profile) for profile in profiles],
        "topics": topics_of(profiles),
        "aliases": [{"written": a.written, "canonical": a.canonical, "why": a.why} for a in facts.aliases.values()],
        "redirects": archive.redirects,
        "meanings": meanings(words.same, words.near),
        "common": sorted(words.common),
        "slight": sorted(words.slight),
        "asking": asking(words, profiles),
        "landings": {
            name: [each.kind, each.version, each.commit, claims_of(each), each.note, each.checked]
            for name, each in facts.landings.items()
        },
    }


def claims_of(landing: Landing) -> list[tuple[str, str, str]]:
    """Return the claims of a landing: the source, the version and the commit of each."""
    return [(claim.source, claim.version, claim.commit) for claim in landing.claims]


def topics_of(profiles: tuple[Profile, ...]) -> list[dict[str, str]]:
    """Return the topics of some profiles, each id once."""
    found = {topic.id: topic for profile in reversed(profiles) for topic in profile.topics}
    ids = dict.fromkeys(topic.id for profile in profiles for topic in profile.topics)
    return [{"id": each, "label": found[each].label, "covers": found[each].covers} for each in ids]


def asking(words: Words, profiles: tuple[Profile, ...]) -> dict[str, Any]:
    """Return the words of queries that ask for a kind, a date or a version."""
    kinds = {kind.id: kind.words for profile in reversed(profiles) for kind in profile.kinds.values() if kind.words}
    return {
        "question": sorted(words.question),
        "products": sorted(words.products),
        "months": words.months,
        "kinds": kinds,
    }


def about_profile(profile: Profile) -> dict[str, Any]:
    """Return the metadata of a profile, which `indexer.catalog.profiles` reads."""
    examples = profile.examples
    return {
        "id": profile.id,
        "name": profile.name,
        "patches": profile.patches,
        "covers": profile.covers,
        "sources": profile.sources,
        "elsewhere": profile.elsewhere,
        "kinds": [about_kind(kind) for kind in profile.kinds.values()],
        "versions": about_versions(profile.version) if profile.version else None,
        "examples": asdict(examples) | {"help": {heading: list(rows) for heading, rows in examples.help.items()}},
    }


def about_kind(kind: Kind) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in ("id", "label", "weight", "change", "style")}


def about_versions(facet: VersionFacet) -> dict[str, Any]:
    names = ("id", "label", "noun", "plural", "title", "about", "prefix", "parts", "names", "examples", "release_url")
    releases = [
        [each.version, each.released.isoformat(), each.rc1.isoformat() if each.rc1 else ""] for each in facet.releases
    ]
    return {name: getattr(facet, name) for name in names} | {"releases": releases}
