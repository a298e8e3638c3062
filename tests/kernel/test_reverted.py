"""A patch that was merged and later reverted says both, wherever it is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.cli.root import cli
from indexer.mcp import Tools
from tests.archives import linked
from tests.kernel.history import History
from tests.kernel.outcomes import ANN, BEN, day, found, start
from webui.app import create_app

SUBJECT = "bpf: the first thing"
QUERY = "the first thing outcome:reverted"


@pytest.fixture(scope="module")
def reverted(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder whose index has a patch that was merged in v4.13 and reverted in v4.14."""
    tmp_path = tmp_path_factory.mktemp("reverted")
    data = linked(indexed, tmp_path)
    history: History = start()
    history.commit(SUBJECT, BEN, day("2017-06-18"))
    history.tag("v4.13", day("2017-09-03"))
    history.commit(f'Revert "{SUBJECT}"', ANN, day("2017-10-20"))
    history.tag("v4.14", day("2017-11-12"))
    history.save(tmp_path / "linux")
    found(data, "--git", tmp_path / "linux")
    output_of("index", data)
    return data


def output_of(*arguments: str | Path) -> str:
    *given, data = map(str, arguments)
    ran = CliRunner().invoke(cli, [*given, "--data", data])
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_commands_report_that_a_patch_was_reverted(reverted: Path) -> None:
    (line,) = output_of("search", QUERY, "--json", reverted).splitlines()
    record = json.loads(line)
    assert (record["outcome"]["outcome"], record["outcome"]["release"]) == ("merged", "v4.13")
    assert record["outcome"]["reverted"]["release"] == "v4.14"
    assert "merged in v4.13, reverted in v4.14" in output_of("search", QUERY, reverted)
    assert "in linux v4.13, reverted in v4.14" in output_of("show", record["id"], reverted)


def test_mcp_answers_report_that_a_patch_was_reverted(reverted: Path) -> None:
    (patch,) = Tools(reverted).outcomes(QUERY)["patches"]
    assert patch["outcome"]["reverted"]["said"] == "reverted in v4.14"


def test_pages_and_feeds_report_that_a_patch_was_reverted(reverted: Path) -> None:
    client = create_app(reverted).test_client()
    (hit,) = client.get("/api/v1/search", query_string={"q": QUERY}).get_json()["hits"]
    for path in (f"/entry/{hit['id']}", "/?outcome=reverted"):
        page = client.get(path).get_data(as_text=True)
        assert "v4.13" in page
        assert "reverted in v4.14" in page
    assert 'label="reverted in v4.14"' in client.get("/search.atom?outcome=reverted").get_data(as_text=True)


def test_what_was_merged_and_reverted_is_found_as_both(reverted: Path) -> None:
    client = create_app(reverted).test_client()
    totals = [
        client.get("/api/v1/search", query_string={"q": f"issue:102 {query}"}).get_json()["total"]
        for query in ("outcome:merged", "outcome:reverted", "outcome:merged NOT outcome:reverted")
    ]
    assert totals[0] == totals[1] + totals[2]
    assert totals[1] >= 1
