"""A catalog as a loop over a list of entries, slow and simple, to compare engines with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import groupby, islice

from indexer.analysis import fold, joined_terms, name_terms, part_terms, terms
from indexer.annotating.addresses import same_page
from indexer.catalog.about import About
from indexer.catalog.answers import Hit, Page
from indexer.catalog.facets import Count, Facet, ordered
from indexer.catalog.memo import Memo
from indexer.catalog.protocol import Order, Term
from indexer.kernel.introducing import commit_merged, names_landed
from indexer.model import OF_SERIES, Entry
from indexer.query.parser import gathered
from indexer.query.query import Query
from indexer.query.tree import ALL, And, Match, Node, Not, Or, Phrase, Word
from indexer.records import to_record
from tests.linux import FACETS, FILTERS, parse

Selected = Mapping[str, tuple[str, ...]]


def texts(entry: Entry) -> tuple[str, ...]:
    """Return the texts of an entry that are searched."""
    return (
        entry.title,
        entry.body,
        " ".join((entry.author or "", *entry.otherwise)),
        " ".join(entry.section),
        " ".join(link.url for link in entry.links),
    )


def names(entry: Entry) -> set[str]:
    """Return the identifiers of an entry: as written, with the usual spelling, and those in title and body."""
    known = {*entry.identifiers, *(name.canonical for name in entry.names)}
    return known | {t.text for t in terms(f"{entry.title}\n{entry.body}") if "_" in t.text}


@cache
def places(text: str) -> dict[int, list[str]]:
    """Return the terms at each position of a text; all are forms of one word. A call does not count."""
    found: dict[int, list[str]] = {}
    for term in terms(text):
        if not term.text.endswith("()"):
            found.setdefault(term.position, []).append(term.text)
    return found


def has_phrase(entry: Entry, phrase: str) -> bool:
    """Return whether the words of a phrase are adjacent in one of the texts."""
    words = places(phrase).items()
    return any(
        all(set(forms) & set(held.get(start + place, ())) for place, forms in words)
        for held in map(places, texts(entry))
        for start in held
    )


def has_filters(entry: Entry, chosen: Selected) -> bool:
    """Return whether an entry matches all selected filters."""
    one_of = {
        "topic": entry.topics,
        "kind": (entry.kind,),
        "section": entry.section,
        "issue": (f"{entry.newsletter}/{entry.issue}",),
        "author": entry.people,
        "tree": (entry.tree,),
        "outcome": entry.outcome.values if entry.outcome else (),
        "newsletter": (entry.newsletter,),
    }
    versions, hows = chosen.get("kernel"), chosen.get("how")
    return all(set(values) & set(one_of[name]) for name, values in chosen.items() if values and name in one_of) and (
        not (versions or hows)
        or any((not versions or k.version in versions) and (not hows or k.how in hows) for k in entry.versions)
    )


def values_of(entry: Entry, field: str) -> Iterable[str]:
    """Return the values of an entry's field, or the terms of one of its texts."""
    match field:
        case "title" | "body":
            return {term.text for term in terms(entry.title if field == "title" else entry.body)}
        case "kernel" | "how":
            return {version.version if field == "kernel" else version.how for version in entry.versions}
        case "topic" | "identifier" | "section":
            return {"topic": entry.topics, "identifier": entry.identifiers, "section": entry.section}[field]
        case "issue":
            return (f"{entry.newsletter}/{entry.issue}",)
        case "author" | "outcome":
            return {"author": entry.people, "outcome": entry.outcome.values if entry.outcome else ()}[field]
        case "written" | "introduces":
            written = (entry.author,) if entry.author and entry.people != (entry.author,) else ()
            return written if field == "written" else filter(None, (*names_landed(entry), commit_merged(entry)))
        case "lead":
            return () if entry.parent else ("yes",)
        case "page" | "linked":
            urls = (*(link.url for link in entry.links if field == "linked"), entry.url)
            return {same_page(url) for url in urls if url and (field == "page" or entry.kind != "patch")}
        case "posting" | "merge":
            return postings(entry, field) if entry.series else ()
    value = getattr(entry, field)
    return (str(value),) if value else ()


def postings(entry: Entry, field: str) -> Iterable[str]:
    """Return the version of the series of a patch, alone or with the release for which it is known to be merged."""
    posting = f"{entry.series}/v{entry.version or 1}"
    if field == "posting":
        return (posting,)
    known = entry.outcome and entry.outcome.outcome == "merged" and entry.outcome.grade != OF_SERIES
    return (f"{posting}@{entry.outcome.release}",) if entry.outcome and known else ()


@dataclass(frozen=True)
class Loop:
    """All entries, and the pairs of equivalent names."""

    entries: tuple[Entry, ...] = field(repr=False)
    aliases: tuple[tuple[str, str], ...] = field(repr=False)

    @cached_property
    def words(self) -> dict[str, set[str]]:
        """The terms of each entry by id: of its texts, its names, and their parts."""
        return {
            entry.id: {term.text for text in texts(entry) for term in terms(text)}
            | {term for name in names(entry) for term in (*name_terms(name), *part_terms(name), *joined_terms(name))}
            for entry in self.entries
        }

    @cached_property
    def known(self) -> set[str]:
        """The terms of all entries."""
        return set().union(*self.words.values())

    def ids(self, tree: Node, chosen: Selected | None = None) -> set[str]:
        """Return the ids of the entries that match a tree and the selected filters."""
        return {entry.id for entry in self.entries if self.matches(entry, tree) and has_filters(entry, chosen or {})}

    def matches(self, entry: Entry, node: Node) -> bool:
        """Return whether an entry matches a tree."""
        match node:
            case And(nodes):
                filters = [inner for inner in nodes if isinstance(inner, Match) and inner.field in FILTERS]
                others = (inner for inner in nodes if inner not in filters)
                return has_filters(entry, gathered(filters)) and all(self.matches(entry, inner) for inner in others)
            case Or(nodes):
                return any(self.matches(entry, inner) for inner in nodes)
            case Not(inner):
                return not self.matches(entry, inner)
            case Phrase(text):
                return has_phrase(entry, text)
            case Match(name, value) if name in FILTERS:
                return has_filters(entry, {name: (value,)})
            case Match(name, value):
                return value in values_of(entry, name)
            case Word(text, prefix=True):
                return any(word.startswith(fold(text).lstrip("_")) for word in self.words[entry.id])
            case Word(text):
                return all(self.words[entry.id] & forms for forms in self.wanted(text))
        raise AssertionError(node)

    def wanted(self, text: str) -> Iterator[set[str]]:
        """Yield, for each part of a word, the forms of which an entry needs one.

        A host, a file or a call that any entry has is one part; else each of its words is.
        """
        for _, token in groupby(terms(text), key=lambda term: (term.start, term.end)):
            held = list(token)
            whole = held[0].text
            several = len({term.position for term in held}) > 1
            if whole in self.known and ((several and "." in whole) or (whole.endswith("()") and "_" not in whole)):
                yield {whole}
            else:
                for _, at_place in groupby(held, key=lambda term: term.position):
                    yield self.forms(term.text for term in at_place if not term.text.endswith("()"))

    def forms(self, written: Iterable[str]) -> set[str]:
        """Return the forms of a word, with all other names of the same thing."""
        forms = {"bpf_" + form.removeprefix("bpf_func_") if form.startswith("bpf_func_") else form for form in written}
        others = {pair for pair in self.aliases if not forms.isdisjoint(pair)}
        return forms.union(*others)


class ListCatalog:
    """A catalog over a list of entries in reading order."""

    def __init__(self, entries: Sequence[Entry], about: About) -> None:
        self.entries = tuple(entries)
        self.about = about
        self.generation = f"{len(self.entries)} entries"
        self.memo = Memo()
        self.met: dict[str, list[Entry]] = {}
        self.loop = Loop(
            self.entries, tuple((fold(a.written), fold(a.canonical)) for a in about.aliases if a.canonical)
        )

    def day(self, entry: Entry) -> str:
        return self.about.issues[f"{entry.newsletter}/{entry.issue}"].date[:10]

    def meeting(self, where: Node) -> list[Entry]:
        """Return the entries that meet a condition; each condition is tried once."""
        key = repr(where)  # And(()) and Or(()) are equal tuples
        if key not in self.met:
            self.met[key] = [each for each in self.entries if self.loop.matches(each, self.resolved(each, where))]
        return self.met[key]

    def resolved(self, entry: Entry, where: Node) -> Node:
        """Resolve the parts of a condition that only the catalog knows: dates and renamed ids."""
        match where:
            case Match("before" | "after" as field, value):
                return ALL if (self.day(entry) < f"{value}-01-01"[:10]) == (field == "before") else Not(ALL)
            case Match("id", value):
                return Match("id", self.about.redirects.get(value, value))
            case Not(node):
                return Not(self.resolved(entry, node))
            case And(nodes):
                return And(tuple(self.resolved(entry, node) for node in nodes))
            case Or(nodes):
                return Or(tuple(self.resolved(entry, node) for node in nodes))
        return where

    def search(self, query: Query, facets: Iterable[Facet] = FACETS, *, explain: bool = False) -> Page:
        """Return a page of hits without snippets. By relevance, they are in reading order."""
        del explain
        parsed = parse(query.text)
        chosen = {name: (*query.selected(name), *parsed.filters.get(name, ())) for name in FILTERS}
        chosen = {name: values for name, values in chosen.items() if values}
        order: Order = "reading" if query.sort == "relevance" else query.sort  # type: ignore[assignment]
        found = list(self.find(And((parsed.tree, matches(chosen))), order=order))
        start = (query.page - 1) * query.limit
        hits = [self.hit(start + n, each) for n, each in enumerate(found[start : start + query.limit], 1)]
        counts = {facet.name: self.counts(facet, parsed.tree, chosen) for facet in facets}
        settled = replace(query, text=parsed.text, filters=chosen)
        return Page(
            settled, parsed.text, (), len(found), len(found), tuple(hits), counts, (), closest=False, corrected={}
        )

    def hit(self, position: int, entry: Entry) -> Hit:
        issue = self.about.issues[f"{entry.newsletter}/{entry.issue}"]
        return Hit(position, to_record(entry) | {"source": issue.edition}, issue, 1.0, entry.body, (), ())

    def counts(self, facet: Facet, tree: Node, chosen: Selected) -> list[Count]:
        """Return the counts of a facet under all other filters."""
        others = {name: values for name, values in chosen.items() if name != facet.name}
        picked = chosen.get(facet.name, ())
        numbers = Counter(dict.fromkeys(picked, 0))
        for entry in self.meeting(And((tree, matches(others)))):
            values = set(values_of(entry, facet.name))
            numbers.update(value for value in values if has_filters(entry, {**others, facet.name: (value,)}))
        return ordered((Count(value, value, n, value in picked) for value, n in numbers.items()), facet.order)

    def get(self, entry_id: str) -> Entry | None:
        return next(iter(self.meeting(Match("id", entry_id))), None)

    def find(
        self, where: Node = ALL, *, order: Order = "reading", limit: int | None = None, after: str | None = None,
        skip: int = 0,
    ) -> Iterator[Entry]:  # fmt: skip
        found = sorted(self.entries, key=self.day) if order == "oldest" else list(self.entries)
        if order == "newest":
            issues = {key: -n for n, key in enumerate(sorted({self.day(entry) for entry in self.entries}))}
            found.sort(key=lambda entry: issues[self.day(entry)])
        if after is not None:
            last = self.get(after)
            found = found[found.index(last) + 1 :] if last else []
        wanted = set(map(id, self.meeting(where)))
        return islice((entry for entry in found if id(entry) in wanted), skip, None if limit is None else skip + limit)

    def headings(self, where: Node, *, order: Order, limit: int | None) -> Iterator[tuple[str, str]]:
        return ((entry.id, entry.title) for entry in self.find(where, order=order, limit=limit))

    def firsts(
        self, field: str, where: Node = ALL, *, order: Order = "reading", limit: int | None = None
    ) -> Iterator[Entry]:
        first: dict[str, Entry] = {}
        for entry in self.find(where, order=order):
            for value in values_of(entry, field):
                first.setdefault(value, entry)
        return islice(first.values(), limit)

    def count(self, field: str, where: Node = ALL) -> Mapping[str, int]:
        return Counter(value for entry in self.meeting(where) for value in set(values_of(entry, field)))

    def terms(self, field: str, prefix: str = "", limit: int | None = None) -> Sequence[Term]:
        found = self.count(field)
        return [Term(text, found[text]) for text in sorted(found) if text.startswith(prefix)][:limit]


def matches(chosen: Selected) -> Node:
    """Return the condition of the selected filters."""
    return And(tuple(Match(name, value) for name, values in chosen.items() for value in values))
