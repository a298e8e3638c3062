"""Which name a text means: the names that are known, and in which forms entries write them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from indexer.analysis import SUB_WORD, expanded, fold
from indexer.storage.index import Index
from indexer.views.briefs import holding

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

    `mentioned` is by name, as the kernel has it, the entries that mention it, each with the form that it writes.
    `introduced` is by entry the names that it introduces and that landed.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.mentioned: dict[str, dict[int, str]] = {}
        self.introduced: dict[int, list[str]] = {}
        self.exact: dict[str, str] = {}
        self.folded: dict[str, str] = {}
        self.tails: dict[str, str] = {}
        landings = index.about["landings"]
        self._take_landings(landings)
        for alias in index.about["aliases"]:
            self._take(alias["written"], alias["canonical"] or alias["written"])
        self._take_tails(landings)
        self._take_evidence(landings)
        self._take_identifiers()
        self._take_coined()

    def meant(self, text: str) -> str | None:
        """Return the name that a text means, as the kernel has it; None for one that is not known."""
        if len(text) > LONGEST:
            return None
        bare = unquoted(text)
        key = folded(bare)
        return self.exact.get(bare) or self.folded.get(key) or self.tails.get(key)

    def _take(self, written: str, name: str) -> None:
        self.exact.setdefault(written, name)
        self.folded.setdefault(folded(written), name)

    def _take_landings(self, landings: dict[str, Any]) -> None:
        """Take the names of the tables, helpers first: bpf_map_lookup_elem is also a command in capitals."""
        for name in sorted(landings, key=lambda name: landings[name][0] != "helper"):
            self._take(name, name)
            if landings[name][0] == "helper":
                self._take(FUNC + name.removeprefix(PREFIXES["helper"]), name)

    def _take_tails(self, landings: dict[str, Any]) -> None:
        """Take the names without the prefix of their kind, where that is one name's alone."""
        found: dict[str, list[str]] = {}
        for name, (kind, *_) in landings.items():
            prefix = PREFIXES.get(kind)
            if prefix and name.startswith(prefix):
                found.setdefault(folded(name.removeprefix(prefix)), []).append(name)
        self.tails = {tail: names[0] for tail, names in found.items() if len(names) == 1}

    def _take_evidence(self, landings: dict[str, Any]) -> None:
        """Take the names that entries introduce, by the evidence of their versions."""
        for doc in holding(self.index, "how", "landed").tolist():
            record = self.index.stored(doc)
            said = (each["evidence"].partition(LANDED)[0] for each in record["kernel"] if each["how"] == "landed")
            for name in (each for each in said if each in landings):
                self.introduced.setdefault(doc, []).append(name)
                self._mention(name, doc, self._form(name, record))

    def _form(self, name: str, record: dict[str, Any]) -> str:
        """Return the form in which an entry writes a name that it introduces."""
        written = [each for each in record["identifiers"] if name in self._named(each)]
        short = [tail for tail, named in self.tails.items() if named == name and tail in fold(record["title"])]
        return next((form for form in (*written, *short)), name)

    def _take_identifiers(self) -> None:
        """Take the identifiers of entries, and those that one with alternatives stands for."""
        values = self.index.values("identifier")
        holders: dict[int, list[int]] = {}
        for doc, held in zip(values.docs.tolist(), values.ids.tolist(), strict=True):
            holders.setdefault(held, []).append(doc)
        for number, written in enumerate(values.names):
            docs = holders.get(number, [])
            self._take_short(written, docs)
            named = self._named(written)
            for name in dict.fromkeys((*named, *([written] if len(named) > 1 else ()))):
                self._take(name, name)
                for doc in docs:
                    self._mention(name, doc, written)
            self._take(written, written if len(named) > 1 else named[0])

    def _take_short(self, written: str, docs: list[int]) -> None:
        """Take a name that is written without its prefix, where an entry says so or where it is a word of its own."""
        name = self.tails.get(folded(written))
        if name is None or written in self.exact:
            return
        if folded(written).endswith(COINED) or any(
            name in self.introduced.get(doc, ()) or written in self.index.stored(doc)["helpers"] for doc in docs
        ):
            self._take(written, name)

    def _named(self, written: str) -> list[str]:
        """Return the names that an identifier stands for: BPF_(PROG|MAP)_GET_NEXT_ID is two."""
        if written in self.exact:
            return [self.exact[written]]
        return [self.exact.get(each, each) for each in expanded(MAN_SECTION.sub("", written))]

    def _take_coined(self) -> None:
        """Take the names of maps that are words of their own, wherever they stand in a text."""
        for tail, name in self.tails.items():
            if tail.endswith(COINED) and "_" not in tail:
                for field in ("title", "body"):
                    for doc in holding(self.index, field, tail).tolist():
                        self._mention(name, doc, tail)

    def _mention(self, name: str, doc: int, written: str) -> None:
        self.mentioned.setdefault(name, {}).setdefault(doc, written)

    def of(self, doc: int) -> list[str]:
        """Return the names that an entry mentions, as the kernel has them."""
        return self._of.get(doc, [])

    @cached_property
    def _of(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for name, docs in self.mentioned.items():
            for doc in docs:
                found.setdefault(doc, []).append(name)
        return found

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
        found.sort(key=lambda pair: (not pair[0].startswith(key), -self._often(pair[1]), len(pair[1]), pair[1]))
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
        return [name for _, name in sorted(found, key=lambda pair: (-pair[0], -self._often(pair[1]), pair[1]))]

    def _often(self, name: str) -> int:
        return len(self.mentioned.get(name, ()))


def unquoted(text: str) -> str:
    """Return a name without what may stand around it: blanks, quotes, the () of a call, the [] of an array."""
    return text.strip().strip(QUOTES).removesuffix("()").removesuffix("[]")


def folded(text: str) -> str:
    """Return what names are compared by: case and outer underscores make no difference."""
    return fold(text).strip("_")


def parts_of(key: str) -> frozenset[str]:
    """Return the parts of a name that tell it apart from others."""
    return frozenset(SUB_WORD.findall(key)) - COMMON_PARTS
