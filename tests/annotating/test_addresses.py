"""Links of entries: current URLs, archived copies, and links to issues of the archive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indexer.annotating.addresses import Addresses, same_page
from indexer.catalog.protocol import Catalog
from indexer.views.issues import seen_in
from tests.issues import ARCHIVE, retold

ADDRESSES = Addresses(ARCHIVE.rewrites, ARCHIVE.newsletters.values())
DAY = datetime(2017, 11, 20, tzinfo=UTC)


def test_a_subscriber_link_becomes_the_url_of_the_article() -> None:
    [link] = ADDRESSES.links(["https://lwn.net/SubscriberLink/739341/f18f047b49653547/"], DAY)
    assert link.current_url == "https://lwn.net/Articles/739341/"
    assert (
        link.archived_url
        == "https://web.archive.org/web/20171120/https://lwn.net/SubscriberLink/739341/f18f047b49653547/"
    )


def test_a_url_without_a_rewrite_stays_unchanged() -> None:
    assert ADDRESSES.current("https://lwn.net/Articles/738912/") == "https://lwn.net/Articles/738912/"


def test_a_link_to_an_issue_names_the_issue() -> None:
    links = [link for entry in retold(13).entries for link in entry.links if link.issue]
    assert {link.issue for link in links} == {"bpf-updates/12"}


def test_a_mail_address_has_no_archived_copy() -> None:
    assert ADDRESSES.links(["mailto:ann@example.org"], DAY)[0].archived_url == ""


@pytest.mark.parametrize(
    "other", ["http://www.example.org/a/", "https://example.org/a#b", "https://EXAMPLE.org/a", "http://example.org/a"]
)
def test_scheme_www_last_slash_and_fragment_do_not_make_another_page(other: str) -> None:
    assert same_page(other) == same_page("https://example.org/a")


def test_a_query_makes_another_page() -> None:
    assert same_page("https://example.org/a?id=1") != same_page("https://example.org/a?id=2")


def test_a_page_that_eight_issues_link_to_is_seen_in_eight(catalog: Catalog) -> None:
    entry = next(entry for entry in retold(10).entries if entry.title.startswith("XDP Newbies"))
    assert entry.url is not None
    assert [int(key.rpartition("/")[2]) for key in seen_in(catalog, entry.url)] == [1, 2, 3, 4, 6, 7, 9, 10]
