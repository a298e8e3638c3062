"""Who gives a talk, where its title names a speaker."""

from __future__ import annotations

import re

PERSON = r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){1,3}"
NAMED = re.compile(r"^\w[^\W\d_]*(?:[ -](?:[^\W\d_]\.|[^\W\d_]+|\w+-\w+)){1,3}$")
BY = re.compile(rf"\bby (?P<people>{PERSON}(?:(?: \+ |, | and | & ){PERSON})*)\s*$", re.I)
PARTS = re.compile(r"\s+[-–—]\s+")
AFFILIATION = re.compile(r"(?:,| \(|\s:).*$")
# Words of events and subjects; a part of a title that has one of them is no person.
NO_PERSON = re.compile(
    r"\b(?:the|a|an|of|in|for|with|and|to|on|how|what|why|at|from|is|linux|kernel|network\w*|cilium|bpf|ebpf|xdp|netdev|talks?|tech|programm\w+|cloud|"
    r"infrastructure|performance|security|data|path|overview|introduction|open|future|pycon|frnog|lisa|usenix|summit|conference|con|recipes|systems|"
    r"project|offload|architecture|europe|droplet|keynote|layer|magic|microservices|engineering)\b|\d",
    re.I,
)


def speaker_of(title: str) -> str | None:
    """Return the speaker that a talk's title names ("... By X", "Event - X - Subject"), None where it names none."""
    by = BY.search(title)
    if (
        by
        and not NO_PERSON.search(by["people"])
        and all(word[:1].isupper() for word in by["people"].split() if word[:1].isalpha() and word != "and")
    ):
        return by["people"]
    for part in PARTS.split(title):
        name = AFFILIATION.sub("", part).strip()
        words = name.split()
        if (
            2 <= len(words) <= 4
            and NAMED.match(name)
            and not NO_PERSON.search(name)
            and all(w[:1].isupper() for w in words)
        ):
            return name
    return None
