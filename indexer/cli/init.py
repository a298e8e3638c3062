"""backissue init: an archive folder of a newsletter's issues, with a table inferred from them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from indexer.cli.command import command, option
from indexer.cli.root import Ended, folders
from indexer.cli.terminal import progress, say
from indexer.errors import BackissueError
from indexer.inferring.findings import Sample
from indexer.inferring.proposal import Proposal, as_toml, changes, propose
from indexer.model import Document, IssueKey, Label
from indexer.sources.archive import NEWSLETTERS, SUFFIXES, Archive, Source, read_file, stem_of, write_whole
from indexer.sources.folders import make_folder

MOST_SAMPLED = 150
TABLE = "newsletter.toml"
NOT_NAME = re.compile(r"[^a-z0-9]+")
# Where an issue is there in several formats, the first of these is kept: it says the most.
RICHEST = (".md", ".markdown", ".mdx", ".html", ".htm", ".org", ".adoc", ".asciidoc", ".rst", ".eml", ".xml", ".txt")


@dataclass(frozen=True, slots=True)
class Given:
    """An issue among the files that were given: its file, its bytes, the suffix of its format, and its document."""

    path: Path
    raw: bytes
    suffix: str
    document: Document


@command(
    "init",
    examples=[("init my-weekly issues/", "an archive of the files in a folder, named my-weekly")],
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@option("--name", metavar="NAME", help="The id of the newsletter [default: the name of DIR].")
@folders
def init_command(archive: Archive, folder: Path, files: tuple[Path, ...], name: str | None) -> None:
    """Make an archive of a newsletter's issues.

    DIR is the folder of the archive, and FILES are the issues, as files or folders.

    What the issues show is written to DIR/newsletters/NAME/newsletter.toml, with reasons: how they are named, which
    sections there are, what repeats. The issues are copied beside it. Where the table is there already, changes are
    proposed and nothing of it is overwritten. `backissue index --archive DIR` then indexes the folder.
    """
    name = NOT_NAME.sub("-", (name or folder.resolve().name).casefold()).strip("-")
    if not name:
        raise Ended(f"{folder}: this name cannot name a newsletter. Give one with --name.")
    place = folder / NEWSLETTERS / name
    refused: list[str] = []
    given = sorted(read_all(files or [place], refused), key=richness)
    if not given:
        raise Ended("\n".join(["No issue could be read.", *refused]))
    make_folder(place)
    write_table(place / TABLE, propose(name, sample_of(given)))
    kept = keep(Archive(folder, archive.data), name, given, refused) if files else len(given)
    for sentence in refused:
        say(sentence, "backissue: ")
    left = f", {len(refused):,} left out" if refused else ""
    click.echo(f"{kept:,} issues are in {place}{left}. `backissue index --archive {folder}` indexes them.")
    if refused:
        raise click.exceptions.Exit(1)


def read_all(files: Iterable[Path], refused: list[str]) -> Iterator[Given]:
    """Yield the issues in some files and folders; each file that cannot be read adds a sentence to `refused`."""
    paths = list(files_in(files))
    with progress("reading") as show:
        for done, path in enumerate(paths):
            show(done, len(paths))
            try:
                yield from issues_in(path)
            except BackissueError as error:
                refused.append(str(error))


def issues_in(path: Path) -> Iterator[Given]:
    """Yield the issue that a file holds, or those of a feed or a mailbox, each with bytes of its own."""
    from indexer.formats.registry import parts_of, read_source

    for raw, suffix in parts_of(read_file(path), path.name):
        yield from (Given(path, raw, suffix, document) for document in read_source(raw, f"{path.stem}{suffix}")[:1])


def sample_of(given: Sequence[Given]) -> list[Sample]:
    """Return a sample of the issues in the richest format, spread evenly over all of them."""
    richest = [each for each in given if each.suffix == given[0].suffix]
    return [Sample(each.path.name, each.document) for each in richest[:: 1 + len(richest) // MOST_SAMPLED]]


def files_in(files: Iterable[Path]) -> Iterator[Path]:
    """Yield each file, and of a folder all that it holds but hidden files, in order."""
    for path in files:
        if not path.is_dir():
            yield path
            continue
        for inside in sorted(path.rglob("*")):
            hidden = any(part.startswith((".", "_")) for part in inside.relative_to(path).parts)
            if inside.is_file() and not hidden and inside.suffix.lower() in SUFFIXES:
                yield inside


def write_table(path: Path, proposal: Proposal) -> None:
    """Write the table, or where there is one say what would change in it; say what was inferred in words."""
    if path.exists():
        import tomllib

        found = list(changes(proposal, tomllib.loads(path.read_text(encoding="utf-8"))))
        click.echo(f"{path} stays as it is." + (" Proposed changes:" if found else " Nothing to change was found."))
        for sentence in found:
            click.echo(f"  {sentence}")
        return
    write_whole(path, as_toml(proposal).encode())
    click.echo(f"Inferred from {proposal.issues:,} issues:")
    for finding in proposal.findings:
        click.echo(f"  {finding.sentence()}")
    click.echo(f"Written to {path}.")


def keep(archive: Archive, name: str, given: Sequence[Given], refused: list[str]) -> int:
    """Copy the issues into the archive folder, each named by its number or day; return how many there are."""
    from indexer.ingest import Told, which_issue

    held: dict[Label, Path] = {}
    for each in given:
        try:
            _, label, date = which_issue(each.document, each.path.name, archive, Told(name))
        except BackissueError as error:
            refused.append(str(error))
            continue
        if label in held:
            refused.append(f"{each.path}: issue {label} is in {held[label]} too, which was kept.")
            continue
        held[label] = each.path
        place = archive.folder / NEWSLETTERS / name / f"{stem_of(label)}{each.suffix}"
        source = Source(IssueKey(name, label), place)
        known = {"name": each.path.name} | ({"date": date.isoformat()} if date else {})
        write_whole(source.path, each.raw)
        write_whole(source.told, json.dumps(known).encode())
    return len(held)


def richness(given: Given) -> tuple[int, str]:
    """Return what issues are sorted by: the format that says the most first, then the file."""
    return (RICHEST.index(given.suffix) if given.suffix in RICHEST else len(RICHEST), str(given.path))
