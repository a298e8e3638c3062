"""The people of an archive and the spellings of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from indexer.analysis import fold

WORD = re.compile(r"\w+")


class Spellings:
    """The names of people and their other spellings.

    `written` pairs each author text that is not a name itself with the people it names. `others` maps a name to its
    other spellings, `several` maps the folded text of several authors to their names.
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
        """Return the person with a name or spelling, ignoring case and accents; names take precedence."""
        wanted = fold(text.strip())
        return next((name for name, spelling in self._all() if fold(spelling) == wanted), None)

    def together(self, text: str) -> list[str]:
        """Return the people in a text that issues use as one author value for several people, or none."""
        return self.several.get(fold(text.strip()), [])

    def meant(self, text: str) -> list[str]:
        """Return the people with exactly this name, or else those with all its words in one spelling of their name."""
        if several := self.together(text):
            return several
        if name := self.named(text):
            return [name]
        words = set(WORD.findall(fold(text)))
        return list(
            dict.fromkeys(name for name, each in self._all() if words and words <= set(WORD.findall(fold(each))))
        )

    def _all(self) -> Iterator[tuple[str, str]]:
        """Yield each person with each spelling, the names first."""
        yield from ((name, name) for name in self.names)
        yield from ((name, each) for name, others in self.others.items() for each in others)
