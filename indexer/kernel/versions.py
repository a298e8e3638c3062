"""Determine the kernel versions of an entry, with their evidence."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from datetime import datetime
from typing import NamedTuple

from indexer.kernel.calendar import versions_between
from indexer.kernel.facts import Facts
from indexer.kernel.introducing import LANDED
from indexer.kernel.outcomes import KERNEL
from indexer.kernel.subjects import FIX_TREES, FOLLOWING_TREES, Subject
from indexer.model import Landing, Outcome, Posted, Version
from indexer.profile.versions import VersionFacet

COMMIT_URL = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/commit/?id={}"
RELEASE_URL = "https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tag/?h={}"

# An identifier is introduced by "new helper function X", "add X helper", "introduce X", "X got merged" ...
INTRODUCING = re.compile(
    r"\b(?:introduc\w+|adds?|added|adding|implement\w*|propos\w+|creat\w+|provid\w+|initial|new)\b", re.I
)
# ... with only words for its kind in between,
KIND_WORDS = r"helpers?|functions?|maps?|programs?|progs?|types?|commands?|flags?|attach|instructions?"
BETWEEN = re.compile(
    rf"^(?:\s+(?:an?|the|one|two|three|more|new|initial|bpf|ebpf|xdp|cpu|generic|support for|{KIND_WORDS}))*\s*$", re.I
)
SAYS_KIND = re.compile(rf"\b(?:{KIND_WORDS})\b", re.I)
# and otherwise with the end of the text or its kind after it: not "add X to the list", "add warning when X fails".
END_BEHIND = re.compile(rf"^\s*(?:$|[,.;:)]|and\b|(?:{KIND_WORDS})\b|support\s*$|series\b|patches\b)", re.I)
MERGED_AFTER = re.compile(
    rf"^(?: (?:series|patches|support|{KIND_WORDS}))* (?:(?:got|was|were|is|are|has|have|been|finally) )*"
    r"(?:merged|applied|landed|added|in the works|under discussion)\b",
    re.I,
)
HELPER_AFTER = re.compile(r"^(?:\(\))? helper\b", re.I)
FOLLOWERS = re.compile(
    r"\b(?:libbpf|tools?|bpftool|iproute2?|samples?|selftests?|llvm|bcc|perf tools|nfp|i40e|mlx\w+)\b", re.I
)
ADDED = re.compile(r"\b(?:adds?|introduces?) (?P<name>[a-z_]+)(?=,| map\b|$)", re.I)
LIST_BETWEEN = re.compile(r"^\s*(?:,|and|&|,\s*and)\s*$", re.I)


class Reported(NamedTuple):
    """When a change was reported: the period of posting, if it determines the version, and the issue's date."""

    between: Posted | None
    date: datetime | None


def versions(
    text: str,
    patch: Subject | None,
    posted: Posted | None,
    introduced: Iterable[Landing],
    outcome: Outcome | None,
    facts: Facts,
    facet: VersionFacet,
    products: Container[str],
) -> tuple[Version, ...]:
    """Return the versions of an entry: stated or else derived from the issue, plus landed or merged ones.

    `products` are lower-case names of software whose versions are not kernel versions.
    """
    found = [
        Version(version, "stated", f"the entry says {words!r}", RELEASE_URL.format(version))
        for version, words in facet.stated(text, products)
    ]
    if not found and posted is not None:
        found += reported(patch, posted, facts)
    for landing in introduced:
        if not any(v.version == landing.version and v.how == "landed" for v in found):
            found.append(landed(landing))
    return (*found, *merged(outcome, facts))


def reported(patch: Subject | None, posted: Posted, facts: Facts) -> list[Version]:
    """Return the possible versions of a change, from its tree and its period of posting.

    `patch` is the subject of a patch, or None. A patch without a tree may be a fix unless it is an RFC.
    """
    tree = patch.tree if patch else None
    fixes = tree in FIX_TREES or (patch is not None and tree is None and not patch.rfc)
    late = tree in FIX_TREES
    possible = versions_between(facts.releases, posted.since, posted.day, features=not late, fixes=fixes, late=late)
    what = f"for {tree}, " if tree else ""
    when = f"{what}reported on {posted.day:%d %B %Y}"
    if len(possible) > 1:
        evidence = f"{when}; posted since {posted.since:%d %B %Y}, so possibly for {' or '.join(possible)}"
    else:
        evidence = f"{when}, in development for {''.join(possible)}"
    return [Version(version, "issue", evidence, RELEASE_URL.format(version)) for version in possible]


def landed(landing: Landing) -> Version:
    """Return the release in which an identifier landed, with its commit and the claims of other sources."""
    evidence = f"{landing.name}{LANDED}{landing.version}"
    if landing.commit:
        evidence += f", commit {landing.commit}"
    for claim in landing.claims:
        if claim.differs == "version":
            evidence += f"; {claim.source} says {claim.version}"
    if not landing.checked:
        evidence += f" (from {landing.claims[0].source} alone, unchecked)"
    url = COMMIT_URL.format(landing.commit) if landing.commit else ""
    return Version(landing.version, "landed", evidence, url)


def merged(outcome: Outcome | None, facts: Facts) -> tuple[Version, ...]:
    """Return the release with a patch or a later version of it; none for other projects and unmerged patches."""
    if outcome is None or outcome.outcome not in ("merged", "superseded") or outcome.grade == "reverted":
        return ()
    if outcome.repository != KERNEL or facts.release(outcome.release) is None:
        return ()
    evidence = f"merged as commit {outcome.commit[:12]}" if outcome.commit else "merged, commit not known"
    if outcome.outcome == "superseded":
        evidence = f"a later version was {evidence}"
    url = COMMIT_URL.format(outcome.commit) if outcome.commit else RELEASE_URL.format(outcome.release)
    return (Version(outcome.release, "merged", f"{evidence}; {outcome.source}", url),)


def introduced(subject: Subject, identifiers: Iterable[str], date: datetime | None, facts: Facts) -> list[Landing]:
    """Return the landings of the identifiers that a subject introduces.

    A subject that only tests, fixes, documents or uses an identifier introduces nothing. Neither does a report after
    the identifier's release.
    """
    if subject.tree in FOLLOWING_TREES:
        return []
    words = subject.words
    bare = bare_type(words, facts)
    found = [bare] if bare and not is_out(bare, date, facts) else []
    last_end = -1
    for name in identifiers:
        at = words.find(name)
        landing = typed_landing(words[: max(at, 0)], name, facts) or facts.landing(name)
        if landing is None and HELPER_AFTER.match(words[at + len(name) :]):
            landing = facts.landing(facts.helper_prefix + name)
        if landing is None or at < 0 or is_out(landing, date, facts):
            continue
        after = words[at + len(name) :].removeprefix("()")
        listed = last_end >= 0 and LIST_BETWEEN.match(words[last_end:at])
        new = introduces(words[:at], after)
        if listed or new or MERGED_AFTER.match(after):
            found.append(landing)
            last_end = at + len(name)
    return found


def is_out(landing: Landing, date: datetime | None, facts: Facts) -> bool:
    """Return whether the release of a landing was out on a day."""
    release = facts.release(landing.version)
    return release is not None and date is not None and release.released <= date.date()


def bare_type(words: str, facts: Facts) -> Landing | None:
    """Return the landing of a type that a subject adds by its short name: "bpf: add devmap, a map ..."."""
    added = ADDED.search(words)
    candidates = (facts.landing(prefix + added["name"].upper()) for prefix in facts.prefixes.values()) if added else ()
    return next(filter(None, candidates), None)


def introduces(before: str, after: str) -> bool:
    """Return whether the words before and after an identifier introduce it."""
    verbs = list(INTRODUCING.finditer(before))
    verb = next((each for each in verbs if BETWEEN.match(before[each.end() :])), None)
    if verb is None or FOLLOWERS.search(before[: verb.start()]):
        return False
    return bool(SAYS_KIND.search(before[verb.end() :]) or END_BEHIND.match(after))


def typed_landing(before: str, name: str, facts: Facts) -> Landing | None:
    """Return the landing of a type given by its short name: "map type cpumap"."""
    for words, prefix in facts.prefixes.items():
        if re.search(rf"\b{words}\s+$", before, re.I):
            return facts.landing(prefix + name.upper())
    return None
