"""The API keeps to its own description: requests that it allows and forbids, made up by schemathesis."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from indexer.sources.archive import Archive
from webui.app import create_app

pytestmark = pytest.mark.slow
SEED = "1"
CASES = "20"  # for each path, besides its examples and the edges of its parameters


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    """Return the address at which a server answers."""
    server = make_server("127.0.0.1", 0, create_app(archive.data), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "phases",
    [
        ["--phases", "examples,coverage"],
        # A query is text: an object or null that is made up for a parameter arrives as a word, which is allowed.
        ["--phases", "fuzzing", "--exclude-checks", "negative_data_rejection"],
    ],
    ids=lambda phases: phases[1],
)
def test_made_up_requests_are_answered_as_the_description_says(address: str, tmp_path: Path, phases: list[str]) -> None:
    pytest.importorskip("schemathesis", reason="needs schemathesis")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"]
    options = ["--seed", SEED, "--max-examples", CASES, *phases, "--no-color"]
    ran = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "15 selected / 15 total" in ran.stdout
