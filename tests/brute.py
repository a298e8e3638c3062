"""Search as a loop over the entries, slow and short: what the answers of the index are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby

from indexer.analysis import fold, name_terms, part_terms, terms
from indexer.model import Entry
from indexer.query.fields import FILTERS
from indexer.query.parser import gathered
from indexer.query.tree import And, Match, Node, Not, Or, Phrase, Word

Chosen = Mapping[str, tuple[str, ...]]


def texts(entry: Entry) -> tuple[str, ...]:
    """Return the texts of an entry that words and phrases are looked for in."""
    return (
        entry.title,
        entry.body,
        " ".join((entry.author or "", *entry.otherwise)),
        " ".join(entry.section),
        " ".join(link.url for link in entry.links),
    )


def names(entry: Entry) -> set[str]:
    """Return the identifiers of an entry as written, as the kernel has them, and those in its title and body."""
    known = {*entry.identifiers, *(name.canonical for name in entry.names)}
    return known | {t.text for t in terms(f"{entry.title}\n{entry.body}") if "_" in t.text}


@cache
def places(text: str) -> dict[int, list[str]]:
    """Return the terms at each place of a text, all of them forms of one word; a call does not count."""
    found: dict[int, list[str]] = {}
    for term in terms(text):
        if not term.text.endswith("()"):
            found.setdefault(term.position, []).append(term.text)
    return found


def has_phrase(entry: Entry, phrase: str) -> bool:
    """Return whether the words of a phrase stand next to each other in one of the texts."""
    words = places(phrase).items()
    return any(
        all(set(forms) & set(held.get(start + place, ())) for place, forms in words)
        for held in map(places, texts(entry))
        for start in held
    )


def has_filters(entry: Entry, chosen: Chosen) -> bool:
    """Return whether an entry has one of the values that are chosen for each filter, in the index's own form."""
    one_of = {
        "topic": entry.topics,
        "kind": (entry.kind,),
        "issue": (f"{entry.newsletter}/{entry.issue}",),
        "author": entry.people,
        "tree": (entry.tree,),
        "newsletter": (entry.newsletter,),
    }
    versions, hows = chosen.get("kernel"), chosen.get("how")
    return all(set(values) & set(one_of[name]) for name, values in chosen.items() if values and name in one_of) and (
        not (versions or hows)
        or any((not versions or k.version in versions) and (not hows or k.how in hows) for k in entry.kernel)
    )


@dataclass(frozen=True)
class Loop:
    """All entries, and the pairs of names that mean the same."""

    entries: tuple[Entry, ...] = field(repr=False)
    aliases: tuple[tuple[str, str], ...] = field(repr=False)

    @cached_property
    def words(self) -> dict[str, set[str]]:
        """The terms of each entry by its id: of its texts, of its names, and of their parts."""
        return {
            entry.id: {term.text for text in texts(entry) for term in terms(text)}
            | {term for name in names(entry) for term in (*name_terms(name), *part_terms(name))}
            for entry in self.entries
        }

    @cached_property
    def known(self) -> set[str]:
        """The terms that any entry has."""
        return set().union(*self.words.values())

    def ids(self, tree: Node, chosen: Chosen | None = None) -> set[str]:
        """Return the ids of the entries that match a tree and have the filters that are chosen."""
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
            case Match("id", value):
                return entry.id == value
            case Match(name, value):
                return has_filters(entry, {name: (value,)})
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
        """Return the forms of a word with all other names of what it names."""
        forms = {"bpf_" + form.removeprefix("bpf_func_") if form.startswith("bpf_func_") else form for form in written}
        others = {pair for pair in self.aliases if not forms.isdisjoint(pair)}
        return forms.union(*others)
