"""Downloads from a real local server: what is stored, requested again, and refused."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.errors import FetchFailed
from indexer.formats.registry import LARGEST
from indexer.ingest import parse
from indexer.sources import connecting, downloads, fetching
from indexer.sources.archive import Archive
from indexer.sources.downloader import Downloader
from indexer.sources.downloads import MOST_REDIRECTS, TRIES
from indexer.storage.index import open_index
from tests.archives import ISSUE, small
from tests.conftest import SHIPPED

ONE, TWO = "/src/posts/02-05-2017-bpf-updates-01/index.md", "/src/posts/10-05-2017-bpf-updates-02/index.md"


@dataclass
class Site:
    """A server's URL, its responses by path, and the received paths and headers."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def times(self, path: str) -> int:
        return sum(each == path for each, _ in self.asked)


class Handler(BaseHTTPRequestHandler):
    """Responds as the site of its server defines."""

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append((self.path, dict(self.headers)))
        site.answers.get(self.path, status(404))(self)

    def log_message(self, *_: object) -> None:
        """Do not log."""

    def reply(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[Handler], None]


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.reply(code, **headers)


def page(body: bytes, **headers: str) -> Answer:
    """Respond with a text and its entity tag, or with 304."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'

    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == tag:
            handler.reply(304, ETag=tag)
        else:
            handler.reply(200, body, ETag=tag, **headers)

    return answer


def half(body: bytes) -> Answer:
    """Respond with the first half of a text and close the connection."""
    return lambda handler: handler.reply(200, body[: len(body) // 2], Content_Length=str(len(body)))


def in_turn(*answers: Answer) -> Answer:
    """Respond differently each time, then always as the last time."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def original(number: int) -> bytes:
    """Return a text that stands for the original of an issue."""
    return ISSUE.format(number=number, title=f"original tool {number}").replace("edition: retold\n", "").encode()


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a server with the originals of issues 1 and 2."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made = Site(f"http://127.0.0.1:{server.server_port}", {ONE: page(original(1)), TWO: page(original(2))})
        server.site = made  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def mine(tmp_path: Path, site: Site) -> Archive:
    """Return an archive of issues 1 and 2, whose sources are on the server."""
    made = small(tmp_path, "retold tool 1", "retold tool 2")
    path = made.folder / "newsletters.toml"
    table = re.sub(r'^raw = ".*"$', f'raw = "{site.url}/{{path}}"', path.read_text(encoding="utf-8"), flags=re.M)
    path.write_text(table.partition("[[bpf-updates.issues]]\nnumber = 3\n")[0], encoding="utf-8")
    return made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the waits of downloads instead of waiting."""
    made: list[float] = []
    monkeypatch.setattr(fetching.time, "sleep", made.append)
    return made


def run(archive: Archive, command: str, *args: str) -> Result:
    folders = ["--archive", str(archive.folder), "--data", str(archive.data)]
    return CliRunner().invoke(cli, [command, *folders, *args])


def fetch(archive: Archive, *args: str) -> Result:
    return run(archive, "fetch", "bpf-updates", "--allow-private", "--pause", "0", *args)


def originals(archive: Archive) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (archive.originals / "bpf-updates").glob("[0-9.]*")}


def assert_error(result: Result, *words: str) -> None:
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert re.fullmatch(r"backissue: .*\n", result.stderr)
    assert all(word in result.stderr for word in words), result.stderr


def test_originals_are_stored_unchanged_and_indexed_instead_of_the_retold(mine: Archive) -> None:
    result = fetch(mine)
    assert result.exit_code == 0, result.output
    assert originals(mine) == {"01.md": original(1), "02.md": original(2)}
    assert "2 issues new or changed" in result.stdout
    assert '"source": "original"' in run(mine, "search", "issue:2", "--json").stdout


def test_a_whole_issue_of_the_archive_is_fetched_with_all_its_entries(mine: Archive, site: Site) -> None:
    text = (SHIPPED / "bpf-updates" / "01.md").read_bytes()
    site.answers[ONE] = page(text)
    fetch(mine)
    assert originals(mine)["01.md"] == text
    (issue,) = parse(text, "01.md", mine)
    with closing(open_index(mine.data)) as index:
        assert [entry.id for entry in index.entries_of("bpf-updates/1")] == [entry.id for entry in issue.entries]


def test_an_issue_that_has_not_changed_is_not_sent_again(mine: Archive, site: Site) -> None:
    fetch(mine)
    site.asked.clear()
    result = fetch(mine)
    assert all("If-None-Match" in headers for _, headers in site.asked)
    assert len(site.asked) == 2
    assert "0 issues new or changed, 2 unchanged" in result.stdout


def test_an_issue_that_has_changed_is_sent_again(mine: Archive, site: Site) -> None:
    fetch(mine)
    site.answers[TWO] = page(original(2) + b"\nOne more line for this test.\n")
    assert "1 issue new or changed, 1 unchanged" in fetch(mine).stdout
    assert originals(mine)["02.md"].endswith(b"One more line for this test.\n")


def test_an_original_that_was_removed_is_sent_again(mine: Archive) -> None:
    fetch(mine)
    (mine.originals / "bpf-updates" / "01.md").unlink()
    fetch(mine)
    assert originals(mine) == {"01.md": original(1), "02.md": original(2)}


def test_garbage_in_stored_entity_tags_does_no_harm(mine: Archive) -> None:
    fetch(mine)
    for garbage in (b"\xff", b"[1]", b'{"1": 7}', b'{"1": {"url": 5, "etag": [1]}}', b"[" * 100_000):
        (mine.originals / "bpf-updates" / "fetched.json").write_bytes(garbage)
        assert fetch(mine).exit_code == 0


def test_a_fifo_in_place_of_stored_entity_tags_does_no_harm(mine: Archive) -> None:
    (mine.originals / "bpf-updates").mkdir(parents=True)
    os.mkfifo(mine.originals / "bpf-updates" / "fetched.json")
    assert fetch(mine).exit_code == 0


def test_the_download_has_a_user_agent(mine: Archive, site: Site) -> None:
    fetch(mine)
    assert all(headers["User-Agent"].startswith("backissue/") for _, headers in site.asked)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_temporary_errors_are_retried(mine: Archive, site: Site, waits: list[float], code: int) -> None:
    site.answers[ONE] = in_turn(status(code), status(code), page(original(1)))
    assert fetch(mine).exit_code == 0
    assert site.times(ONE) == 3
    assert originals(mine)["01.md"] == original(1)


def test_each_wait_is_longer_than_the_one_before(mine: Archive, site: Site, waits: list[float]) -> None:
    site.answers[ONE] = status(503)
    assert_error(fetch(mine), ONE, "503", f"{TRIES} times", "try again later")
    assert site.times(ONE) == TRIES
    assert waits == sorted(waits)
    assert waits[0] > 0


def test_a_longer_wait_that_the_server_requests_is_observed(mine: Archive, site: Site, waits: list[float]) -> None:
    site.answers[ONE] = in_turn(status(503, Retry_After="7"), page(original(1)))
    assert fetch(mine).exit_code == 0
    assert waits[0] >= 7


@pytest.mark.parametrize("after", ["999999", "Wed, 21 Oct 2037 07:28:00 GMT", "\xb2", "-5", ""])
def test_an_excessive_wait_is_not_waited_for(mine: Archive, site: Site, waits: list[float], after: str) -> None:
    site.answers[ONE] = in_turn(status(503, Retry_After=after), page(original(1)))
    assert fetch(mine).exit_code == 0
    assert 0 < waits[0] < 60


def test_a_missing_issue_is_reported_at_once_and_the_index_stays(mine: Archive, site: Site) -> None:
    fetch(mine)
    pointer = (mine.data / "index" / "current").read_text()
    site.answers[ONE] = status(404)
    assert_error(fetch(mine), ONE, "404", "Check the URL")
    assert site.times(ONE) == 2
    assert originals(mine) == {"01.md": original(1), "02.md": original(2)}
    assert (mine.data / "index" / "current").read_text() == pointer


def test_a_response_that_is_too_large_is_refused_and_not_stored(mine: Archive, site: Site) -> None:
    site.answers[ONE] = page(b"word " * (LARGEST // 5 + 1))
    assert_error(fetch(mine), ONE, f"{LARGEST:,}")
    assert originals(mine) == {}


def test_a_response_that_is_not_an_issue_is_refused_and_not_stored(mine: Archive, site: Site) -> None:
    site.answers[ONE] = page(b"\0\1\2 no text")
    assert_error(fetch(mine), "bpf-updates/1.md", "binary")
    assert originals(mine) == {}


def test_a_truncated_body_leaves_no_file(mine: Archive, site: Site, waits: list[float]) -> None:
    site.answers[ONE] = half(original(1))
    assert_error(fetch(mine), ONE, "try again later")
    assert site.times(ONE) == TRIES
    assert originals(mine) == {}


def test_a_body_truncated_once_is_downloaded_again(mine: Archive, site: Site, waits: list[float]) -> None:
    site.answers[ONE] = in_turn(half(original(1)), page(original(1)))
    assert fetch(mine).exit_code == 0
    assert originals(mine)["01.md"] == original(1)


def test_an_invalid_compressed_body_is_reported(mine: Archive, site: Site, waits: list[float]) -> None:
    site.answers[ONE] = page(b"this is no gzip", Content_Encoding="gzip")
    assert_error(fetch(mine), ONE)
    assert originals(mine) == {}


def test_a_redirect_is_followed(mine: Archive, site: Site) -> None:
    site.answers |= {ONE: status(302, Location="/moved"), "/moved": page(original(1))}
    assert fetch(mine).exit_code == 0
    assert originals(mine)["01.md"] == original(1)


def test_redirect_loops_end(mine: Archive, site: Site) -> None:
    site.answers |= {ONE: status(302, Location="/round"), "/round": status(302, Location=ONE)}
    assert_error(fetch(mine), ONE, f"more than {MOST_REDIRECTS} times")
    assert len(site.asked) == MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/x", "file:///etc/hostname", "http://[bad/", "http://127.0.0.1:99999/"]
)
def test_an_invalid_redirect_is_reported(mine: Archive, site: Site, waits: list[float], location: str) -> None:
    site.answers[ONE] = status(302, Location=location)
    assert_error(fetch(mine))
    assert originals(mine) == {}


def test_a_private_address_is_refused_without_a_request(mine: Archive, site: Site) -> None:
    assert_error(run(mine, "fetch", "bpf-updates"), "127.0.0.1", "private network", "--allow-private")
    assert "--allow-private" in run(mine, "add", f"{site.url}{ONE}").stderr
    assert site.asked == []


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "[::1]", "0", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]"]
)
def test_every_way_to_write_a_private_address_is_refused(host: str) -> None:
    with pytest.raises(FetchFailed, match="private network"):
        Downloader(first_wait=0).download(f"http://{host}:9/x.md")


@pytest.mark.parametrize(
    "host", ["[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "[fe80::1]", "[fc00::1]", "100.64.0.1"]
)
def test_an_address_that_only_looks_public_is_refused(host: str) -> None:
    with pytest.raises(FetchFailed, match="private network"):
        Downloader(first_wait=0).download(f"http://{host}:9/x.md")


@pytest.fixture
def renamed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Resolve issues.example to this machine, and treat it as public. Return the resolved names."""
    asked: list[str] = []
    resolve = connecting.socket.getaddrinfo

    def resolved(host: str, *args: object, **kwargs: object) -> object:
        asked.append(host if isinstance(host, str) else bytes(host).decode())
        return resolve("127.0.0.1" if asked[-1] == "issues.example" else host, *args, **kwargs)

    monkeypatch.setattr(connecting.socket, "getaddrinfo", resolved)
    monkeypatch.setattr(downloads, "is_public", lambda number: number == "127.0.0.1")
    return asked


def test_the_checked_address_is_the_one_that_is_used(site: Site, renamed: list[str]) -> None:
    url = site.url.replace("127.0.0.1", "issues.example")
    assert Downloader().download(f"{url}{ONE}")[0] == original(1)
    assert renamed.count("issues.example") == 1
    assert [headers["Host"] for _, headers in site.asked] == [url.removeprefix("http://")]


def test_a_redirect_is_checked_like_the_first_address(site: Site, renamed: list[str]) -> None:
    site.answers[ONE] = status(302, Location="http://10.0.0.1/x.md")
    with pytest.raises(FetchFailed, match=r"10\.0\.0\.1 is on a private network"):
        Downloader().download(f"{site.url}{ONE}")


def test_no_path_of_the_server_names_a_file(mine: Archive, site: Site) -> None:
    site.answers[ONE] = status(302, Location="/%2e%2e/%2e%2e/etc/passwd.html")
    site.answers["/%2e%2e/%2e%2e/etc/passwd.html"] = page(original(1), Content_Disposition="attachment; filename=../x")
    before = sorted(mine.data.parent.rglob("*.md"))
    assert run(mine, "add", f"{site.url}{ONE}", "--allow-private").exit_code == 0
    assert set(mine.data.parent.rglob("*.md")) - set(before) == {mine.originals / "bpf-updates" / "01.md"}


def test_an_unreachable_server_is_reported(mine: Archive, site: Site, waits: list[float]) -> None:
    table = mine.folder / "newsletters.toml"
    table.write_text(re.sub(r"(?<=127\.0\.0\.1:)\d+", "1", table.read_text(encoding="utf-8")), encoding="utf-8")
    assert_error(fetch(mine), "http://127.0.0.1:1/", "try again later")


def test_a_newsletter_without_sources_is_reported(mine: Archive) -> None:
    table = mine.folder / "newsletters.toml"
    table.write_text(
        re.sub(r"^(raw|source_path) = .*$", "", table.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8"
    )
    assert_error(fetch(mine), "bpf-updates", "backissue add")


def test_downloads_pause_between_issues(mine: Archive, waits: list[float]) -> None:
    run(mine, "fetch", "bpf-updates", "--allow-private", "--pause", "3")
    assert waits == [3]


def test_a_single_url_can_be_added(mine: Archive, site: Site) -> None:
    result = run(mine, "add", f"{site.url}{TWO}", "--allow-private")
    assert result.exit_code == 0, result.output
    assert originals(mine) == {"02.md": original(2)}


def test_a_url_without_an_issue_is_reported_and_nothing_is_added(mine: Archive, site: Site) -> None:
    site.answers["/x"] = page(b"Nothing but a line.\n")
    result = run(mine, "add", f"{site.url}/x", "--allow-private")
    assert result.exit_code == 1
    assert f"{site.url}/x" in result.stderr
    assert originals(mine) == {}
