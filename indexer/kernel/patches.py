"""The patches of an archive, prepared for matching with commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from indexer.kernel.commits import REVISION_OF_TITLE, bare_subject, is_cut, mail_ids, subject_key
from indexer.kernel.repositories import Repository, repository_of
from indexer.kernel.subjects import parse_subject
from indexer.model import Entry

# A patch was posted after the previous issue, or shortly before it.
SLACK = timedelta(days=10)
FIRST = timedelta(days=60)  # before the first issue
LATEST = timedelta(days=400)  # after this, a commit with the same subject is another patch


@dataclass(frozen=True, slots=True)
class WantedPatch:
    """A patch to match: its bare subject, its comparison keys, and the period in which it can have been committed.

    `since`, `listed` (the issue's day) and `until` are seconds since 1970; `revision` is a Subversion revision,
    `mails` are the `mail_ids` of its links. A cover letter has no commit; `parent` is the cover letter of a patch. If
    `cut` is true, only the beginning of the subject is known.
    """

    entry: str
    subject: str
    key: str
    cut: bool
    people: tuple[str, ...]
    repository: str
    series: str
    version: int
    rfc: bool
    cover: bool
    parent: str | None
    since: int
    listed: int
    until: int
    mails: frozenset[str]
    revision: str

    @property
    def group(self) -> tuple[str, tuple[str, ...], bool]:
        """The key that all versions of a patch share."""
        return self.key, self.people, self.cover

    @property
    def order(self) -> tuple[int, int, bool]:
        """The sort key of the versions of a patch."""
        return self.listed, self.version, not self.rfc


def wanted(
    entries: Sequence[Entry], dates: Mapping[tuple[str, object], date], repositories: Mapping[str, Repository]
) -> Iterator[WantedPatch]:
    """Yield the patches among entries; `dates` are the issue days by newsletter and label."""
    before = previous(dates)
    parents = {entry.parent for entry in entries if entry.kind == "patch" and entry.parent}
    for entry in entries:
        place = entry.newsletter, entry.issue
        if entry.kind != "patch" or place not in dates:
            continue
        day = dates[place]
        subject = parse_subject(entry.title)
        revision = REVISION_OF_TITLE.search(entry.title) or REVISION_OF_TITLE.search(entry.url or "")
        repository = repository_of(entry.tree, entry.url, subject.words, repositories.values())
        yield WantedPatch(
            entry=entry.id,
            subject=bare_subject(subject.words),
            key=subject_key(subject.words),
            cut=is_cut(subject.words),
            people=entry.people,
            repository=repository,
            series=entry.series or "",
            version=entry.version or subject.version,
            rfc=subject.rfc,
            cover=subject.number == 0 or (subject.number is None and entry.id in parents),
            parent=entry.parent,
            since=seconds(before[place] - SLACK if place in before else day - FIRST),
            listed=seconds(day),
            until=seconds(day + LATEST),
            mails=frozenset(mail_ids(link.url for link in entry.links)),
            revision=revision["revision"] if revision and not repositories[repository].default else "",
        )


def previous(dates: Mapping[tuple[str, object], date]) -> dict[tuple[str, object], date]:
    """Return the day of each issue's predecessor, if it has one."""
    found = {}
    for newsletter in {name for name, _ in dates}:
        days = sorted(day for (name, _), day in dates.items() if name == newsletter)
        for place, day in dates.items():
            earlier = [each for each in days if each < day]
            if place[0] == newsletter and earlier:
                found[place] = earlier[-1]
    return found


def seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def span(patches: Iterable[WantedPatch]) -> tuple[int, int]:
    """Return the period in which the commits of patches were made."""
    found = list(patches)
    return min((each.since for each in found), default=0), max((each.until for each in found), default=0)
