"""Who is meant by a name: the people of the index by all spellings under which the issues have them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.analysis import fold
from indexer.storage.index import Index

WORD = re.compile(r"\w+")


class Spellings:
    """The spellings of people besides their names: `others` of each one; whom a value names that names `several`.

    The keys of `several` are folded.
    """

    def __init__(self, index: Index) -> None:
        self.names = index.values("person").names
        self.others: dict[str, list[str]] = {}
        self.several: dict[str, list[str]] = {}
        written = index.values("written")
        first = dict(zip(written.ids[::-1].tolist(), written.docs[::-1].tolist(), strict=True))
        for number, doc in sorted(first.items()):
            people = index.values("person").of(doc)
            if len(people) == 1:
                self.others.setdefault(people[0], []).append(written.names[number])
            else:
                self.several[fold(written.names[number])] = people

    def of(self, name: str) -> tuple[str, ...]:
        """Return the name of a person and its other spellings."""
        return (name, *self.others.get(name, ()))

    def named(self, text: str) -> str | None:
        """Return the person who has a name or a spelling of it, case and accents aside; the name goes first."""
        wanted = fold(text.strip())
        return next((name for name, spelling in self._all() if fold(spelling) == wanted), None)

    def together(self, text: str) -> list[str]:
        """Return the people whom a text names as the issues name several in one value; none where it does not."""
        return self.several.get(fold(text.strip()), [])

    def meant(self, text: str) -> list[str]:
        """Return the people whom a text names in full, else those in whose name, in one spelling, its words occur."""
        if several := self.together(text):
            return several
        if name := self.named(text):
            return [name]
        words = set(WORD.findall(fold(text)))
        return list(
            dict.fromkeys(name for name, each in self._all() if words and words <= set(WORD.findall(fold(each))))
        )

    def _all(self) -> Iterator[tuple[str, str]]:
        """Yield each person with each spelling: the names first."""
        yield from ((name, name) for name in self.names)
        yield from ((name, each) for name, others in self.others.items() for each in others)
