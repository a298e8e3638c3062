"""Split the author of an entry into people."""

from __future__ import annotations

from collections.abc import Container, Mapping

from indexer.annotating.speakers import BETWEEN_PEOPLE, is_person


def people_of(author: str | None, known: Mapping[str, str], not_people: Container[str]) -> tuple[str, ...]:
    """Return the people in an author text; `known` maps spellings to names.

    An author is split only if each part is a full name: "Ann Example + Ben Example", but not "Bell and Howell";
    `not_people` are lower-case words that never occur in a person's name.
    """
    if not author:
        return ()
    parts = BETWEEN_PEOPLE.split(author)
    names = parts if all(is_person(part, not_people) for part in parts) else [author]
    return tuple(dict.fromkeys(known.get(name, name) for name in names))
