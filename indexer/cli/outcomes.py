"""backissue outcomes: find out what became of patches in the history of their repositories."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from indexer.cli.command import command, option
from indexer.cli.folders import folders
from indexer.cli.terminal import put
from indexer.cli.wording import counted
from indexer.errors import UnusableClone
from indexer.kernel.commits import Commit
from indexer.kernel.outcomes import read_outcomes, table_of
from indexer.kernel.patches import WantedPatch, span
from indexer.kernel.repositories import of_tags
from indexer.model import Outcome
from indexer.sources.archive import Archive
from indexer.sources.files import write_whole

MAILMAPS = "mailmaps"
WAYS = {
    "author": "by subject and author",
    "signed": "by subject and sender",
    "link": "by a link to the e-mail",
    "revision": "by revision",
    "merge": "by the message of a merge",
    "series": "by the patches of the series",
    "only": "by subject",
    "scope": "by similar subject and author",
    "spelling": "by author and subject, with one word spelt differently",
    "reverted": "reverted before the release",
}


@command(
    "outcomes",
    examples=(("outcomes --git ~/src/linux", "from a clone of the kernel"),),
)
@option(
    "--git",
    "clones",
    multiple=True,
    metavar="[PROJECT=]DIR",
    help="A clone of the kernel, iproute2, LLVM or bcc. It may be bare, shallow or without blobs. PROJECT, such as "
    "iproute2, is needed only if the clone is not recognised. Repeatable.",
)
@option(
    "--log",
    "logs",
    multiple=True,
    metavar="VERSION=FILE",
    help="The saved `git log` of one release, such as v4.13=log-4.13. Repeatable.",
)
@folders
def outcomes_command(archive: Archive, clones: tuple[str, ...], logs: tuple[str, ...]) -> None:
    """Find out what became of patches.

    Clones or saved logs show which patches were merged, as which commit, and in which release. The outcomes are
    written to outcomes.tsv in the data folder, and used by the next `backissue index`.
    """
    if not clones and not logs:
        raise click.UsageError("Name a clone with --git DIR, or a saved log with --log VERSION=FILE.")
    from indexer.build.patches import entries_and_dates
    from indexer.kernel.patches import wanted

    saved = [saved_log(each, archive) for each in logs]
    entries, dates = entries_and_dates(archive)
    patches = list(wanted(entries, dates, archive.facts.repositories))
    known = read_outcomes(archive.outcomes)
    for given in clones:
        known = updated(known, from_clone(*named_clone(given, archive), archive, patches))
    for repository in dict.fromkeys(name for name, _, _ in saved):
        files = [(release, path) for name, release, path in saved if name == repository]
        known = updated(known, from_logs(files, repository, archive, patches))
    write(archive, patches, known)


def named_clone(given: str, archive: Archive) -> tuple[str, Path]:
    """Return the repository and folder of a --git; the repository is "" if the user does not name one."""
    name, sign, path = given.partition("=")
    known = sign and name in archive.facts.repositories
    return (name, Path(path)) if known and not Path(given).exists() else ("", Path(given))


def updated(known: Mapping[str, Outcome], found: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Return known outcomes with those found, but keep what was settled and is unclear in another history."""
    return {
        **known,
        **{entry: each for entry, each in found.items() if each.outcome != "unknown" or entry not in known},
    }


def saved_log(given: str, archive: Archive) -> tuple[str, str, Path]:
    """Return the repository, release and file of a --log. Raises `click.BadParameter` if it is not VERSION=FILE."""
    version, sign, path = given.partition("=")
    repository = of_tags([version], archive.facts.repositories.values())
    if not sign or not path or repository is None:
        raise click.BadParameter(f"{given!r} is not VERSION=FILE, such as v4.13=log-4.13.", param_hint="--log")
    return repository.id, repository.version_of(version) or version, Path(path)


def from_clone(named: str, folder: Path, archive: Archive, patches: Sequence[WantedPatch]) -> dict[str, Outcome]:
    """Return the outcomes found in a clone, and print a summary."""
    from indexer.sources.clone import open_clone

    began = time.perf_counter()
    clone, evidence = open_clone(folder, archive.facts.repositories.values(), archive.data / MAILMAPS, named)
    mine = [patch for patch in patches if patch.repository == clone.repository.id]
    days = clone.repository.days({each.version: each.released for each in archive.facts.releases})
    released = {version: int(datetime(*day.timetuple()[:3], tzinfo=UTC).timestamp()) for version, day in days.items()}
    clone = clone.with_markers(*span(mine), released)
    ranges = clone.ranges(*span(mine), released)
    if mine and not ranges:
        raise UnusableClone(
            f"{folder}: There is no release of {clone.repository.name} from the time of the archive's patches. "
            "Fetch more history and tags, or name another clone."
        )
    commits = (commit for each in ranges for commit in clone.commits(each))
    found = outcomes_from(commits, mine, clone.repository.name, archive, began)
    if not named:
        put(f"  Its {evidence} are those of {clone.repository.name}. For another project, use --git PROJECT={folder}.")
    return found


def from_logs(
    files: Sequence[tuple[str, Path]], repository: str, archive: Archive, patches: Sequence[WantedPatch]
) -> dict[str, Outcome]:
    """Return the outcomes found in saved logs of one repository, and print a summary."""
    from indexer.sources.saved_log import read_saved_log

    began = time.perf_counter()
    commits = (commit for release, path in files for commit in read_saved_log(path, release))
    mine = [patch for patch in patches if patch.repository == repository]
    return outcomes_from(commits, mine, archive.facts.repositories[repository].name, archive, began)


def outcomes_from(
    commits: Iterable[Commit], patches: Sequence[WantedPatch], name: str, archive: Archive, began: float
) -> dict[str, Outcome]:
    from indexer.kernel.candidates import candidates_among
    from indexer.kernel.matching import outcomes_by_id

    candidates = candidates_among(commits, patches)
    found = outcomes_by_id(patches, candidates, archive.facts.people)
    report(found, len(patches), candidates.seen, name, time.perf_counter() - began)
    return found


def report(found: Mapping[str, Outcome], patches: int, commits: int, name: str, seconds: float) -> None:
    """Print the number of outcomes, and how they were found."""
    results = Counter(each.outcome for each in found.values())
    ways = Counter(each.grade for each in found.values() if each.outcome == "merged")
    put(
        f"{name}: {results['merged']:,} of {patches:,} patches were merged, {results['superseded']:,} superseded, "
        f"{results['unknown']:,} unclear, {patches - len(found):,} not found; "
        f"{counted(commits, 'commit')} read in {seconds:.1f} seconds."
    )
    for grade, words in WAYS.items():
        if ways[grade]:
            put(f"  {ways[grade]:,} {words}")


def write(archive: Archive, patches: Iterable[WantedPatch], known: Mapping[str, Outcome]) -> None:
    """Write the table in the order of the entries."""
    order = {patch.entry: n for n, patch in enumerate(patches)}
    rows = sorted(known.values(), key=lambda each: order.get(each.entry, len(order)))
    comments = (
        "Outcomes of patches, found by `backissue outcomes` in clones and saved logs.",
        "`grade` says how certain a row is: "
        + ", ".join(f"{grade} ({words})" for grade, words in WAYS.items())
        + ", ambiguous (several commits fit), subject (only the subject agrees).",
    )
    archive.data.mkdir(parents=True, exist_ok=True)
    write_whole(archive.outcomes, table_of(rows, comments).encode())
    put(f"Written to {archive.outcomes}. Run `backissue index` to use it.")
