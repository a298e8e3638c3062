"""Print search results: plain in a pipe, with colours and links on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.cli.terminal import has_hyperlinks, is_terminal, linkable, print_folded, put, say
from indexer.cli.wording import counted, known_in_words
from indexer.controls import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from indexer.catalog.answers import Hit, Mark, Notice, Page


def print_page(page: Page) -> None:
    """Print a page of results. Notices go to standard error."""
    for filtered in page.filtered:
        say(f"{filtered} Use --literal to search for the words.")
    for notice in page.notices:
        say(in_words(notice))
    if is_terminal():
        print_rich(page)
    else:
        for hit in page.hits:
            put("\n".join(plain_lines(hit)))
    if not page.total:
        say_without_matches(page)
    elif not page.hits:
        say(f"Page {page.query.page:,} does not exist. The results end on page {page.pages:,} ({hits_in_all(page)}).")
    elif page.query.page < page.pages:
        say(
            f"Showing {len(page.hits):,} of {hits_in_all(page)}. For more, use --page {page.query.page + 1} or --limit."
        )


def in_words(notice: Notice) -> str:
    """Return a notice as a text. The option for an offered literal search is named."""
    if notice.query and notice.query.literal:
        return f"{notice.statement} Use --literal to {notice.offer[0].lower()}{notice.offer[1:]}"
    return str(notice)


def hits_in_all(page: Page) -> str:
    """Return the number of results on all pages, and of the entries in them."""
    entries = f" ({page.total:,} entries)" if page.results < page.total else ""
    return f"{counted(page.results, 'result')}{entries}"


def say_without_matches(page: Page) -> None:
    """Print that no entry matches, with the numbers of results of wider searches.

    If the page has results that are similar in meaning, which a notice announces, print only the numbers.
    """
    ways = [f"{counted(way.total, 'entry', 'entries')} {way.label}" for way in page.relaxations]
    if page.is_empty:
        empty = page.searched == "all entries"
        searched = page.searched.removeprefix("all entries; ")
        say("The index has no entries." if empty else f"No entry matches: {searched}.")
    if ways:
        say(f"There are {', '.join(ways)}.")


def plain_lines(hit: Hit) -> Iterator[str]:
    record, issue = hit.record, hit.issue
    about = [
        record["kind"],
        known_in_words(record, hit.versions, dated=is_dated(hit)),
        f"{issue.title}, {issue.appeared}",
    ]
    yield f"{hit.position}. {record['title']}"
    yield "   " + "; ".join(filter(None, [*about, record["author"]]))
    yield f"   {record['id']}"
    yield from (f"   {url}" for url in addresses_of(hit))
    yield from (f"   {line}" for line in standing_lines(hit))
    yield from (f"   {line}" for line in score_lines(hit))


def is_dated(hit: Hit) -> bool:
    """Return whether the date of an entry suggests a version. It does not for kinds to read, such as talks."""
    return not (hit.kind and hit.kind.reading)


def addresses_of(hit: Hit) -> list[str]:
    """Return the URLs of a result: the entry's own, the line of the source, and the text in the original."""
    found = (hit.record[name] for name in ("url", "source_url", "original_url"))
    return list(dict.fromkeys(filter(None, map(linkable, found))))


def standing_lines(hit: Hit) -> list[str]:
    """Return lines that mark a similar hit, and count the folded patches of its series."""
    patches = "more patch" if hit.folded == 1 else "more patches"
    lines = ["similar in meaning"] if hit.similar else []
    return lines + ([f"and {hit.folded} {patches} of this series; --no-fold lists them"] if hit.folded else [])


def score_lines(hit: Hit) -> list[str]:
    """Return the explanation of a score, line by line. It is empty without --explain."""
    lines = [f"{sign} {value:8.3f}  {text}" for sign, text, value in hit.reasons]
    return [f"score {hit.score:.3f}", *lines] if lines else []


def print_rich(page: Page) -> None:
    """Print a page of results on a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    width = len(str(page.hits[-1].position)) + 2 if page.hits else 0
    for hit in page.hits:
        print_hit(console, hit, width)


def print_hit(console: Console, hit: Hit, width: int) -> None:
    """Print a result: number and title, then the details indented by `width`."""
    from rich.text import Text

    record = hit.record
    title = marked(record["title"], hit.title_marks)
    links = has_hyperlinks()
    if links and (target := linkable(record["url"]) or linkable(record["source_url"])):
        title.stylize(f"link {target}")
    print_folded(console, title, width, first=f"{hit.position}.".ljust(width))
    print_folded(console, about(hit), width)
    if hit.snippet:
        print_folded(console, marked(hit.snippet, hit.snippet_marks, "dim"), width)
    addresses = [] if links else addresses_of(hit)
    for line in (*standing_lines(hit), *score_lines(hit), record["id"], *addresses):
        console.print(" " * width, Text(line, "dim"), sep="", soft_wrap=True)
    console.print()


def about(hit: Hit) -> Text:
    """Return the kind, versions, issue and author of a result, with links if the terminal can show them."""
    from rich.text import Text

    record, issue = hit.record, hit.issue
    line = Text(record["kind"], hit.kind.style if hit.kind else "")
    if known := known_in_words(record, hit.versions, dated=is_dated(hit)):
        line.append(f"  {known}", "bold")
    line.append(f"  {issue.title}, {issue.appeared}")
    line.append(f"  {record['author']}" if record["author"] else "")
    for label, url in (("line", record["source_url"]), ("page", record["original_url"])):
        if linkable(url) and has_hyperlinks():
            line.append("  ").append(label, f"underline link {url}")
    return line


def marked(text: str, marks: Sequence[Mark], style: str = "") -> Text:
    """Return a text with the marked parts in bold."""
    from rich.text import Text

    styled = Text(visible(text), style)
    for start, end in marks:
        styled.stylize("bold underline", start, end)
    return styled
