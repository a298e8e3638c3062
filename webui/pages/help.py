"""How to search, by examples that run."""

from __future__ import annotations

from typing import NamedTuple

from indexer.query.query import Query


class Example(NamedTuple):
    """A query and what it finds."""

    query: Query
    finds: str


EXAMPLES = {
    "Words and names": (
        Example(Query("error injection"), "entries with both words, in any form and order"),
        Example(Query('"load averages"'), "the words next to each other"),
        Example(Query("sockmap -fix"), "entries with one word and without another; NOT does the same"),
        Example(Query("i40e OR ixgbe"), "either; parentheses group"),
        Example(Query("redirec*"), "words that begin so (three letters or more)"),
        Example(Query("adjust_meta"), "a name by some of its parts"),
        Example(Query("bpf_getsockopt"), "a name as the kernel has it, where the issue writes another"),
        Example(Query("bpf()"), "the system call, not the word"),
        Example(Query("cd86d1fd2102"), "what a commit brought"),
        Example(Query("lwn.net"), "entries that link to a host"),
    ),
    "Kernel versions": (
        Example(Query("kernel:v4.15"), "entries of a version, however that is known"),
        Example(Query("kernel:v4.13..v4.15"), "of a range; also kernel:>=4.14"),
        Example(Query("kernel:v4.15 how:landed"), "what an entry introduces and that version released first"),
        Example(Query("how:stated"), "entries that name a version themselves"),
    ),
    "Other fields": (
        Example(Query("topic:xdp kind:talk"), "a topic and a kind"),
        Example(Query('author:"Daniel Borkmann"'), "an author or a speaker; part of the name will do"),
        Example(Query("issue:13 kind:helper"), "one issue"),
        Example(Query("tree:net-next verifier"), "patches for one tree"),
        Example(Query("xdp after:2017-08 before:2017-10"), "issues of some months"),
    ),
}
