"""Match patches with candidate commits, and determine their outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.kernel.candidates import Candidates
from indexer.kernel.commits import (
    REVERT_OF,
    SAYS,
    Commit,
    bare_subject,
    may_be_rescoped,
    same_person,
    same_scopes,
    scopes,
    signers,
    subject_key,
    words_key,
)
from indexer.kernel.misspellings import ends, misspelt
from indexer.kernel.patches import WantedPatch
from indexer.kernel.repositories import version_order
from indexer.model import Outcome

DAY = 86_400
LAST = (10_000,)  # sorts unreleased commits last
DEEPEST = 8  # reverts of reverts that are followed
SOON = 120 * DAY  # within which a patch is applied
HALF = 0.5  # share of a series' patches that must be merged for the series to count as merged
GRADES = {
    "link": "the commit names the mail",
    "revision": "the commit has the revision of the entry",
    "author": "subject and author agree",
    "signed": "the subject agrees; the sender signed it off",
    "only": "the subject agrees; the entry names nobody",
    "scope": "author and subject agree, except for the words before the colon",
    "spelling": "author and subject agree, except for the spelling of a word",
    "merge": "the message of the merge has the title and the author",
    "reverted": "reverted before the release",
    "series": "most patches of the series were found",
    "ambiguous": "several commits fit",
    "subject": "only the subject agrees",
}


@dataclass(frozen=True, slots=True)
class Match:
    """The candidate commits of a patch, and the kind of agreement, a key of `GRADES`."""

    commits: tuple[Commit, ...]
    grade: str


def outcomes_by_id(
    patches: Sequence[WantedPatch], candidates: Candidates, people: Mapping[str, str]
) -> dict[str, Outcome]:
    """Return the outcomes of patches by id; patches without a matching commit are left out.

    `people` maps spellings to canonical names.
    """
    groups: dict[tuple[str, tuple[str, ...], bool], list[WantedPatch]] = {}
    for patch in patches:
        groups.setdefault(patch.group, []).append(patch)
    found: dict[str, Outcome] = {}
    for group in groups.values():
        found |= {outcome.entry: outcome for outcome in outcomes_of_versions(group, candidates, people)}
    found |= {outcome.entry: outcome for outcome in covers(patches, found) if outcome.entry not in found}
    return found


def outcomes_of_versions(
    group: Iterable[WantedPatch], candidates: Candidates, people: Mapping[str, str]
) -> Iterator[Outcome]:
    """Yield the outcomes of the versions of one patch; a commit belongs to the newest version that matches."""
    newer: tuple[WantedPatch, Outcome] | None = None
    taken: set[str] = set()
    for patch in sorted(group, key=lambda each: each.order, reverse=True):
        match = match_of(patch, candidates, people, taken)
        outcome = outcome_of(patch, match, candidates) if match else None
        if (outcome is None or outcome.outcome == "unknown") and newer and is_earlier(patch, newer[0]):
            outcome = superseded(patch, *newer)
        if outcome is None:
            continue
        if outcome.outcome == "merged":
            newer = patch, outcome
            taken |= {commit.id for commit in match.commits} if match else set()
        yield outcome


def is_earlier(patch: WantedPatch, other: WantedPatch) -> bool:
    """Return whether a patch is an earlier version of another with the same subject and author."""
    related = patch.series == other.series or patch.rfc > other.rfc or patch.version < other.version
    return related or not patch.cover  # different series share titles such as "Misc BPF updates"


def superseded(patch: WantedPatch, newer: WantedPatch, outcome: Outcome) -> Outcome:
    where = f" in {outcome.release}" if outcome.release else ""
    version = f"version {newer.version}" if newer.version > patch.version else "a later posting"
    source = f"{version}, {newer.entry}, was merged{where}"
    return Outcome(
        patch.entry, "superseded", outcome.commit, outcome.repository, outcome.release, source, outcome.grade
    )


def match_of(patch: WantedPatch, candidates: Candidates, people: Mapping[str, str], taken: set[str]) -> Match | None:
    """Return the best matching commits of a patch, or None."""
    if patch.revision:
        return (
            Match(tuple(candidates.revisions[patch.revision]), "revision")
            if patch.revision in candidates.revisions
            else None
        )
    index = candidates.merges if patch.cover else candidates.subjects
    fitting = [
        commit
        for commit in index.get(patch.key, ())
        if patch.since <= commit.committed <= patch.until and commit.id not in taken
    ]
    ways = {"merge": announced_by} if patch.cover else {"author": authored_by, "signed": sent_by}
    if linked := merge_of(patch, candidates) if patch.cover else linked_to(patch, candidates, people):
        return Match(linked, "link")
    for grade, agrees in ways.items():
        if agreeing := tuple(commit for commit in fitting if agrees(commit, patch, people)):
            return Match(agreeing, grade)
    if patch.cover:
        return None
    if fitting and not patch.people:
        return Match(tuple(fitting), "only")
    for grade, changed in (("scope", rescoped_to), ("spelling", misspelt_in)):
        if len(alike := changed(patch, candidates, people, taken)) == 1:
            return Match(alike, grade)
    return Match(tuple(fitting), "subject") if fitting else None


def merge_of(cover: WantedPatch, candidates: Candidates) -> tuple[Commit, ...]:
    """Return the merges that name the mail of a cover letter."""
    named = dict.fromkeys(commit for mail in cover.mails for commit in candidates.mails.get(mail, ()))
    return tuple(commit for commit in named if commit.merge)


def rescoped_to(
    patch: WantedPatch, candidates: Candidates, people: Mapping[str, str], taken: set[str]
) -> tuple[Commit, ...]:
    """Return the commits by a patch's author that have the words of its subject under other scopes.

    The scopes must differ only in precision, or the commit must come from a mail that the issue can list, because
    authors often send the same change for several drivers.
    """
    return tuple(
        commit
        for commit in candidates.rescoped.get(words_key(patch.key), ())
        if commit.id not in taken
        and patch.since <= commit.committed <= patch.listed + SOON
        and rescoped(commit, patch, candidates)
        and authored_by(commit, patch, people)
    )


def rescoped(commit: Commit, patch: WantedPatch, candidates: Candidates) -> bool:
    """Return whether a maintainer may have changed a patch's scopes to those of a commit."""
    key = subject_key(commit.subject)
    if words_key(patch.key) in candidates.shared:
        return scopes(key) >= scopes(patch.key)
    return same_scopes(key, patch.key) or (was_posted(commit, patch) and may_be_rescoped(key, patch.key))


def misspelt_in(
    patch: WantedPatch, candidates: Candidates, people: Mapping[str, str], taken: set[str]
) -> tuple[Commit, ...]:
    """Return the commits by the author whose subject spells a word differently; maintainers correct typing errors."""
    near = dict.fromkeys(commit for end in ends(patch.key) for commit in candidates.near.get(end, ()))
    return tuple(
        commit
        for commit in near
        if commit.id not in taken
        and patch.since <= commit.committed <= patch.listed + SOON
        and misspelt(bare_subject(commit.subject), patch.subject)
        and authored_by(commit, patch, people)
    )


def linked_to(patch: WantedPatch, candidates: Candidates, people: Mapping[str, str]) -> tuple[Commit, ...]:
    """Return the commits made from the mail of a patch. Other commits that link to it, such as fixes, are left out."""
    mailed = (commit for mail in patch.mails for commit in candidates.mails.get(mail, ()))
    named = dict.fromkeys(commit for commit in mailed if not commit.merge)
    same = tuple(commit for commit in named if subject_key(commit.subject) == patch.key)
    if same or any(authored_by(commit, patch, people) for commit in candidates.subjects.get(patch.key, ())):
        return same
    agreeing = (commit for commit in named if authored_by(commit, patch, people))
    return tuple(commit for commit in agreeing if not REVERT_OF.match(commit.subject))


def authored_by(commit: Commit, patch: WantedPatch, people: Mapping[str, str]) -> bool:
    return any_same(commit.names, patch.people, people)


def sent_by(commit: Commit, patch: WantedPatch, people: Mapping[str, str]) -> bool:
    """Return whether the sender of a patch signed off the commit.

    Committers sign off every commit, so for them the commit must link to the mail.
    """
    names = signers(commit.message)
    if commit.committer and not was_posted(commit, patch):
        names = [name for name in names if not same_person(name, commit.committer)]
    return any_same(names, patch.people, people)


def announced_by(commit: Commit, patch: WantedPatch, people: Mapping[str, str]) -> bool:
    return any_same([match["name"] for match in SAYS.finditer(commit.message)], patch.people, people)


def any_same(names: Iterable[str], wanted: Sequence[str], people: Mapping[str, str]) -> bool:
    known = [people.get(name, name) for name in names]
    return any(same_person(name, person) for name in known for person in wanted)


def outcome_of(patch: WantedPatch, match: Match, candidates: Candidates) -> Outcome:
    """Return the outcome that the matching commits imply."""
    best = commit_among(patch, match.commits, candidates)
    if best is None or match.grade == "subject":
        some = ", ".join(f"{each.id[:12]} ({each.release or 'not released'})" for each in match.commits)
        grade = "subject" if match.grade == "subject" else "ambiguous"
        return Outcome(patch.entry, "unknown", "", patch.repository, "", f"{GRADES[grade]}: {some}", grade)
    source = GRADES[match.grade]
    grade = match.grade
    kept, revert = standing(best, candidates)
    if kept is not best:
        source += f"; {best.id[:12]} was reverted before the release and applied again"
    if kept.latest and not kept.release:
        source += f"; in {kept.latest} at the latest"
    if revert:
        source += f"; reverted by {revert.id[:12]}{f' in {revert.release}' if revert.release else ''}"
        grade = "reverted" if revert.release == kept.release else grade
    return Outcome(patch.entry, "merged", kept.id, patch.repository, kept.release, source, grade)


def standing(commit: Commit, candidates: Candidates) -> tuple[Commit, Commit | None]:
    """Return the commit that brought a change into a release, and the final revert, or None.

    The revert of a revert restores the change. It counts as the change's commit if no earlier release had the change.
    """
    for _ in range(DEEPEST):
        revert = candidates.revert_of(commit)
        again = candidates.revert_of(revert) if revert else None
        if revert is None or again is None:
            return commit, revert
        if revert.release != commit.release or again.release == commit.release:
            return commit, candidates.revert_of(again)
        commit = again
    return commit, None


def is_out(commit: Commit, candidates: Candidates) -> bool:
    """Return whether a commit was reverted before its release."""
    kept, revert = standing(commit, candidates)
    return revert is not None and revert.release == kept.release


def commit_among(patch: WantedPatch, commits: Sequence[Commit], candidates: Candidates) -> Commit | None:
    """Return the commit of a patch among the matching ones, or None if it is ambiguous.

    A commit that was reverted before its release gives way to others. Several commits are the same patch if it was
    applied to several branches (they have the same author date), or applied again after a revert; then the first
    release counts.
    """
    kept = [each for each in commits if not is_out(each, candidates)] or list(commits)
    again = any(candidates.revert_of(commit) for commit in kept)
    if len(kept) > 1 and not again:
        posted = [commit for commit in kept if was_posted(commit, patch)]
        kept = posted or kept
    if len({commit.authored for commit in kept}) > 1 and not again:
        return None
    return min(kept, key=lambda commit: (version_order(commit.release or commit.latest) or LAST, commit.committed))


def was_posted(commit: Commit, patch: WantedPatch) -> bool:
    """Return whether a commit was made from a mail sent before the issue listed the patch."""
    return patch.since <= commit.authored < patch.listed + DAY and commit.authored < commit.committed


def covers(patches: Iterable[WantedPatch], found: Mapping[str, Outcome]) -> Iterator[Outcome]:
    """Yield the outcomes of cover letters without a merge commit, from most of their patches."""
    below: dict[str, list[WantedPatch]] = {}
    known = list(patches)
    for patch in known:
        below.setdefault(patch.parent or "", []).append(patch)
    for cover in known:
        members = below.get(cover.entry, []) if cover.cover else []
        outcomes = [found[each.entry] for each in members if each.entry in found]
        for result in ("merged", "superseded"):
            some = [each for each in outcomes if each.outcome == result]
            if members and len(some) > HALF * len(members):
                release = max((each.release for each in some), key=lambda each: version_order(each) or LAST)
                source = f"{len(some)} of {len(members)} patches of the series were {result}"
                yield Outcome(cover.entry, result, "", cover.repository, release, source, "series")
