"""Find the speaker in the title of a talk."""

from __future__ import annotations

import re
from collections.abc import Container

PERSON = r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}"
NAMED = re.compile(rf"^{PERSON}$")
BY = re.compile(rf"\bby (?P<people>{PERSON}(?:(?: \+ |, | and | & ){PERSON})*)\s*(?:\(.*\))?$", re.I)
PARTS = re.compile(r"(?<!\s)\s+[-–—|]\s+")
AFFILIATION = re.compile(r"(?:,| \(|\s:).*$", re.S)
BETWEEN_PEOPLE = re.compile(r" \+ |, | and | & ")
WORD = re.compile(r"[\w'’.]+")
FEWEST, MOST = 2, 4


def speaker_of(title: str, not_people: Container[str]) -> str | None:
    """Return the speaker in a talk's title, or None.

    A speaker follows "by", or is a part of its own as in "Event - X - Subject"; the last part is tried first.
    `not_people` are lower-case words that never occur in a person's name.
    """
    by = BY.search(title)
    if by and all(is_person(name, not_people) for name in BETWEEN_PEOPLE.split(by["people"])):
        return by["people"]
    parts = [AFFILIATION.sub("", part).strip() for part in PARTS.split(title)]
    if len(parts) < FEWEST:
        return None
    return next((part for part in (parts[-1], *parts[1:-1], parts[0]) if is_person(part, not_people)), None)


def is_person(name: str, not_people: Container[str]) -> bool:
    """Return whether words look like a person's name: two to four, capitalized, and none in `not_people`."""
    words = WORD.findall(name)
    return (
        FEWEST <= len(words) <= MOST
        and NAMED.match(name) is not None
        and all((word[:1].isupper() and not word.isupper()) or len(word) == FEWEST for word in words)
        and not any(word.casefold() in not_people for word in words)
    )
