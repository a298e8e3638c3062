"""Make one pass over commits, and keep the candidates for the patches of an archive."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.kernel.commits import (
    REAPPLY,
    REVERT_OF,
    REVERTED,
    REVISION,
    SAYS,
    Commit,
    mail_ids,
    subject_key,
    trailers,
    words_key,
)
from indexer.kernel.misspellings import ends
from indexer.kernel.patches import WantedPatch

SHORTEST = 8  # minimum number of hexadecimal digits of a commit id in a revert
OPENING = 24  # characters of a cut subject that are used to look up commits
QUOTED = re.compile(r"'(?P<branch>.+)'")
SUBJECT_LINE = "Subject:"


@dataclass(slots=True)
class Candidates:
    """The commits that a pass kept.

    They are stored by subject, by subject without scopes, by the ends of a subject, by mail, and by Subversion
    revision; merges are stored by the title in their message. `reverts` maps the first digits of a commit's id, or its
    subject, to the commit that reverts it. `shared` is that of `Keys`.
    """

    subjects: dict[str, list[Commit]] = field(default_factory=dict)
    rescoped: dict[str, list[Commit]] = field(default_factory=dict)
    near: dict[str, list[Commit]] = field(default_factory=dict)
    mails: dict[str, list[Commit]] = field(default_factory=dict)
    revisions: dict[str, list[Commit]] = field(default_factory=dict)
    merges: dict[str, list[Commit]] = field(default_factory=dict)
    reverts: dict[str, list[Commit]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    seen: int = 0

    def revert_of(self, commit: Commit) -> Commit | None:
        """Return the commit that reverts another, or None."""
        by_id = self.reverts.get(commit.id[:SHORTEST], ())
        by_subject = self.reverts.get(subject_key(commit.subject), ())
        later = (each for each in (*by_id, *by_subject) if each.committed >= commit.committed and each is not commit)
        return next(later, None)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of patches by which candidates are found.

    These are the keys of patches and their ends, the openings of cut ones, the titles of cover letters (also as names
    of branches), and ids of mails. `shared` are the words that several patches have under different scopes.
    """

    singles: frozenset[str]
    cut: dict[str, tuple[str, ...]]
    rescoped: frozenset[str]
    shared: frozenset[str]
    ends: frozenset[str]
    covers: frozenset[str]
    branches: dict[str, str]
    mails: frozenset[str]


def keys_of(patches: Iterable[WantedPatch]) -> Keys:
    known = list(patches)
    singles = frozenset(patch.key for patch in known if not patch.cover)
    worded = Counter(map(words_key, singles))
    cut: dict[str, tuple[str, ...]] = {}
    for key in {patch.key for patch in known if patch.cut and not patch.cover and len(patch.key) >= OPENING}:
        cut[key[:OPENING]] = (*cut.get(key[:OPENING], ()), key)
    return Keys(
        singles=singles,
        cut=cut,
        rescoped=frozenset(worded) - {""},
        shared=frozenset(words for words, several in worded.items() if several > 1),
        ends=frozenset(end for key in singles for end in ends(key)),
        covers=frozenset(patch.key for patch in known if patch.cover),
        branches={letters(patch.key): patch.key for patch in known if patch.cover and letters(patch.key)},
        mails=frozenset(mail for patch in known for mail in patch.mails),
    )


def candidates_among(commits: Iterable[Commit], patches: Iterable[WantedPatch]) -> Candidates:
    """Return the commits that may be the patches, merge them, or revert them."""
    wanted_keys = keys_of(patches)
    found = Candidates(shared=wanted_keys.shared)
    for commit in commits:
        found.seen += 1
        take_mails(found, commit, wanted_keys)
        if commit.merge:
            take_titles(found, commit, wanted_keys)
            continue
        take_subject(found, commit, wanted_keys)
        if "-svn" in commit.message and (revision := REVISION.search(commit.message)):
            found.revisions.setdefault(revision["revision"], []).append(commit)
        if commit.subject.startswith(("Revert ", REAPPLY)) or "This reverts" in commit.message:
            take_reverts(found, commit)
    return found


def take_mails(found: Candidates, commit: Commit, wanted_keys: Keys) -> None:
    """Keep a commit by the mails that its trailers name."""
    message = commit.message
    if "Link:" in message or "essage-Id:" in message or "essage-ID:" in message:
        for mail in wanted_keys.mails.intersection(mail_ids(trailers(message))):
            found.mails.setdefault(mail, []).append(commit)


def take_subject(found: Candidates, commit: Commit, wanted_keys: Keys) -> None:
    """Keep a commit if its subject matches: in full, by its opening, without scopes, or by one of its ends."""
    key = subject_key(commit.subject)
    if key in wanted_keys.singles:
        found.subjects.setdefault(key, []).append(commit)
    else:
        if (words := words_key(key)) in wanted_keys.rescoped:
            found.rescoped.setdefault(words, []).append(commit)
        for end in wanted_keys.ends.intersection(ends(key)):
            found.near.setdefault(end, []).append(commit)
    for opening in wanted_keys.cut.get(key[:OPENING], ()):
        if key != opening and key.startswith(opening):
            found.subjects.setdefault(opening, []).append(commit)


def take_titles(found: Candidates, commit: Commit, wanted_keys: Keys) -> None:
    """Keep a merge by each title of a cover letter in its message or in the name of its branch."""
    if not SAYS.search(commit.message):
        return
    keys = set(wanted_keys.covers.intersection(map(subject_key, titles_in(commit))))
    if (quoted := QUOTED.search(commit.subject)) and (named := wanted_keys.branches.get(letters(quoted["branch"]))):
        keys.add(named)
    for key in keys:
        found.merges.setdefault(key, []).append(commit)


def letters(text: str) -> str:
    """Return the letters and digits of a title, to compare it with names of branches."""
    return "".join(filter(str.isalnum, subject_key(text)))


def titles_in(merge: Commit) -> Iterator[str]:
    """Yield the possible titles in the message of a merge: each line, and each pair of lines."""
    lines = [line.strip().removeprefix(SUBJECT_LINE) for line in merge.message.splitlines()]
    yield from lines
    yield from (f"{first} {second}" for first, second in pairwise(lines) if first and second)


def take_reverts(found: Candidates, commit: Commit) -> None:
    """Record a commit that reverts others: by their ids, or by the subject if it names no id.

    `Reapply "X"` reverts `Revert "X"`.
    """
    ids = [match["commit"][:SHORTEST] for match in REVERTED.finditer(commit.message)]
    quoted = REVERT_OF.match(commit.subject)
    subject = quoted["subject"] if quoted else ""
    if commit.subject.startswith(REAPPLY):
        subject = f'Revert "{subject}"'
    for name in ids or ([subject_key(subject)] if subject else []):
        found.reverts.setdefault(name, []).append(commit)
