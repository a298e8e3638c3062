"""Hostile queries take bounded CPU time, on their own and as suggestions."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from indexer.engines.local import LocalCatalog
from indexer.errors import BadQuery
from indexer.query.query import Query
from indexer.views.suggestions import suggestions

SECONDS = 20.0  # of CPU time; the slowest took 0.4, and a machine may be slow
HOSTILE = {
    "one very long word": "a" * 300,
    "long word of parts": "_".join(["ab"] * 100),
    "long word with humps": "aB" * 150,
    "far too long": "bpf " * 5_000,
    "operators only": "OR " * 99,
    "negations": "NOT " * 70 + "bpf",
    "minus signs": "-" * 299 + "b",
    "deep parentheses": "(" * 140 + "bpf" + ")" * 140,
    "unbalanced parentheses": "(" * 299 + "b",
    "alternated parentheses": "()" * 150,
    "as many words as allowed": " ".join(f"word{n}" for n in range(24)),
    "alternatives": " OR ".join(f"w{n} x{n}" for n in range(12)),
    "wildcards": " ".join(f"{letters}*" for letters in ("bpf", "xdp", "net", "add", "pat", "map", "ver", "fix", "sup")),
    "a wildcard alone": "***",
    "misspelt words": " ".join(
        ["verifeir", "sockmpa", "redirct", "alignemnt", "trakcing", "instrction", "prgoram"] * 3
    ),
    "misspelt names": " ".join(["bpf_overide_funtcion", "xdp_adjsut_haed", "bpf_pref_evnet_raed_valeu"] * 8),
    "paths": " ".join(["kernel/bpf/verifier.c:12", "net/core/filter.c"] * 7),
    "commits": " ".join(["7a12b50", "deadbeef", "0123456789abcdef"] * 8),
    "brackets of alternatives": "BPF_{A,B}" * 30,
    "hyphens": "-".join(["sock", "map"] * 30),
    "dots": ".".join(["sock"] * 60),
    "phrases": ' "bpf map"' * 12,
    "one long phrase": '"' + "bpf " * 70 + '"',
    "quotation marks": '"' * 299,
    "combining marks": "e" + "\u0301" * 290,
    "width and ligatures": "ﷺ" * 100 + "ｂｐｆ",
    "characters of other scripts": "の" * 290,
    "right to left": "\u202e" + "fpb " * 20,
    "surrogates": "\ud800" * 50,
    "control characters": "\0\x07\x1b[31m" * 40,
    "blanks of all kinds": "\u2028\u00a0\u3000bpf" * 20,
    "apostrophes": "l'" * 149 + "x",
    "fields": " ".join(["kernel:v4.15"] * 20),
    "open ranges": "kernel:v0..v999999 " * 8,
    "numbers": " ".join(str(10**n) for n in range(20)),
    "dates": "31 february 2017 " * 8,
    "the mark of a language": "Haus\u241ede Haus\u241e Haus\u241exx,yy",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_is_answered_or_refused_in_bounded_time(catalog: LocalCatalog, name: str) -> None:
    start = time.process_time()
    for literal in (False, True):
        with suppress(BadQuery):
            catalog.search(Query(HOSTILE[name], literal=literal, limit=100))
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("name", HOSTILE)
def test_suggestions_for_a_hostile_text_are_few_and_take_bounded_time(catalog: LocalCatalog, name: str) -> None:
    start = time.process_time()
    found = suggestions(catalog, HOSTILE[name][:300])
    assert time.process_time() - start < SECONDS
    assert sum(len(each.text) + len(each.target) for each in found) < 3_000
