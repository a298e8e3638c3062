"""Look up identifiers: known names, and the forms in which entries write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from indexer.analysis import SUB_WORD, expanded, fold, terms
from indexer.catalog.memo import once
from indexer.catalog.protocol import Catalog, total
from indexer.kernel.introducing import COMMIT_DIGITS, names_landed
from indexer.model import Entry
from indexer.query.tree import Match, Node, Or
from indexer.views.briefs import issue_key
from indexer.views.first_releases import landings

# A name coined for a map type: "sockmap" always means BPF_MAP_TYPE_SOCKMAP, but "hash" is an ordinary word.
COINED = "map"
LONGEST = 200
QUOTES = "`'\"‘’“”"
MAN_SECTION = re.compile(r"\(\d\)$")  # bpf(2)
NO_LETTER = re.compile(r"[\W_]+")
SHORTEST = 3  # letters of a text before names that contain it are looked up
FARTHEST = 0.4  # maximum share of letters in which a name may differ from a text
BRACKETS = frozenset("{}()")  # of an identifier that stands for several
COMMON_PARTS = ("get", "set")  # besides the parts of prefixes


class Names:
    """All known names: those in the tables of facts, and those in entries.

    `forms` maps a name to the identifiers that mean it, `introduced` to what the entries that introduce it have in the
    field "introduces". Names that entries introduce come first, in the order of these entries.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.landings = landings(catalog).by_name
        self.exact: dict[str, str] = {}
        self.folded: dict[str, str] = {}
        self.tails: dict[str, str] = {}
        self.forms: dict[str, list[str]] = {}
        self.introduced: dict[str, list[str]] = {}
        self._named: dict[str, list[str]] = {}  # of an identifier that means another name, or several
        self._written: dict[str, int] = {}
        self._issues = {key: place for place, key in enumerate(catalog.about.issues)}
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
        """Return the name that a text means, in the spelling of the tables of facts, or None."""
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
        """Add the names of the tables, helpers first: bpf_map_lookup_elem is also a command in capitals."""
        for name in sorted(self.landings, key=lambda name: self.landings[name].kind != "helper"):
            self._take(name, name)
            for written, usual in self.catalog.about.usual_prefixes.items():
                if name.startswith(usual) and self.landings[name].kind == "helper":
                    self._take(written + name.removeprefix(usual), name)

    def _take_tails(self) -> None:
        """Add the names without the prefix of their kind, if that is unambiguous."""
        found: dict[str, list[str]] = {}
        for name, landing in self.landings.items():
            prefix = self.catalog.about.prefixes.get(landing.kind)
            if prefix and name.startswith(prefix):
                found.setdefault(folded(name.removeprefix(prefix)), []).append(name)
        self.tails = {tail: names[0] for tail, names in found.items() if len(names) == 1}

    def _take_evidence(self) -> None:
        """Add the names that entries introduce: by the evidence of their versions, then by the commits of patches."""
        known = {term.text for term in self.catalog.terms("introduces")}
        landed = [(name, name) for name in self.landings if name in known]
        commits = ((name, landing.commit[:COMMIT_DIGITS]) for name, landing in self.landings.items())
        merged = [(name, commit) for name, commit in commits if commit in known]
        for name, value in (*sorted(landed, key=self._first), *sorted(merged, key=self._first)):
            self.introduced.setdefault(name, []).append(value)
            self.forms.setdefault(name, [])

    def _first(self, introduced: tuple[str, str]) -> tuple[int, int, int]:
        """Return the place of the first entry that introduces a name, and of the name in its evidence."""
        name, value = introduced
        entry = next(iter(self.catalog.find(Match("introduces", value), limit=1)))
        names = self.introduced_by(entry)
        return self._issues[issue_key(entry)], entry.n, names.index(name) if name in names else 0

    def introduced_by(self, entry: Entry) -> list[str]:
        """Return the names that an entry introduces, from the evidence of its versions."""
        return [name for name in names_landed(entry) if name in self.landings]

    def _take_identifiers(self) -> None:
        """Add the identifiers of entries, with their alternatives expanded."""
        for written, entries in self.catalog.terms("identifier"):
            self._written[written] = entries
            key = folded(written)
            self._take_short(written, key)
            named = self._meanings(written)
            if named == [written]:
                self.exact.setdefault(written, written)
                if key:
                    self.folded.setdefault(key, written)
            else:
                named = self._named[written] = list(dict.fromkeys((*named, *([written] if len(named) > 1 else ()))))
                for name in named:
                    self._take(name, name)
                self._take(written, written if len(named) > 1 else named[0])
            for name in named:
                self.forms.setdefault(name, []).append(written)

    def _take_short(self, written: str, key: str) -> None:
        """Add a name that is written without its prefix, if an entry says so or it is a coined word."""
        name = self.tails.get(key)
        if name is None or written in self.exact:
            return
        if key.endswith(COINED) or any(
            name in self.introduced_by(entry) or written in entry.helpers
            for entry in self.catalog.find(Match("identifier", written))
        ):
            self._take(written, name)

    def _meanings(self, written: str) -> list[str]:
        """Return the names that an identifier expands to: BPF_(PROG|MAP)_GET_NEXT_ID is two."""
        if written in self.exact:
            return [self.exact[written]]
        if BRACKETS.isdisjoint(written):
            return [written]
        parts = [each for each in expanded(MAN_SECTION.sub("", written)) if each]
        return [self.exact.get(each, each) for each in parts or [written]]

    def where(self, name: str) -> Node:
        """Return the condition for entries that mention a name in any form, or introduce it."""
        tail = self.coined.get(name)
        return Or((
            *(Match("identifier", written) for written in self.forms.get(name, ())),
            *(Match("introduces", value) for value in self.introduced.get(name, ())),
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

    def mentions(self, name: str, most: int | None = None, skip: int = 0) -> Iterator[tuple[Entry, str]]:
        """Yield up to `most` entries that mention a name, in reading order, each with the form that it uses."""
        for entry in self.catalog.find(self.where(name), limit=most, skip=skip):
            yield entry, self.form(entry, name)

    def form(self, entry: Entry, name: str) -> str:
        """Return the form of a name that an entry uses."""
        written = [each for each in entry.identifiers if name in self.named(each)]
        if name in self.introduced_by(entry):
            title = fold(entry.title)
            short = (tail for tail, named in self.tails.items() if named == name and tail in title)
            return (*written, *short, name)[0]
        return min(written, default=self.coined.get(name, name))

    def named(self, written: str) -> list[str]:
        """Return the names that an identifier of an entry means."""
        return self._named.get(written) or [written]

    def of(self, entry: Entry) -> list[str]:
        """Return the names that an entry mentions, as the tables of facts have them."""
        found = {*self.introduced_by(entry)}
        found |= {name for written in entry.identifiers for name in self.named(written)}
        text = f"{entry.title}\n{entry.body}"
        letters = NO_LETTER.sub("", fold(text))
        if coined := {name: tail for name, tail in self.coined.items() if tail in letters}:
            words = {term.text for term in terms(text)}
            found |= {name for name, tail in coined.items() if tail in words}
        return sorted(found, key=self.ranks.__getitem__)

    @cached_property
    def keys(self) -> dict[str, str]:
        """All names by their comparison keys, with and without prefix."""
        return {**self.tails, **self.folded}

    @cached_property
    def _all_keys(self) -> str:
        return "\n".join(self.keys)

    @cached_property
    def parts(self) -> dict[str, list[str]]:
        """The keys of the names with each distinguishing part."""
        found: dict[str, list[str]] = {}
        for key in self.folded:
            for part in self._parts_of(key):
                found.setdefault(part, []).append(key)
        return found

    def _parts_of(self, key: str) -> frozenset[str]:
        """Return the distinguishing parts of a name."""
        return frozenset(SUB_WORD.findall(key)) - self.common_parts

    @cached_property
    def common_parts(self) -> frozenset[str]:
        """The parts of names that distinguish none."""
        prefixes = " ".join(self.catalog.about.prefixes.values())
        return frozenset((*SUB_WORD.findall(fold(prefixes)), *COMMON_PARTS))

    def warm(self) -> None:
        """Preload what pages of names, and lookups of unknown ones, need."""
        self.often("warm")
        self._sharing("warm")

    def containing(self, text: str) -> tuple[str, ...]:
        """Return the names with a form that contains a text, or all names if the text is empty."""
        return tuple(dict.fromkeys(self._containing(folded(unquoted(text[:LONGEST])))))

    def nearest(self, text: str, most: int) -> tuple[str, ...]:
        """Return the names nearest to a text: those that contain it, then by edit distance, then by common parts."""
        key = folded(unquoted(text[:LONGEST]))
        if not key or most < 1:
            return ()
        found = dict.fromkeys(self._containing(key) if len(key) >= SHORTEST else ())
        if len(found) < most:
            found |= dict.fromkeys((*self._alike(key, most), *self._sharing(key)))
        return tuple(found)[:most]

    def _containing(self, key: str) -> list[str]:
        """Return the names that contain a text: those that begin with it first, then the most mentioned."""
        if key not in self._all_keys:  # as most words; one search in all is much faster than one in each
            return []
        found = [(known, name) for known, name in self.keys.items() if key in known]
        found.sort(key=lambda pair: (not pair[0].startswith(key), -self.often(pair[1]), len(pair[1]), pair[1]))
        return [name for _, name in found]

    def _alike(self, key: str, most: int) -> list[str]:
        """Return the names within a small edit distance, the nearest first."""
        from rapidfuzz import process  # needed only for unknown names
        from rapidfuzz.distance import OSA

        close = process.extract(
            key, self.keys.keys(), scorer=OSA.normalized_distance, score_cutoff=FARTHEST, limit=2 * most
        )
        return [self.keys[known] for known, _, _ in close]

    def _sharing(self, key: str) -> list[str]:
        """Return the names with common parts, those with the most first."""
        common = Counter(known for part in self._parts_of(key) for known in self.parts.get(part, ()))
        found = [(number, self.folded[known]) for known, number in common.items()]
        return [name for _, name in sorted(found, key=lambda pair: (-pair[0], -self.often(pair[1]), pair[1]))]


def names(catalog: Catalog) -> Names:
    """Return all known names."""
    return once(catalog, Names)


def unquoted(text: str) -> str:
    """Strip blanks, quotes, the () of a call and the [] of an array from a name."""
    return text.strip().strip(QUOTES).removesuffix("()").removesuffix("[]")


def folded(text: str) -> str:
    """Return the comparison key of a name, without case and outer underscores."""
    return fold(text).strip("_")
