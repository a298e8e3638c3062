"""Turn reStructuredText into a document with docutils."""

from __future__ import annotations

import re
from io import StringIO

from indexer.formats.converted import document_of
from indexer.model import Document, Problem

# The formatting roles of docutils. Of any other role, such as those of Sphinx, only the text is kept.
ROLES = "code|math|sub|sup|subscript|superscript|emphasis|strong|literal|title-reference|title"
FOREIGN_ROLE = re.compile(rf"(?<![\w:`]):(?!(?:{ROLES}):)[A-Za-z][\w.+:-]{{0,40}}:(?=`[^`])")
# Nikola writes metadata as comments: ".. date: 2020-01-02".
COMMENTED = re.compile(r"^\.\. (?P<key>title|date|slug): (?P<value>.*)$", re.M)
FIELD = re.compile(r"^:(?P<key>date|published|title): +(?P<value>.*)$", re.M | re.I)
HEAD = 2_000  # characters at the top that may contain metadata
SETTINGS = {
    "file_insertion_enabled": False,  # never read files or URLs that the text names
    "raw_enabled": False,
    "report_level": 3,
    "halt_level": 5,
    "embed_stylesheet": False,
    "stylesheet_path": "",
    "doctitle_xform": True,
    "docinfo_xform": True,  # fields at the top are metadata, not text
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "_disable_config": True,
    "line_length_limit": 20_000,
}
SAID = re.compile(r"^.*?:(?P<line>\d+): \((?P<level>\w+)/\d\) (?P<message>[^\n]*)", re.M)


def read_rst(text: str, where: str) -> Document:
    """Return the document of a file in reStructuredText. Unknown directives and errors become problems."""
    from docutils.core import publish_parts

    from indexer.formats.rst_writer import Writer

    warnings = StringIO()
    source = FOREIGN_ROLE.sub("", text)
    parts = publish_parts(source, writer=Writer(), settings_overrides={**SETTINGS, "warning_stream": warnings})
    fields = (*COMMENTED.finditer(text), *FIELD.finditer(text[:HEAD]))
    said = {match["key"].lower(): match["value"] for match in fields}
    problems = tuple(
        Problem(where, int(match["line"]), f"docutils says: {match['message']}")
        for match in SAID.finditer(warnings.getvalue())
    )
    title = said.get("title") or text_of(parts["title"])
    date = said.get("date") or said.get("published", "")
    return document_of(parts["fragment"], text, where, title, date, problems)


def text_of(html: str) -> str:
    from indexer.formats.rendered import parse_fragment

    return parse_fragment(html).get_text()
