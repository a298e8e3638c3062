"""One pass over commits that keeps those which may have to do with the patches looked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.kernel.commits import (
    REVERT_OF,
    REVERTED,
    REVISION,
    SAYS,
    Commit,
    mail_ids,
    subject_key,
    trailers,
)
from indexer.kernel.patches import Wanted

SHORTEST = 8  # hexadecimal digits of a commit's id by which a revert names it


@dataclass(slots=True)
class Sifted:
    """What a pass kept: commits by subject, by mail and by Subversion's revision, merges by the title they tell of.

    `reverts` has the commit that reverts another by the first digits of the other's id, or by its subject.
    """

    subjects: dict[str, list[Commit]] = field(default_factory=dict)
    mails: dict[str, list[Commit]] = field(default_factory=dict)
    revisions: dict[str, list[Commit]] = field(default_factory=dict)
    merges: dict[str, list[Commit]] = field(default_factory=dict)
    reverts: dict[str, list[Commit]] = field(default_factory=dict)
    seen: int = 0

    def revert_of(self, commit: Commit) -> Commit | None:
        """Return the commit that reverts another, None where none does."""
        by_id = self.reverts.get(commit.id[:SHORTEST], ())
        by_subject = self.reverts.get(subject_key(commit.subject), ())
        later = (each for each in (*by_id, *by_subject) if each.committed >= commit.committed)
        return next(later, None)


def sift(commits: Iterable[Commit], patches: Iterable[Wanted]) -> Sifted:
    """Return the commits that may be the patches, may tell of them, or revert them."""
    found = Sifted()
    singles: set[str] = set()
    covers: set[str] = set()
    mails: set[str] = set()
    for patch in patches:
        (covers if patch.cover else singles).add(patch.key)
        mails |= patch.mails
    for commit in commits:
        found.seen += 1
        message = commit.message
        if commit.merge:
            take_titles(found, commit, covers)
            continue
        key = subject_key(commit.subject)
        if key in singles:
            found.subjects.setdefault(key, []).append(commit)
        if "Link:" in message or "essage-Id:" in message or "essage-ID:" in message:
            for mail in mails.intersection(mail_ids(trailers(message))):
                found.mails.setdefault(mail, []).append(commit)
        if "-svn" in message and (revision := REVISION.search(message)):
            found.revisions.setdefault(revision["revision"], []).append(commit)
        if commit.subject.startswith("Revert ") or "This reverts commit" in message:
            take_reverts(found, commit)
    return found


def take_titles(found: Sifted, commit: Commit, covers: set[str]) -> None:
    """Take a merge by each line of its message that is the title of a cover letter."""
    if SAYS.search(commit.message):
        for key in covers.intersection(map(subject_key, commit.message.splitlines())):
            found.merges.setdefault(key, []).append(commit)


def take_reverts(found: Sifted, commit: Commit) -> None:
    """Take a commit that reverts others, by their ids; by the subject where it names no id."""
    ids = [match["commit"][:SHORTEST] for match in REVERTED.finditer(commit.message)]
    quoted = REVERT_OF.match(commit.subject)
    for name in ids or ([subject_key(quoted["subject"])] if quoted else []):
        found.reverts.setdefault(name, []).append(commit)
