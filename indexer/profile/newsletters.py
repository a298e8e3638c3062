"""archive/newsletters.toml, archive/topics.toml and archive/links.toml as values."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from indexer.errors import BadArchive
from indexer.model import KINDS, IssueFacts, Newsletter, label_of
from indexer.profile.slips import slips


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its id, its label, what it covers, and what means it; archive/topics.toml says how."""

    id: str
    label: str
    covers: str
    words: re.Pattern[str] | None = None
    title: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    trees: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    aspect: bool = False


def load_newsletters(path: Path) -> dict[str, Newsletter]:
    """Return the newsletters by id; raises `BadArchive` where the file is no such table."""
    return checked(path, load(path))


def load_newsletter(path: Path) -> Newsletter:
    """Return the newsletter of a newsletter.toml, whose folder's name is its id; raises `BadArchive`."""
    name = path.parent.name
    return checked(path, {name: load(path)})[name]


def checked(path: Path, tables: dict[str, Any]) -> dict[str, Newsletter]:
    """Return the newsletters of some tables; raises `BadArchive` for a word in them that means nothing."""
    text = path.read_text(encoding="utf-8")
    for name, table in tables.items():
        if found := list(slips(name, table, text)) if isinstance(table, dict) else []:
            raise BadArchive(f"{path}: {' '.join(found)}")
    try:
        return {name: newsletter(name, table) for name, table in tables.items()}
    except (KeyError, IndexError, ValueError, TypeError, AttributeError, re.error) as error:
        raise BadArchive(f"{path}: {type(error).__name__}: {error}; see archive/README.md for its keys") from error


def newsletter(name: str, table: dict[str, Any]) -> Newsletter:
    sections = {str(k): str(v) for k, v in table.get("sections", {}).items()}
    for section, kind in sections.items():
        if kind not in KINDS:
            raise KeyError(f"section {section!r} of {name} has kind {kind!r}, which is none of {', '.join(KINDS)}")
    patterns = tuple(table.get("boilerplate", ()))
    for pattern in (*patterns, *table.get("titles", ()), *table.get("files", ())):
        re.compile(pattern)
    page, first, every = table.get("page", ""), table.get("first"), table.get("every", 7)
    page.format(number=1, date=date.min)
    if (first is not None and type(first) is not date) or type(every) is not int or every < 1:
        raise TypeError(f"{name} needs a day for first and a number of days for every, as 2018-01-14 and 7")
    return Newsletter(
        id=name,
        name=table["name"],
        home=web_address(table.get("home", "")),
        author=table.get("author", ""),
        licence=table.get("licence", ""),
        repository=table.get("repository", ""),
        commit=table.get("commit", ""),
        raw=table.get("raw", ""),
        page=web_address(page),
        first=first,
        every=every,
        files=tuple(table.get("files", ())),
        tracks_kernel=bool(table.get("tracks_kernel", False)),
        page_first=table.get("first_link", "page") == "page",
        titles=tuple(table.get("titles", ())),
        dividing=table.get("dividing", "by shape"),
        layout=table.get("layout", ""),
        origins=tuple(map(str, table.get("origins", ()))),
        shapes={str(k): str(v) for k, v in table.get("shapes", {}).items()},
        sections=sections,
        groups=tuple(table.get("groups", ())),
        order=tuple(table.get("order", ())),
        boilerplate=patterns,
        issues={facts.label: facts for facts in map(issue_facts, table.get("issues", ()))},
    )


def issue_facts(row: dict[str, Any]) -> IssueFacts:
    facts = IssueFacts(label_of(str(row["number"])), **{key: value for key, value in row.items() if key != "number"})
    return replace(facts, page=web_address(facts.page))


def web_address(address: str) -> str:
    """Return an address of a table if pages may link to it, else an empty string."""
    return address if address.lower().startswith(("https://", "http://")) else ""


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Return the topics in the order of the file; raises `BadArchive` where it is no such table."""
    try:
        return tuple(topic(name, table) for name, table in load(path).items())
    except (KeyError, TypeError, re.error) as error:
        raise BadArchive(f"{path}: {type(error).__name__}: {error}; see archive/README.md for its keys") from error


def topic(name: str, table: dict[str, Any]) -> Topic:
    return Topic(
        id=name,
        label=table["label"],
        covers=table["covers"],
        words=alternatives(table.get("words")),
        title=alternatives(table.get("title")),
        unless=alternatives(table.get("unless")),
        trees=tuple(table.get("trees", ())),
        kinds=tuple(table.get("kinds", ())),
        aspect=bool(table.get("aspect", False)),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of archive/words.toml: groups of words and phrases of one meaning, and lists of words by their use.

    `asking` are the words that queries use: `question` words, `products`, groups of `near` meaning, `months` by
    language, `kinds` by id.
    """

    same: tuple[tuple[str, ...], ...]
    common: frozenset[str]
    not_people: frozenset[str]
    products: frozenset[str]
    asking: dict[str, Any]


def load_words(path: Path) -> Words:
    """Return the words; raises `BadArchive` where the file is no such table."""
    try:
        table = load(path)
        lists = (frozenset(table[name].split()) for name in ("common", "not_people", "products"))
        common, not_people, products = lists
        same = tuple(tuple(group) for group in table["same"])
        return Words(same, common, not_people, products, asking_of(table))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadArchive(f"{path}: {type(error).__name__}: {error}; see archive/README.md for its keys") from error


def asking_of(table: dict[str, Any]) -> dict[str, Any]:
    """Return the words that queries use; a table without some of them has none."""
    return {
        "question": table.get("question", "").split(),
        "products": table["products"].split(),
        "near": table.get("near", ()),
        "months": [names.split() for names in table.get("months", ())],
        "kinds": {kind: words.split() for kind, words in table.get("kinds", {}).items()},
    }


@dataclass(frozen=True, slots=True)
class Rewrite:
    """An address that moved: a pattern for it, and what it is now."""

    pattern: re.Pattern[str]
    to: str


def load_rewrites(path: Path) -> tuple[Rewrite, ...]:
    """Return the rewrites in the order of the file; raises `BadArchive` where it is no such table."""
    try:
        return tuple(Rewrite(re.compile(row["pattern"]), row["to"]) for row in load(path).get("rewrites", ()))
    except (KeyError, TypeError, re.error) as error:
        raise BadArchive(f"{path}: {type(error).__name__}: {error}; see archive/README.md for its keys") from error


def alternatives(words: list[str] | None) -> re.Pattern[str] | None:
    """Return one pattern for any of the words, each of which is a regular expression over folded text.

    The bounds stand once around all words: tried for each word anew, they make a search ten times as slow.
    """
    if not words:
        return None
    return re.compile(f"(?<![a-z0-9])(?:{'|'.join(f'(?:{word})' for word in words)})(?![a-z0-9])")


def load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadArchive(f"{path}: {error.strerror}; the archive folder should hold it") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadArchive(f"{path}: {error}") from error
