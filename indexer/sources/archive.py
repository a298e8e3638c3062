"""The archive folder and the user's data folder: find issue files, and store originals."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import model
from indexer.errors import BadArchive, UnreadableSource, UnsafeFolder
from indexer.model import IssueKey, label_order
from indexer.sources.files import listed, read_file
from indexer.sources.folders import SHIPPED, is_of_another, make_folder
from indexer.sources.names import label_in, stem_of
from indexer.sources.replacing import HINTS, recover, replace

if TYPE_CHECKING:  # most commands read no table, so each method imports what it needs
    from indexer.kernel.facts import Facts
    from indexer.profile.corrections import Change
    from indexer.profile.newsletters import Rewrite
    from indexer.profile.profiles import Profile

NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}\Z")
PROFILES = "profiles"
FIRST_TABLES = ("topics.toml", "words.toml", "facts")  # in the folder of a profile since 0.2
REDIRECTS = "redirects.tsv"
CORRECTIONS = "corrections.toml"
TABLE = "newsletter.toml"
NEWSLETTERS = "newsletters"  # a user's archive has one folder per newsletter in here
SUFFIXES = (
    *(".md", ".markdown", ".mdx", ".html", ".htm", ".txt", ".xml", ".rst", ".eml", ".mbox"),
    *(".org", ".adoc", ".asciidoc", ".docx", ".epub", ".odt", ".textile", ".wiki", ".items"),
)


@dataclass(frozen=True)
class Source:
    """The file of an issue: part of the archive, or an original that was fetched or added."""

    key: IssueKey
    path: Path

    @property
    def hints(self) -> Path:
        """The file with the options that the user gave when the original was added, such as its date."""
        return self.path.with_suffix(HINTS)


@dataclass(frozen=True)
class Archive:
    """An archive folder with its tables, and the data folder with the originals that were fetched or added."""

    folder: Path
    data: Path

    @cached_property
    def newsletters(self) -> dict[str, model.Newsletter]:
        """The newsletters by id: the shipped ones, and those that the user's archive declares."""
        from indexer.profile.newsletters import load_newsletter, load_newsletters

        known = load_newsletters(self.table("newsletters.toml"), first=self.is_first)
        folders = (SHIPPED, self.folder) if (self.folder / NEWSLETTERS).is_dir() else (self.folder,)
        for folder in folders:
            own = sorted(folder.glob(f"{NEWSLETTERS}/*/{TABLE}"))
            known |= {path.parent.name: load_newsletter(path) for path in own}
        for newsletter in known.values():
            self.check_kinds(newsletter)
        return known

    @property
    def is_first(self) -> bool:
        """Whether the folder was made for version 0.1, which kept topics and facts in the archive folder itself."""
        return any((self.folder / name).exists() for name in FIRST_TABLES)

    def check_kinds(self, newsletter: model.Newsletter) -> None:
        """Raise `BadArchive` if a section's kind is unknown to the newsletter's profile and to the first profile."""
        from indexer.profile.profiles import FIRST

        for section, kind in newsletter.sections.items():
            kinds = self.profile(newsletter.profile).kinds
            if kind not in kinds and kind not in self.profile(FIRST).kinds:
                raise BadArchive(
                    f"{newsletter.id}: Section {section!r} has the unknown kind {kind!r}. Use one of the profile "
                    f"{newsletter.profile}: {', '.join(kinds)}."
                )

    def table(self, name: str) -> Path:
        """Return the path of a table: in this folder, or the shipped one if a user's archive has none."""
        own = self.folder / name
        layered = (self.folder / NEWSLETTERS).is_dir() and not own.exists()
        return SHIPPED / name if layered else own

    @cached_property
    def _profiles(self) -> dict[str, Profile]:
        return {}

    def profile(self, name: str) -> Profile:
        """Return the profile with this name. Raises `BadArchive` if neither this folder nor backissue has it."""
        from indexer.profile.profiles import NEUTRAL, load_profile

        if name not in self._profiles:
            base = None if name == NEUTRAL else self.profile(NEUTRAL)
            self._profiles[name] = load_profile(name, lambda table: self.profile_table(name, table), base)
        return self._profiles[name]

    def profile_table(self, name: str, table: str) -> Path:
        """Return the path of a profile's table: in this folder, at its place in version 0.1, or the shipped one."""
        from indexer.profile.profiles import FIRST

        old = [self.folder] if name == FIRST else []
        places = [self.folder / PROFILES / name, *old, SHIPPED / PROFILES / name]
        return next((place / table for place in places if (place / table).exists()), places[0] / table)

    def profile_folders(self) -> list[Path]:
        """Return the folders of all profiles, the shipped ones first."""
        places = dict.fromkeys((SHIPPED / PROFILES, self.folder / PROFILES))
        return [folder for place in places for folder in listed(place) if folder.is_dir()]

    def profile_of(self, newsletter: str) -> Profile:
        """Return the profile of a newsletter. An unknown newsletter has the neutral profile."""
        return self.profile(self.newsletter(newsletter).profile)

    @cached_property
    def facts(self) -> Facts:
        """The kernel facts. The user's own patch outcomes override the shipped ones."""
        from indexer.kernel.facts import load_facts
        from indexer.kernel.outcomes import combined, read_outcomes
        from indexer.profile.profiles import FIRST

        shipped = load_facts(lambda table: self.profile_table(FIRST, f"facts/{table}"))
        return replace_fields(shipped, outcomes=combined(shipped.outcomes, read_outcomes(self.outcomes)))

    def facts_of(self, profile: Profile) -> Facts:
        """Return the kernel facts if the profile's issues list patches, otherwise empty facts."""
        from indexer.kernel.facts import NOTHING

        return self.facts if profile.patches else NOTHING

    @cached_property
    def version_facets(self) -> tuple[str, ...]:
        """The ids of the version facets that the profiles of all newsletters declare."""
        found = (self.profile(newsletter.profile).version for newsletter in self.newsletters.values())
        return tuple(dict.fromkeys(facet.id for facet in found if facet))

    def same_series(self, newsletter: str) -> dict[tuple[str, str], str]:
        """Return the hand-made decisions on which patches of a newsletter belong to one series."""
        return self.facts_of(self.profile_of(newsletter)).same_series

    def in_use(self, newsletters: Iterable[str]) -> tuple[Profile, ...]:
        """Return the profiles of some newsletters, each once.

        Without any, return those of the newsletters that the folder declares, or that of the first known newsletter.
        """
        declared = sorted(path.parent.name for path in self.folder.glob(f"{NEWSLETTERS}/*/{TABLE}"))
        names = list(newsletters) or declared or list(self.newsletters)[:1]
        return tuple({profile.id: profile for profile in map(self.profile_of, names)}.values())

    @cached_property
    def rewrites(self) -> tuple[Rewrite, ...]:
        from indexer.profile.newsletters import load_rewrites

        return load_rewrites(self.table("links.toml"))

    @cached_property
    def redirects(self) -> dict[str, str]:
        """The entry ids that changed, as old to new, including those of a data folder from version 0.1."""
        from indexer.profile.tables import rows

        places = [self.table(REDIRECTS), *filter(Path.is_file, [self.data / REDIRECTS])]
        return {row["old"]: row["new"] for place in places for row in rows(place, "old", "new")}

    @property
    def corrections_files(self) -> list[Path]:
        """The correction files by rising priority: shipped, the archive's own, the data folder's."""
        found = dict.fromkeys((self.table(CORRECTIONS), self.folder / CORRECTIONS, self.data / CORRECTIONS))
        return [path for path in found if path.is_file()]

    @cached_property
    def corrections(self) -> dict[str, Change]:
        """The corrections made by hand, by entry id."""
        from indexer.profile.corrections import load_corrections

        return {entry: each for path in self.corrections_files for entry, each in load_corrections(path).items()}

    @property
    def outcomes(self) -> Path:
        """The path of the table that `backissue outcomes` writes."""
        return self.data / "outcomes.tsv"

    @property
    def originals(self) -> Path:
        return self.data / "originals"

    def newsletter(self, name: str) -> model.Newsletter:
        """Return a newsletter. An unknown one has its id as its name, and nothing else."""
        return self.newsletters.get(name) or model.Newsletter(name, name)

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders with issues; a later one takes precedence."""
        return self.folder, self.folder / NEWSLETTERS, self.originals

    def sources(self) -> list[Source]:
        """Return one file per issue, ordered by newsletter and label: the original, or else the retold one.

        Raises `BadArchive` if the archive folder is missing or two files hold the same issue.
        """
        if not self.folder.is_dir():
            raise BadArchive(
                f"{self.folder}: There is no such folder. Name an archive with --archive or BACKISSUE_ARCHIVE."
            )
        found = {key: source for folder in self.folders for key, source in self.issues_in(folder).items()}
        return [found[key] for key in sorted(found, key=source_order)]

    def misnamed(self) -> list[model.Problem]:
        """Return a problem for each file among the issues whose name has a number but is no label."""
        why = "The file is left out, because its name is not the label of an issue. Rename it, such as 12.md."
        return [
            model.Problem(str(path), 0, why)
            for folder in self.folders
            for path in files_below(folder)
            if re.search(r"\d", path.stem) and label_in(path.stem) is None
        ]

    def retold(self) -> dict[IssueKey, Source]:
        """Return the files of the retold issues that the archive ships."""
        return self.issues_in(self.folder)

    def issues_in(self, folder: Path) -> dict[IssueKey, Source]:
        found: dict[IssueKey, Source] = {}
        for path in files_below(folder):
            if (label := label_in(path.stem)) is None:
                continue
            key = IssueKey(path.parent.name, label)
            if key in found:
                raise BadArchive(
                    f"{path}: {found[key].path.name} also contains issue {key.label} of {key.newsletter}. "
                    "Remove one of the two files."
                )
            found[key] = Source(key, path)
        return found

    def original_at(self, key: IssueKey, suffix: str) -> Path:
        """Return the path of an issue's original. Raises `UnreadableSource` if the newsletter's id is not valid."""
        if not NAME.match(key.newsletter):
            raise UnreadableSource(
                f"{key.newsletter!r} cannot name a newsletter. Use lower-case letters, digits and hyphens only."
            )
        return self.originals / key.newsletter / f"{stem_of(key.label)}{suffix}"

    def put_original(self, key: IssueKey, raw: bytes, suffix: str, said: str = "") -> Path:
        """Store an issue's original and the options given for it, replacing older ones. Return its path."""
        path = self.original_at(key, suffix)
        make_folder(path.parent)
        replace(path.parent, path.stem, {suffix: raw, HINTS: said.encode()}, SUFFIXES)
        return path

    def recover(self) -> None:
        """Finish or undo the replacements that killed runs left behind. Only the process that builds may call this.

        Raises `UnsafeFolder` if a folder belongs to another user.
        """
        for folder in (self.originals, *listed(self.originals)):
            if folder.is_dir():
                if is_of_another(folder.stat()):
                    raise UnsafeFolder(f"{folder}: The folder belongs to another user. Choose another --data.")
                recover(folder, SUFFIXES)

    def content(self, path: Path) -> bytes:
        """Return the contents of a source. Raises `UnreadableSource`, also if another user owns the original."""
        return read_file(path, owned=self.originals in path.parents)

    def remove_original(self, source: Source) -> None:
        """Remove an issue's original, and the options given for it."""
        source.path.unlink()
        source.hints.unlink(missing_ok=True)

    def hints(self, source: Source) -> dict[str, object]:
        """Return the options that the user gave when the original was added."""
        try:
            held = json.loads(self.content(source.hints)) if source.hints.exists() else {}
        except (ValueError, RecursionError) as error:
            raise BadArchive(
                f"{source.hints}: The file is not valid JSON ({error}). Remove it and add the issue again."
            ) from error
        if not isinstance(held, dict):
            raise BadArchive(f"{source.hints}: The file is not a JSON object. Remove it and add the issue again.")
        return held


def source_order(key: IssueKey) -> tuple[object, ...]:
    """Return the sort key of issues: by newsletter, then by label."""
    return key.newsletter, label_order(key.label)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files that may be issues in the subfolders of a folder, in order."""
    for newsletter in listed(folder):
        if NAME.match(newsletter.name) and newsletter.is_dir():
            yield from (path for path in listed(newsletter) if path.suffix.lower() in SUFFIXES)
