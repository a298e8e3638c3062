"""`propose` infers sections and their kinds from several issues."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from indexer.dividing.shaped import divide_by_shape
from indexer.formats.registry import read_source
from indexer.inferring.findings import Sample
from indexer.inferring.proposal import propose
from indexer.model import Newsletter
from indexer.profile.profiles import Profile, load_profile
from indexer.sources.folders import SHIPPED

PROSE = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

### Tasks

- [Task {n}](https://example.org/t/{n})

### Podcast

Episode {n}: [{word}](https://example.org/p/{n}) tells of types.

### Commits and pull requests

[{word}](https://github.com/zz/zz/pull/1{n}) was merged.

> It is {word}.

Ann [fixed](https://github.com/zz/zz/pull/2{n}) a leak of {word}.

{word} is [started](https://github.com/zz/zz/pull/3{n}).

### Kernel

The {word} is smaller, says Ben.
"""
WORDS = ("River", "Stone", "Cloud", "Garden", "Paper")


def samples() -> list[Sample]:
    texts = [PROSE.format(n=n, word=word) for n, word in enumerate(WORDS, 1)]
    return [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]


def neutral() -> Profile:
    return load_profile("neutral", (SHIPPED / "profiles" / "neutral").joinpath)


def inferred() -> dict[str, Any]:
    return propose("zz", samples(), neutral()).values()


def test_paragraphs_below_a_repeated_heading_are_entries() -> None:
    table = inferred()
    newsletter = Newsletter(
        "zz", "ZZ", sections=table["sections"], shapes=table["shapes"], groups=tuple(table.get("groups", ()))
    )
    pieces = divide_by_shape(samples()[0].document, newsletter).pieces
    assert [(piece.title, piece.section) for piece in pieces] == [
        ("Task 1", ("Tasks",)),
        ("Episode 1: River tells of types", ("Podcast",)),
        ("River was merged", ("Commits and pull requests",)),
        ("Ann fixed a leak of River", ("Commits and pull requests",)),
        ("River is started", ("Commits and pull requests",)),
        ("The River is smaller, says Ben", ("Kernel",)),
    ]


def test_kinds_of_sections_are_kinds_of_the_profile() -> None:
    assert inferred()["sections"] == {
        "tasks": "article",
        "podcast": "talk",
        "commits and pull requests": "patch",
    }


def test_a_year_is_not_an_issue_number() -> None:
    documents = [sample.document for sample in samples()[:1]]
    named = [Sample("2024-10-11-zz.md", documents[0]), Sample("report-2024.md", documents[0])]
    for sample in named:
        found = propose("zz", [sample], load_profile("neutral", (SHIPPED / "profiles" / "neutral").joinpath)).values()
        assert "number" not in str(found.get("files", ""))


def test_a_site_names_the_newsletter_if_the_titles_have_no_name_in_common() -> None:
    titles = ("Issue #1", "Issue #2", "Issue #3", "Issue #4", "The first page 5")
    found = [
        replace(each, document=replace(each.document, title=title, site="ZZ Weekly"))
        for each, title in zip(samples(), titles, strict=True)
    ]
    assert propose("zz", found, neutral()).values()["name"] == "ZZ Weekly"


FEATURED = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

## Featured changes

These changes are the ones that our editors liked best.

### [{word} is merged](https://github.com/zz/zz/pull/1{n})

{said}

### [{word} is faster](https://github.com/zz/zz/pull/2{n})

{said} It was measured twice.
"""
SAID = (
    "It makes the whole thing smaller, and took its author a year of nights.",
    "Nobody had asked for this, but now that it is there nobody wants to miss it.",
    "Two people wrote it at once, so the better parts of both were taken.",
    "After long talks on the list the change went in as it was sent at first.",
    "Watch out where you relied on the old order, for the new one is by name.",
)


def test_a_section_with_the_same_introduction_over_other_items_is_neither_boilerplate_nor_one_item() -> None:
    texts = [FEATURED.format(n=n, word=word, said=said) for n, (word, said) in enumerate(zip(WORDS, SAID, strict=True))]
    issues = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts)]
    table = propose("zz", issues, neutral()).values()
    assert table.get("shapes", {}) == {}


BUG = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

### Links

- [Task {n}](https://example.org/t/{n})

### Bug of the week

[{word} is wrong](https://example.org/b/{n})

It tells of {word}. See [the field](https://example.org/f/{n}), too.

### Progress

**{word} rebuilt** — The work on the {word} is done.

See [the field](https://example.org/f/{n}).
"""


def test_a_link_or_bold_lead_over_prose_below_a_repeated_heading_is_a_title() -> None:
    texts = [BUG.format(n=n, word=word) for n, word in enumerate(WORDS, 1)]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, neutral()).values()
    newsletter = Newsletter("zz", "ZZ", shapes=table["shapes"], sections=table["sections"])
    pieces = divide_by_shape(found[0].document, newsletter).pieces
    assert [(piece.title, piece.section) for piece in pieces][1:] == [
        ("River is wrong", ("Bug of the week",)),
        ("River rebuilt", ("Progress",)),
    ]


ANNOUNCED = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

## {word} in autumn

It tells of {word}, and has [a page](https://example.org/a/{n}).

Read more about it:

- [Details](https://example.org/d/{n})

## {word} in winter

The {word} is cold.

Also in the community:

- [Task {n}](https://example.org/t/{n})
- [Talk {n}](https://example.org/k/{n})
"""


def test_a_line_that_announces_a_list_in_many_issues_ends_the_item_before_it() -> None:
    texts = [ANNOUNCED.format(n=n, word=word) for n, word in enumerate(WORDS, 1)]
    texts = [
        text.replace("The River is cold.", "Read more about it:\n\n- [Ice](https://example.org/i)") for text in texts
    ]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, neutral()).values()
    newsletter = Newsletter("zz", "ZZ", groups=(*table["groups"],))
    pieces = divide_by_shape(found[1].document, newsletter).pieces
    assert [(piece.title, piece.section) for piece in pieces] == [
        ("Stone in autumn", ()),
        ("Stone in winter", ()),
        ("Task 2", ("Also in the community",)),
        ("Talk 2", ("Also in the community",)),
    ]


NEWS = """---
title: "ZZ #{n}"
date: 2024-01-0{n}
---

## News
{quiet}
The {word} has [a new home](https://example.org/h/{n}), at last.

Please fill out [the survey of the {word}](https://example.org/s/{n}).

## Merges

- [Task {n}](https://example.org/t/{n})
- [Task 1{n}](https://example.org/t/1{n})
"""


def test_paragraphs_of_a_section_that_nearly_all_have_links_are_entries_in_each_issue() -> None:
    quiets = ("\nWe are all at rest.\n", "", "", "", "")
    texts = [NEWS.format(n=n, word=word, quiet=quiets[n - 1]) for n, word in enumerate(WORDS, 1)]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, neutral()).values()
    newsletter = Newsletter("zz", "ZZ", shapes=table["shapes"], sections=table["sections"])
    assert [piece.title for piece in divide_by_shape(found[0].document, newsletter).pieces][:3] == [
        "We are all at rest",
        "The River has a new home, at last",
        "Please fill out the survey of the River",
    ]


def test_a_single_paragraph_below_a_repeated_heading_among_lists_is_an_entry_named_by_its_sentence() -> None:
    lists = "## Merges\n\n- [Task {n}](https://e.org/t/{n})\n\n## Jobs\n\n- [Job {n}](https://e.org/j/{n})\n\n"
    text = lists + "## Package of the week\n\nThe package is [{word}](https://e.org/{n}), a library of stones.\n"
    texts = [text.format(n=n, word=word) for n, word in enumerate(WORDS, 1)]
    found = [Sample(f"{n}.md", read_source(text.encode(), f"{n}.md")[0]) for n, text in enumerate(texts, 1)]
    table = propose("zz", found, neutral()).values()
    newsletter = Newsletter("zz", "ZZ", shapes=table["shapes"], sections=table["sections"])
    piece = divide_by_shape(found[0].document, newsletter).pieces[-1]
    assert (piece.title, piece.section) == ("The package is River, a library of stones", ("Package of the week",))
