"""Judge how well a newsletter is divided, and suggest changes to its table."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from indexer.dividing.formulas import is_furniture
from indexer.dividing.headings import folded
from indexer.model import Entry, Issue, Newsletter
from indexer.query.nearest import nearest

MOST_COMMENTARY = 0.15  # of the entries
LONGEST_TITLE = 200  # characters
LONGEST_SENTENCE = 400  # characters; a longer title is a text without full stops, or a list
MOST_REPEATS = 0.2  # of the issues
FEWEST_ISSUES = 3
FEWEST_ENTRIES = 10
MOST_NAMED = 5  # maximum number of titles and of sections to report
SHOWN = 60  # characters of an example
# Markdown, template tags, HTML tags and character references that remain in a title.
MARKUP = re.compile(
    r"\]\(|\*\*\S|\S\*\*|\{[{%<]|[}%>]\}|</?(?:a|b|i|p|h\d|br|div|em|img|li|span|strong|td|tr|ul)\b[^<>]*>|&[a-z]{2,8};"
)


@dataclass(frozen=True, slots=True)
class Advice:
    """A possible problem of a newsletter, an entry or issue as an example, and what to write to the table."""

    newsletter: str
    found: str
    example: str
    write: str


def judge(newsletter: Newsletter, issues: Sequence[Issue]) -> Iterator[Advice]:
    """Yield advice about a newsletter's table from the way its issues are divided now."""
    if newsletter.dividing == "by table":
        return
    entries = [entry for issue in issues for entry in issue.entries]
    steps: tuple[Iterable[tuple[str, str, str]], ...] = (
        too_much_commentary(entries),
        long_titles(entries),
        titles_with_markup(entries),
        repeated_titles(issues),
        sections_without_entries(issues, newsletter),
        sections_never_found(issues, newsletter),
        missing_fields(issues, entries),
    )
    for found, example, write in chain.from_iterable(steps):
        yield Advice(newsletter.id, found, example, write)


def too_much_commentary(entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    found = [entry for entry in entries if entry.kind == "commentary"]
    if len(entries) >= FEWEST_ENTRIES and len(found) > MOST_COMMENTARY * len(entries):
        share = f"{len(found):,} of {len(entries):,} entries are commentary ({100 * len(found) // len(entries)} %)."
        opening = " ".join(found[0].body.split()[:4])
        write = (
            'If such paragraphs are not entries, write introductions = "boilerplate", or add '
            f"'^{re.escape(opening)}' to boilerplate. If they are entries, add the shape of their section to [shapes]."
        )
        yield share, shown(found[0]), write.replace("\\ ", " ")


def long_titles(entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield the number of titles that are too long. The first sentence of a paragraph may be long."""
    found = [
        entry
        for entry in entries
        if len(entry.title) > (LONGEST_SENTENCE if entry.body.startswith(entry.title) else LONGEST_TITLE)
    ]
    if found:
        write = f'Add {shape_line(found[0])} to [shapes], or "item" if the section is one entry.'
        yield (
            counted(len(found), "title is", "titles are", f"longer than {LONGEST_TITLE} characters"),
            shown(found[0]),
            write,
        )


def titles_with_markup(entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    found = [entry for entry in entries if MARKUP.search(entry.title)]
    if found:
        match = MARKUP.search(found[0].title)
        sign = re.escape(match[0]) if match else ""
        write = f"If these are not entries, add '{sign}' to boilerplate. Otherwise, correct the markup of the issue."
        yield counted(len(found), "title contains", "titles contain", "markup"), shown(found[0]), write


def repeated_titles(issues: Sequence[Issue]) -> Iterator[tuple[str, str, str]]:
    """Yield titles that repeat in many issues: greetings, notices, or headings that only group."""
    first: dict[str, Entry] = {}
    counts: Counter[str] = Counter()
    for issue in issues:
        for title, entry in {entry.title: entry for entry in issue.entries}.items():
            counts[title] += 1
            first.setdefault(title, entry)
    fewest = max(FEWEST_ISSUES, MOST_REPEATS * len(issues))
    again = [(title, count) for title, count in counts.most_common() if count >= fewest]
    for title, count in again[:MOST_NAMED]:
        entry = first[title]
        name = folded(title)
        if entry.body.startswith(title):
            opening = " ".join(title.split()[:6])
            write = f"If it is not an entry, add '^{opening_pattern(opening)}' to boilerplate."
        else:
            write = (
                f'If it only groups other sections, add "{name}" to groups. If it is the same in each issue, add '
                f'"{name}" = "boilerplate" to [shapes].'
            )
        yield f'{count:,} of {len(issues):,} issues have an entry "{title[:SHOWN]}".', entry.id, write


def opening_pattern(text: str) -> str:
    return re.escape(text).replace("\\ ", " ").replace("'", ".")


def sections_without_entries(issues: Sequence[Issue], newsletter: Newsletter) -> Iterator[tuple[str, str, str]]:
    """Yield the sections without entries in all issues."""
    where: dict[str, list[Issue]] = defaultdict(list)
    with_entries: set[str] = set()
    for issue in issues:
        with_entries |= {folded(name) for entry in issue.entries for name in entry.section}
        for block in issue.division.sections:
            if block.kind == "heading":
                where[folded(block.text)].append(issue)
    empty = [
        (name, members)
        for name, members in where.items()
        if name not in with_entries
        and len(members) >= FEWEST_ISSUES
        and newsletter.shapes.get(name) != "boilerplate"
        and not is_furniture(name)
        and not all(name in folded(issue.title) for issue in members)
    ]
    for name, members in sorted(empty, key=lambda pair: -len(pair[1]))[:MOST_NAMED]:
        write = f'Add "{name}" = "item" to [shapes] if it is an entry, or "boilerplate" if it never is.'
        yield f'The section "{name}" of {len(members):,} issues has no entries.', str(members[0].key), write


def sections_never_found(issues: Sequence[Issue], newsletter: Newsletter) -> Iterator[tuple[str, str, str]]:
    """Yield the section names in the table that no issue has, with the most similar heading."""
    seen = {folded(name) for issue in issues for entry in issue.entries for name in (*entry.section, entry.title)}
    seen |= {
        folded(block.text) for issue in issues for block in (*issue.division.sections, *issue.division.boilerplate)
    }
    named = dict.fromkeys((*newsletter.sections, *newsletter.shapes, *newsletter.groups))
    for name in [name for name in named if name not in seen and name != "*"][:MOST_NAMED]:
        near = next(iter(nearest(name, seen, most=1)), "")
        yield (
            f'The table names the section "{name}", but no issue has it.',
            (near and f'the issues have "{near}"') or str(issues[0].key),
            f'Write "{near}" instead.' if near else "Remove it, or correct the name (in lower case).",
        )


def missing_fields(issues: Sequence[Issue], entries: Sequence[Entry]) -> Iterator[tuple[str, str, str]]:
    """Yield the fields that all entries or all issues lack."""
    if len(entries) < FEWEST_ENTRIES:
        return
    fields: tuple[tuple[str, Callable[[Entry], object], str], ...] = (
        ("link", lambda entry: entry.url, "Is it a plain-text copy? Add the issues in a format with links."),
        ("author", lambda entry: entry.author, 'Authors are read from "by X", "X: title" and "(X)"; others are not.'),
        ("section", lambda entry: entry.section, "If the issues have headings, add their names to groups."),
    )
    for name, value, write in fields:
        if not any(map(value, entries)):
            yield f"No entry has {'an' if name[0] in 'aeiou' else 'a'} {name}.", shown(entries[0]), write
    undated = [issue for issue in issues if issue.date is None]
    if undated:
        write = "Add a pattern with (?P<date>...) to files, or write first and every, or add the issue with --date."
        yield counted(len(undated), "issue has", "issues have", "no date"), str(undated[0].key), write
    if not any(issue.url for issue in issues):
        write = (
            'Write page = "https://.../{number}" or "https://.../{date:%Y-%m-%d}", so that entries link to the issue.'
        )
        yield "No issue has a URL.", str(issues[0].key), write


def shape_line(entry: Entry) -> str:
    name = folded(entry.section[-1]) if entry.section else "*"
    return f'"{name}" = "bullets" or "paragraphs"'


def shown(entry: Entry) -> str:
    """Return an entry's id with the beginning of its title."""
    return f'{entry.id} ("{entry.title[:SHOWN]}{"..." if len(entry.title) > SHOWN else ""}")'


def counted(count: int, one: str, several: str, rest: str) -> str:
    return f"{count:,} {one if count == 1 else several} {rest}."
