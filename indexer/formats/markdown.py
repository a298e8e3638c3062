"""Markdown to blocks, by way of python-markdown; each block knows the line of the source that it begins on."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import HTML_RE, HtmlInlineProcessor
from markdown.treeprocessors import Treeprocessor

from indexer.errors import UnreadableSource
from indexer.formats import bounds, frontmatter
from indexer.formats.dates import as_date
from indexer.formats.debris import with_missing_links, without_templates
from indexer.formats.placing import with_lines
from indexer.formats.rendered import INLINE, blocks_of, parse_fragment
from indexer.model import Block, Document, Problem

# What MDX leaves in a text that Markdown does not know: {'{'} is a brace, <BlogAuthor .../> and import lines are code.
MDX_STRING = re.compile(r"\{(?P<quote>['\"])(?P<text>[^'\"]*)(?P=quote)\}")
MDX_IMPORT = re.compile(r"import\s.*?\sfrom\s+['\"]")
MDX_EXPORT = re.compile(r"export\s+default\s")
MDX_COMPONENT = re.compile(r"</?[A-Z][A-Za-z]*+(?:/?>|\s[^<]*+)$")
PREVIEW = re.compile(r"\{\{(?P<end>/?)preview\}\}")
MARKER = re.compile(r"^(?P<indent>[ \t]*)(?P<marker>[-*+]|\d{1,9}[.)])(?P<space>[ \t]+)(?=\S)")
THEMATIC = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
CODE_FENCE = re.compile(r"^\s*(?P<fence>`{3,}|~{3,})")
TAG_NAME = re.compile(r"</?(?P<name>[a-zA-Z][^\s/>]*)")
# Elements whose contents a browser does not show as text; at the start of a line they begin a block of their own.
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
WORD = re.compile(r"\w+")
# Of python-markdown's patterns for what stands inside of text, by their names: what a whole text has to hold for any
# match, of references "[name]: address", which defines one. Each pattern costs a search of every stretch of text.
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
    """Return the one document that a Markdown file holds.

    `where` names the file in problems. Front matter gives title, date, newsletter and label where it has them.
    """
    raw = text.split("\n")
    head, used, wrong = frontmatter.split(raw)
    body = [(number, line) for number, line in enumerate(raw[used:], used + 1)]
    problems = [Problem(where, 1, wrong)] if wrong else []
    kept = without_debris(without_templates(without_preview(body)))
    bare = bounds.read_lines(with_missing_links(kept, where, problems), where, problems)
    lines = lists_indented(closed_or_escaped(bare))
    blocks = with_lines(rendered(lines, where, problems), lines)
    said = frontmatter.date_of(head)
    date = as_date(said)
    if said and not date:
        problems.append(Problem(where, 1, f"the front matter has a date that is none: {said}"))
    listed, directives = head.get("original_lines"), head.get("original_fragments")
    return Document(
        blocks=blocks,
        title=frontmatter.as_text(head.get("title")),
        date=date,
        newsletter=frontmatter.as_text(head.get("newsletter")),
        label=frontmatter.as_label(head.get("number", head.get("issue"))),
        page=frontmatter.page_of(head),
        edition="retold" if head.get("edition") == "retold" else "original",
        original_lines=tuple(n for n in listed if isinstance(n, int)) if isinstance(listed, list) else (),
        original_fragments={n: str(d) for n, d in directives.items()} if isinstance(directives, dict) else {},
        where=where,
        problems=tuple(problems),
    )


def without_preview(lines: list[Line]) -> list[Line]:
    """Leave out those lines between {{preview}} and {{/preview}}, in an older form of the issues, that come again."""
    if not any(PREVIEW.search(line) for _, line in lines):
        return lines
    marked: list[tuple[Line, bool]] = []
    inside = False
    for number, line in lines:
        at = 0
        for match in PREVIEW.finditer(line):
            marked.append(((number, line[at : match.start()]), inside))
            inside, at = not match["end"], match.end()
        marked.append(((number, line[at:]), inside))
    again = spaced(line for (_, line), preview in marked if not preview)
    return [line for line, preview in marked if not preview or spaced([line[1]]) not in again]


def spaced(lines: Iterable[str]) -> str:
    """Return the words of lines with one space before and after each."""
    return f" {' '.join(word for line in lines for word in WORD.findall(line))} "


def without_debris(lines: Iterable[Line]) -> list[Line]:
    """Return the lines without the imports and components of MDX, its string expressions resolved."""
    return [(number, MDX_STRING.sub(lambda m: m["text"], line)) for number, line in lines if not is_mdx(line.strip())]


def is_mdx(line: str) -> bool:
    """Return whether a line is an import, an export or a component of MDX and nothing else."""
    if line.startswith("import"):
        return bool(MDX_IMPORT.match(line)) and line.removesuffix(";").endswith(("'", '"'))
    return bool(MDX_EXPORT.match(line) or (line.endswith(">") and MDX_COMPONENT.match(line)))


def lists_indented(lines: list[Line]) -> list[Line]:
    """Return the lines with nested lists indented by four columns a level, as python-markdown wants them.

    The issues indent by two. What stands in a list item is moved with it. A list that follows a paragraph at once,
    and a quotation in an item, get the empty line (number 0) that python-markdown needs to see them.
    """
    indenting = Indenting()
    for number, line in lines:
        indenting.take(number, line.expandtabs(4))
    return indenting.out


class Indenting:
    """A walk over lines that knows which list items are open: of each the column of its marker and of its text."""

    def __init__(self) -> None:
        self.out: list[Line] = []
        self.open: list[tuple[int, int]] = []
        self.fence = ""
        self.code: tuple[int, int] | None = None
        self.blank = True

    def take(self, number: int, line: str) -> None:
        """Add one line, indented as its place in the lists wants it."""
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
        """Return whether a line belongs to a fenced block of code, its fences among them."""
        opens = CODE_FENCE.match(line)
        if not self.fence:
            self.fence = opens["fence"] if opens else ""
            return bool(opens)
        if line.strip().startswith(self.fence) and not line.strip().strip(self.fence[0]):
            self.fence = ""
        return True

    def fenced_line(self, number: int, line: str, column: int) -> None:
        """Add a line of fenced code; in a list item it becomes indented code: python-markdown sees no fence there.

        `code` is the column of the fence and the one that its code is moved to.
        """
        line = line.rstrip()  # python-markdown tries the spaces behind a fence in many ways
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
        if not self.open and not self.blank and marker["marker"] in "-*+":
            self.out.append((0, ""))
        while self.open and column <= self.open[-1][0]:
            self.open.pop()
        self.open.append((column, marker.end()))
        self.out.append((number, f"{' ' * 4 * (len(self.open) - 1)}{marker['marker']} {line[marker.end() :]}"))

    def inside(self, number: int, line: str, column: int) -> None:
        while len(self.open) > 1 and column <= self.open[-1][0]:
            self.open.pop()
        quoted = line.lstrip().startswith(">")
        if quoted and not self.blank and not self.out[-1][1].lstrip().startswith(">"):
            self.out.append((0, ""))
        extra = max(0, column - self.open[-1][1])
        self.out.append((number, " " * (4 * len(self.open) + extra) + line.strip()))


def rendered(lines: list[Line], where: str, problems: list[Problem]) -> tuple[Block, ...]:
    """Return the blocks that python-markdown makes of the lines; one that it would take too long for is a problem."""
    text = "\n".join(line for _, line in lines)
    made = engine(text)
    refused = Refusing(made)
    made.treeprocessors.register(refused, "refusing", 30)  # before 20, at which texts are searched for what is in them
    try:
        html = made.convert(text)
        soup = parse_fragment(html)
        found = blocks_of(soup, where)
    except RecursionError as error:
        raise UnreadableSource(f"{where}: its lists or quotations nest deeper than any text does") from error
    problems += (Problem(where, line_of(opening, lines), why) for opening, why in refused.found)
    return found


def line_of(opening: str, lines: list[Line]) -> int:
    """Return the first line that a text begins with, 0 where there is none."""
    return next((number for number, line in lines if number and opening and opening in line), 0)


class Refusing(Treeprocessor):
    """Takes out of the tree each text that is beyond the bounds, and keeps its opening and why."""

    def __init__(self, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.found: list[tuple[str, str]] = []

    def run(self, root: Element) -> None:
        """Look at each text of the tree."""
        for element in root.iter():
            for name in ("text", "tail"):
                text = getattr(element, name)
                if text and len(text) > bounds.MOST_OPEN and (why := bounds.refusal(text)):
                    self.found.append((text.strip().split("\n")[0][:40], why))
                    setattr(element, name, "")


def engine(text: str) -> markdown.Markdown:
    """Return python-markdown as a text needs it, without the patterns that can match nothing in it."""
    extensions = [SaneListExtension(), TableExtension(), FencedCodeExtension()]
    made = markdown.Markdown(extensions=extensions, output_format="html")
    made.inlinePatterns.register(KnownTags(HTML_RE, made), "html", 90)
    made.ESCAPED_CHARS = list(string.punctuation)  # as CommonMark has it: any of them can be escaped
    for name, sign in PATTERN_SIGNS.items():
        if sign not in text:
            made.inlinePatterns.deregister(name)
    return made


class KnownTags(HtmlInlineProcessor):
    """Raw HTML inside of text: tags that mark up words are taken as such, all others for what they say."""

    def handleMatch(  # type: ignore[override]  # noqa: N802  python-markdown's own types are narrower than its code
        self, m: re.Match[str], data: str
    ) -> tuple[Any, int | None, int | None]:
        """Keep a known tag or a comment; make text of any other."""
        tag = TAG_NAME.match(m[1])
        if tag is None or tag["name"].lower() in TEXT_TAGS:
            return super().handleMatch(m, data)
        return self.md.htmlStash.store(escape(self.backslash_unescape(self.unescape(m[1])))), m.start(0), m.end(0)


def closed_or_escaped(lines: list[Line]) -> list[Line]:
    """Return the lines, with a tag escaped that begins a script or style which nothing ends: it would hide the rest."""
    last = {match["name"]: i for i, (_, line) in enumerate(lines) for match in ENDING.finditer(line.lower())}
    out = []
    for i, (number, line) in enumerate(lines):
        match = HIDING.match(line)
        hides = match and last.get(ends_with(match), -1) < i
        out.append((number, f"\\{line.lstrip()}" if hides else line))
    return out


def ends_with(match: re.Match[str]) -> str:
    """Return what ends that which a line begins: a tag, or the end of a comment, of CDATA or of an instruction."""
    if match["name"]:
        return f"</{match['name'].lower()}"
    return {"<!--": "-->", "<![cdata[": "]]>", "<?": "?>"}[match["sign"].lower()]
