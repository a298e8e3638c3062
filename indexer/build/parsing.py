"""Parse one source for a build; a retold issue is the substitute for a source that cannot be read."""

from __future__ import annotations

from indexer.errors import BackissueError
from indexer.ingest import hints_for, parse
from indexer.model import Issue, Problem
from indexer.sources.archive import Archive, Source

Read = tuple[Issue | None, list[Problem]]


def read(archive: Archive, source: Source) -> Read:
    """Return the issue of a source (None if it cannot be read) and its problems."""
    problems: list[Problem] = []
    return issue_from(source, archive, problems), problems


def issue_from(source: Source, archive: Archive, problems: list[Problem]) -> Issue | None:
    """Return the issue of a source, or the retold issue if it cannot be read, or None.

    Problems are added to `problems`.
    """
    where = where_of(source)
    try:
        found = parse(archive.content(source.path), where, archive, hints_for(source, archive))
    except (OSError, BackissueError) as error:
        message = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = message.removeprefix(f"{where}: ").removeprefix(f"{source.path}: ")
        problems.append(Problem(where, 0, message))
        return retold_in_place_of(source, archive, problems)
    problems += found[0].problems
    return found[0]


def retold_in_place_of(source: Source, archive: Archive, problems: list[Problem]) -> Issue | None:
    """Return the retold issue as a substitute for an unreadable source, or None."""
    retold = archive.retold().get(source.key)
    return issue_from(retold, archive, problems) if retold and retold != source else None


def where_of(source: Source) -> str:
    """Return the name of a source for problems."""
    return f"{source.key.newsletter}/{source.path.name}"
