"""Recognise folders whose files are the items of one issue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from indexer.collecting.parts import Part, as_one
from indexer.formats.dates import day_in
from indexer.formats.items import INTRODUCTION
from indexer.sources.given import Given

DAY_PARTS = 3  # folders of a date: 2022/Dec/19
FEWEST = 2  # minimum number of files for an issue of items
# Names of folders that label an issue. A year contains issues, so it does not.
LABELS = re.compile(
    r"(?:^|[-_ ])(?:\d{4}-?q[1-4]|(?:issue|edition|week|no|vol|volume|number|newsletter)[-_ ]?\d{1,5}|\d{4}[-.]\d{1,2}"
    r"|\d{1,3}|\d{4}-?w\d{1,2})$",
    re.I,
)
YEAR = re.compile(r"(?:19|20)\d{2}")
OWN_LABEL = re.compile(r"^(?:\d{4}-\d{2}|(?:issue|edition|week|no|newsletter)[-_ ]?\d|\d+$)|\d{4}-\d{2}-\d{2}", re.I)
OWN_TITLE = re.compile(r"#\d|\b(?:issue|edition|week|number|no\.?|vol\.?) *#?\d", re.I)
LANGUAGE = re.compile(r"(?:index\.)?[a-z]{2}(?:[-_][A-Za-z]{2})?")


def together(parts: Sequence[Part]) -> list[Part]:
    """Return the issues, with the files of each folder of items joined into one."""
    folders: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        folders[issue_folder(part.name)].append(part)
    found: list[Part] = []
    for folder, held in folders.items():
        one = joined_issue(folder, held)
        found += [one] if one else held
    return found


def placed(found: Sequence[Given], source: str) -> list[Given]:
    """Return the files of a folder; if it names an issue, their names begin with it: "2022/Dec/19/1-news/a.md"."""
    path = Path(source)
    parts = path.resolve().parts[-DAY_PARTS:] if path.is_dir() else ()
    if not parts or not names_issue(parts):
        return list(found)
    return [Given(each.where, "/".join((*parts, each.name))) for each in found]


def by_issue(given: Sequence[Given]) -> list[tuple[str, list[Given]]]:
    """Return files grouped by the folder that names their issue; "" for files that are issues themselves."""
    folders: dict[str, list[Given]] = defaultdict(list)
    for each in given:
        folders[issue_folder(each.name)].append(each)
    alone = [("", [each]) for each in folders.pop("", [])]
    return alone + [pair if len(pair[1]) >= FEWEST else ("", pair[1]) for pair in folders.items()]


def joined_issue(folder: str, parts: Sequence[Part], *, declared: bool = False) -> Part | None:
    """Return the issue whose items are the files of a folder, or None if the files are issues themselves.

    `declared` is true if the newsletter's table has the layout "items".
    """
    if folder and (are_items(parts) or (declared and len(parts) >= FEWEST)):
        return as_one(folder, sorted(parts, key=in_order))
    return None


def in_order(part: Part) -> tuple[tuple[int, tuple[tuple[int, int | str], ...]], ...]:
    """Return the sort key of files: by folder, introductions first, numbers by value."""
    path = PurePosixPath(part.name)
    keys = [(1, numbers_in(each)) for each in path.parts[:-1]]
    return (*keys, (0 if INTRODUCTION.match(path.stem) else 1, numbers_in(path.name)))


def numbers_in(name: str) -> tuple[tuple[int, int | str], ...]:
    return tuple((0, int(each)) if each.isdecimal() else (1, each) for each in re.findall(r"\d+|\D+", name))


def issue_folder(name: str) -> str:
    """Return the innermost folder of a path that names an issue, or ""."""
    folders = PurePosixPath(name).parts[:-1] if "://" not in name else ()
    for count in range(len(folders), 0, -1):
        if names_issue(folders[:count]):
            return PurePosixPath(*folders[:count]).as_posix()  # an absolute path keeps its one slash
    return ""


def names_issue(folders: Sequence[str]) -> bool:
    """Return whether the innermost of some nested folders names an issue: by a date, a quarter or a number.

    A number below a year may be a month that contains several issues. It names an issue unless a day is below it.
    """
    last = folders[-1]
    if day_in(last) or day_in("/".join(folders[-3:])):
        return True
    ordered = re.match(r"(?<!\d)\d+[-_. ]+\D", last)
    return not ordered and LABELS.search(last) is not None and not YEAR.fullmatch(last)


def are_items(parts: Sequence[Part]) -> bool:
    """Return whether the files of a folder are items of one issue: they share a date, and few have a number.

    They also are if their front matter names pages of different sites.
    """
    if len(parts) < FEWEST or any(part.several for part in parts):
        return False
    hosts = {urlsplit(part.document.page).netloc for part in parts} - {""}
    if 2 * len(hosts) > len(parts):
        return True
    days = {part.document.date for part in parts} - {None}
    stems = [PurePosixPath(part.name).stem for part in parts]
    named = sum(bool(OWN_LABEL.search(stem)) for stem in stems)
    named = max(named, sum(bool(OWN_TITLE.search(part.document.title)) for part in parts))
    return len(days) <= 1 and 2 * named < len(parts) and not all(map(LANGUAGE.fullmatch, stems))
