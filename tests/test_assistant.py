"""The server for assistants, asked over standard input and output by the protocol's own client."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer.sources.archive import Archive
from tests.commands import records, run, run_process
from tests.conftest import ROOT
from tests.linux import FIELDS
from tests.pages import STORY

NEEDED = pytest.mark.skipif(
    "not __import__('importlib.util').util.find_spec('mcp')", reason="needs the extra mcp, which is not installed"
)


def asked(archive: Archive, *calls: tuple[str, dict[str, object]]) -> tuple[Any, list[Any]]:
    """Return the tools of a server that runs as a process of its own, and what it answers to some calls."""
    from mcp import Client, StdioServerParameters

    program = ["-W", "error", "-c", "from indexer.cli import main; main()", "mcp", "--data", str(archive.data)]
    parameters = StdioServerParameters(command=sys.executable, args=program, cwd=ROOT, env=dict(os.environ))

    async def talk() -> tuple[Any, list[Any]]:
        async with Client(parameters, read_timeout_seconds=60) as client:
            listed = await client.list_tools()
            return listed.tools, [await client.call_tool(name, args) for name, args in calls]

    return asyncio.run(asyncio.wait_for(talk(), 120))


@NEEDED
def test_the_tools_say_what_they_are_for_and_change_nothing(archive: Archive) -> None:
    tools, _ = asked(archive)
    assert [tool.name for tool in tools] == ["search", "entry", "identifier", "kernel"]
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint
        assert [name for name, one in tool.input_schema["properties"].items() if not one.get("description")] == []


@NEEDED
def test_the_search_tool_says_every_field_of_the_query_language(archive: Archive) -> None:
    tools, _ = asked(archive)
    said = tools[0].input_schema["properties"]["query"]["description"]
    assert [field for field in FIELDS if field not in said] == []


@NEEDED
def test_the_tools_answer_with_what_the_commands_print(archive: Archive) -> None:
    _, (search, entry, identifier, kernel) = asked(
        archive,
        ("search", {"query": "bpf_getsockops kernel:v4.15"}),
        ("entry", {"id": STORY}),
        ("identifier", {"name": "getsockopt", "limit": 10_000}),
        ("kernel", {"version": "4.15", "limit": 10_000}),
    )
    assert search.structured_content["hits"] == records(run(archive, "search", "bpf_getsockops kernel:v4.15", "--json"))
    whole = {"left_out": {}}
    assert [entry.structured_content] == records(run(archive, "show", STORY, "--json"))
    assert identifier.structured_content == records(run(archive, "id", "getsockopt", "--json"))[0] | whole
    assert kernel.structured_content == records(run(archive, "kernel", "4.15", "--json"))[0] | whole
    assert json.loads(kernel.content[0].text) == kernel.structured_content


@NEEDED
def test_every_answer_links_to_the_original(archive: Archive) -> None:
    _, answers = asked(
        archive,
        ("search", {"query": "bpf_getsockops", "limit": 1}),
        ("entry", {"id": STORY}),
        ("identifier", {"name": "bpf_getsockopt"}),
        ("kernel", {"version": "v4.15"}),
    )
    original = records(run(archive, "show", STORY, "--json"))[0]["original_url"]
    assert [original in answer.content[0].text for answer in answers] == [True] * 4


@NEEDED
def test_a_long_answer_is_cut_and_says_how_much_is_left_out(archive: Archive) -> None:
    _, (cut, whole) = asked(
        archive,
        ("kernel", {"version": "v4.15", "limit": 2}),
        ("kernel", {"version": "v4.15", "limit": 10_000}),
    )
    some, names = (
        [each["landing"] for each in answer.structured_content["landed"][0]["names"]] for answer in (cut, whole)
    )
    assert some == names[:2]
    assert cut.structured_content["left_out"]["landed[0].names"] == len(names) - 2


@NEEDED
def test_what_is_wrong_is_told_in_a_sentence(archive: Archive) -> None:
    _, (unknown, nearest, long, many) = asked(
        archive,
        ("entry", {"id": "nothing"}),
        ("kernel", {"version": "4.99"}),
        ("search", {"query": "x" * 400}),
        ("search", {"limit": 0}),
    )
    assert [answer.is_error for answer in (unknown, nearest, long, many)] == [True] * 4
    assert "no entry has the id nothing" in unknown.content[0].text
    assert "the nearest: v4.20" in nearest.content[0].text
    assert "the most is 300" in long.content[0].text
    assert "greater than or equal to 1" in many.content[0].text


@NEEDED
def test_without_an_index_the_server_says_what_to_do(tmp_path: Path) -> None:
    ran = run_process("mcp", "--data", tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "run backissue index" in ran.stderr


def test_without_the_extra_it_is_said_what_to_install(archive: Archive) -> None:
    program = "import sys; sys.modules['mcp'] = None; from indexer.cli import main; main()"
    command = [sys.executable, "-c", program, "mcp", "--data", str(archive.data)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (1, "")
    way = 'install it with pip install ".[mcp]" in the checkout'
    assert ran.stderr == f"backissue: the package mcp is not installed; {way}.\n"
