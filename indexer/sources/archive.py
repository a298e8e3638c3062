"""The archive folder and the user's data folder: which issue files there are, and putting originals beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import BadArchive, UnreadableSource, UnsafeFolder
from indexer.model import IssueKey, Label, Newsletter, label_of, label_order
from indexer.sources.files import listed, read_file
from indexer.sources.folders import SHIPPED, is_of_another, make_folder
from indexer.sources.replacing import TOLD, replace, settle

if TYPE_CHECKING:  # most commands read no table: each is loaded with what reads it
    from indexer.kernel.facts import Facts
    from indexer.profile.corrections import Change
    from indexer.profile.newsletters import Rewrite
    from indexer.profile.profiles import Profile

NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}\Z")
PROFILES = "profiles"
CORRECTIONS = "corrections.toml"
TABLE = "newsletter.toml"
NEWSLETTERS = "newsletters"  # the folder of a user's archive in which each newsletter has its own
SUFFIXES = (
    *(".md", ".markdown", ".mdx", ".html", ".htm", ".txt", ".xml", ".rst", ".eml", ".mbox"),
    *(".org", ".adoc", ".asciidoc", ".docx", ".epub", ".odt", ".textile", ".wiki", ".items"),
)
SLASH = "_"  # stands in file names for the slash of a label, which has no underscores itself


@dataclass(frozen=True)
class Source:
    """A file that holds an issue: of the archive, or an original that was fetched or added."""

    key: IssueKey
    path: Path

    @property
    def told(self) -> Path:
        """Where it is kept what the user said of an original that says it not itself."""
        return self.path.with_suffix(TOLD)


@dataclass(frozen=True)
class Archive:
    """An archive folder, what its tables say, and the data folder with the originals that were fetched or added."""

    folder: Path
    data: Path

    @cached_property
    def newsletters(self) -> dict[str, Newsletter]:
        """The shipped newsletters, and in an archive of the user's those that it has itself."""
        from indexer.profile.newsletters import load_newsletter, load_newsletters

        known = load_newsletters(self.table("newsletters.toml"))
        folders = (SHIPPED, self.folder) if (self.folder / NEWSLETTERS).is_dir() else (self.folder,)
        for folder in folders:
            own = sorted(folder.glob(f"{NEWSLETTERS}/*/{TABLE}"))
            known |= {path.parent.name: load_newsletter(path) for path in own}
        for newsletter in known.values():
            self.check_kinds(newsletter)
        return known

    def check_kinds(self, newsletter: Newsletter) -> None:
        """Raise `BadArchive` for a kind of a section that neither the profile of its newsletter nor 0.1 has."""
        from indexer.profile.profiles import FIRST

        for section, kind in newsletter.sections.items():
            kinds = self.profile(newsletter.profile).kinds
            if kind not in kinds and kind not in self.profile(FIRST).kinds:
                raise BadArchive(
                    f"{newsletter.id}: Section {section!r} has the kind {kind!r}. The profile "
                    f"{newsletter.profile} has {', '.join(kinds)}."
                )

    def table(self, name: str) -> Path:
        """Return where a table is: in this folder, or among what is shipped where a user's archive has none."""
        own = self.folder / name
        layered = (self.folder / NEWSLETTERS).is_dir() and not own.exists()
        return SHIPPED / name if layered else own

    @cached_property
    def _profiles(self) -> dict[str, Profile]:
        return {}

    def profile(self, name: str) -> Profile:
        """Return a profile; raises `BadArchive` for one that neither this folder nor what is shipped has."""
        from indexer.profile.profiles import NEUTRAL, load_profile

        if name not in self._profiles:
            base = None if name == NEUTRAL else self.profile(NEUTRAL)
            self._profiles[name] = load_profile(name, lambda table: self.profile_table(name, table), base)
        return self._profiles[name]

    def profile_table(self, name: str, table: str) -> Path:
        """Return where a table of a profile is: in this folder, where version 0.1 kept it, or among what is shipped."""
        from indexer.profile.profiles import FIRST

        old = [self.folder] if name == FIRST else []
        places = [self.folder / PROFILES / name, *old, SHIPPED / PROFILES / name]
        return next((place / table for place in places if (place / table).exists()), places[0] / table)

    def profile_folders(self) -> list[Path]:
        """Return the folders of all profiles, the shipped ones first."""
        places = dict.fromkeys((SHIPPED / PROFILES, self.folder / PROFILES))
        return [folder for place in places for folder in listed(place) if folder.is_dir()]

    def profile_of(self, newsletter: str) -> Profile:
        """Return the profile of a newsletter; that of an unknown one is neutral."""
        return self.profile(self.newsletter(newsletter).profile)

    @cached_property
    def facts(self) -> Facts:
        """The facts of the kernel, with the user's own outcomes of patches over those that are shipped."""
        from indexer.kernel.facts import load_facts
        from indexer.kernel.outcomes import combined, read_outcomes
        from indexer.profile.profiles import FIRST

        shipped = load_facts(self.profile_table(FIRST, "facts"))
        return replace_fields(shipped, outcomes=combined(shipped.outcomes, read_outcomes(self.outcomes)))

    def facts_of(self, profile: Profile) -> Facts:
        """Return the facts that concern a profile: those of the kernel where its issues list patches, else none."""
        from indexer.kernel.facts import NOTHING

        return self.facts if profile.patches else NOTHING

    @cached_property
    def version_facets(self) -> tuple[str, ...]:
        """The ids of the version facets that the profiles of all newsletters declare."""
        found = (self.profile(newsletter.profile).version for newsletter in self.newsletters.values())
        return tuple(dict.fromkeys(facet.id for facet in found if facet))

    def same_series(self, newsletter: str) -> dict[tuple[str, str], str]:
        """Return what a person decided on the series of a newsletter's patches."""
        return self.facts_of(self.profile_of(newsletter)).same_series

    def in_use(self, newsletters: Iterable[str]) -> tuple[Profile, ...]:
        """Return the profiles of some newsletters, each once; of none, that of the first newsletter of the tables."""
        names = list(newsletters) or list(self.newsletters)[:1]
        return tuple({profile.id: profile for profile in map(self.profile_of, names)}.values())

    @cached_property
    def rewrites(self) -> tuple[Rewrite, ...]:
        from indexer.profile.newsletters import load_rewrites

        return load_rewrites(self.table("links.toml"))

    @cached_property
    def redirects(self) -> dict[str, str]:
        """The ids that changed, each with what it is now."""
        from indexer.profile.tables import rows

        return {row["old"]: row["new"] for row in rows(self.table("redirects.tsv"), "old", "new")}

    @property
    def corrections_files(self) -> list[Path]:
        """The files of corrections: the shipped one, the archive's own, and the one in the data folder, which wins."""
        found = dict.fromkeys((self.table(CORRECTIONS), self.folder / CORRECTIONS, self.data / CORRECTIONS))
        return [path for path in found if path.is_file()]

    @cached_property
    def corrections(self) -> dict[str, Change]:
        """The corrections made by hand, by entry id."""
        from indexer.profile.corrections import load_corrections

        return {entry: each for path in self.corrections_files for entry, each in load_corrections(path).items()}

    @property
    def outcomes(self) -> Path:
        """The table of outcomes that the user made with `backissue outcomes`."""
        return self.data / "outcomes.tsv"

    @property
    def originals(self) -> Path:
        return self.data / "originals"

    def newsletter(self, name: str) -> Newsletter:
        """Return what is known of a newsletter; of an unknown one its name alone."""
        return self.newsletters.get(name) or Newsletter(name, name)

    def sources(self) -> list[Source]:
        """Return the file of each issue, by newsletter and label: an original where there is one, else the retold.

        Raises `BadArchive` where the archive folder is missing or two files hold one issue.
        """
        if not self.folder.is_dir():
            raise BadArchive(f"{self.folder}: no such archive folder; name one with --archive or BACKISSUE_ARCHIVE")
        own = self.issues_in(self.folder) | self.issues_in(self.folder / NEWSLETTERS)
        found = own | self.issues_in(self.originals)
        return [found[key] for key in sorted(found, key=source_order)]

    def retold(self) -> dict[IssueKey, Source]:
        """Return the files of the retold issues that the archive ships."""
        return self.issues_in(self.folder)

    def issues_in(self, folder: Path) -> dict[IssueKey, Source]:
        found: dict[IssueKey, Source] = {}
        for path in files_below(folder):
            label = label_in(path.stem)
            if label is None or path.suffix.lower() not in SUFFIXES or not NAME.match(path.parent.name):
                continue
            key = IssueKey(path.parent.name, label)
            if key in found:
                raise BadArchive(
                    f"{path}: {found[key].path.name} holds issue {key.label} of {key.newsletter} too; "
                    "remove one of them"
                )
            found[key] = Source(key, path)
        return found

    def original_at(self, key: IssueKey, suffix: str) -> Path:
        """Return where the original of an issue is kept; raises `UnreadableSource` for a name that cannot be one."""
        if not NAME.match(key.newsletter):
            raise UnreadableSource(
                f"{key.newsletter!r} cannot name a newsletter: lower-case letters, digits and hyphens only"
            )
        return self.originals / key.newsletter / f"{stem_of(key.label)}{suffix}"

    def put_original(self, key: IssueKey, raw: bytes, suffix: str, said: str = "") -> Path:
        """Keep the original of an issue and what the user said of it, in place of what was there. Return its path."""
        path = self.original_at(key, suffix)
        make_folder(path.parent)
        replace(path.parent, path.stem, {suffix: raw, TOLD: said.encode()}, SUFFIXES)
        return path

    def settle(self) -> None:
        """Finish what killed runs began among the originals; to be called by the one process that builds.

        Raises `UnsafeFolder` for folders of another user.
        """
        for folder in (self.originals, *listed(self.originals)):
            if folder.is_dir():
                if is_of_another(folder.stat()):
                    raise UnsafeFolder(f"{folder}: The folder belongs to another user. Choose another --data.")
                settle(folder, SUFFIXES)

    def content(self, path: Path) -> bytes:
        """Return the contents of a source. Raises `UnreadableSource`, also for an original of another user."""
        return read_file(path, owned=self.originals in path.parents)

    def remove_original(self, source: Source) -> None:
        """Remove the original of an issue, and what the user said of it."""
        source.path.unlink()
        source.told.unlink(missing_ok=True)

    def told(self, source: Source) -> dict[str, object]:
        """Return what the user said when an original was added."""
        if not source.told.exists():
            return {}
        try:
            held = json.loads(self.content(source.told))
        except (ValueError, RecursionError) as error:
            raise BadArchive(f"{source.told}: this is no JSON ({error}); remove it and add the issue again") from error
        if not isinstance(held, dict):
            raise BadArchive(f"{source.told}: this is no JSON object; remove it and add the issue again")
        return held


def stem_of(label: Label) -> str:
    """Return the name that the file of an issue has, without its suffix."""
    return f"{label:02d}" if isinstance(label, int) else label.replace("/", SLASH)


def label_in(stem: str) -> Label | None:
    """Return the label for which `stem_of` gives a name, None for the name of something else."""
    try:
        return label_of(stem.replace(SLASH, "/"))
    except ValueError:
        return None


def source_order(key: IssueKey) -> tuple[object, ...]:
    """Return what the issues of an archive are read in the order of: by newsletter, then by label."""
    return key.newsletter, label_order(key.label)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield what the folders of newsletters in a folder hold, in order."""
    for newsletter in listed(folder):
        if NAME.match(newsletter.name) and newsletter.is_dir():
            yield from listed(newsletter)
