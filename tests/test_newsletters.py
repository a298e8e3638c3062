"""Other newsletters: numbers and dates from file names, kinds of sections, and quirks of their sources."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.cli import cli
from indexer.formats import decode
from indexer.formats.dates import day_in
from indexer.ingest import Hints, parse
from indexer.model import Issue, IssueKey, Label, Newsletter, label_of, label_order
from indexer.numbering import day_of
from indexer.search.page import Searcher
from indexer.sources.archive import Archive
from indexer.storage.index import open_index
from tests.conftest import SHIPPED
from tests.issues import ARCHIVE
from tests.linux import from_args

TABLES = """
[sunday-letter]
name = "Sunday Letter"
page = "https://example.org/{date:%Y/%m%d}"
files = ['^(?P<date>\\d{4}-\\d{2}-\\d{2})-letter\\b']
first = 2020-01-05

[sunday-letter.sections]
"merged" = "feature"
"tools" = "project"

[plain-letter]
name = "Plain Letter"
page = "https://example.org/issue/{number}"
files = ['^number-(?P<number>\\d+)\\b']
first = 2020-01-02
"""
LETTER = """---
title: Week ending {title}
date: {date}
---

## Merged

* The [cache of names](https://example.org/pull/1) is bounded.

## Tools

* [sorter 2.0](https://example.org/sorter)
"""


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Return the shipped archive with the tables of two invented newsletters, and an empty data folder."""
    folder = tmp_path_factory.mktemp("letters")
    shutil.copytree(SHIPPED, folder / "archive")
    table = folder / "archive" / "newsletters.toml"
    table.write_text(table.read_text(encoding="utf-8") + TABLES, encoding="utf-8")
    return Archive(folder / "archive", folder / "data")


def sunday(letters: Archive, name: str, day: str = "2020-01-14", title: str = "January 12, 2020") -> Issue:
    raw = LETTER.format(date=day, title=title).encode()
    (issue,) = parse(raw, name, letters, Hints("sunday-letter"))
    return issue


def add(archive: Archive, data: Path, *arguments: object) -> Result:
    where = ["--archive", archive.folder, "--data", data]
    return CliRunner().invoke(cli, ["add", *map(str, (*where, *arguments))])


def test_an_issue_is_identified_by_the_date_in_its_file_name(letters: Archive) -> None:
    issue = sunday(letters, "2020-01-12-letter.md")
    assert (issue.label, str(issue.date.date()), issue.problems) == ("2020-01-12", "2020-01-14", ())


def test_a_date_is_computed_from_the_number_in_a_file_name(letters: Archive) -> None:
    (issue,) = parse(b"- [A post](https://example.org/a)\n", "number-53.markdown", letters, Hints("plain-letter"))
    assert (issue.label, str(issue.date.date())) == (53, "2020-12-31")


def test_the_page_of_an_issue_is_made_from_its_number_or_date(letters: Archive) -> None:
    (plain,) = parse(b"- [A post](https://example.org/a)\n", "number-3.md", letters, Hints("plain-letter"))
    assert (plain.url, sunday(letters, "2020-01-12-letter.md").url) == (
        "https://example.org/issue/3",
        "https://example.org/2020/0114",
    )


def test_an_impossible_date_is_reported_and_the_file_name_used(letters: Archive) -> None:
    issue = sunday(letters, "2020-01-12-letter.md", day="2020-02-30 07:10:00 -0000")
    assert (issue.title, str(issue.date.date())) == ("Sunday Letter: Week ending January 12, 2020", "2020-01-12")
    assert "2020-02-30" in str(issue.problems[0])


def test_a_title_of_another_year_is_reported(letters: Archive) -> None:
    issue = sunday(letters, "2020-01-12-letter.md", title="January 12, 2019")
    assert [str(problem) for problem in issue.problems] == [
        "2020-01-12-letter.md: The title says 2019-01-12, but 2020-01-14 was used."
    ]


def test_a_file_name_with_another_number_than_given_is_reported(letters: Archive) -> None:
    (issue,) = parse(b"- [A post](https://example.org/a)\n", "number-3.md", letters, Hints("plain-letter", 4))
    assert (issue.label, issue.problems[0].message) == (4, "The file name says that this is issue 3, not 4.")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-01-14-update.md", "2018-01-14"),
        ("Week Ending Feburary 12, 2018", "2018-02-12"),
        ("Week ending July 8th, 2018", "2018-07-08"),
        ("Week ending", "None"),
        ("2020-02-30", "None"),
        ("Release 1.10, 2018", "None"),
    ],
)
def test_a_date_is_read_from_words_and_digits(text: str, day: str) -> None:
    assert str(day_in(text)) == day


def test_the_date_of_a_numbered_issue_is_computed_from_the_first() -> None:
    letter = Newsletter("n", "N", first=date(2020, 1, 5), every=7)
    assert [str(day_of(label, letter)) for label in (1, 3, "2020-01-05")] == ["2020-01-05", "2020-01-19", "None"]
    assert day_of(1, Newsletter("n", "N")) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("13", 13), ("007", 7), ("#213", 213), ("339.5", "339.5"), ("2018Q3", "2018q3"), ("2019/01", "2019/01"),
        ("2024-05-20", "2024-05-20"),
    ],
)  # fmt: skip
def test_an_issue_is_labelled_as_its_newsletter_does(text: str, label: Label) -> None:
    key = IssueKey("n", label_of(text))
    assert key.label == label
    assert IssueKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "readme", "..", "1//2", "../1", "a b 1", "1" * 40])
def test_an_invalid_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot label an issue"):
        label_of(text)


def test_labels_are_ordered_by_their_numbers() -> None:
    labels: list[Label] = [1, 9, 10, 339, "339.5", 340]
    assert sorted([340, "339.5", 339, 10, 9, 1], key=label_order) == labels
    assert sorted(["2019/02", "2018q3", "2019/01"], key=label_order) == ["2018q3", "2019/01", "2019/02"]


def test_an_issue_without_a_number_is_named_by_its_date(letters: Archive) -> None:
    (issue,) = parse(b"---\ndate: 2020-02-03\n---\n\nSome text.\n", "a.md", letters, Hints("new-letter"))
    assert (str(issue.key), issue.entries[0].id) == ("new-letter/2020-02-03", "new-letter/2020-02-03/some-text")


def test_an_issue_without_a_date_is_undated(letters: Archive) -> None:
    (issue,) = parse(b"[Some text](https://example.org/)\n", "a.md", letters, Hints("new-letter", "2018q3"))
    assert (issue.date, issue.entries[0].links[0].archived_url) == (
        None,
        "https://web.archive.org/web/https://example.org/",
    )


def test_a_comment_hides_its_content(letters: Archive) -> None:
    text = (
        "## Jobs\n\n<!--\n- [A draft](https://example.org/d)\n\n  > Unsaid.\n-->\n\n- [A job](https://example.org/j)\n"
    )
    (issue,) = parse(text.encode(), "number-5.md", letters, Hints("plain-letter"))
    assert [entry.title for entry in issue.entries] == ["A job"]


def test_a_reference_link_leads_to_its_definition(letters: Archive) -> None:
    text = "- [A post][1] by A. Writer\n\n[1]: https://example.org/post\n"
    (issue,) = parse(text.encode(), "number-6.md", letters, Hints("plain-letter"))
    assert [(entry.title, entry.url) for entry in issue.entries] == [
        ("A post by A. Writer", "https://example.org/post")
    ]


def test_characters_without_width_are_left_out() -> None:
    assert decode("a\u200blog\u2060\u2014\u2060so\ufeff, co\xadop".encode(), "a.md") == "alog\u2014so, coop"


def test_a_bullet_of_another_newsletter_has_the_kind_of_its_link(letters: Archive) -> None:
    links = ["https://www.youtube.com/watch?v=1", "https://github.com/a/b", "https://github.com/a/b/issues/1"]
    text = "".join(f"- [Number {n}]({link})\n" for n, link in enumerate(links))
    (issue,) = parse(text.encode(), "number-7.md", letters, Hints("plain-letter"))
    assert [entry.kind for entry in issue.entries] == ["talk", "project", "article"]


def test_two_newsletters_are_added_and_searched_next_to_the_first(letters: Archive, tmp_path: Path) -> None:
    files = [tmp_path / f"2020-01-{day}-letter.md" for day in ("05", "12", "19")]
    for path, day in zip(files, ("07", "14", "30 99"), strict=True):
        path.write_text(LETTER.format(date=f"2020-01-{day}", title="January 2020"), encoding="utf-8")
    posts = tmp_path / "number-9.markdown"
    posts.write_text("- [The cache of names](https://example.org/c)\n", encoding="utf-8")
    first = add(letters, tmp_path / "data", "--newsletter", "sunday-letter", *files)
    second = add(letters, tmp_path / "data", "--newsletter", "plain-letter", posts)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert second.output.startswith(
        "backissue: sunday-letter/2020-01-19.md:1: The date in the front matter is not valid"
    )

    index = open_index(tmp_path / "data")
    page = Searcher(index).search(from_args([("q", "cache of names")]))
    counts = {value.value: value.count for value in page.facets["newsletter"]}
    assert (counts["sunday-letter"], counts["plain-letter"]) == (3, 1)
    dates = {
        row["number"]: row["date"][:10] for row in index.metadata["issues"] if row["newsletter"] == "sunday-letter"
    }
    assert dates == {"2020-01-05": "2020-01-07", "2020-01-12": "2020-01-14", "2020-01-19": "2020-01-19"}
    index.close()


def test_two_files_of_one_issue_are_both_refused(letters: Archive, tmp_path: Path) -> None:
    good, twice = tmp_path / "number-1.md", tmp_path / "number-01.md"
    for path in (good, twice):
        path.write_text("- [A post](https://example.org/a)\n", encoding="utf-8")
    result = add(letters, tmp_path / "data", "--newsletter", "plain-letter", good, twice)
    assert result.exit_code == 1
    assert "Issue 1 of plain-letter is also in number-1.md" in result.output
    assert not (tmp_path / "data" / "originals").exists()


@pytest.mark.shared
@pytest.mark.parametrize(("newsletter", "issues", "kinds"), [
    ("lwkd", 386, {"feature", "project"}),
    ("haskell-weekly", 538, {"article", "talk"}),
])  # fmt: skip
def test_every_file_of_a_real_newsletter_has_its_own_number_and_date(
    shared: Path, newsletter: str, issues: int, kinds: set[str]
) -> None:
    paths = sorted(path for path in (shared / "newsletters" / newsletter).rglob("*") if path.is_file())
    numbers = set()
    for path in paths:
        head = path.read_bytes()[:400].rpartition(b"\n")[0] + b"\n\n- [A link](https://example.org/a)\n"
        (issue,) = parse(head, path.name, ARCHIVE, Hints(newsletter))
        numbers.add(issue.label)
        assert issue.date
        years = {issue.date.year, (issue.date - timedelta(days=6)).year}
        assert int(path.name[:4] if newsletter == "lwkd" else path.parent.name) in years, path.name
    assert len(numbers) == len(paths) == issues
    (last,) = parse(paths[-1].read_bytes(), paths[-1].name, ARCHIVE, Hints(newsletter))
    assert kinds <= {entry.kind for entry in last.entries}
