"""Links from the tables of an archive are checked like those of an issue."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from indexer.build.builder import build
from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests.archives import little
from webui.export.site import export

JAVASCRIPT = "javascript:alert(document.domain)//"


class Addresses(HTMLParser):
    """The URLs of a page's links, and the policy in its meta element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.found += [value for name in ("href", "src", "action") if (value := known.get(name))]
        if tag == "meta" and known.get("http-equiv") == "Content-Security-Policy":
            self.policy = known.get("content") or ""


@pytest.fixture
def hostile(tmp_path: Path) -> Archive:
    """Return an indexed archive in which every URL of newsletters.toml and links.toml is a script."""
    made = little(tmp_path, "the tool")
    table = made.folder / "newsletters.toml"
    text = re.sub(r'^(home|page) = ".*"$', rf'\1 = "{JAVASCRIPT}"', table.read_text(encoding="utf-8"), flags=re.M)
    table.write_text(text, encoding="utf-8")
    rewrite = f"[[rewrites]]\npattern = 'https://example.org.*'\nto = '{JAVASCRIPT}'\n"
    (made.folder / "links.toml").write_text(rewrite, encoding="utf-8")
    build(made)
    return made


def test_no_link_of_a_site_leads_to_a_script(hostile: Archive, tmp_path: Path) -> None:
    export(hostile.data, tmp_path / "site", "https://example.org")
    pages = {path: Addresses(path.read_text(encoding="utf-8")) for path in (tmp_path / "site").rglob("*.html")}
    schemes = {urlsplit(address).scheme for page in pages.values() for address in page.found}
    assert len(pages) > 10
    assert schemes <= {"", "http", "https", "mailto"}


def test_no_address_of_an_entry_is_a_script(hostile: Archive) -> None:
    index = open_index(hostile.data)
    [entry] = index.entries_of("bpf-updates/1")
    index.close()
    assert not (entry.original_url or "").startswith("javascript")


def test_every_page_of_an_exported_site_has_a_content_policy(hostile: Archive, tmp_path: Path) -> None:
    export(hostile.data, tmp_path / "site")
    policies = {Addresses(path.read_text(encoding="utf-8")).policy for path in (tmp_path / "site").rglob("*.html")}
    [policy] = policies
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
