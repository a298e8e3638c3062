"""Conditions, fields and orders that every engine must treat alike."""

from __future__ import annotations

from collections.abc import Iterator

from indexer.catalog.protocol import Order
from indexer.model import Entry
from indexer.query.tree import ALL, And, Match, Node, Not, Or, Phrase, Word

ORDERS: tuple[Order, ...] = ("reading", "newest", "oldest")
HELPER = "bpf-updates/13/new-helper-function-bpf-getsockops"
BEFORE = "bpf-updates/13/an-earlier-id"
LWN = "lwn.net/Articles/740157"
CONDITIONS: tuple[Node, ...] = (
    ALL,
    Or(()),
    Not(Or(())),
    Match("kernel", "v4.15"),
    And((Match("kernel", "v4.15"), Match("how", "landed"))),
    And((And((Match("kernel", "v4.15"),)), And((Match("how", "landed"),)))),
    And((Match("topic", "xdp"), Match("topic", "maps"))),
    And((And((Match("topic", "xdp"),)), And((Match("topic", "maps"),)))),
    And((Match("topic", "xdp"), Not(Match("kind", "patch")))),
    Or((Match("author", "Daniel Borkmann"), Match("kind", "talk"))),
    Not(Or((Match("kind", "patch"), Match("lead", "yes")))),
    And((Match("after", "2017-08"), Match("before", "2017-10-15"))),
    Match("issue", "bpf-updates/5"),
    Match("tree", "net-next"),
    Match("newsletter", "bpf-updates"),
    Match("series", "arm-ebpf-jit-compiler-shubham-bansal"),
    Match("posting", "arm-ebpf-jit-compiler-shubham-bansal/v3"),
    Match("identifier", "bpf_redirect_map"),
    Match("page", LWN),
    Match("linked", LWN),
    Match("written", "Colin King"),
    Match("introduces", "bpf_getsockopt"),
    And((Match("title", "fix"), Match("body", "verifier"))),
    And((Word("verifier"), Phrase("error injection"))),
    And((Word("redirec", prefix=True), Not(Match("kind", "patch")))),
    Match("kind", "no such kind"),
    Match("id", "no/such/id"),
)
FIELDS = (
    "kernel",
    "how",
    "topic",
    "kind",
    "issue",
    "author",
    "tree",
    "outcome",
    "newsletter",
    "series",
    "posting",
    "merge",
    "identifier",
    "written",
    "introduces",
)


def ids(entries: Iterator[Entry]) -> list[str]:
    return [entry.id for entry in entries]
