"""The metadata of an archive: its issues, newsletters, profiles and topics, and the facts behind its entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from indexer.catalog.facets import HOW_WORDS, Facet, facets_of, version_facet
from indexer.catalog.profiles import ExamplesAbout, KindAbout, ProfileAbout, VersionsAbout, profile_about
from indexer.model import Edition, Label
from indexer.query.fields import Fields


@dataclass(frozen=True, slots=True)
class IssueAbout:
    """An issue without its entries; `problems` is the number of problems found in it."""

    newsletter: str
    number: Label
    title: str
    date: str
    url: str | None
    edition: Edition
    entries: int
    problems: int

    @property
    def key(self) -> str:
        """The key of the issue in conditions and URLs: newsletter/label."""
        return f"{self.newsletter}/{self.number}"

    @property
    def appeared(self) -> str:
        """The day of the issue, such as 2017-11-20, or "undated"."""
        return self.date[:10] or "undated"


@dataclass(frozen=True, slots=True)
class NewsletterAbout:
    """A newsletter; `page_first` prefers its pages over its source lines as links."""

    name: str
    home: str = ""
    author: str = ""
    licence: str = ""
    page_first: bool = True
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its label and its description."""

    id: str
    label: str
    covers: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A name as an issue writes it, its usual spelling ("" for none), and why both mean the same."""

    written: str
    canonical: str
    why: str


EMPTY: Mapping[str, Any] = {
    "placeholder": "words", "fields": "kind:talk", "short": (), "help": {}, "commands": (), "start": (), "things": {},
    "questions": (),
}  # fmt: skip


@dataclass(frozen=True)
class About:
    """The metadata of an archive, decoded on demand from the JSON object that a build wrote."""

    record: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of backissue that built the archive's index."""
        return str(self.record["version"])

    @property
    def archive(self) -> str:
        """The folder of the archive."""
        return str(self.record["archive"])

    @cached_property
    def entries(self) -> int:
        """The number of entries."""
        return sum(issue.entries for issue in self.issues.values())

    @cached_property
    def issues(self) -> Mapping[str, IssueAbout]:
        """The issues by newsletter/label, in reading order."""
        *names, _ = IssueAbout.__dataclass_fields__
        values = itemgetter(*names)
        made = (IssueAbout(*(*values(row), len(row["problems"]))) for row in self.record["issues"])
        return {issue.key: issue for issue in made}

    @cached_property
    def newest(self) -> str:
        """The day of the newest issue, or ""."""
        return max((issue.date[:10] for issue in self.issues.values()), default="")

    @cached_property
    def served(self) -> tuple[str, ...]:
        """The sorted ids of the newsletters that have entries."""
        return tuple(sorted({issue.newsletter for issue in self.issues.values() if issue.entries}))

    @cached_property
    def newsletters(self) -> Mapping[str, NewsletterAbout]:
        """The newsletters in the archive's tables, by id."""
        return {name: NewsletterAbout(**row) for name, row in self.record["newsletters"].items()}

    def newsletter(self, name: str) -> NewsletterAbout:
        """Return a newsletter; without a table, its id is its name."""
        return self.newsletters.get(name) or NewsletterAbout(name)

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages in which words were analysed when the index was built."""
        return tuple(self.record.get("languages", ("en",)))

    @cached_property
    def language(self) -> str:
        """The language of all newsletters that have entries, or English if they have several."""
        return "en" if len(self.spoken) != 1 else next(iter(self.spoken))

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The languages of the newsletters that have entries."""
        return frozenset(self.newsletter(name).language for name in self.served)

    def language_of(self, entry_id: str) -> str:
        """Return the language of an entry, or of a newsletter; "" if all newsletters are in English, as pages are."""
        return self.newsletter(entry_id.partition("/")[0]).language if self.spoken != {"en"} else ""

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics, in the order of their table."""
        return tuple(Topic(row["id"], row["label"], row["covers"]) for row in self.record["topics"])

    @cached_property
    def aliases(self) -> tuple[Alias, ...]:
        """The names that issues spell differently."""
        return tuple(Alias(row["written"], row["canonical"], row["why"]) for row in self.record["aliases"])

    @property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes of identifiers by kind."""
        prefixes: Mapping[str, str] = self.record["prefixes"]
        return prefixes

    @property
    def usual_prefixes(self) -> Mapping[str, str]:
        """The prefixes of the names that are meant, by the prefixes that issues write instead."""
        usual: Mapping[str, str] = self.record["usual_prefixes"]
        return usual

    @property
    def redirects(self) -> Mapping[str, str]:
        """The new ids of renamed entries by their old ids."""
        redirects: Mapping[str, str] = self.record["redirects"]
        return redirects

    @cached_property
    def profiles(self) -> tuple[ProfileAbout, ...]:
        """The profiles of the newsletters that have entries."""
        return tuple(profile_about(row) for row in self.record["profiles"])

    @cached_property
    def versions(self) -> Mapping[str, VersionsAbout]:
        """The version facets by their ids."""
        return {each.versions.id: each.versions for each in self.profiles if each.versions}

    @cached_property
    def kinds(self) -> Mapping[str, KindAbout]:
        """The kinds of entries by their ids, in the order of the profiles."""
        found: dict[str, KindAbout] = {}
        for profile in self.profiles:
            found |= {kind.id: kind for kind in profile.kinds if kind.id not in found}
        return found

    @cached_property
    def reading(self) -> tuple[str, ...]:
        """The kinds of entries that change nothing, so the version of their date is not theirs."""
        return tuple(kind.id for kind in self.kinds.values() if kind.reading)

    def kind_label(self, kind: str) -> str:
        """Return the plural label of a kind."""
        return self.kinds[kind].label if kind in self.kinds else kind.capitalize()

    @cached_property
    def patches(self) -> bool:
        """Whether issues list patches."""
        return any(each.patches for each in self.profiles)

    @cached_property
    def covers(self) -> str:
        """A description of the entries, such as "patches and talks"."""
        return next((each.covers for each in self.profiles), "")

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The sources of the profiles' facts, as Markdown."""
        return tuple(each.sources for each in self.profiles if each.sources)

    @cached_property
    def examples(self) -> ExamplesAbout:
        """The examples of the profiles. Each kind of example comes from the first profile that has some."""
        found = [each.examples for each in self.profiles]
        names = ExamplesAbout.__dataclass_fields__
        return ExamplesAbout(
            **{name: next(filter(None, (getattr(e, name) for e in found)), EMPTY[name]) for name in names}
        )

    @cached_property
    def facts_facet(self) -> str:
        """The version facet of the tables of facts, "" if there are none."""
        return next((each.versions.id for each in self.profiles if each.patches and each.versions), "")

    @cached_property
    def elsewhere(self) -> Mapping[str, Any]:
        """The URL templates of external pages about names in entries, from the profiles."""
        return {name: value for each in reversed(self.profiles) for name, value in each.elsewhere.items()}

    @cached_property
    def fields(self) -> Fields:
        """The fields that a query can name."""
        return Fields(tuple(each.form for each in self.versions.values()), self.patches)

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        """All filters that a query can have, as facets."""
        versions = [version_facet(each.id, each.label, each.noun, each.examples) for each in self.versions.values()]
        things = self.examples.things
        example = f"{things['newsletter']}/{things['number']}" if "number" in things else ""
        return facets_of(self.fields, versions, self.kinds, example or next(reversed(list(self.issues)), ""))

    @cached_property
    def facet(self) -> Mapping[str, Facet]:
        """The facets by name."""
        return {facet.name: facet for facet in self.facets}

    @cached_property
    def offered(self) -> tuple[Facet, ...]:
        """The facets to show. The newsletter facet is shown only if there are several newsletters."""
        return tuple(facet for facet in self.facets if len(self.served) > 1 or facet.name != "newsletter")

    def issue_named(self, key: str) -> str:
        """Return the label of an issue in lists: its number, preceded by its newsletter if there are several."""
        label = self.labels["issue"][key]
        return label if len(self.served) > 1 else f"issue {label}"

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of values that are not shown as they are, by facet.

        If there are several newsletters, the label of an issue contains its newsletter's name.
        """
        names = {name: newsletter.name for name, newsletter in self.newsletters.items()}
        issues = {
            key: f"{names.get(issue.newsletter, issue.newsletter)} {issue.number}"
            if len(self.served) > 1
            else f"{issue.number}"
            for key, issue in self.issues.items()
        }
        return {each.name: {} for each in self.facets} | {
            "topic": {topic.id: topic.label for topic in self.topics},
            "kind": {kind.id: kind.label for kind in self.kinds.values()},
            "how": HOW_WORDS,
            "issue": issues,
            "newsletter": names,
        }


# Used if there is no index.
NOTHING = About({
    "issues": [], "newsletters": {}, "topics": [], "profiles": [], "prefixes": {}, "usual_prefixes": {}, "landings": {},
    "aliases": [],
})  # fmt: skip
