"""Annotate a piece with kernel facts: its subject, helpers, kind, versions and outcome."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.kernel import versions as kernels
from indexer.kernel.facts import Facts
from indexer.kernel.features import Feature, reported_features
from indexer.kernel.identifiers import helpers_among
from indexer.kernel.subjects import parse_subject
from indexer.model import Name, Outcome, Piece, Version
from indexer.profile.versions import VersionFacet

HELPER_WORDS = re.compile(r"\b(?:helper functions?|function helpers?|helpers? `?bpf_\w+|bpf_\w+ helper)\b", re.I)
CHANGE_HOSTS = re.compile(r"^(?:git\.kernel\.org|git\.\S+|github\.com/\S+/commit/)")
REPORTING = ("helper", "feature")  # kinds of entries that report merged or upcoming changes
INTRODUCING = ("helper", "feature", "patch")  # kinds of entries that announce something new


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """The kernel facts about an entry.

    `title` is the title without the tags of a patch; `named` are the kinds of the identifiers that the entry names.
    """

    title: str
    tree: str | None = None
    helpers: tuple[str, ...] = ()
    names: tuple[Name, ...] = ()
    named: tuple[str, ...] = ()
    versions: tuple[Version, ...] = ()
    outcome: Outcome | None = None


def default_kind(piece: Piece, helpers: Sequence[str]) -> str:
    """Return the kind of a piece in a kernel newsletter, if nothing else determines it."""
    if helpers and HELPER_WORDS.search(piece.title):
        return "helper"
    return "article" if piece.role == "bullet" and is_reading(piece) else "feature"


def field_facts(
    piece: Piece, entry_id: str, kind: str, names: Sequence[str], text: str, posted: kernels.Reported, facts: Facts,
    facet: VersionFacet, products: frozenset[str],
) -> FieldFacts:  # fmt: skip
    """Return the kernel facts about a piece, from its kind and identifiers."""
    subject, is_patch = parse_subject(piece.title), kind == "patch"
    helpers = helpers_among(names, text, facts)
    introduced = kernels.introduced(subject, names, posted.date, facts) if kind in INTRODUCING else []
    features = reported_features(piece.title, facts.features) if kind in REPORTING else []
    introduced += [facts.landings[each.name] for each in features]
    outcome = facts.outcome(entry_id) if is_patch else None
    found = kernels.versions(
        text, subject if is_patch else None, posted.between, introduced, outcome, facts, facet, products
    )
    return FieldFacts(
        title=subject.words if is_patch else piece.title,
        tree=subject.tree if is_patch else None,
        helpers=helpers,
        names=(*renamed(names, facts), *called(piece.title, features)),
        named=tuple(kinds_named(names, facts)) + ("helper",) * bool(helpers),
        versions=found,
        outcome=outcome,
    )


def kinds_named(names: Iterable[str], facts: Facts) -> Iterator[str]:
    """Yield the kinds of the identifiers that the tables of facts know."""
    return (found.kind for name in names if (found := facts.landing(name)))


def called(title: str, features: Iterable[Feature]) -> Iterator[Name]:
    """Yield the identifiers that a title describes in words: XDP_REDIRECT for "XDP redirect series"."""
    for each in features:
        match = each.words.search(title.casefold()) if each.words else None
        if match and each.name.isidentifier():
            written = title[match.start() : match.end()]
            yield Name(written, each.name, f"the series added it, commit {each.commit}")


def renamed(names: Iterable[str], facts: Facts) -> Iterator[Name]:
    """Yield the names that the kernel spells differently, each with the reason."""
    for name in names:
        alias = facts.aliases.get(name)
        if alias and alias.canonical:
            yield Name(name, alias.canonical, alias.why)


def is_reading(piece: Piece) -> bool:
    """Return whether a bullet is only a link to something to read, not to a commit."""
    first = piece.blocks[0]
    link = next(first.links(), None)
    if link is None or len(piece.blocks) > 1:
        return False
    address = link.url.split("://", 1)[-1]
    whole = first.text[: link.start].strip() == "" and first.text[link.end :].strip(" .") == ""
    return whole and not CHANGE_HOSTS.match(address)
