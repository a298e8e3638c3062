"""Remove what site generators leave in Markdown: template tags, attributes, comments, undefined reference links."""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.model import Problem

# A tag ends before the next one begins, so that many tags without an end are read once.
# Jekyll and Liquid, Hugo, Nunjucks: {% include x %}, {{< youtube abc >}}, {{ page.title }}; MDX: {/* note */}.
TEMPLATE = re.compile(
    r"\{%-?\s*comment\s*-?%\}(?:(?!\{%-?\s*comment\b).){0,20000}?\{%-?\s*endcomment\s*-?%\}"
    r"|\{%(?:(?!%\}|\{%)[^\0]){0,20000}+%\}"
    r"|\{\{[<%](?:(?!\}\}|\{\{)[^\0]){0,2000}[>%]\}\}"
    r"|\{\{-?\s*[\w.]+(?:\s*\|[^{}]{0,200}|\([^{}]{0,500}\))?\s*-?\}\}"
    r"|\{/\*(?:(?!\{/\*).){0,20000}?\*/\}",
    re.S,
)
# Kramdown and Pandoc: {:.center}, {: #id .class}, and {#news} at the end of a heading.
ATTRIBUTES = re.compile(
    r"(?m)^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$|(?<=\S)\{:[^{}\n]{0,300}\}"
    r"|(?<![ \t])[ \t]++\{[#.][\w .#:=\"'-]{1,300}\}[ \t]*$"
)
# Docusaurus, VitePress, MyST and Pandoc: ":::tip Title" and ":::" around a box.
BOX = re.compile(
    r"(?m)^(?P<indent>[ \t]*):{3,}[ \t]*(?:\{[^{}\n]{0,200}\}|[a-z][\w-]{0,30}(?=\s|\[|$))?[ \t]*(?P<title>[^\n]*)$"
)
# GitHub: <details><summary>All changes</summary> around Markdown.
FOLD = re.compile(r"</?(?:details|summary)\b[^<>\n]{0,200}>")
DEFINITION = re.compile(r"(?m)^ {0,3}\[(?P<label>[^\[\]]{1,300})\]:[ \t]*\S")
REFERENCE = re.compile(r"(?<![\w\]\\!])\[(?P<text>(?:[^\[\]]|\\[\[\]]){1,600})\]\[(?P<label>[^\[\]]{0,300})\](?![\[(])")
FENCE = re.compile(r"^[ \t]*(?P<sign>`{3,}|~{3,})")
# Numbers and tags that python-markdown takes for headings: #14090, #news.
SIGN = re.compile(r"^(?P<indent> {0,3}|[ \t]*(?:(?:[*+>-]|\d{1,3}[.)])[ \t]+){1,9})#(?:(?P<digit>\d)|\w)")
# A player whose start tag lacks its ">", so that it would hide the rest of the text: <iframe src="..." </iframe>.
OPEN_EMBED = re.compile(r"<(?P<name>iframe|video|audio|object)\b[^<>]{0,2000}+(?=</(?P=name)[ \t]*>)", re.I)
TAG_SIGN = re.compile(r"\{[%{/]|[%}/]\}")
VALUE = re.compile(r'^\s*[\w-]+="?')
FEWEST_WORDS = 2  # of a template's value that is text
MOST_NAMED = 3  # reference links that a problem lists

Line = tuple[int, str]


def without_templates(lines: list[Line]) -> list[Line]:
    """Return the lines without template tags, attributes and MDX comments, except those in code."""
    text = "\n".join(line for _, line in lines)
    signs = ("{%", "{{", "{:", "{/*", ":::", "<details", "<summary")
    if not any(sign in text for sign in signs) and not ATTRIBUTES.search(text):
        return lines
    text = outside_code(text, FOLD, lambda _: "")
    text = outside_code(text, BOX, lambda match: match["indent"] + match["title"].strip(" []"))
    text = outside_code(text, TEMPLATE, lambda match: "\n".join(map(text_in, match[0].split("\n"))))
    text = outside_code(text, ATTRIBUTES, lambda match: "\n" * match[0].count("\n"))
    return [(number, line) for (number, _), line in zip(lines, text.split("\n"), strict=True)]


def with_closed_embeds(lines: list[Line]) -> list[Line]:
    """Return the lines with the missing ">" added to the start tags of frames and players."""
    text = "\n".join(line for _, line in lines)
    if not OPEN_EMBED.search(text):
        return lines
    changed = outside_code(text, OPEN_EMBED, lambda match: f"{match[0]}>")
    return [(number, line) for (number, _), line in zip(lines, changed.split("\n"), strict=True)]


def numbers_escaped(lines: list[Line]) -> list[Line]:
    """Return the lines with # escaped in "#2" anywhere, and in "#word" in a list or the middle of a paragraph.

    python-markdown would take these for headings. Code is not changed.
    """
    out: list[Line] = []
    before, fence = "", ""
    for number, line in lines:
        if opens := FENCE.match(line):
            fence = "" if fence and opens["sign"].startswith(fence) else fence or opens["sign"]
        inside = bool(before.strip()) and not before.lstrip().startswith(("#", "```", "~~~"))
        match = None if fence else SIGN.match(line)
        inside = inside or (match is not None and bool(match["indent"].strip()))
        sign = match.end("indent") if match and (inside or match["digit"]) else -1
        out.append((number, f"{line[:sign]}\\{line[sign:]}" if sign >= 0 else line))
        before = out[-1][1]
    return out


def text_in(line: str) -> str:
    """Return the text for readers in a line of a template tag: a value, or part of one, with several words."""
    if TAG_SIGN.search(line):
        return ""
    value = VALUE.sub("", line).strip().rstrip('"')
    return value if len(value.split()) >= FEWEST_WORDS else ""


def with_missing_links(lines: list[Line], where: str, problems: list[Problem]) -> list[Line]:
    """Return the lines with each undefined reference link replaced by an anchor without a target.

    One problem reports how many there are. If the text defines no references at all, "[text][label]" is kept as plain
    text, and only "[text][]" counts as a link.
    """
    text = "\n".join(line for _, line in lines)
    if "][" not in text:
        return lines
    defined = {folded(match["label"]) for match in DEFINITION.finditer(text)}
    missing: list[tuple[int, str]] = []

    def anchored(match: re.Match[str]) -> str:
        label = match["label"] or match["text"]
        if folded(label) in defined or (match["label"] and not defined):
            return match[0]
        missing.append((text.count("\n", 0, match.start()), " ".join(match["text"].split())))
        return f"<a data-missing>{match['text']}</a>" + "\n" * (match["label"] or "").count("\n")

    changed = outside_code(text, REFERENCE, anchored)
    if missing:
        problems.append(problem(missing, lines, where))
    return [(number, line) for (number, _), line in zip(lines, changed.split("\n"), strict=True)]


def problem(missing: list[tuple[int, str]], lines: list[Line], where: str) -> Problem:
    named = ", ".join(f"[{text}]" for _, text in missing[:MOST_NAMED]) + (", …" if len(missing) > MOST_NAMED else "")
    count = "1 reference link has" if len(missing) == 1 else f"{len(missing)} reference links have"
    return Problem(where, lines[missing[0][0]][0], f"{count} no definition in the file: {named}. The text was kept.")


def folded(label: str) -> str:
    return " ".join(label.casefold().split())


def outside_code(text: str, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    """Return a text with each match of a pattern changed, except in code."""
    fences = fenced(text)
    if not fences and "`" not in text:
        return pattern.sub(change, text)

    def unless_code(match: re.Match[str]) -> str:
        start = match.start()
        line_start = text.rfind("\n", 0, start) + 1
        if any(first <= start < end for first, end in fences) or text.count("`", line_start, start) % 2:
            return match[0]
        return change(match)

    return pattern.sub(unless_code, text)


def fenced(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each fenced code block."""
    found: list[tuple[int, int]] = []
    sign, begun, at = "", 0, 0
    for line in text.split("\n"):
        opens = FENCE.match(line)
        if opens and not sign:
            sign, begun = opens["sign"], at
        elif opens and opens["sign"].startswith(sign) and not line.strip().strip(sign[0]):
            found.append((begun, at + len(line)))
            sign = ""
        at += len(line) + 1
    return [*found, (begun, at)] if sign else found
