"""The memory for responses that workers share, and the count of popular ones."""

from __future__ import annotations

import os

import pytest

from webui.http.favourites import MOST, Favourites
from webui.http.ring import RECORD, Ring


def test_a_value_is_found_by_its_key_until_newer_ones_overwrite_it() -> None:
    ring = Ring(10_000)
    ring.put(("a", "b"), b"one")
    assert ring.find(("a", "b")) == b"one"
    assert ring.find(("ab", "")) is None
    for number in range(50):
        ring.put(("other", str(number)), bytes(300))
    assert ring.find(("a", "b")) is None
    assert ring.find(("other", "49")) == bytes(300)


def test_the_newest_value_of_a_key_counts_and_a_large_one_is_not_stored() -> None:
    ring = Ring(10_000)
    ring.put("key", b"old")
    ring.put("key", b"new")
    ring.put("large", bytes(1_000))
    assert (ring.find("key"), ring.find("large")) == (b"new", None)


def test_a_spoilt_value_counts_as_missing() -> None:
    ring = Ring(10_000)
    ring.put("key", b"whole")
    ring._memory[ring._start + RECORD.size] ^= 1  # noqa: SLF001
    assert ring.find("key") is None


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_shares_the_values() -> None:
    ring = Ring(10_000)
    if (child := os.fork()) == 0:
        ring.put("key", b"of the child")
        os._exit(0)
    os.waitpid(child, 0)
    assert ring.find("key") == b"of the child"


def test_old_favourites_fade() -> None:
    favourites = Favourites()
    for key in ("often",) * 8 + ("sometimes",) * 2 + ("once",):
        favourites.count((key,))
    assert favourites.most() == [("often",), ("sometimes",), ("once",)]
    for number in range(MOST):
        favourites.count((str(number),))
    assert favourites.most()[:2] == [("often",), ("sometimes",)]
    assert len(favourites.most()) < MOST
