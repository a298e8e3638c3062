"""Each entry page offers to report a mistake, with the entry filled in, and says what became of a series."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from indexer.cli import cli
from indexer.sources.archive import Archive
from tests.commands import run
from webui.app import create_app
from webui.pages.reporting import BadReportUrl

STORY = "bpf-updates/13/new-helper-function-bpf-getsockops"


def main_of(client: FlaskClient, path: str) -> str:
    main = BeautifulSoup(client.get(path).data, "html.parser").main
    assert main
    return " ".join(main.get_text(" ").split())


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive.data).test_client()


@pytest.mark.parametrize(
    ("given", "begins", "title", "text"),
    [
        ("https://example.org/a/b/issues", "https://example.org/a/b/issues/new?", "title", "body"),
        (
            "https://example.org/a/b/issues/new?labels=data",
            "https://example.org/a/b/issues/new?labels",
            "title",
            "body",
        ),
        ("https://example.org/a/-/issues", "https://example.org/a/-/issues/new?", "issue[title]", "issue[description]"),
        ("mailto:editor@example.org", "mailto:editor@example.org?", "subject", "body"),
    ],
)
def test_a_report_names_the_entry(archive: Archive, given: str, begins: str, title: str, text: str) -> None:
    page = create_app(archive.data, report_url=given).test_client().get(f"/entry/{STORY}")
    (link,) = BeautifulSoup(page.data, "html.parser").select(".report a")
    address = str(link["href"])
    fields = parse_qs(urlsplit(address).query)
    assert address.startswith(begins)
    assert fields[title] == [f"Mistake in {STORY}"]
    assert f"/entry/{STORY}" in fields[text][0]


@pytest.mark.parametrize(
    "given",
    ["ftp://example.org", "javascript:alert(1)", "example.org", "https://", "mailto:", "http://[", "https://a b"],
)
def test_a_wrong_address_for_reports_is_refused_with_a_sentence(archive: Archive, given: str) -> None:
    with pytest.raises(BadReportUrl, match="is not a URL for reports"):
        create_app(archive.data, report_url=given)
    assert_error_of_usage(run(archive, "serve", "--report-url", given))
    assert_error_of_usage(CliRunner().invoke(cli, ["serve"], env={"BACKISSUE_REPORT_URL": given}))


def assert_error_of_usage(result: Result) -> None:
    assert (result.exit_code, result.stdout) == (2, "")
    assert "is not a URL for reports. Use one with http://, https:// or mailto:" in " ".join(result.stderr.split())


def test_another_page_for_reports_stays_as_it_is(archive: Archive) -> None:
    page = create_app(archive.data, report_url="https://example.org/contact").test_client().get(f"/entry/{STORY}")
    assert [link["href"] for link in BeautifulSoup(page.data, "html.parser").select(".report a")] == [
        "https://example.org/contact"
    ]


def test_a_report_shows_the_outcome_of_its_series(client: FlaskClient) -> None:
    assert "Merged in linux v4.14: 12 of 12 patches" in main_of(client, "/entry/bpf-updates/9/the-xdp-redirect-series")


def test_an_earlier_version_names_its_successor(client: FlaskClient) -> None:
    patch = "bpf-updates/6/rfc-patch-net-next-2-5-bpf-verifier-rework-value-tracking"
    assert "Superseded by version 5 of its series" in main_of(client, f"/entry/{patch}")
    series = main_of(client, "/series/bpf-rewrite-value-tracking-in-verifier-edward-cree")
    assert "superseded by version 5" in series


def test_a_talk_was_reported_in_a_time_and_is_of_no_version(client: FlaskClient) -> None:
    page = main_of(client, "/entry/bpf-updates/13/linux-networking-development")
    assert "Reported while v4.15 was in development." in page
    assert "in development for" not in page
