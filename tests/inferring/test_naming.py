"""`init` infers names and numbers of issues from titles and file names."""

from __future__ import annotations

import re

import pytest

from indexer.inferring.findings import Sample
from indexer.inferring.naming import labels_of, name_in
from indexer.model import Document


@pytest.mark.parametrize(("names", "titles", "key", "first"), [
    (("2025-03.mdx", "2025-04.mdx", "2025-05.mdx"), ("March", "April", "May"), "files", "2025-03"),
    (("a.eml", "b.eml", "c.eml"), ("[zz] Digest #1", "[zz] Digest #2", "[zz] Digest #3"), "titles", "1"),
    (("2022/Aug/01.md", "2022/Aug/08.md", "2022/Sep/05.md"), ("", "", ""), "files", "2022/Aug/01"),
    (("2021-04-15-zz.md", "2021-04-29-zz.md"), ("Roundup, April 15", "Roundup, April 29"), "files", "2021-04-15"),
])  # fmt: skip
def test_a_month_names_an_issue_and_the_day_of_a_month_is_no_number(
    names: tuple[str, ...], titles: tuple[str, ...], key: str, first: str
) -> None:
    samples = [Sample(name, Document((), title=title)) for name, title in zip(names, titles, strict=True)]
    [finding] = labels_of(samples)
    match = re.search(finding.value[0], names[0] if key == "files" else titles[0])
    assert finding.key == key
    assert match
    assert match.group(1) == first


def test_the_tag_of_a_mailing_list_is_not_part_of_the_name() -> None:
    assert name_in("[zz-announce] ZZ Digest #3") == "ZZ Digest"
