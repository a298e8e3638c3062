"""`propose` infers introductions and lists without links."""

from __future__ import annotations

from indexer.dividing.shaped import divide_by_shape
from indexer.formats.registry import read_source
from indexer.inferring.findings import Sample
from indexer.inferring.proposal import propose
from indexer.model import Newsletter
from indexer.profile.profiles import NONE as PROFILE

ISSUE = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

{opening} has come, and we all sit at home with tea.

## Changes

- The parser of week {n} is faster than ever
- The tests of week {n} run in half the time

## Links

- [Article {n}](https://example.org/{n})
"""


OPENINGS = ("Winter", "A cold spring", "In June the summer", "Rain, at last,", "Much of the autumn", "The last week")


def samples() -> list[Sample]:
    return [
        Sample(f"{n}.md", read_source(ISSUE.format(n=n, opening=OPENINGS[n - 1]).encode(), f"{n}.md")[0])
        for n in range(1, 7)
    ]


def test_a_habit_of_introducing_issues_is_inferred() -> None:
    assert propose("zz", samples(), PROFILE).values()["introductions"] == "boilerplate"


def test_introductions_are_boilerplate_if_the_table_declares_them() -> None:
    document = samples()[0].document
    newsletter = Newsletter("zz", "ZZ", introductions="boilerplate")
    said = divide_by_shape(document, newsletter)
    assert "Winter" in said.boilerplate[0].text
    assert "commentary" not in {piece.role for piece in said.pieces}


def test_a_repeated_list_without_links_is_a_section() -> None:
    groups = propose("zz", samples(), PROFILE).values()["groups"]
    assert "changes" in groups


def test_links_of_asciidoc_keep_their_points_and_commas() -> None:
    text = "= ZZ\n\n== News\n\n* https://example.org/a[Tool 2.15.0, the fast one] is out\n"
    block = read_source(text.encode(), "zz.adoc")[0].blocks[-1]
    assert block.text == "Tool 2.15.0, the fast one is out"


UNSPACED = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

这里记录每周值得分享的科技内容，周五发布第{n}期。

> 本杂志开源，欢迎投稿或推荐你的项目。

## 工具

- [{word}](https://example.org/{n})
"""


def test_repeated_paragraphs_and_quotations_are_boilerplate_in_a_script_without_spaces() -> None:
    texts = [UNSPACED.format(n=n, word=word) for n, word in enumerate(OPENINGS, 1)]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, PROFILE).values()
    division = divide_by_shape(found[0].document, Newsletter("zz", "ZZ", boilerplate=tuple(table["boilerplate"])))
    assert [piece.title for piece in division.pieces] == ["Winter"]


COUNTED = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

## Merges

1{n} requests were [merged this week](https://example.org/search?week={n}).

- [{word}](https://example.org/{n})
- [Not {word}](https://example.org/not/{n})

## Quote

{word} is a word.

Written by [Ann {word}](https://example.org/ann/{n}).

[Discuss](https://example.org/discuss/{n})
"""


def test_texts_that_differ_only_in_numbers_and_links_are_boilerplate() -> None:
    texts = [COUNTED.format(n=n, word=word) for n, word in enumerate(OPENINGS, 1)]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, PROFILE).values()
    division = divide_by_shape(found[0].document, Newsletter("zz", "ZZ", boilerplate=tuple(table["boilerplate"])))
    assert [block.text for block in division.boilerplate] == ["11 requests were merged this week.", "Discuss"]


def test_a_byline_that_repeats_is_no_boilerplate() -> None:
    text = "---\ntitle: N Weekly {0}\ndate: 2024-01-0{0}\n---\n\n[{1} of caves](https://e.org/{0})\n\nAnn Bee\n"
    texts = [text.format(n, name).encode() for n, name in enumerate(OPENINGS, 1)]
    found = [Sample(f"{n}.md", *read_source(each, "a.md")) for n, each in enumerate(texts)]
    assert "boilerplate" not in propose("n", found, PROFILE).values()
