"""Who is meant by a name: the people of an archive by all spellings under which its issues have them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.analysis import fold

WORD = re.compile(r"\w+")


class Spellings:
    """The names of people and their other spellings.

    `written` pairs each text that stands for authors, where that is no name itself, with the people it names.
    `others` has the other spellings of a name, `several` by folded text the people of one that names several.
    """

    def __init__(self, names: Sequence[str], written: Iterable[tuple[str, Sequence[str]]]) -> None:
        self.names = names
        self.others: dict[str, list[str]] = {}
        self.several: dict[str, list[str]] = {}
        for text, people in written:
            if len(people) == 1:
                self.others.setdefault(people[0], []).append(text)
            else:
                self.several[fold(text)] = list(people)

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
