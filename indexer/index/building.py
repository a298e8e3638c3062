"""An archive to an index: every issue parsed, every entry added, the result swapped in whole."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from whoosh import index as whoosh_index

from indexer import __version__
from indexer.archive.store import Archive, Source
from indexer.enriching.series import Series
from indexer.enriching.trees import parse_subject
from indexer.errors import BackissueError
from indexer.index.generations import building, seal, swap_in
from indexer.index.schema import FORMAT, schema, to_document
from indexer.model import Entry, Issue, Problem
from indexer.parsing import Told, parse
from indexer.records import to_stored

Progress = Callable[[int, int], None]
MEMORY_MB = 128


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: how many issues and entries it holds, what was wrong, and how long it took in seconds."""

    issues: int
    entries: int
    problems: tuple[Problem, ...]
    seconds: float


def build(
    archive: Archive, progress: Progress = lambda done, total: None, prepare: Callable[[], None] = lambda: None
) -> Built:
    """Build the index of an archive and make it the current one; `prepare` is called once the build is sure to start.

    A source that cannot be read is a problem of the result and leaves the others as they are. `progress` is
    called with the number of sources done and of all. Raises `IndexLocked` and `BadArchive`.
    """
    start = time.perf_counter()
    problems: list[Problem] = []
    with building(archive.data) as fresh:
        prepare()
        sources = archive.sources()
        writer = whoosh_index.create_in(fresh, schema()).writer(limitmb=MEMORY_MB)
        issues = []
        told: dict[str, Series] = {}
        named: Counter[str] = Counter()
        titles: list[str] = []
        try:
            for done, source in enumerate(sources):
                progress(done, len(sources))
                issue = issue_from(source, archive, problems)
                if issue is not None:
                    series = told.setdefault(issue.newsletter, Series(archive.facts.same_series))
                    titles += [entry.title for entry in issue.entries if entry.kind != "patch"]
                    named.update(name for entry in issue.entries for name in entry.identifiers)
                    add_entries(writer, replace(issue, entries=series.take(issue.entries)))
                    issues.append(about_issue(issue, source))
            writer.commit()
        except BaseException:
            writer.cancel()
            raise
        progress(len(sources), len(sources))
        seal(
            fresh, about_index(archive, sources, issues) | {"identifiers": dict(named.most_common()), "titles": titles}
        )
        swap_in(archive.data, fresh)
    entries = sum(issue["entries"] for issue in issues)
    return Built(len(issues), entries, tuple(problems), time.perf_counter() - start)


def issue_from(source: Source, archive: Archive, problems: list[Problem]) -> Issue | None:
    """Return the issue of a source, the retold one where it cannot be read, None where that cannot either.

    What is wrong is added to `problems`.
    """
    where = f"{source.newsletter}/{source.path.name}"
    try:
        said = archive.told(source).get("date")
        date = datetime.fromisoformat(said) if said else None
        found = parse(source.path.read_bytes(), where, archive, Told(source.newsletter, source.number, date))
    except (OSError, ValueError, BackissueError) as error:
        message = (error.strerror if isinstance(error, OSError) else None) or str(error).removeprefix(f"{where}: ")
        problems.append(Problem(where, 0, message))
        retold = archive.retold().get((source.newsletter, source.number))
        return issue_from(retold, archive, problems) if retold and retold != source else None
    problems += found[0].problems
    return found[0]


def add_entries(writer: Any, issue: Issue) -> None:
    inside = subjects_below(issue.entries)
    for entry in issue.entries:
        stored = json.dumps(to_stored(entry) | {"source": issue.edition}, ensure_ascii=False, separators=(",", ":"))
        writer.add_document(**to_document(entry, stored, inside.get(entry.id, "")))


def subjects_below(entries: Iterable[Entry]) -> dict[str, str]:
    """Return by its id, for each cover of a series, the subjects of the patches nested under it."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        if entry.parent:
            found.setdefault(entry.parent, []).append(parse_subject(entry.title).words)
    return {cover: "\n".join(subjects) for cover, subjects in found.items()}


def about_issue(issue: Issue, source: Source) -> dict[str, Any]:
    """Return what the index says of an issue besides its entries."""
    return {
        "newsletter": issue.newsletter,
        "number": issue.number,
        "title": issue.title,
        "date": issue.date.isoformat(),
        "url": issue.url,
        "edition": issue.edition,
        "entries": len(issue.entries),
        "digest": issue.digest,
        "file": source.path.name,
    }


def about_index(archive: Archive, sources: Iterable[Source], issues: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the index says of itself: all that search needs to know and no entry holds."""
    facts = archive.facts
    return {
        "format": FORMAT,
        "version": __version__,
        "fingerprint": fingerprint(archive, sources),
        "issues": issues,
        "newsletters": {
            name: {"name": n.name, "home": n.home, "author": n.author, "licence": n.licence, "page_first": n.page_first}
            for name, n in archive.newsletters.items()
        },
        "topics": [{"id": topic.id, "label": topic.label, "covers": topic.covers} for topic in archive.topics],
        "aliases": [{"written": a.written, "canonical": a.canonical, "why": a.why} for a in facts.aliases.values()],
        "redirects": archive.redirects,
        "same": archive.words.same,
        "common": sorted(archive.words.common),
        "landings": {name: [each.kind, each.version, each.commit] for name, each in facts.landings.items()},
        "releases": [[r.version, r.released.isoformat(), r.rc1.isoformat()] for r in facts.releases],
    }


def fingerprint(archive: Archive, sources: Iterable[Source] | None = None) -> str:
    """Return what an index of this archive, by this version, would be recognised by: it changes with any file."""
    digest = hashlib.sha256(f"{__version__}/{FORMAT}".encode())
    tables = [
        archive.folder / "newsletters.toml",
        archive.folder / "topics.toml",
        archive.folder / "links.toml",
        archive.folder / "redirects.tsv",
        archive.folder / "words.toml",
        *sorted((archive.folder / "facts").glob("*.tsv")),
    ]
    for path in (*tables, *(source.path for source in (archive.sources() if sources is None else sources))):
        digest.update(f"\0{path.name}\0".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
