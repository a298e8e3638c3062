"""The table that finds a term in all fields at once."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.storage.arrays import Arrays, ArrayWriter
from indexer.storage.lookup import Lookup, write_lookup
from indexer.storage.names import Names, packed

FIELDS = st.lists(st.sets(st.binary(min_size=1, max_size=3), max_size=12).map(sorted), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(fields=FIELDS, absent=st.binary(max_size=3))
def test_a_term_is_found_in_each_field_that_has_it(
    tmp_path_factory: object, fields: list[list[bytes]], absent: bytes
) -> None:
    lookup = written(tmp_path_factory.mktemp("lookup") / "terms", fields)  # type: ignore[attr-defined]

    for term in {*(term for held in fields for term in held), absent}:
        assert lookup.find(term) == {at: held.index(term) for at, held in enumerate(fields) if term in held}


def written(path: Path, fields: list[list[bytes]]) -> Lookup:
    file = ArrayWriter(path)
    for at, held in enumerate(fields):
        names, ends = packed(held)
        file.add_bytes(f"{at}.names", names)
        file.add(f"{at}.ends", ends)
    write_lookup(file, dict(enumerate(fields)))
    file.close()
    arrays = Arrays(path)
    return Lookup(arrays, {at: Names(arrays, str(at)) for at in range(len(fields))})
