"""Turn Markdown into blocks with python-markdown. Each block has the number of its first source line."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor
from markdown.treeprocessors import Treeprocessor

from indexer.errors import UnreadableSource
from indexer.formats import bounds, frontmatter
from indexer.formats.dates import as_date, doubt
from indexer.formats.debris import numbers_escaped, with_closed_embeds, with_missing_links, without_templates
from indexer.formats.headed import described
from indexer.formats.inline import INLINE
from indexer.formats.mdx import without_mdx
from indexer.formats.placing import with_lines
from indexer.formats.preview import without_preview
from indexer.formats.rendered import blocks_of, parse_fragment
from indexer.formats.terms import has_definition_lists
from indexer.model import Block, Document, Problem

MARKER = re.compile(r"^(?P<indent>[ \t]*)(?P<marker>[-*+•‣▪]|\d{1,9}[.)])(?P<space>[ \t]+)(?=\S)")
TYPED = "•‣▪"  # signs that editors paste instead of Markdown's
THEMATIC = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
CODE_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})")
TAG_NAME = re.compile(r"</?(?P<name>[a-zA-Z][^\s/>]*)")
# Elements whose contents browsers do not show as text. At the start of a line they begin a block.
HIDING = re.compile(
    r"^ {0,3}(?:<(?P<name>script|style|title|textarea|noscript|template|svg|iframe|xmp|math|head)\b"
    r"|(?P<sign><!--|<!\[CDATA\[|<\?))",
    re.I,
)
ENDING = re.compile(
    r"(?P<name></(?:script|style|title|textarea|noscript|template|svg|iframe|xmp|math|head)|-->|\]\]>|\?>)"
)
BLOCK_TAGS = (
    "details summary div p ul ol li dl dt dd table thead tbody tr td th center blockquote pre hr h1 h2 h3 h4 h5 h6"
)
TEXT_TAGS = INLINE - set("textarea select option iframe object embed canvas audio video math".split()) | set(
    BLOCK_TAGS.split()
)
# python-markdown's inline patterns by name, with the text that a source must contain for any match. For references
# that is a definition, "[name]: address". Each pattern searches every stretch of text, so unused ones are costly.
PATTERN_SIGNS = {
    "backtick": "`",
    "escape": "\\",
    "reference": "]:",
    "image_link": "![",
    "image_reference": "]:",
    "short_reference": "]:",
    "short_image_ref": "]:",
    "autolink": "<",
    "automail": "<",
    "html": "<",
    "entity": "&",
}

Line = tuple[int, str]


def read_markdown(text: str, where: str) -> Document:
    """Return the document of a Markdown file. `where` names the file in problems.

    Title, date, newsletter and label come from the front matter, if it has them.
    """
    raw = text.split("\n")
    head, used, wrong = frontmatter.split(raw)
    body = [(number, line) for number, line in enumerate(raw[used:], used + 1)]
    problems = [Problem(where, 1, wrong)] if wrong else []
    kept = with_closed_embeds(without_mdx(without_templates(without_preview(body))))
    bare = bounds.read_lines(with_missing_links(kept, where, problems), where, problems)
    lines = lists_indented(closed_or_escaped(numbers_escaped(bare)))
    blocks = with_lines(rendered(lines, where, problems), lines)
    said = frontmatter.date_of(head)
    if said and (why := doubt(said, as_date(said))):
        problems.append(Problem(where, 1, why))
    listed, directives = head.get("original_lines"), head.get("original_fragments")
    document = Document(
        blocks=blocks,
        title=only_title(blocks),
        edition="retold" if head.get("edition") == "retold" else "original",
        original_lines=tuple(n for n in listed if isinstance(n, int)) if isinstance(listed, list) else (),
        original_fragments={n: str(d) for n, d in directives.items()} if isinstance(directives, dict) else {},
        where=where,
        problems=tuple(problems),
    )
    return described(document, head)


def only_title(blocks: Sequence[Block]) -> str:
    """Return the text of a first heading that is the only one of the highest level, "" if there is none."""
    topmost = [block for block in blocks if block.kind == "heading" and block.depth == 1]
    return topmost[0].text if len(topmost) == 1 and blocks[0] is topmost[0] else ""


def lists_indented(lines: list[Line]) -> list[Line]:
    """Return the lines with nested lists indented by four columns per level, which python-markdown requires.

    Many issues indent by two. The contents of a list item move with it. A list directly after a paragraph, and a
    quotation in an item, get an empty line before them (with number 0), so that python-markdown recognises them.
    """
    indenting = Indenting()
    for number, line in lines:
        indenting.take(number, line.expandtabs(4))
    return indenting.out


class Indenting:
    """The state while indenting lists: the open items, each with the column of its marker and of its text."""

    def __init__(self) -> None:
        self.out: list[Line] = []
        self.open: list[tuple[int, int]] = []
        self.fence = ""
        self.code: tuple[int, int] | None = None
        self.blank = True

    def take(self, number: int, line: str) -> None:
        """Add one line, indented for its list level."""
        column = len(line) - len(line.lstrip())
        marker = None if THEMATIC.match(line) else MARKER.match(line)
        if self.fenced(line):
            self.fenced_line(number, line, column)
        elif marker and (self.open or column < 4):
            self.item(number, line, marker)
        elif not line.strip():
            self.out.append((number, ""))
        elif self.open and column > self.open[0][0]:
            self.inside(number, line, column)
        else:
            if self.blank:
                self.open = []
            self.out.append((number, line))
        self.blank = not line.strip()

    def fenced(self, line: str) -> bool:
        """Return whether a line belongs to a fenced code block, including the fences."""
        opens = CODE_FENCE.match(line)
        if not self.fence:
            self.fence = opens["fence"] if opens else ""
            return bool(opens)
        if line.strip().startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self.fence = ""
        return True

    def fenced_line(self, number: int, line: str, column: int) -> None:
        """Add a line of fenced code. In a list item it becomes indented code, as python-markdown ignores fences there.

        `self.code` is the column of the fence, and the column that the code is moved to.
        """
        line = line.rstrip()  # trailing spaces after a fence make python-markdown's pattern slow
        if CODE_FENCE.match(line) and self.fence and self.code is None:
            while self.open and column <= self.open[-1][0]:
                self.open.pop()
            self.code = (column, 4 * len(self.open) + 4) if self.open else (column, 0)
            self.out.append((number, line.lstrip() if not self.open else ""))
        elif self.code and self.code[1]:
            start, moved = self.code
            cut = line[min(start, column) :]
            self.out.append((number, " " * moved + cut if self.fence and line.strip() else ""))
        else:
            self.out.append((number, line if self.fence else line.lstrip()))
        if not self.fence:
            self.code = None

    def item(self, number: int, line: str, marker: re.Match[str]) -> None:
        column = len(marker["indent"])
        if not self.open and not self.blank and not marker["marker"][0].isdecimal():
            self.out.append((0, ""))
        while self.open and column <= self.open[-1][0]:
            self.open.pop()
        self.open.append((column, marker.end()))
        sign = "-" if marker["marker"] in TYPED else marker["marker"]
        self.out.append((number, f"{' ' * 4 * (len(self.open) - 1)}{sign} {line[marker.end() :]}"))

    def inside(self, number: int, line: str, column: int) -> None:
        while len(self.open) > 1 and column <= self.open[-1][0]:
            self.open.pop()
        quoted = line.lstrip().startswith(">")
        if quoted and not self.blank and not self.out[-1][1].lstrip().startswith(">"):
            self.out.append((0, ""))
        extra = max(0, column - self.open[-1][1])
        self.out.append((number, " " * (4 * len(self.open) + extra) + line.strip()))


def rendered(lines: list[Line], where: str, problems: list[Problem]) -> tuple[Block, ...]:
    """Render the lines with python-markdown and return the blocks. Blocks beyond the limits become problems."""
    text = "\n".join(line for _, line in lines)
    made = engine(text)
    refused = Refusing(made)
    made.treeprocessors.register(refused, "refusing", 30)  # before 20, the priority of inline patterns
    try:
        html = made.convert(text)
        soup = parse_fragment(html)
        found = blocks_of(soup, where)
    except RecursionError as error:
        raise UnreadableSource(
            f"{where}: The file was not read because its lists or quotations nest too deeply."
        ) from error
    problems += (Problem(where, line_of(opening, lines), why) for opening, why in refused.found)
    return found


def line_of(opening: str, lines: list[Line]) -> int:
    """Return the number of the first line that begins with a text, 0 if there is none."""
    return next((number for number, line in lines if number and opening and opening in line), 0)


class Refusing(Treeprocessor):
    """Remove each text beyond the limits from the tree, and remember how it begins and the reason."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.found: list[tuple[str, str]] = []

    def run(self, root: Element) -> None:
        """Check each text of the tree."""
        for element in root.iter():
            for name in ("text", "tail"):
                text = getattr(element, name)
                if text and len(text) > bounds.MOST_OPEN and (why := bounds.refusal(text)):
                    self.found.append((text.strip().split("\n")[0][:40], why))
                    setattr(element, name, "")


def engine(text: str) -> markdown.Markdown:
    """Return a python-markdown instance without the patterns that cannot match anything in this text."""
    extensions = [SaneListExtension(), TableExtension(), FencedCodeExtension()]
    lists = [DefListExtension()] if has_definition_lists(text.split("\n")) else []
    made = markdown.Markdown(extensions=[*extensions, *lists], output_format="html")
    made.inlinePatterns.register(KnownTags(HTML_RE, made), "html", 90)
    made.ESCAPED_CHARS = list(string.punctuation)  # as in CommonMark, any punctuation can be escaped
    for name, sign in PATTERN_SIGNS.items():
        if sign not in text:
            made.inlinePatterns.deregister(name)
    return made


class KnownTags(HtmlInlineProcessor):
    """Inline HTML: tags that mark up words are kept, all others become text."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  python-markdown's own types are narrower than its code
        self, m: re.Match[str], data: str
    ) -> tuple[Any, int | None, int | None]:
        """Keep a known tag or a comment, and turn any other into text."""
        tag = TAG_NAME.match(m[1])
        if tag is None or tag["name"].lower() in TEXT_TAGS:
            return super().handleMatch(m, data)
        return self.md.htmlStash.store(escape(self.backslash_unescape(self.unescape(m[1])))), m.start(0), m.end(0)


def closed_or_escaped(lines: list[Line]) -> list[Line]:
    """Return the lines with unclosed script and style tags escaped, because they would hide the rest of the text."""
    last = {match["name"]: i for i, (_, line) in enumerate(lines) for match in ENDING.finditer(line.lower())}
    out = []
    for i, (number, line) in enumerate(lines):
        match = HIDING.match(line)
        hides = match and last.get(ends_with(match), -1) < i
        out.append((number, f"\\{line.lstrip()}" if hides else line))
    return out


def ends_with(match: re.Match[str]) -> str:
    """Return the text that closes what a line opens: an end tag, or the end of a comment, CDATA or instruction."""
    if match["name"]:
        return f"</{match['name'].lower()}"
    return {"<!--": "-->", "<![cdata[": "]]>", "<?": "?>"}[match["sign"].lower()]
