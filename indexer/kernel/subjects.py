"""Parse the subject of a patch: tree, version, position in the series, and words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# "[PATCH net-next v2 3/7]", "[RFC PATCH 1/5]", "[net-next V8 PATCH 1/5]"; several may follow each other.
TAG = re.compile(r"\[(?P<inside>[^\[\]]{1,80})\]")
BARE_TAG = re.compile(r"^(?:RFC |V\d+ )?PATCH(?P<inside> [\w-]+)?:\s", re.I)
# Words of a tag are separated by spaces, commas or slashes, but not by the slash of 1/3 or the hyphen of net-next.
PARTED = re.compile(r"[\s,]+|(?<=[A-Za-z0-9])/(?=[A-Za-z])")
NUMBER = re.compile(r"^(?P<n>\d{1,3})/(?P<of>\d{1,3})$")
VERSION = re.compile(r"^(?:patch)?v(?P<v>\d{1,2})$", re.I)
WORDS_OF_TAGS = frozenset(
    "patch rfc test resend net net-next bpf bpf-next iproute2 iproute2-next iproute llvm iovisor-dev "
    "master -master".split()
)
# Projects other than the kernel take precedence: "net-next iproute2" is iproute2's branch of that name.
KNOWN_TREES = ("iproute2", "iproute2-next", "iproute", "llvm", "net-next", "net", "bpf-next", "bpf")
SAME_TREE = {"iproute": "iproute2", "iproute2-next": "iproute2"}
FIX_TREES = ("net", "bpf")
# Projects that follow the kernel and do not introduce kernel identifiers.
FOLLOWING_TREES = ("iproute2", "llvm")
MOST_KEPT = 4_096  # parsed subjects; a build parses each several times


@dataclass(frozen=True, slots=True)
class Subject:
    """A parsed subject: patch `number` of `total` in version `version` of its series, for `tree`."""

    words: str
    tree: str | None = None
    version: int = 1
    number: int | None = None
    total: int | None = None
    rfc: bool = False


@lru_cache(maxsize=MOST_KEPT)
def parse_subject(title: str) -> Subject:
    """Parse a patch's subject; `words` is the text after the tags."""
    inside: list[str] = []
    rest = title.strip()
    while match := TAG.match(rest):
        words = PARTED.split(match["inside"].strip())
        if not is_tag(words) and inside:
            break
        inside += words
        rest = rest[match.end() :].lstrip()
    if not inside and (bare := BARE_TAG.match(rest)):
        inside, rest = bare[0].rstrip(": ").split(), rest[bare.end() :]
    number = next((m for word in inside if (m := NUMBER.match(word))), None)
    version = next((int(m["v"]) for word in inside if (m := VERSION.match(word.strip(",")))), 1)
    trees = [word.casefold() for word in inside]
    if not inside and rest.casefold().startswith("net-next"):
        trees = ["net-next"]
    return Subject(
        words=rest,
        tree=next((SAME_TREE.get(tree, tree) for tree in KNOWN_TREES if tree in trees), None),
        version=version,
        number=int(number["n"]) if number else None,
        total=int(number["of"]) if number else None,
        rfc="rfc" in trees,
    )


def is_tag(words: list[str]) -> bool:
    return any(
        word.casefold() in WORDS_OF_TAGS
        or NUMBER.match(word)
        or VERSION.match(word)
        or word.casefold().startswith("patch")
        for word in words
    )
