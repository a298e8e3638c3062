"""The MCP server, used over standard input and output by the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.archive import Archive
from tests.archives import found, small
from tests.commands import records, run
from tests.conftest import ROOT
from tests.linux import FIELDS
from tests.pages import STORY

SERIES = "arm-ebpf-jit-compiler-shubham-bansal"
NEEDED = pytest.mark.skipif(
    "not __import__('importlib.util').util.find_spec('mcp')", reason="needs the extra mcp, which is not installed"
)


def call_tools(archive: Archive, *calls: tuple[str, dict[str, object]]) -> tuple[Any, list[Any]]:
    """Return the tools of a server process, and its answers to some calls."""
    from mcp import Client, StdioServerParameters

    program = ["-W", "error", "-c", "from indexer.cli import main; main()", "mcp", "--data", str(archive.data)]
    parameters = StdioServerParameters(command=sys.executable, args=program, cwd=ROOT, env=dict(os.environ))

    async def talk() -> tuple[Any, list[Any]]:
        async with Client(parameters, read_timeout_seconds=60) as client:
            listed = await client.list_tools()
            return listed.tools, [await client.call_tool(name, args) for name, args in calls]

    return asyncio.run(asyncio.wait_for(talk(), 120))


# The calls of each test. All are made in one session, because a server process takes seconds to start.
CALLS: dict[str, tuple[tuple[str, dict[str, object]], ...]] = {
    "as commands": (
        ("search", {"query": "bpf_getsockops kernel:v4.15"}),
        ("entry", {"id": STORY}),
        ("series", {"id": SERIES}),
    ),
    "inferred": (("search", {"query": "sockmap 4.14", "limit": 1}),),
    "outcomes": (("outcomes", {"query": "ARM JIT outcome:merged"}),),
    "bounded": (
        ("kernel", {"version": "v4.14", "limit": 1_000}),
        ("search", {"query": "xdp", "limit": 100}),
        ("identifier", {"name": "sockmap", "limit": 1_000}),
        ("outcomes", {"limit": 100}),
    ),
    "linked": (
        ("search", {"query": "bpf_getsockops", "limit": 1}),
        ("entry", {"id": STORY}),
        ("identifier", {"name": "bpf_getsockopt"}),
        ("kernel", {"version": "v4.15"}),
    ),
    "cut": (("kernel", {"version": "v4.15", "limit": 2}),),
    "wrong": (
        ("entry", {"id": "nothing"}),
        ("kernel", {"version": "4.99"}),
        ("search", {"query": "x" * 400}),
        ("search", {"limit": 0}),
        ("search", {"limit": 101, "query": 5}),
        ("search", {"text": "xdp"}),
        ("entry", {}),
    ),
}


@pytest.fixture(scope="module")
def session(archive: Archive) -> tuple[Any, dict[str, list[Any]]]:
    """Return the tools of a server, and its answers to the calls of each test."""
    tools, answers = call_tools(archive, *(call for calls in CALLS.values() for call in calls))
    left = iter(answers)
    return tools, {name: list(islice(left, len(calls))) for name, calls in CALLS.items()}


@pytest.fixture(scope="module")
def tools(session: tuple[Any, dict[str, list[Any]]]) -> Any:
    return session[0]


@pytest.fixture(scope="module")
def answers(session: tuple[Any, dict[str, list[Any]]]) -> dict[str, list[Any]]:
    return session[1]


@NEEDED
def test_the_tools_have_descriptions_and_are_read_only(tools: Any) -> None:
    assert [tool.name for tool in tools] == ["search", "entry", "identifier", "kernel", "series", "outcomes"]
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert [name for name, one in tool.input_schema["properties"].items() if not one.get("description")] == []


@NEEDED
def test_the_search_tool_describes_every_field(tools: Any) -> None:
    said = tools[0].input_schema["properties"]["query"]["description"]
    assert [field for field in FIELDS if field not in said] == []


@NEEDED
def test_the_tools_answer_as_the_commands_do(archive: Archive, answers: dict[str, list[Any]]) -> None:
    (search, entry, series) = answers["as commands"]
    printed = records(run(archive, "search", "bpf_getsockops kernel:v4.15", "--json"))
    assert [hit["id"] for hit in search.structured_content["hits"]] == [hit["id"] for hit in printed]
    assert [entry.structured_content] == [records(run(archive, "show", STORY, "--json"))[0] | {"left_out": {}}]
    assert series.structured_content["result"] == records(run(archive, "series", SERIES, "--json"))[0]["result"]
    assert json.loads(entry.content[0].text) == entry.structured_content


@NEEDED
def test_inferred_filters_are_among_the_notices(answers: dict[str, list[Any]]) -> None:
    (search,) = answers["inferred"]
    assert search.structured_content["notices"][0].startswith("Filtered by Kernel version: v4.14")


@NEEDED
def test_the_outcomes_tool_returns_outcomes_of_patches(answers: dict[str, list[Any]]) -> None:
    (merged,) = answers["outcomes"]
    patches = merged.structured_content["patches"]
    assert patches
    assert {patch["outcome"]["outcome"] for patch in patches} == {"merged"}
    assert all(patch["outcome"]["commit"] and patch["outcome"]["release"] for patch in patches)


@NEEDED
def test_answers_are_bounded(answers: dict[str, list[Any]]) -> None:
    assert [len(answer.content[0].text.encode()) < 10_000 for answer in answers["bounded"]] == [True] * 4
    assert all(answer.structured_content["left_out"] for answer in answers["bounded"])


@NEEDED
def test_every_answer_links_to_the_original(archive: Archive, answers: dict[str, list[Any]]) -> None:
    linked = answers["linked"]
    original = records(run(archive, "show", STORY, "--json"))[0]["original_url"]
    assert [original in answer.content[0].text for answer in linked[:3]] == [True] * 3
    assert all("original_url" in answer.content[0].text for answer in linked)


@NEEDED
def test_a_long_answer_is_cut_and_counts_what_is_left_out(archive: Archive, answers: dict[str, list[Any]]) -> None:
    (cut,) = answers["cut"]
    (whole,) = records(run(archive, "kernel", "v4.15", "--json"))
    names = [each["landing"]["name"] for each in whole["landed"][0]["names"]]  # type: ignore[index]
    shown = [each["landing"]["name"] for each in cut.structured_content["landed"][0]["names"]]
    assert 1 <= len(shown) <= 2
    assert shown == names[: len(shown)]
    assert cut.structured_content["left_out"]["landed[0].names"] == len(names) - len(shown)


@NEEDED
def test_an_error_is_reported_with_a_message(answers: dict[str, list[Any]]) -> None:
    assert [answer.is_error for answer in answers["wrong"]] == [True] * len(CALLS["wrong"])
    texts = [answer.content[0].text.removeprefix("Error executing tool ") for answer in answers["wrong"]]
    assert "There is no entry nothing." in texts[0]
    assert "Did you mean v4.20" in texts[1]
    assert "The limit is 300" in texts[2]
    assert texts[3:] == [
        "limit=0: The value should be greater than or equal to 1.",
        "query=5: The value should be a valid string. limit=101: The value should be less than or equal to 100.",
        "search has no argument text. Its arguments are query, sort, limit, page, literal, fold.",
        "The argument id is missing.",
    ]


@NEEDED
def test_the_server_builds_the_index_on_first_use(tmp_path: Path) -> None:
    archive = small(tmp_path, "a tool")
    folders = ["--archive", str(archive.folder), "--data", str(archive.data)]
    command = [sys.executable, "-W", "error", "-c", "from indexer.cli import main; main()", "mcp", *folders]
    ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr == "backissue: There is no index yet. Building it takes some seconds.\n"
    assert found(archive, "tool") == ["a tool"]


def test_without_the_extra_a_message_names_what_to_install(archive: Archive) -> None:
    program = "import sys; sys.modules['mcp'] = None; from indexer.cli import main; main()"
    command = [sys.executable, "-c", program, "mcp", "--data", str(archive.data)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    way = 'Run pip install "backissue[mcp]", or ".[mcp]" in a checkout'
    assert ran.stderr == f"backissue: The package mcp is not installed. {way}.\n"
