"""Names packed in one mapped file."""

from __future__ import annotations

from itertools import pairwise

import pytest

from indexer.storage.index import Index
from indexer.storage.schema import NAME_FIELDS, TEXT_FIELDS


@pytest.mark.parametrize("field", [*TEXT_FIELDS, *NAME_FIELDS])
def test_the_terms_that_contain_a_text_are_those_of_a_loop(index: Index, field: str) -> None:
    terms = list(index.vocabulary(field))
    across = [one[-2:] + other[:2] for one, other in pairwise(terms[:41])]
    for part in filter(None, ("a", "sock", "ersio", terms[0], terms[-1], "no such part", *across)):
        assert index.containing(field, part) == {term for term in terms if part in term}, part


@pytest.mark.parametrize("field", [*TEXT_FIELDS, *NAME_FIELDS])
def test_the_terms_and_entries_with_a_prefix_are_those_of_a_loop(index: Index, field: str) -> None:
    terms = list(index.vocabulary(field))
    for prefix in ("b", "bpf", "sockm", "net", terms[0], terms[-1], "~", "no such", terms[len(terms) // 2][:2]):
        wanted = [term for term in terms if term.startswith(prefix)]
        assert index.with_prefix(field, prefix, len(terms)) == wanted, prefix
        for most in (1, 5, len(terms)):
            found, ids, more = index.beginning(field, prefix, most)
            assert (found, more) == (wanted[:most], len(wanted) > most), prefix
            assert ids.tolist() == index.marked(field, found).nonzero()[0].tolist(), prefix
