"""Remove what MDX adds to Markdown: imports, exports, components and string expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable

MDX_STRING = re.compile(r"\{(?P<quote>['\"])(?P<text>[^'\"]*)(?P=quote)\}")
MDX_IMPORT = re.compile(r"import\s.*?\sfrom\s+['\"]")
MDX_EXPORT = re.compile(r"export\s+(?:default\s|(?:const|let|var)\s+\w+\s*=)")
MDX_COMPONENT = re.compile(r"</?[A-Z][A-Za-z]*+(?:/?>|\s[^<]*+)$")
MDX_OPENING = re.compile(r"<[A-Z][A-Za-z]*+(?:\s[^<>]*+)?$")
MDX_PROPERTY = re.compile(r"\s(?P<name>\w{1,40})=\{?[\"'](?P<value>[^\"'<>()]{1,1000})[\"']")
MOST_LINES = 20  # of one component

Line = tuple[int, str]


def without_mdx(lines: Iterable[Line]) -> list[Line]:
    """Return the lines without imports, exports and components, and with string expressions evaluated.

    A component with a title and an address becomes a link on a line of its own.
    """
    kept: list[Line] = []
    for number, line in with_components_joined(list(lines)):
        if not is_mdx(line.strip()):
            kept.append((number, MDX_STRING.sub(lambda m: m["text"], line)))
        elif link := linked_component(line):
            kept += [(number, link), (0, "")]
    return kept


def with_components_joined(lines: list[Line]) -> Iterable[Line]:
    """Yield the lines, those of one opening tag of a component as one."""
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        if MDX_OPENING.match(line.strip()):
            rest = [other.strip() for _, other in lines[at : at + MOST_LINES]]
            end = next((i for i, other in enumerate(rest, 1) if other.endswith(">")), 0)
            line, at = " ".join([line, *rest[:end]]), at + end
        yield number, line


def is_mdx(line: str) -> bool:
    """Return whether a line consists of an import, export or component."""
    if line.startswith("import"):
        return bool(MDX_IMPORT.match(line)) and line.removesuffix(";").endswith(("'", '"'))
    return bool(MDX_EXPORT.match(line) or (line.endswith(">") and MDX_COMPONENT.match(line)))


def linked_component(line: str) -> str:
    """Return the link of a component such as <Card title="Two words" href="https://...">, or ""."""
    said = {match["name"].lower(): match["value"] for match in MDX_PROPERTY.finditer(line)}
    url = next((said[name] for name in ("href", "url", "link", "to") if name in said), "")
    title = next((said[name] for name in ("title", "name", "heading", "label") if name in said), "")
    return f"**[{title}]({url})**" if url.startswith(("http", "/")) and title else ""
