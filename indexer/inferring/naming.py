"""Infer the name and home page of a newsletter, and the patterns for issue numbers, dates and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from indexer.formats.dates import day_in
from indexer.inferring.findings import Finding, Sample, counted, titles_of
from indexer.numbering import DAY_FOLDERS, DOTTED_DAY, NUMBERED_FILES, ORDINAL, SIGNED

FEWEST_NAMED = 0.3  # minimum share of titles that contain the name
ENOUGH = 0.9  # minimum share of issues that a pattern must label, each differently
EDGES = " \t-–—:,;#|(.["
# Separators between a newsletter's name and the number or date of an issue.
COUNTING = r"(?:issue|edition|number|no\.?|nr\.?|week|vol(?:ume)?\.?|episode|ep\.?|part|for|of|from)"
ELSEWHERE = r"(?:ausgabe|heft|nummer|vom|num[ée]ro|n[°º]|[ée]dition|du|edici[óo]n|edizione|uitgave|van|第)"
LAST_WORD = re.compile(rf"(?<!\W)\W*\b(?:{COUNTING}|{ELSEWHERE})$", re.I)
YEAR = r"(?:19|20)\d\d\b"
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*"
MONTH_BEFORE = re.compile(rf"\b{MONTH}\W*$", re.I)
FIRST_NUMBER = re.compile(rf"#|\d|\b{MONTH}\b(?=\W*\d)|[:(|–—]", re.I)
TAG = re.compile(r"^\s*\[[^\[\]]{1,40}\]\s*(?=\S)")  # of a mailing list
LEADING_DAY = re.compile(r"^[\W\d]*(?:\d{4}-\d{2}-\d{2})?[\W\d]*")
TITLES = (
    SIGNED,
    rf"(?i)\b{COUNTING}\s*[#:]?\s*(?P<number>\d{{1,5}}(?:\.\d+)?)\b(?![/-]\d)",
    r"\b(?P<number>\d{4}[/.-]\d{1,2})\b(?![/.-]\d)",
    r"\b(?P<number>\d{1,2}/\d{4})\b",
    ORDINAL,
    r"(?i)\b(?P<number>\d{4}[ -]?q[1-4])\b",
    rf"^\D*\b(?!{YEAR})(?P<number>\d{{1,5}})\b(?!(?:st|nd|rd|th)\b|[-/.]\d|,? \d{{4}})",
)
FILES = (
    *NUMBERED_FILES,
    r"^(?P<date>\d{4}-\d{2}-\d{2})",
    r"(?P<date>\d{4}-\d{2}-\d{2})",
    DOTTED_DAY,
    r"^(?P<number>\d{4}[-_]\d{1,2})(?=\D)(?![-_.]\d)",
    r"^(?P<number>\d{1,5})(?=\D)(?![-_.]\d{1,2}[-_.]\d)",
    rf"(?<!\d)(?<!\d[-_.])(?!{YEAR})(?P<number>\d{{1,5}})(?=\.\w+$)",
)
# The same for paths, if file names alone are not enough.
PATHS = (
    DAY_FOLDERS,
    *NUMBERED_FILES,
    r"(?P<date>\d{4}-\d{2}-\d{2})",
    r"\b(?P<number>\d{4}/\d{1,2})(?=\D|$)",
    rf"(?:^|/)(?!{YEAR})(?P<number>\d{{1,5}})(?=\D|$)",
)


def name_of(samples: Sequence[Sample], fallback: str) -> Finding:
    """Return the newsletter's name: the text before a number, date or colon in most titles, or else its site's."""
    titles = titles_of(samples)
    names = Counter(name for title in titles if (name := name_in(title)))
    sites = Counter(sample.document.site for sample in samples if sample.document.site)
    name, count = max(names.items(), key=lambda pair: (pair[1], len(pair[0])), default=("", 0))
    if count and count >= FEWEST_NAMED * len(titles) and (count > 1 or len(titles) == 1):
        why = f'"{name}" is in the title of {counted(count, len(samples))}.'
        return Finding("name", name, why, count / len(samples))
    site, count = next(iter(sites.most_common(1)), ("", 0))
    if count and count >= FEWEST_NAMED * len(samples):
        why = f'"{site}" is the name of the site or feed of {counted(count, len(samples))}.'
        return Finding("name", site, why, count / len(samples))
    what = "The titles have no name in common" if names else "No title contains a name"
    return Finding("name", fallback, f"{what}, so the folder's name was taken.", 0.3)


def name_in(title: str) -> str:
    """Return the name in a title: the text before its number or date, or after a leading date."""
    rest = LEADING_DAY.sub("", TAG.sub("", title))
    found = FIRST_NUMBER.search(rest)
    name = (rest[: found.start()] if found else rest).strip(EDGES)
    while (shorter := LAST_WORD.sub("", name)) != name:
        name = shorter.strip(EDGES)
    return " ".join(name.split()) if len(name) > 1 else ""


def labels_of(samples: Sequence[Sample]) -> list[Finding]:
    """Return the patterns for issue numbers and dates in titles and file names."""
    whole = len(samples)
    numbered = sum(sample.document.label is not None for sample in samples)
    if numbered == whole:
        return []
    found = [*best(TITLES, "titles", [sample.document.title for sample in samples])][:1]
    names = [PurePosixPath(sample.file).name for sample in samples]
    dated = sum(sample.document.date is not None for sample in samples)
    paths = [sample.file for sample in samples]
    days = best((DAY_FOLDERS,), "files", paths) if dated < whole else ()
    for finding in (*days, *best(FILES, "files", names), *best(PATHS, "files", paths)):
        of_date = "?P<date>" in finding.value[0]
        if (of_date and dated < whole) or (not of_date and not found):
            return [
                *found,
                finding if of_date or dated == whole else with_days(finding, [*best(FILES, "files", names)]),
            ]
    return found


def with_days(numbers: Finding, others: Sequence[Finding]) -> Finding:
    """Return the pattern for numbers in file names, followed by the first one for dates."""
    days = next((finding for finding in others if "?P<date>" in finding.value[0]), None)
    return replace(numbers, value=[*numbers.value, *days.value], why=f"{numbers.why} {days.why}") if days else numbers


def best(patterns: Sequence[str], key: str, texts: Sequence[str]) -> Iterator[Finding]:
    """Yield, in order, the patterns that label nearly every issue, each differently."""
    where = {"titles": "title", "files": "file name"}[key]
    for pattern in patterns:
        matches = [match for text in texts if (match := re.search(pattern, text)) and not is_day(match)]
        values = {match.group(1).casefold() for match in matches}
        whole = len(texts)
        what = "date" if "?P<date>" in pattern else "number"
        own = len(matches) if what == "number" else ENOUGH * len(matches)  # two issues may have the same date
        if not matches or len(matches) < ENOUGH * whole or len(values) < own:
            continue
        if what == "date" and not all(day_in(match.group(1)) for match in matches):
            continue
        example = f'"{matches[0].string}" is {matches[0].group(1)}'
        why = f"The {where} gives the {what} of {counted(len(matches), whole)} ({example})."
        yield Finding(key, [pattern], why, len(matches) / whole)


def is_day(match: re.Match[str]) -> bool:
    """Return whether a number is the day of a month, as in "May 13"."""
    return MONTH_BEFORE.search(match.string[: match.start(1)]) is not None


def home_of(samples: Sequence[Sample]) -> Finding | None:
    """Return the newsletter's site: that of the issues' pages, or of absolute links that match root-relative ones."""
    pages = [sample.document.page for sample in samples if sample.document.page]
    hosts = Counter(f"{parts.scheme}://{parts.netloc}/" for page in pages if (parts := urlsplit(page)).netloc)
    if hosts:
        home, count = hosts.most_common(1)[0]
        return Finding(
            "home", home, f"{home} is the host of {counted(count, len(pages), 'pages')}.", count / len(pages)
        )
    urls = [span.url for sample in samples for block in sample.document.blocks for span in block.links()]
    roots = {opening(url) for url in (*urls, *pages) if url.startswith("/") and opening(url)}
    linked = Counter(
        f"{parts.scheme}://{parts.netloc}/"
        for url in urls
        if url.startswith("http") and (parts := urlsplit(url)).netloc and opening(parts.path) in roots
    )
    if not linked:
        return None
    home, count = linked.most_common(1)[0]
    why = f"{count:,} links to this host have paths that other links give without a host, such as {sorted(roots)[0]}/."
    return Finding("home", home, why, min(0.8, count / 5))


def opening(path: str) -> str:
    """Return the first two parts of a path, or "" if it has fewer."""
    parts = [part for part in path.split("?")[0].split("#")[0].split("/") if part]
    return "/" + "/".join(parts[:2]) if len(parts) > 1 else ""


def page_of(samples: Sequence[Sample], home: str) -> Finding | None:
    """Return the common pattern of the issues' page URLs, or None."""
    patterns: Counter[str] = Counter()
    for sample in samples:
        document = sample.document
        if document.page and document.date:
            patterns[pattern_of(document.page, sample)] += 1
    if not patterns:
        return None
    pattern, count = patterns.most_common(1)[0]
    absolute = pattern if urlsplit(pattern).netloc else f"{home.rstrip('/')}/{pattern.lstrip('/')}"
    if count < ENOUGH * len(samples) or "{" not in pattern or not urlsplit(absolute).netloc:
        return None
    return Finding(
        "page", absolute, f"{absolute} matches the URLs of {counted(count, len(samples))}.", count / len(samples)
    )


def pattern_of(page: str, sample: Sample) -> str:
    """Return a page's URL with placeholders for the parts that differ between issues."""
    date, label = sample.document.date, sample.document.label
    text = page.replace("{", "").replace("}", "")
    if date is not None:
        for form in ("%Y/%m/%d", "%Y-%m-%d", "%Y%m%d", "%Y/%m"):
            if f"{date:{form}}" in text:
                return text.replace(f"{date:{form}}", f"{{date:{form}}}", 1)
    return re.sub(rf"\b{label}\b", "{number}", text, count=1) if label is not None else text
