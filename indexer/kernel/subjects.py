"""A patch's subject taken apart: the tree it is for, its version, its place in the series, and its own words."""

from __future__ import annotations

import re
from dataclasses import dataclass

# "[PATCH net-next v2 3/7]", "[RFC PATCH 1/5]", "[net-next V8 PATCH 1/5]"; several may follow each other.
TAG = re.compile(r"\[(?P<inside>[^\[\]]{1,80})\]")
BARE_TAG = re.compile(r"^(?:RFC |V\d+ )?PATCH(?P<inside> [\w-]+)?:\s", re.I)
# Words of a tag are parted by spaces, commas or slashes; the slash of 1/3 and the hyphen of net-next part nothing.
PARTED = re.compile(r"[\s,]+|(?<=[A-Za-z0-9])/(?=[A-Za-z])")
NUMBER = re.compile(r"^(?P<n>\d{1,3})/(?P<of>\d{1,3})$")
VERSION = re.compile(r"^(?:patch)?v(?P<v>\d{1,2})$", re.I)
WORDS_OF_TAGS = frozenset(
    "patch rfc test resend net net-next bpf bpf-next iproute2 iproute2-next iproute llvm iovisor-dev "
    "master -master".split()
)
# A project other than the kernel comes first: "net-next iproute2" is iproute2's branch of that name.
KNOWN_TREES = ("iproute2", "iproute2-next", "iproute", "llvm", "net-next", "net", "bpf-next", "bpf")
SAME_TREE = {"iproute": "iproute2", "iproute2-next": "iproute2"}
FIX_TREES = ("net", "bpf")
# Projects that follow the kernel: they introduce nothing of its.
FOLLOWING_TREES = ("iproute2", "llvm")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the subject of a patch says: `number` of `total` in version `version` of its series, for `tree`."""

    words: str
    tree: str | None = None
    version: int = 1
    number: int | None = None
    total: int | None = None
    rfc: bool = False


def parse_subject(title: str) -> Subject:
    """Return a patch's subject taken apart; `words` is what stands behind the tags."""
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
