"""Make the metadata of an index, which searches and pages need besides the entries."""

from __future__ import annotations

from dataclasses import asdict
from functools import reduce
from operator import add
from typing import Any

from indexer import __version__
from indexer.build.fingerprint import Row, place_of
from indexer.build.synonyms import synonym_tables
from indexer.kernel.facts import NOTHING
from indexer.languages import ENGLISH, every_month, language_in, months_of, small_words, words_of
from indexer.model import Landing
from indexer.profile.kinds import Kind
from indexer.profile.profiles import Profile
from indexer.profile.versions import VersionFacet
from indexer.profile.words import Words
from indexer.sources.archive import Archive
from indexer.sources.folders import SHIPPED
from indexer.storage.schema import FORMAT

SAID = ("name", "home", "author", "licence", "page_first", "language")  # of a newsletter


def about_index(archive: Archive, tables: str, rows: list[Row]) -> dict[str, Any]:
    """Return the metadata of the index, from the profiles of its newsletters."""
    profiles = archive.in_use(dict.fromkeys(row["newsletter"] for row in rows))
    facts = next((archive.facts_of(profile) for profile in profiles if profile.patches), NOTHING)
    words = reduce(add, (profile.words for profile in profiles), Words())
    languages = languages_of(archive, rows)
    return {
        "format": FORMAT,
        "version": __version__,
        "archive": place_of(archive),
        "shipped": archive.folder.resolve() == SHIPPED,
        "tables": tables,
        "issues": rows,
        "newsletters": {name: {key: getattr(each, key) for key in SAID} for name, each in archive.newsletters.items()},
        "languages": languages,
        "profiles": [about_profile(profile) for profile in profiles],
        "topics": topics_of(profiles),
        "aliases": [{"written": a.written, "canonical": a.canonical, "why": a.why} for a in facts.aliases.values()],
        "redirects": archive.redirects,
        "meanings": synonym_tables(words.same, words.near),
        "common": sorted(words.common),
        "slight": sorted(words.slight),
        "asking": query_words(words, profiles, languages),
        "prefixes": facts.prefixes,
        "usual_prefixes": facts.usual,
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


def languages_of(archive: Archive, rows: list[Row]) -> list[str]:
    """Return the languages of the newsletters of some issues, sorted; English if there are none."""
    names = {row["newsletter"] for row in rows}
    return sorted({language_in(archive.newsletter(name).language) for name in names}) or [ENGLISH]


def query_words(words: Words, profiles: tuple[Profile, ...], languages: list[str]) -> dict[str, Any]:
    """Return the words of queries that ask for a kind, an issue, a date or a version.

    Months with a year are understood in all languages.
    """
    others = [language for language in languages if language != ENGLISH]
    small = {word for language in others for word in small_words(language)}
    spoken = [ENGLISH, *others]
    kinds = {kind.id: kind.words for profile in reversed(profiles) for kind in profile.kinds.values() if kind.words}
    return {
        "question": sorted(words.question | small),
        "products": sorted(words.products),
        "alone": months_of(spoken),
        "dated": every_month(),
        **{use: words_of(spoken, use) for use in ("period", "year", "issue", "latest", "first", "number")},
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
    return {name: getattr(kind, name) for name in ("id", "label", "weight", "change", "style", "reading")}


def about_versions(facet: VersionFacet) -> dict[str, Any]:
    names = ("id", "label", "noun", "plural", "title", "about", "prefix", "parts", "names", "examples", "release_url")
    releases = [
        [each.version, each.released.isoformat(), each.rc1.isoformat() if each.rc1 else ""] for each in facet.releases
    ]
    return {name: getattr(facet, name) for name in names} | {"releases": releases}
