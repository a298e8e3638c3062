"""The shipped archive is complete, has the facts of the originals in other words, and is stored safely."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from indexer.build.builder import build
from indexer.errors import BadArchive, UnreadableSource
from indexer.ingest import parse
from indexer.model import Entry, IssueKey
from indexer.profile.newsletters import load_newsletters
from indexer.profile.topics import alternatives, load_topics
from indexer.sources.archive import Archive
from indexer.sources.files import write_whole
from tests.archives import small
from tests.issues import ARCHIVE, NUMBERS, issue_in, original_path, retold

MOST_SHARED_WORDS = 7
WORD = re.compile(r"\w+")
# The form in which a lead cites a commit, which is a fact.
COMMIT = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*, \d{4}-\d{2}-\d{2}\)")


@pytest.fixture
def copied(tmp_path: Path) -> Archive:
    shutil.copytree(ARCHIVE.folder, tmp_path / "archive")
    return Archive(tmp_path / "archive", tmp_path / "data")


def test_the_archive_has_each_issue_that_the_newsletter_lists() -> None:
    listed = {IssueKey("bpf-updates", number) for number in ARCHIVE.newsletter("bpf-updates").issues}
    assert set(ARCHIVE.retold()) == listed == {IssueKey("bpf-updates", number) for number in NUMBERS}


def test_an_archive_may_ship_an_original(copied: Archive) -> None:
    path = copied.folder / "bpf-updates" / "01.md"
    path.write_text(path.read_text(encoding="utf-8").replace("edition: retold\n", ""), encoding="utf-8")
    (issue,) = parse(path.read_bytes(), path.name, copied)
    assert [entry.id for entry in issue.entries] == [entry.id for entry in retold(1).entries]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_issue_is_read_without_problems(number: int) -> None:
    issue = retold(number)
    assert issue.problems == ()
    assert (issue.newsletter, issue.label, issue.edition) == ("bpf-updates", number, "retold")
    assert len({entry.id for entry in issue.entries}) == len(issue.entries)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_entry_has_three_links_to_the_original(number: int) -> None:
    for entry in retold(number).entries:
        assert entry.original_url is not None
        assert urlsplit(entry.original_url).fragment.startswith(":~:text=")
        assert re.search(r"/blob/[0-9a-f]{40}/.*\?plain=1#L\d+$", entry.source_url or "")
        assert (entry.archived_url or "").startswith("https://web.archive.org/web/2017")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_entry_is_understandable_by_itself(number: int) -> None:
    for entry in retold(number).entries:
        assert "…" not in entry.body or entry.kind == "patch"
        assert WORD.search(entry.body), entry.id
        assert not re.search(r"&#?\w+;|\]\(|\*\*", entry.title + entry.body), entry.id


@pytest.mark.parametrize("number", NUMBERS)
def test_the_file_of_a_retold_issue_has_plain_characters(number: int) -> None:
    text = (ARCHIVE.folder / "bpf-updates" / f"{number:02d}.md").read_text(encoding="utf-8")
    assert re.findall(r"&#\w+;|[\u00ad\u200b-\u200f\u2060\ufeff]", text) == (
        ["&#46;"] if number == 1 else []
    )  # see archive/README.md


def pairs(shared: Path, number: int) -> Iterator[tuple[Entry, Entry]]:
    ours, theirs = retold(number).entries, issue_in(original_path(shared, number)).entries
    return zip(ours, theirs, strict=True)


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_issue_has_the_entries_of_its_original_in_their_order(shared: Path, number: int) -> None:
    theirs = issue_in(original_path(shared, number))
    assert [entry.id for entry in retold(number).entries] == [entry.id for entry in theirs.entries]
    assert retold(number).date == theirs.date


@pytest.mark.shared
@pytest.mark.parametrize(
    "field",
    ["kind", "url", "author", "parent", "tree", "links", "source_url", "original_url"],
)
def test_a_retold_entry_has_the_facts_of_its_original(shared: Path, field: str) -> None:
    wrong = [
        (ours.id, getattr(ours, field), getattr(theirs, field))
        for number in NUMBERS
        for ours, theirs in pairs(shared, number)
        if getattr(ours, field) != getattr(theirs, field)
    ]
    assert wrong == []


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_entry_names_the_identifiers_of_its_original(shared: Path, number: int) -> None:
    for ours, theirs in pairs(shared, number):
        assert set(ours.identifiers) == set(theirs.identifiers), ours.id
        assert set(ours.helpers) == set(theirs.helpers), ours.id


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_entry_has_the_kernel_versions_of_its_original(shared: Path, number: int) -> None:
    for ours, theirs in pairs(shared, number):
        assert {(k.version, k.how) for k in ours.versions} == {(k.version, k.how) for k in theirs.versions}, ours.id


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_item_or_patch_has_the_title_and_the_sections_of_its_original(shared: Path, number: int) -> None:
    originals = issue_in(original_path(shared, number)).division.pieces
    for (ours, theirs), piece in zip(pairs(shared, number), originals, strict=True):
        if piece.role in ("item", "patch"):
            assert (ours.title, ours.section) == (theirs.title, theirs.section)
        else:
            assert theirs.title.startswith(theirs.locator)
            assert ours.locator == theirs.locator
            assert ours.section[:-1] == theirs.section[:-1]


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_a_retold_entry_shares_no_long_phrase_with_its_original(shared: Path, number: int) -> None:
    original = issue_in(original_path(shared, number))
    known = {run for entry in original.entries for run in runs(entry)}
    copied = {" ".join(run) for entry in retold(number).entries for run in runs(entry) if run in known}
    assert copied == set()


def runs(entry: Entry) -> set[tuple[str, ...]]:
    """Return each run of a word more than may be shared, of an entry's prose: no links, no commits, no patches."""
    found: set[tuple[str, ...]] = set()
    for block in entry.blocks if entry.kind != "patch" else ():
        text = list(block.text)
        for link in block.links():
            text[link.start : link.end] = "\0" * (link.end - link.start)
        for part in re.split(r"\0+", COMMIT.sub("\0", "".join(text))):
            words = WORD.findall(part.casefold())
            found |= {tuple(words[i : i + MOST_SHARED_WORDS + 1]) for i in range(len(words) - MOST_SHARED_WORDS)}
    return found


@pytest.mark.shared
@pytest.mark.parametrize("edition", ["retold", "original"])
@pytest.mark.parametrize("number", NUMBERS)
def test_the_line_that_an_entry_links_to_has_its_first_words(shared: Path, number: int, edition: str) -> None:
    path = original_path(shared, number)
    lines = path.read_text(encoding="utf-8").split("\n")
    entries = retold(number).entries if edition == "retold" else issue_in(path).entries
    for entry in entries:
        line = lines[int((entry.source_url or "").rpartition("#L")[2]) - 1]
        plain = WORD.findall(re.sub(r"\{'|'\}|\]\([^)\s]*\)|\\|\*\*", "", line).casefold())
        first = WORD.findall(entry.locator.casefold())[:4]
        assert first == [word for word in plain if word in first][: len(first)] or "Random cool note" in line, entry.id


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["originals-html/bpf-updates-13.html", "originals-text/bpf-updates-13.txt", "originals-2021/bpf-updates-13.md"],
)
def test_an_entry_of_another_edition_links_to_its_source_line_or_to_none(shared: Path, name: str) -> None:
    lines = {entry.id: entry.source_url for entry in issue_in(original_path(shared, 13)).entries}
    for entry in issue_in(shared / name).entries:
        assert "#L" not in (entry.source_url or "") or entry.source_url == lines.get(entry.id), entry.id


@pytest.mark.shared
@pytest.mark.parametrize("number", NUMBERS)
def test_the_newsletter_s_table_names_pages_and_paths_of_the_reference(shared: Path, number: int) -> None:
    rows = [line.split("\t") for line in (shared / "originals" / "SOURCES.tsv").read_text().splitlines()[1:]]
    _, page, repository, path, commit = rows[number - 1]
    newsletter = ARCHIVE.newsletter("bpf-updates")
    assert (newsletter.issues[number].page, newsletter.issues[number].source_path) == (page, path)
    assert (f"github.com/{newsletter.repository}", newsletter.commit) == (repository, commit)


def test_an_original_is_taken_instead_of_the_retold_issue(copied: Archive) -> None:
    kept = copied.put_original(IssueKey("bpf-updates", 3), b"text", ".html")
    sources = {source.key.label: source.path for source in copied.sources()}
    assert sources[3] == kept
    assert sources[4] == copied.folder / "bpf-updates" / "04.md"
    assert list(sources) == sorted(sources)


def test_an_original_replaces_one_in_another_format(copied: Archive) -> None:
    copied.put_original(IssueKey("bpf-updates", 3), b"first", ".html")
    kept = copied.put_original(IssueKey("bpf-updates", 3), b"second", ".md")
    assert [path.name for path in kept.parent.iterdir()] == ["03.md"]
    assert kept.read_bytes() == b"second"


def test_two_files_of_one_issue_are_reported(copied: Archive) -> None:
    (copied.folder / "bpf-updates" / "3.md").write_text("text", encoding="utf-8")
    with pytest.raises(BadArchive, match=r"also contains issue 3 of bpf-updates\. Remove one of the two files"):
        copied.sources()


def test_files_that_are_not_issues_are_skipped(copied: Archive) -> None:
    before = copied.sources()
    for name in ("README.md", "03.md.bak", ".writing-1", "99.pdf", "notes.txt"):
        (copied.folder / "bpf-updates" / name).write_text("text", encoding="utf-8")
    assert copied.sources() == before


def test_a_numbered_file_whose_name_is_no_label_is_reported(tmp_path: Path) -> None:
    made = small(tmp_path, "A tool")
    (made.folder / "newsletters" / "weekly").mkdir(parents=True)
    (made.folder / "newsletters" / "weekly" / "Issue 12.md").write_text("# Weekly 12\n")
    (made.folder / "newsletters" / "weekly" / "README.md").write_text("About this folder\n")
    built = build(made)
    assert [(Path(each.where).name, "Rename it" in each.message) for each in built.problems] == [("Issue 12.md", True)]
    assert built.problems == build(made).problems  # also by a build that reads nothing


def test_a_missing_archive_is_reported_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match=r"nowhere: There is no such folder\. Name an archive with --archive"):
        Archive(tmp_path / "nowhere", tmp_path).sources()


@pytest.mark.parametrize(
    "name", ["../up", "..", "up\n", "a\\b", "/etc", "a\0b", "UPPER", "", "a/b", "with space", "-x", "a" * 65]
)
def test_an_invalid_folder_name_is_refused(copied: Archive, name: str) -> None:
    with pytest.raises(UnreadableSource, match="cannot name a newsletter"):
        copied.put_original(IssueKey(name, 1), b"text", ".md")


def test_the_options_of_an_original_are_stored(copied: Archive) -> None:
    copied.put_original(IssueKey("bpf-updates", 3), b"text", ".txt", '{"date": "2017-05-18"}')
    (source,) = copied.issues_in(copied.originals).values()
    assert copied.hints(source) == {"date": "2017-05-18"}


def test_damaged_options_of_an_original_are_reported(copied: Archive) -> None:
    copied.put_original(IssueKey("bpf-updates", 3), b"text", ".txt", "{")
    (source,) = copied.issues_in(copied.originals).values()
    with pytest.raises(BadArchive, match=r"03\.told: The file is not valid JSON"):
        copied.hints(source)


@pytest.mark.parametrize("name", ["05", "5"])
def test_an_original_is_removed_with_its_options(copied: Archive, name: str) -> None:
    folder = copied.originals / "bpf-updates"
    folder.mkdir(parents=True)
    (folder / f"{name}.md").write_text("text")
    (folder / f"{name}.told").write_text("{}")
    (source,) = copied.issues_in(copied.originals).values()
    copied.remove_original(source)
    assert list(folder.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    write_whole(path, b"old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[n]\nhome = 'x'\n", "KeyError"),
        ("[n]\nname = 'N'\nboilerplate = ['(']\n", "newsletters.toml"),
        ("[n]\nname = 'N'\n[[n.issues]]\nnumber = 1\n", "page"),
        ("[n\n", "newsletters.toml"),
        ("n = 1\n", "newsletters.toml"),
    ],
    ids=["no name", "no pattern", "no page", "no TOML", "no table"],
)
def test_a_table_of_newsletters_that_is_wrong_is_reported_with_its_path(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "newsletters.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArchive, match=said) as told:
        load_newsletters(path)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("text", ["[t]\nlabel = 'T'\n", "[t]\nlabel = 'T'\ncovers = 'c'\nwords = ['(']\n", "t = 1\n"])
def test_a_table_of_topics_that_is_wrong_is_reported_with_its_path(tmp_path: Path, text: str) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArchive, match="topics"):
        load_topics(path)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("a map", True), ("maps.", True), ("a hash-table", True), ("mapping", False), ("rehash", False)],
)
def test_each_whole_word_of_a_topic_implies_it(text: str, is_found: bool) -> None:
    pattern = alternatives(["map|hash", "maps"])
    assert pattern is not None
    assert bool(pattern.search(text)) is is_found


def test_the_kinds_of_sections_are_kinds_of_the_profile() -> None:
    for newsletter in ARCHIVE.newsletters.values():
        assert set(newsletter.sections.values()) <= set(ARCHIVE.profile(newsletter.profile).kinds)
        assert all(name == name.casefold() for name in (*newsletter.sections, *newsletter.groups))


def test_an_archive_without_issues_has_the_profiles_of_the_newsletters_that_it_declares(tmp_path: Path) -> None:
    table = tmp_path / "newsletters" / "garden" / "newsletter.toml"
    table.parent.mkdir(parents=True)
    table.write_text('name = "Garden Weekly"\n', encoding="utf-8")

    assert [profile.id for profile in Archive(tmp_path, tmp_path / "data").in_use(())] == ["neutral"]
