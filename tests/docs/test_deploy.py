"""The samples in docs/deploy agree with the program: settings, port, URLs and media types."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from indexer.cli.serve import serve_command
from indexer.engines.opensearch.connection import OLDEST
from indexer.sources.archive import Archive
from tests.conftest import ROOT
from webui.app import create_app

DEPLOY = ROOT / "docs" / "deploy"
DOCKERFILE, NGINX = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("Dockerfile", "nginx.conf"))
SETTINGS = {str(option.envvar): option for option in serve_command.params if option.envvar}
PORT = SETTINGS["BACKISSUE_PORT"].default
SERVED = (
    "/ /help /api /search.atom /search.json /opensearch.xml /robots.txt /sitemap.xml /healthz /api/v1/kernels "
    "/api/v1/nothing /static/style.css /static/icon.svg"
).split()


def compose() -> dict[str, object]:
    held: dict[str, object] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    service = held["services"]["backissue"]  # type: ignore[index]
    assert isinstance(service, dict)
    return service


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "backissue.service", "backissue-fetch.service"])
def test_a_sample_sets_only_variables_that_the_program_reads(name: str) -> None:
    named = set(re.findall(r"\bBACKISSUE_[A-Z_]+\b", (DEPLOY / name).read_text(encoding="utf-8")))
    assert named
    assert named <= set(SETTINGS)


def test_the_files_of_the_image_exist() -> None:
    copied = re.findall(r"^COPY (?!--from)(?P<paths>.+) \S+$", DOCKERFILE, re.M)
    assert [path for paths in copied for path in paths.split() if not (ROOT / path).exists()] == []


def test_the_container_does_not_run_as_root_and_checks_its_health(archive: Archive) -> None:
    assert int(re.findall(r"^USER (\S+)$", DOCKERFILE, re.M)[-1]) > 0
    assert "/healthz" in DOCKERFILE.partition("HEALTHCHECK")[2]
    assert create_app(archive.data).test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["compose.yaml", "backissue.service", "nginx.conf", "Caddyfile", "Dockerfile"])
def test_all_samples_agree_on_the_port(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:127\.0\.0\.1:|_PORT=|EXPOSE )(\d+)", text)) == {str(PORT)}


def test_compose_builds_the_dockerfile_and_keeps_the_data() -> None:
    service = compose()
    build = service["build"]
    assert isinstance(build, dict)
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert service["volumes"] == ["data:/data"]
    assert "BACKISSUE_DATA=/data" in DOCKERFILE


def test_the_front_server_compresses_each_type_of_text_and_keeps_cache_headers(archive: Archive) -> None:
    client = create_app(archive.data).test_client()
    answers = {path: client.get(path) for path in SERVED}
    assert [path for path, answer in answers.items() if answer.status_code != 200] == ["/api/v1/nothing"]
    types = {answer.mimetype for answer in answers.values()} - {"text/html"}  # which nginx packs always
    packed = re.search(r"gzip_types (?P<types>[^;]+);", NGINX)
    assert packed
    assert types <= set(packed["types"].split())
    said = re.sub(r"^\s*#.*$", "", NGINX, flags=re.M)
    assert not re.search(r"add_header (?!X-Content-Type)|expires|hide_header|ignore_headers|etag", said)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
@pytest.mark.parametrize("names", [["backissue.service"], ["backissue-fetch.service", "backissue-fetch.timer"]])
def test_the_systemd_units_are_valid(tmp_path: Path, names: list[str]) -> None:
    there = f"ExecStart={shutil.which('true')}"  # the program of the sample is not installed here
    for name in names:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(
            re.sub(r"^ExecStart=\S+ (?:serve|fetch)$", there, text, flags=re.M), encoding="utf-8"
        )
    paths = [tmp_path / name for name in names]
    done = subprocess.run(
        ["systemd-analyze", "verify", *paths], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["backissue.service", "backissue-fetch.service"])
def test_a_service_has_no_rights_that_it_does_not_need(name: str) -> None:
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    needed = "NoNewPrivileges=yes ProtectSystem=strict ProtectHome=yes PrivateTmp=yes UMask=0077 CapabilityBoundingSet="
    assert set(needed.split()) <= set(lines)
    filters = [line.partition("=")[2] for line in lines if line.startswith("SystemCallFilter=")]
    assert filters == ["@system-service", "~@privileged"]  # the second removes calls that the first allows


def test_the_line_for_cron_runs_in_a_shell(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    line = re.search(r"^    17 \* \* \* \*  (?P<command>.+)$", page, re.M)
    assert line
    program = tmp_path / ".local" / "bin" / "backissue"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from indexer.cli import main; main()' \"$@\"\n", encoding="utf-8"
    )
    program.chmod(0o755)
    posts = tmp_path / "posts"
    posts.mkdir()
    for n in (1, 2, 3):
        (posts / f"{n}.md").write_text(f"---\ntitle: ZZ {n}\ndate: 2024-01-0{n}\n---\n\n- [A](https://a.example/{n})\n")
    subprocess.run([program, "init", "garden-weekly", "posts"], cwd=tmp_path, check=True, capture_output=True)
    (posts / "4.md").write_text("---\ntitle: ZZ 4\ndate: 2024-01-04\n---\n\n- [A](https://a.example/4)\n")
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}  # what cron gives a command
    done = subprocess.run(
        ["/bin/sh", "-c", line["command"]], env=env, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "garden-weekly/newsletters/garden-weekly/04.md").exists()


def test_each_option_of_serve_has_a_variable() -> None:
    options = [option for option in serve_command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.envvar and not option.is_eager] == []


def test_the_sample_nodes_are_new_enough_connected_and_documented() -> None:
    nodes = yaml.safe_load((DEPLOY / "cluster.yaml").read_text(encoding="utf-8"))["services"]
    page = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
    for name, node in nodes.items():
        assert tuple(int(part) for part in node["image"].partition(":")[2].split(".")[:2]) >= OLDEST
        assert node["environment"]["node.name"] == name
        assert node["environment"]["discovery.seed_hosts"].split(",") == list(nodes)
        assert f"http://{node['ports'][0].rpartition(':')[0]}" in page
