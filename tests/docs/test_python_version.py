"""The oldest Python is the same wherever it is stated, and `make` refuses an older one in a sentence."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conftest import ROOT

OLD = """#!/bin/sh
shift
exec {python} -c "import sys; sys.version_info = (3, 11, 4); $1"
"""


def oldest() -> str:
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(table["project"]["requires-python"]).removeprefix(">=")


def test_readme_and_manual_name_the_oldest_python() -> None:
    for page in ("README.md", "docs/getting-started.md"):
        assert f"Python {oldest()} or later" in (ROOT / page).read_text(encoding="utf-8")


def test_make_refuses_an_older_python(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text(OLD.format(python=sys.executable), encoding="utf-8")
    old.chmod(0o755)
    command = ["make", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}", "serve"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode
    assert f"backissue needs Python {oldest()} or later. {old} is 3.11.4." in done.stderr
    assert not (tmp_path / "venv").exists()
