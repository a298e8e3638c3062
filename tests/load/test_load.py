"""A short run of `make load`: every request gets the right response."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from pathlib import Path

import pytest

from tests.load import entries, reporting, servers
from tests.load.__main__ import beside, of_ours, shipped
from tests.load.attacking import ATTACKS
from tests.load.connection import end_of_answer
from tests.load.driving import CONNECTIONS, Driven
from tests.load.mix import AGAIN, HARM, OURS, asks
from tests.load.probing import Borne, highest
from tests.load.runs import Plan, Row
from tests.load.servers import Memory
from webui.server import HEAD_DEADLINE

# Together, the requests of each part are no more than the connections: a slow machine answers them later, but all.
PLAN = Plan(seconds=10, probe=1, beside=2, open=60, slow=20, pause=0.2, seed=3, rate=6)
DRAWN = 400


@pytest.mark.slow
def test_under_load_every_request_gets_the_right_answer(tmp_path: Path) -> None:
    assert PLAN.seconds * (PLAN.rate or 0) <= CONNECTIONS
    whole = of_ours(shipped(tmp_path), PLAN, 2)
    (endured,) = whole.endured
    statuses: Counter[int] = Counter()
    attacked = (each.others for each in whole.attacked)
    for driven in (whole.row.borne.best, endured.driven, whole.open.others, whole.slow.others, *attacked):
        assert driven
        assert driven.errors == []
        assert not driven.abandoned
        statuses += driven.statuses
    assert set(statuses) <= {200, 304, 400}
    assert statuses[200] > statuses[304] > 0
    for held in (whole.open, whole.slow):
        assert held.at_the_end == held.clients or held.seconds > HEAD_DEADLINE / 1_000  # then the server closes them
    assert len(list(reporting.sentences_on(whole, PLAN))) == 5 + len(ATTACKS)


@pytest.mark.slow
def test_the_other_servers_answer_too(tmp_path: Path) -> None:
    rows = [row for row, _ in beside(shipped(tmp_path), PLAN, 2)]
    assert len(rows) == 2 + servers.installed("gunicorn") + servers.installed("datasette")
    assert [row.name for row in rows if not row.borne.best or row.borne.best.errors] == []


def test_a_seed_always_gives_the_same_requests_and_all_kinds_occur() -> None:
    drawn, again = (list(itertools.islice(asks(3, OURS, AGAIN), DRAWN)) for _ in range(2))
    assert drawn == again
    assert drawn != list(itertools.islice(asks(4, OURS, AGAIN), DRAWN))
    paths = [ask.path for ask in drawn]
    assert [shape for shape in OURS if not any(path.startswith(shape.partition("{")[0]) for path in paths)] == []
    assert any(ask.again for ask in drawn)
    assert any(path == f"/?q={text}" for path in paths for text in HARM)


@pytest.mark.parametrize(
    ("answer", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", False),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n0\r\n\r\nab\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Le", False),
    ],
)
def test_a_response_ends_at_its_stated_length(answer: bytes, whole: bool) -> None:
    assert end_of_answer(answer) == (len(answer) if whole else None)
    assert not whole or end_of_answer(answer + b"HTTP/1.1 200 OK") == len(answer)


def bearing(most: float) -> Borne:
    """Return a result for a server that handles a given rate."""

    async def drive(rate: float) -> Driven:
        return Driven(rate, [(0.0, 0.01 if rate <= most else 0.2)])

    return asyncio.run(highest(drive))


@pytest.mark.parametrize(("most", "found"), [(5, 0), (20, 20), (70, 70), (100, 100), (319, 280)])
def test_the_highest_rate_is_found_within_a_quarter(most: float, found: float) -> None:
    assert bearing(most).rate == found


def test_a_rate_with_an_error_is_too_high() -> None:
    assert Driven(20, [(0.0, 0.01)]).bears(50)
    assert not Driven(20, [(0.0, 0.01)], errors=["/: 500"]).bears(50)
    assert not Driven(20, [(0.0, 0.01)], abandoned=True).bears(50)


def test_the_database_for_comparison_contains_every_entry(archive: object, tmp_path: Path) -> None:
    assert entries.database(archive, tmp_path / "entries.db") == 1_292  # type: ignore[arg-type]


def test_the_part_of_the_readme_is_a_table_and_sentences() -> None:
    rows = [reporting.cells(Row("granian", bearing(most), 1.5, Memory(50, 90)), "all") for most in (5, 70)]
    text = reporting.markdown(rows, ["one thing", "another"], PLAN)
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {len(reporting.HEAD) + 1}
    assert text.startswith("| server")
    assert "- One thing.\n- Another.\n" in text
