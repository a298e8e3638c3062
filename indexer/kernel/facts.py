"""The tables of facts: kernel releases and merge windows, first releases of identifiers, and people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from indexer.errors import BadArchive
from indexer.kernel.features import Feature, load_features
from indexer.kernel.outcomes import read_outcomes
from indexer.kernel.repositories import Repository, commit_url, load_repositories
from indexer.model import Landing, Outcome, Release, landing_of_claims
from indexer.profile.tables import rows
from indexer.profile.versions import load_releases

TABLES = {"helpers.tsv": "helper", "program-types.tsv": "program type", "map-types.tsv": "map type"}


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as an issue writes it, the kernel's name for the same thing (or ""), and why they are the same."""

    written: str
    canonical: str
    why: str


@dataclass(frozen=True)
class Facts:
    """The facts about kernels by name and date, and the names of people by their other spellings.

    `prefixes` are the prefixes of identifiers by kind, and `usual` maps a prefix to that of the name that is meant.
    """

    releases: tuple[Release, ...]
    landings: dict[str, Landing]
    aliases: dict[str, Alias]
    prefixes: dict[str, str]
    usual: dict[str, str]
    people: dict[str, str]
    same_series: dict[tuple[str, str], str]
    features: tuple[Feature, ...]
    repositories: dict[str, Repository]
    outcomes: dict[str, Outcome]

    def canonical(self, name: str) -> str:
        """Return the kernel's name for `name`, or `name` itself if it is not an alias.

        `BPF_FUNC_x` is the helper `bpf_x`; call parentheses are ignored.
        """
        bare = name.removesuffix("()")
        for prefix, usual in self.usual.items():
            if bare.startswith(prefix) and usual + bare.removeprefix(prefix) in self.landings:
                bare = usual + bare.removeprefix(prefix)
        alias = self.aliases.get(bare)
        return alias.canonical if alias and alias.canonical else bare

    def landing(self, name: str) -> Landing | None:
        """Return the landing of an identifier, under the name as written or the name it was merged under."""
        return self.landings.get(self.canonical(name))

    def outcome(self, entry: str) -> Outcome | None:
        """Return the outcome of a patch, with the URL of its commit, or None."""
        found = self.outcomes.get(entry)
        if found is None:
            return None
        return replace(found, commit_url=commit_url(self.repositories.get(found.repository), found.commit))

    @property
    def helper_prefix(self) -> str:
        """The prefix of helper functions."""
        return self.prefixes.get("helper", "")

    def is_helper(self, name: str) -> bool:
        """Return whether a name is a BPF helper function, as written or as merged."""
        found = self.landing(name)
        return found is not None and found.kind == "helper"

    def release(self, version: str) -> Release | None:
        return self.by_version.get(version)

    @cached_property
    def by_version(self) -> dict[str, Release]:
        return {release.version: release for release in self.releases}


def load_facts(find: Callable[[str], Path]) -> Facts:
    """Read the tables of facts; `find` returns the path of a table. Raises `BadArchive` for an invalid table."""
    landings = dict(features(find("features.tsv")))
    for table, kind in TABLES.items():
        for row in rows(find(table), "name", "version", "commit"):
            claims = tuple(
                (source, *row[source].partition("@")[::2]) for source in ("ebpf_docs", "bcc") if row.get(source)
            )
            landings[row["name"]] = landing_of_claims(
                row["name"], kind, row["version"], row["commit"], claims, note=row.get("note", "")
            )
    reported = load_features(find("reported-features.tsv"))
    landings |= {
        each.name: landing_of_claims(
            each.name, each.kind, each.version, each.commit, [(each.source, each.version, each.commit)], checked=False
        )
        for each in reported
    }
    known = people(find("people.tsv"))
    prefixes = rows(find("prefixes.tsv"), "kind", "prefix", "usual")
    return Facts(
        tuple(each for each in load_releases(find("kernel-releases.tsv")) if each.rc1),
        landings,
        aliases(find("names.tsv"), landings),
        {row["kind"]: row["prefix"] for row in prefixes if not row["usual"]},
        {row["prefix"]: row["usual"] for row in prefixes if row["usual"]},
        known,
        same_series(find("series.tsv"), known),
        reported,
        load_repositories(find("repositories.toml")),
        read_outcomes(find("outcomes.tsv")),
    )


def features(path: Path) -> list[tuple[str, Landing]]:
    """Return the features that are identifiers."""
    return [
        (
            row["name"],
            landing_of_claims(
                row["name"],
                row["category"].replace("-", " "),
                row["version"],
                row["commit"],
                [(row["source"], row["version"], row["commit"])],
                note=row.get("note", ""),
                checked=False,
            ),
        )
        for row in rows(path, "category", "name", "version", "commit", "source")
        if row["name"].isidentifier() and "_" in row["name"] and row["category"] not in ("jit", "main", "core")
    ]


def people(path: Path) -> dict[str, str]:
    """Return the canonical name of each spelling. A name that only resembles another one maps to itself."""
    found = {row["written"]: row["name"] for row in rows(path, "written", "name", "why")}
    for written, name in found.items():
        if found.get(name, name) != name:
            raise BadArchive(
                f"{path}: {written} leads to {name}, which leads to {found[name]}. Name {found[name]} directly."
            )
    return found


def same_series(path: Path, people: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the canonical subject of a series by author and subject; a separate series maps to itself."""
    return {
        (people.get(row["author"], row["author"]).casefold(), row["subject"]): known_as(row)
        for row in rows(path, "author", "subject", "other", "decision")
    }


def known_as(row: Mapping[str, str]) -> str:
    return row["other"] if row["decision"] == "same" else row["subject"]


def aliases(path: Path, landings: dict[str, Landing]) -> dict[str, Alias]:
    found = {}
    for row in rows(path, "written", "name", "why"):
        name = "" if row["name"] == "-" else row["name"]
        if name and name not in landings:
            raise BadArchive(
                f"{path}: {row['written']} leads to {name}, which no table of facts has. Correct the name."
            )
        found[row["written"]] = Alias(row["written"], name, row["why"])
    return found


NOTHING = Facts((), {}, {}, {}, {}, {}, {}, (), {}, {})
