"""The wheel is complete: installed into an empty environment, it runs the story."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")


def run(*args: str | Path, cwd: Path, **env: str) -> str:
    """Run a program outside of the checkout, so that nothing is imported from it. Return its output."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BACKISSUE", "PIP_"))}
    clean |= {name: os.environ[name] for name in os.environ if name.startswith("PIP_") and name.endswith("_URL")}
    done = subprocess.run(
        [str(arg) for arg in args], cwd=cwd, env=clean | env, capture_output=True, text=True, timeout=1_200, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build and return the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an empty environment with the wheel."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    return programs


def test_the_wheel_contains_templates_style_and_archive(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"webui/templates/search.html", "webui/static/style.css", "archive/newsletters.toml"}
    wanted |= {f"archive/bpf-updates/{number:02d}.md" for number in range(1, 14)}
    assert wanted <= names
    assert not [name for name in names if name.startswith("tests/")]
    assert [name for name in names if name.endswith(".data/data/share/man/man1/backissue.1")]
    assert {"indexer/py.typed", "webui/py.typed", "indexer/cli/workflows/github.yml"} <= names


def test_the_story_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    backissue = installed / "backissue"
    run(backissue, "index", cwd=tmp_path, BACKISSUE_DATA=str(tmp_path / "data"))
    out = run(
        backissue, "search", "bpf_getsockops", "--kernel", "v4.15", "--json",
        cwd=tmp_path, BACKISSUE_DATA=str(tmp_path / "data"),
    )  # fmt: skip
    assert json.loads(out.splitlines()[0])["id"] == "bpf-updates/13/new-helper-function-bpf-getsockops"


def test_the_wheel_has_the_extra_and_its_python_versions(wheel: Path) -> None:
    held = zipfile.ZipFile(wheel)
    (name,) = [name for name in held.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = held.read(name).decode()
    assert "Provides-Extra: mcp\n" in metadata
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert f"Requires-Python: {required}\n" in metadata


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository, to list its files")
def test_the_source_distribution_contains_every_file_of_the_repository(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", tmp_path, ROOT, cwd=tmp_path)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as held:
        names = {name.partition("/")[2] for name in held.getnames()}
    files = run("git", "-C", ROOT, "ls-files", cwd=tmp_path).splitlines()
    assert [name for name in files if name not in names] == []


def test_one_command_of_pipx_installs_the_wheel_and_it_serves_the_archive(wheel: Path, tmp_path: Path) -> None:
    pytest.importorskip("pipx")
    homes = {f"PIPX_{name}": str(tmp_path / name.lower()) for name in ("HOME", "BIN_DIR", "MAN_DIR")}
    run(sys.executable, "-m", "pipx", "install", wheel, cwd=tmp_path, **homes)
    assert (tmp_path / "man_dir" / "man1" / "backissue.1").exists()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BACKISSUE"))}
    command = [tmp_path / "bin_dir" / "backissue", "serve", "--port", "0", "--workers", "1"]
    env = clean | {"BACKISSUE_DATA": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            lines = iter(server.stdout.readline, "")
            address = next(filter(None, (ADDRESS.search(line) for line in lines)))[0]
            found = httpx.get(f"{address}api/v1/search?q=bpf_getsockops&kernel=v4.15", timeout=120).json()
        finally:
            server.terminate()
    assert found["hits"][0]["id"] == "bpf-updates/13/new-helper-function-bpf-getsockops"
