"""What site generators and hosted newsletters write: components of MDX, exports of Ghost, description lists."""

from __future__ import annotations

import json

from indexer.dividing.shaped import divide_by_shape
from indexer.formats.registry import parts_of, read_source
from indexer.model import Newsletter, Piece
from indexer.profile.profiles import load_profile
from indexer.sources.folders import SHIPPED

CARDS = """---
title: "ZZ Digest"
pubDate: 2025-02-01
---
import Card from '../../components/Card.astro';

export const issue = 3;

## Highlights

<Card href="https://example.org/river" title="A gentle river">
How the river came to be.
</Card>

<Card
  title="The stone at scale"
  href="https://example.org/stone"
>
Measured on four mountains.
</Card>
"""


def pieces(text: str, name: str) -> tuple[Piece, ...]:
    return divide_by_shape(read_source(text.encode(), name)[0], Newsletter("zz", "ZZ")).pieces


def test_a_component_with_a_title_and_an_address_is_an_item() -> None:
    assert [(piece.title, piece.url, piece.blocks[-1].text) for piece in pieces(CARDS, "2025-02.mdx")] == [
        ("A gentle river", "https://example.org/river", "How the river came to be."),
        ("The stone at scale", "https://example.org/stone", "Measured on four mountains."),
    ]


def test_the_posts_of_a_ghost_export_are_issues() -> None:
    body = "<p>Welcome to another week of rivers and stones.</p><h2>Reading</h2><ul>" + "".join(
        f'<li><a href="https://example.org/{n}">A long text about the river number {n}</a></li>' for n in range(5)
    )
    posts = [
        {"title": f"ZZ {n}", "html": body, "status": status, "published_at": f"2023-07-0{n}T09:00:00.000Z"}
        for n, status in ((1, "published"), (2, "draft"), (3, "published"))
    ]
    raw = json.dumps({"db": [{"meta": {"version": "5.0"}, "data": {"posts": posts}}]}).encode()
    issues = [read_source(page, f"export{suffix}")[0] for page, suffix in parts_of(raw, "export.json")]
    assert [(issue.title, issue.date and issue.date.day) for issue in issues] == [("ZZ 1", 1), ("ZZ 3", 3)]


def test_the_description_of_a_term_belongs_to_its_item() -> None:
    text = """<!doctype html><body><h1>ZZ</h1><h2>Blogs</h2><dl>
    <dt><a href="https://example.org/a">A gentle river</a></dt><dd>How the river came to be, in four parts.</dd>
    <dt><a href="https://example.org/b">The stone at scale</a></dt><dd>Measured on four mountains at once.</dd>
    </dl></body>"""
    found = [(piece.title, [block.text for block in piece.blocks][1:]) for piece in pieces(text, "a.html")]
    assert found == [
        ("A gentle river", ["How the river came to be, in four parts."]),
        ("The stone at scale", ["Measured on four mountains at once."]),
    ]


def test_lines_of_a_table_of_contents_are_no_entries() -> None:
    text = "# ZZ\n\n- [News](#news)\n- [Jobs](#jobs)\n\n## News\n\n- [River](https://example.org/a)\n"
    assert [piece.title for piece in pieces(text + "\n## Jobs\n\n- [Stone](https://example.org/b)\n", "a.md")] == [
        "River",
        "Stone",
    ]


def test_updates_from_the_project_are_not_projects() -> None:
    profile = load_profile("neutral", (SHIPPED / "profiles" / "neutral").joinpath)
    assert profile.kind_of_section("Updates from the project") is None
    assert profile.kind_of_link("https://github.com/a/b/pull/1") == profile.kinds["patch"]
    thread = f"https://lore.kernel.org/bpf/{'a14a30d3c0' * 4}.1611685778.git.ann@e.org/"
    assert profile.kind_of_link(thread) == profile.kinds["patch"]
    assert profile.kind_of_link("https://lore.kernel.org/bpf/20210126.1611685778@e.org/") is None


def test_the_first_of_several_things_in_a_name_is_the_kind_of_a_section() -> None:
    profile = load_profile("neutral", (SHIPPED / "profiles" / "neutral").joinpath)
    names = ("Articles, Tutorials and Talks", "Upcoming Events and Webinars", "Release news", "Git tools and sites")
    kinds = [kind.id for name in names if (kind := profile.kind_of_section(name))]
    assert kinds == ["article", "event", "release", "project"]
