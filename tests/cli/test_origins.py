"""backissue fetch gets new issues from their origins: a folder, a feed, pages, a repository."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli

ISSUE = """---
title: "ZZ Weekly #{n}"
date: 2024-01-{n:02d}
---

## News

- [Article number {n}](https://example.org/a/{n}), which explains something about gardens
- [Another for {n}](https://example.org/b/{n}), which explains another thing about gardens

## Packages

- [Tool {n}](https://github.com/zz/tool-{n}) keeps a diary of the beds that you water
"""
ITEMS = """<h2>News</h2><ul>
<li><a href="https://example.org/a/{n}">Article number {n}</a>, which explains something about gardens and beds</li>
<li><a href="https://example.org/b/{n}">Another for {n}</a>, which explains what gardens need in winter and why</li>
</ul>"""
PAGE = f"""<!DOCTYPE html><html><head><title>ZZ Weekly #{{n}}</title>
<meta property="article:published_time" content="2024-01-{{n:02d}}"></head><body><article>
<h1>ZZ Weekly #{{n}}</h1>{ITEMS}</article></body></html>
"""
FEED = """<rss version="2.0"><channel><title>ZZ Weekly</title>{items}</channel></rss>"""
ITEM = f"""<item><title>ZZ Weekly #{{n}}</title><link>https://zz.example/{{n}}/</link>
<pubDate>{{n:02d}} Jan 2024 08:00:00 GMT</pubDate><description><![CDATA[{ITEMS}]]></description></item>"""


def run(tmp_path: Path, *args: object) -> Result:
    """Run a command on the archive folder zz. Private networks are allowed, because loopback is one."""
    words = [str(arg) for arg in args]
    own = ["--allow-private"] if words[0] in ("init", "fetch") else []
    folder = [] if words[0] == "init" else ["--archive", str(tmp_path / "zz")]
    return CliRunner().invoke(cli, [*words, *own, *folder, "--data", str(tmp_path / "data")])


def fetched(tmp_path: Path, *args: object) -> str:
    result = run(tmp_path, "fetch", "--pause", "0", *args)
    assert result.exit_code == 0, result.output
    return result.stdout


def write(folder: Path, *numbers: int, text: str = ISSUE, suffix: str = ".md") -> Path:
    folder.mkdir(exist_ok=True)
    for n in numbers:
        (folder / f"post-{n}{suffix}").write_text(text.format(n=n), encoding="utf-8")
    return folder


def copies(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "zz/newsletters/zz").iterdir() if path.suffix != ".told")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a folder on loopback. Yield its URL and the requested paths."""
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        def log_message(self, *_: object) -> None:
            """Do not log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("given", ["posts", "posts/*.md", "each file"])
def test_a_folder_and_a_pattern_give_new_issues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    monkeypatch.chdir(tmp_path)
    files = sorted(f"posts/{path.name}" for path in posts.iterdir())
    run(tmp_path, "init", "zz", *(files if given == "each file" else [given]))
    write(posts, 4)
    assert "zz: 1 new issue (4), 0 changed." in fetched(tmp_path)
    assert "4" in run(tmp_path, "search", "issue:4", "--fields", "issue").stdout
    assert "zz: 0 new issues, 0 changed." in fetched(tmp_path)
    assert copies(tmp_path) == ["01.md", "02.md", "03.md", "04.md", "newsletter.toml"]
    assert str(tmp_path) not in (tmp_path / "zz/newsletters/zz/04.told").read_text(encoding="utf-8")


def test_a_changed_issue_is_fetched_and_a_removed_one_stays(tmp_path: Path) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    run(tmp_path, "init", tmp_path / "zz", posts)
    (posts / "post-1.md").unlink()
    with (posts / "post-2.md").open("a", encoding="utf-8") as file:
        file.write("- [A later tool](https://github.com/zz/later) that was added the day after\n")
    assert "zz: 0 new issues, 1 changed." in fetched(tmp_path)
    assert "later" in run(tmp_path, "search", "later tool").stdout
    assert "01.md" in copies(tmp_path)


def test_a_copy_that_the_user_edited_stays(tmp_path: Path) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    run(tmp_path, "init", tmp_path / "zz", posts)
    mine = tmp_path / "zz/newsletters/zz/02.md"
    mine.write_text(ISSUE.format(n=2).replace("Tool 2", "My tool"), encoding="utf-8")
    write(posts, 4)
    assert "1 new issue (4), 0 changed." in fetched(tmp_path)  # its source did not change
    write(posts, 2, text=ISSUE.replace("Article", "Essay"))
    result = run(tmp_path, "fetch")
    assert result.exit_code == 1
    assert "02.md was edited, so it was not overwritten. Remove it to copy the new text." in result.stderr
    assert "My tool" in mine.read_text(encoding="utf-8")
    mine.unlink()
    assert "1 new issue (2)" in fetched(tmp_path)
    assert "Essay number 2" in mine.read_text(encoding="utf-8")


def damage(path: Path) -> None:
    path.write_text("[" * 100_000)


def forget_types(path: Path) -> None:
    path.write_text('{"name": ["a"], "sha256": 7}')


def make_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # reading it would wait for ever


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
@pytest.mark.parametrize("name", ["02.told", "02.md"])
@pytest.mark.parametrize("change", [damage, forget_types, make_fifo])
def test_a_damaged_copy_costs_only_itself(tmp_path: Path, name: str, change: Callable[[Path], None]) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    run(tmp_path, "init", tmp_path / "zz", posts)
    change(tmp_path / "zz/newsletters/zz" / name)
    write(posts, 2, 4, text=ISSUE.replace("Article", "Essay"))
    result = run(tmp_path, "fetch", "--pause", "0")
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert "1 new issue (4)" in result.stdout
    anew = run(tmp_path, "init", tmp_path / "zz")
    assert isinstance(anew.exception, SystemExit | None), anew.exception
    assert "issues in" in anew.stdout


def test_a_damaged_table_is_reported_when_it_is_inferred_again(tmp_path: Path) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    run(tmp_path, "init", tmp_path / "zz", posts)
    (tmp_path / "zz/newsletters/zz/newsletter.toml").write_text("a = [", encoding="utf-8")
    again = run(tmp_path, "init", tmp_path / "zz", posts)
    assert again.exit_code == 1
    assert "newsletter.toml: The table is not valid TOML" in again.stderr


def test_one_bad_file_is_named_once_and_the_others_come(tmp_path: Path) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3)
    run(tmp_path, "init", tmp_path / "zz", posts)
    write(posts, 4)
    (posts / "post-5.md").write_bytes(b"\0\1")
    result = run(tmp_path, "fetch")
    assert result.exit_code == 1
    assert re.search(r"post-5\.md: .*binary", result.stderr)
    assert "1 new issue (4)" in result.stdout
    assert "0 new issues" in fetched(tmp_path)


def test_a_richer_format_replaces_a_poorer_one_and_not_the_other_way(tmp_path: Path) -> None:
    html = write(tmp_path / "html", 1, 2, 3, text=PAGE, suffix=".html")
    run(tmp_path, "init", tmp_path / "zz", html)
    table = tmp_path / "zz/newsletters/zz/newsletter.toml"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace('origins = ["../html"]', 'origins = ["../html", "../posts"]'), encoding="utf-8")
    write(tmp_path / "posts", 2)
    assert "0 new issues, 1 changed" in fetched(tmp_path)
    write(html, 2, text=PAGE + "<!-- -->", suffix=".html")
    assert "0 new issues, 0 changed" in fetched(tmp_path)
    assert copies(tmp_path) == ["01.html", "02.md", "03.html", "newsletter.toml"]


def test_a_feed_gives_new_issues_and_old_ones_stay(tmp_path: Path) -> None:
    feed = tmp_path / "www" / "feed.xml"
    feed.parent.mkdir()
    feed.write_text(FEED.format(items="".join(ITEM.format(n=n) for n in (1, 2, 3))), encoding="utf-8")
    with served(feed.parent) as (url, asked):
        made = run(tmp_path, "init", tmp_path / "zz", f"{url}/feed.xml")
        assert made.exit_code == 0, made.output
        fetched(tmp_path)
        feed.write_text(FEED.format(items="".join(ITEM.format(n=n) for n in (3, 4))), encoding="utf-8")
        assert "zz: 1 new issue (4), 0 changed." in fetched(tmp_path)
        assert "zz: 0 new issues, 0 changed." in fetched(tmp_path)
    assert set(asked) == {"/feed.xml"}
    assert copies(tmp_path) == ["01.html", "02.html", "03.html", "04.html", "newsletter.toml"]


def test_a_missing_page_does_not_stop_the_others(tmp_path: Path) -> None:
    www = write(tmp_path / "www", 1, 2, 3, text=PAGE, suffix=".html")
    with served(www) as (url, _):
        made = run(tmp_path, "init", tmp_path / "zz", *(f"{url}/post-{n}.html" for n in (1, 2, 3)))
        assert made.exit_code == 0, made.output
        (www / "post-1.html").unlink()
        write(www, 3, text=PAGE.replace("Another for", "Others for"), suffix=".html")
        result = run(tmp_path, "fetch", "--pause", "0")
    assert result.exit_code == 1
    assert "post-1.html: The server answered 404." in result.stderr
    assert "zz: 0 new issues, 1 changed." in result.stdout
    assert "3 issues" in result.stdout


def git(folder: Path, *args: str) -> None:
    own = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", "-C", str(folder), *own, *args], check=True, capture_output=True, timeout=300)


def committed(site: Path, *numbers: int) -> None:
    write(site / "content", *numbers)
    git(site, "add", "-A")
    git(site, "commit", "-q", "-m", "More issues")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a repository with three issues in content/, and a page that is not an issue."""
    site = tmp_path / "site"
    site.mkdir()
    git(site, "init", "-q")
    (site / "about.md").write_text("# About us\n\nWe are a newsletter.\n", encoding="utf-8")
    committed(site, 1, 2, 3)
    return site


@contextmanager
def daemon(base: Path) -> Iterator[str]:
    """Run git's own server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["git", "daemon", "--listen=127.0.0.1", f"--port={port}", "--export-all", f"--base-path={base}"]
    with subprocess.Popen([*command, "--verbose"], stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        assert "Ready to rumble" in server.stderr.readline()
        yield f"git://127.0.0.1:{port}"
        server.terminate()


@pytest.mark.parametrize("through", ["a server", "the disk"])
def test_a_repository_gives_committed_issues(tmp_path: Path, site: Path, through: str) -> None:
    with daemon(tmp_path) as served_at:
        address = f"{served_at}/site/.git" if through == "a server" else f"git+file://{site}"
        made = run(tmp_path, "init", tmp_path / "zz", f"{address}#content")
        assert made.exit_code == 0, made.output
        assert f"{address}#content" in (tmp_path / "zz/newsletters/zz/newsletter.toml").read_text(encoding="utf-8")
        committed(site, 4)
        assert "zz: 1 new issue (4), 0 changed." in fetched(tmp_path)
        assert "zz: 0 new issues, 0 changed." in fetched(tmp_path)


def test_a_rewritten_history_does_no_harm(tmp_path: Path, site: Path) -> None:
    run(tmp_path, "init", tmp_path / "zz", f"git+file://{site}#content")
    git(site, "commit", "-q", "--amend", "-m", "Another history")
    committed(site, 4)
    assert "1 new issue (4)" in fetched(tmp_path)


@pytest.mark.parametrize(("path", "said"), [("nothing", "has no nothing"), ("../..", "has no ../..")])
def test_a_missing_path_in_a_repository_is_reported(tmp_path: Path, site: Path, path: str, said: str) -> None:
    made = run(tmp_path, "init", tmp_path / "zz", f"git+file://{site}#{path}")
    assert made.exit_code == 1
    assert said in made.stderr


def test_a_symbolic_link_in_a_repository_does_not_lead_outside(tmp_path: Path, site: Path) -> None:
    write(tmp_path, 9)
    (site / "content" / "post-9.md").symlink_to(tmp_path / "post-9.md")
    committed(site, 1)
    run(tmp_path, "init", tmp_path / "zz", f"git+file://{site}#content")
    assert copies(tmp_path) == ["01.md", "02.md", "03.md", "newsletter.toml"]


@pytest.mark.parametrize("address", ["git+ext::sh -c true", "git+-upload-pack=true", "git+https://127.0.0.1:9/x.git"])
def test_a_private_repository_url_is_refused(tmp_path: Path, address: str) -> None:
    made = CliRunner().invoke(cli, ["init", str(tmp_path / "zz"), address, "--data", str(tmp_path / "data")])
    assert made.exit_code == 1
    assert isinstance(made.exception, SystemExit)
    assert not (tmp_path / "zz").exists()


def test_an_archive_without_origins_lists_what_can_be_fetched(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["fetch", "--data", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert "bpf-updates" in result.stderr


def test_the_origin_of_a_copy_is_stored_as_text(tmp_path: Path) -> None:
    run(tmp_path, "init", tmp_path / "zz", write(tmp_path / "posts", 1, 2, 3))
    told = (tmp_path / "zz/newsletters/zz/01.told").read_text(encoding="utf-8")
    assert json.loads(told)["name"] == "post-1.md"
    assert told.endswith("\n")


def test_without_new_issues_old_problems_are_not_reported_again(tmp_path: Path) -> None:
    posts = write(tmp_path / "posts", 1, 2, 3, text=ISSUE.replace("date: 2024-01-{n:02d}\n", ""))
    run(tmp_path, "init", tmp_path / "zz", posts)
    assert "undated" in run(tmp_path, "index").stderr
    again = run(tmp_path, "fetch")
    assert (again.stderr, again.exit_code) == ("", 0)
    assert "3 problems" in again.stdout
