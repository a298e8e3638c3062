"""Which name a text means: the names that are known, and in which forms entries write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from indexer.analysis import SUB_WORD, expanded, fold, terms
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog, total
from indexer.model import Entry
from indexer.query.tree import Match, Node, Or
from indexer.views.first_releases import landings

PREFIXES = {"helper": "bpf_", "map type": "BPF_MAP_TYPE_", "program type": "BPF_PROG_TYPE_"}
FUNC = "BPF_FUNC_"
# A map's name that was made for it: "sockmap" is BPF_MAP_TYPE_SOCKMAP wherever it stands; a "hash" is not.
COINED = "map"
LONGEST = 200
QUOTES = "`'\"‘’“”"
MAN_SECTION = re.compile(r"\(\d\)$")  # bpf(2)
LANDED = " landed in "  # what parts the name from the rest in the evidence of a landing
SHORTEST = 3  # letters of a text that names are looked for which it is a part of
FARTHEST = 0.4  # share of its letters in which a name may differ from a text
COMMON_PARTS = frozenset(("bpf", "map", "prog", "type", "get", "set"))


class Names:
    """All names that are known: those of the tables of facts, and those that entries write.

    `forms` has by name, as the kernel has it, the identifiers that mean it; `introduced` the ids of the entries that
    introduce it. Names stand in the order in which entries tell of them.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.landings = landings(catalog).by_name
        self.exact: dict[str, str] = {}
        self.folded: dict[str, str] = {}
        self.tails: dict[str, str] = {}
        self.forms: dict[str, list[str]] = {}
        self.introduced: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}
        self._written: dict[str, int] = {}
        self._take_landings()
        for alias in catalog.about.aliases:
            self._take(alias.written, alias.canonical or alias.written)
        self._take_tails()
        self._take_evidence()
        self._take_identifiers()
        self.coined = {name: tail for tail, name in self.tails.items() if tail.endswith(COINED) and "_" not in tail}
        for name in self.coined:
            if name not in self.forms and total(catalog, self.where(name)):
                self.forms[name] = []
        self.ranks = {name: rank for rank, name in enumerate(self.forms)}

    def meant(self, text: str) -> str | None:
        """Return the name that a text means, as the kernel has it; None for one that is not known."""
        if len(text) > LONGEST:
            return None
        bare = unquoted(text)
        key = folded(bare)
        if not bare:
            return None
        return self.exact.get(bare) or self.folded.get(key) or self.tails.get(key)

    def _take(self, written: str, name: str) -> None:
        self.exact.setdefault(written, name)
        if key := folded(written):
            self.folded.setdefault(key, name)

    def _take_landings(self) -> None:
        """Take the names of the tables, helpers first: bpf_map_lookup_elem is also a command in capitals."""
        for name in sorted(self.landings, key=lambda name: self.landings[name].kind != "helper"):
            self._take(name, name)
            if self.landings[name].kind == "helper":
                self._take(FUNC + name.removeprefix(PREFIXES["helper"]), name)

    def _take_tails(self) -> None:
        """Take the names without the prefix of their kind, where that is one name's alone."""
        found: dict[str, list[str]] = {}
        for name, landing in self.landings.items():
            prefix = PREFIXES.get(landing.kind)
            if prefix and name.startswith(prefix):
                found.setdefault(folded(name.removeprefix(prefix)), []).append(name)
        self.tails = {tail: names[0] for tail, names in found.items() if len(names) == 1}

    def _take_evidence(self) -> None:
        """Take the names that entries introduce, by the evidence of their versions."""
        for entry in self.catalog.find(Match("how", "landed")):
            for name in self.introduced_by(entry):
                self.introduced.setdefault(name, []).append(entry.id)
                self.forms.setdefault(name, [])

    def introduced_by(self, entry: Entry) -> list[str]:
        """Return the names that an entry introduces and that landed, by the evidence of its versions."""
        said = (each.evidence.partition(LANDED)[0] for each in entry.kernel if each.how == "landed")
        return [name for name in said if name in self.landings]

    def _take_identifiers(self) -> None:
        """Take the identifiers of entries, and those that one with alternatives stands for."""
        for written, entries in ((term.text, term.entries) for term in self.catalog.terms("identifier")):
            self._written[written] = entries
            self._take_short(written)
            named = self._meanings(written)
            self._named[written] = list(dict.fromkeys((*named, *([written] if len(named) > 1 else ()))))
            for name in self._named[written]:
                self._take(name, name)
                self.forms.setdefault(name, []).append(written)
            self._take(written, written if len(named) > 1 else named[0])

    def _take_short(self, written: str) -> None:
        """Take a name that is written without its prefix, where an entry says so or where it is a word of its own."""
        name = self.tails.get(folded(written))
        if name is None or written in self.exact:
            return
        if folded(written).endswith(COINED) or any(
            name in self.introduced_by(entry) or written in entry.helpers
            for entry in self.catalog.find(Match("identifier", written))
        ):
            self._take(written, name)

    def _meanings(self, written: str) -> list[str]:
        """Return the names that an identifier stands for: BPF_(PROG|MAP)_GET_NEXT_ID is two."""
        if written in self.exact:
            return [self.exact[written]]
        parts = [each for each in expanded(MAN_SECTION.sub("", written)) if each]
        return [self.exact.get(each, each) for each in parts or [written]]

    def where(self, name: str) -> Node:
        """Return the condition that an entry mentions a name in any form, or introduces it."""
        tail = self.coined.get(name)
        return Or((
            *(Match("identifier", written) for written in self.forms.get(name, ())),
            *(Match("id", entry_id) for entry_id in self.introduced.get(name, ())),
            *(Match(field, tail) for field in ("title", "body") if tail),
        ))  # fmt: skip

    def often(self, name: str) -> int:
        """Return the number of entries that mention a name."""
        return self._counts.get(name, 0)

    @cached_property
    def _counts(self) -> dict[str, int]:
        return {name: self._count(name) for name in self.forms}

    def _count(self, name: str) -> int:
        forms = self.forms[name]
        if len(forms) == 1 and name not in self.introduced and name not in self.coined:
            return self._written[forms[0]]
        return total(self.catalog, self.where(name))

    def mentions(self, name: str) -> Iterator[tuple[Entry, str]]:
        """Yield the entries that mention a name in reading order, each with the form in which it writes it."""
        for entry in self.catalog.find(self.where(name)):
            yield entry, self.form(entry, name)

    def form(self, entry: Entry, name: str) -> str:
        """Return the form in which an entry writes a name that it mentions."""
        written = [each for each in entry.identifiers if name in self._named.get(each, ())]
        if name in self.introduced_by(entry):
            title = fold(entry.title)
            short = (tail for tail, named in self.tails.items() if named == name and tail in title)
            return (*written, *short, name)[0]
        return min(written, default=self.coined.get(name, name))

    def of(self, entry: Entry) -> list[str]:
        """Return the names that an entry mentions, as the kernel has them."""
        found = {*self.introduced_by(entry)}
        found |= {name for written in entry.identifiers for name in self._named.get(written, ())}
        if self.coined:
            words = {term.text for term in terms(f"{entry.title}\n{entry.body}")}
            found |= {name for name, tail in self.coined.items() if tail in words}
        return sorted(found, key=self.ranks.__getitem__)

    @cached_property
    def keys(self) -> dict[str, str]:
        """All names by what they are compared by, with and without prefix."""
        return {**self.tails, **self.folded}

    @cached_property
    def parts(self) -> list[tuple[frozenset[str], str]]:
        """All names with the parts by which they are told apart."""
        return [(parts_of(key), name) for key, name in self.folded.items()]

    def containing(self, text: str) -> tuple[str, ...]:
        """Return the names that a text is a part of, in any of their forms; every name where there is no text."""
        return tuple(dict.fromkeys(self._containing(folded(unquoted(text[:LONGEST])))))

    def nearest(self, text: str, most: int) -> tuple[str, ...]:
        """Return the names nearest to a text: those it is a part of, then by letters, then by parts in common."""
        key = folded(unquoted(text[:LONGEST]))
        if not key or most < 1:
            return ()
        found = dict.fromkeys(self._containing(key) if len(key) >= SHORTEST else ())
        if len(found) < most:
            found |= dict.fromkeys((*self._alike(key, most), *self._sharing(key)))
        return tuple(found)[:most]

    def _containing(self, key: str) -> list[str]:
        """Return the names that a text is a part of: those that begin so first, then those mentioned most."""
        found = [(known, name) for known, name in self.keys.items() if key in known]
        found.sort(key=lambda pair: (not pair[0].startswith(key), -self.often(pair[1]), len(pair[1]), pair[1]))
        return [name for _, name in found]

    def _alike(self, key: str, most: int) -> list[str]:
        """Return the names with nearly the same letters, the nearest first."""
        from rapidfuzz import process  # only an unknown name needs it
        from rapidfuzz.distance import OSA

        close = process.extract(
            key, self.keys.keys(), scorer=OSA.normalized_distance, score_cutoff=FARTHEST, limit=2 * most
        )
        return [self.keys[known] for known, _, _ in close]

    def _sharing(self, key: str) -> list[str]:
        """Return the names with parts in common, those with most first."""
        wanted = parts_of(key)
        found = [(len(wanted & parts), name) for parts, name in self.parts if not wanted.isdisjoint(parts)]
        return [name for _, name in sorted(found, key=lambda pair: (-pair[0], -self.often(pair[1]), pair[1]))]


def names(catalog: Catalog) -> Names:
    """Return all names that are known."""
    return once(catalog, Names)


def unquoted(text: str) -> str:
    """Return a name without what may stand around it: blanks, quotes, the () of a call, the [] of an array."""
    return text.strip().strip(QUOTES).removesuffix("()").removesuffix("[]")


def folded(text: str) -> str:
    """Return what names are compared by: case and outer underscores make no difference."""
    return fold(text).strip("_")


def parts_of(key: str) -> frozenset[str]:
    """Return the parts of a name that tell it apart from others."""
    return frozenset(SUB_WORD.findall(key)) - COMMON_PARTS
