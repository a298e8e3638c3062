"""A Model Context Protocol server with tools over the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from indexer import __version__
from indexer.catalog.answers import hit_record
from indexer.errors import BackissueError
from indexer.live import Live
from indexer.query.fields import FIELDS
from indexer.query.query import LAST_PAGE, LITERAL, MOST_HITS, SORTS, query_of
from indexer.records import to_record
from indexer.views import lookup
from indexer.views.briefs import issue_about

INSTRUCTIONS = """\
The back issues of newsletters, divided into entries. Each entry has links to the original: original_url is its text in
the page of the issue, source_url its line in the issue's source; cite one of them. A kernel version says how it is
known: stated (the entry names it), landed (a name that it introduces was first released in it), merged (the patch is
in it), or issue (it was in the making on the day of the issue, which is no more than likely)."""
QUERY = f"""\
Words (all have to match), "phrases", -word, OR, parentheses, prefix*, and filters such as kernel:v4.15, how:landed,
topic:xdp or author:"Daniel Borkmann"; the filters are {", ".join(FIELDS)}. Empty for all entries."""
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

Query = Annotated[str, Field(description=QUERY)]
Sort = Annotated[str, Field(description=f"The order of the hits: {', '.join(SORTS)}.")]
Limit = Annotated[int, Field(ge=1, le=MOST_HITS, description="The most hits.")]
PageNumber = Annotated[int, Field(ge=1, le=LAST_PAGE, description="Which page of hits.")]
Literal = Annotated[bool, Field(description=LITERAL)]
Longest = Annotated[int, Field(ge=1, description="The most of each list; left_out says where there are more.")]
EntryId = Annotated[
    str, Field(description="As the other tools give it, such as bpf-updates/13/the-v4-15-merge-window.")
]
Name = Annotated[str, Field(description="In any of its forms, such as bpf_getsockopt or getsockopt.")]
Version = Annotated[str, Field(description="Such as v4.15.")]


class Tools:
    """The tools; each call uses the current index."""

    def __init__(self, data: Path) -> None:
        self.live = Live(data)

    def search(
        self, query: Query = "", sort: Sort = "relevance", limit: Limit = 10, page: PageNumber = 1,
        literal: Literal = False,  # noqa: FBT002  an assistant names each argument
    ) -> dict[str, Any]:  # fmt: skip
        """Search the entries of the newsletters. Notices say how the query was interpreted or corrected."""
        asked_for = query_of(query, {}, sort=sort, limit=limit, page=page, literal=literal)
        found = self.live.catalog().search(asked_for, facets=())
        return {
            "searched": found.searched,
            "total": found.total,
            "pages": found.pages,
            "notices": list(found.notices),
            "hits": [hit_record(hit) for hit in found.hits],
        }

    def entry(self, id: EntryId) -> dict[str, Any]:  # noqa: A002  the field's own word
        """Return an entry: its text, links, kernel versions with their evidence, names and topics."""
        catalog = self.live.catalog()
        entry = lookup.entry(catalog, id)
        return to_record(entry) | {"source": issue_about(catalog, entry).edition}

    def identifier(self, name: Name, limit: Longest = 10) -> dict[str, Any]:
        """Return what a kernel identifier is, the version and commit it landed in, and the entries that mention it."""
        return shortened(asdict(lookup.name(self.live.catalog(), name)), limit)

    def kernel(self, version: Version, limit: Longest = 10) -> dict[str, Any]:
        """Return what landed in a kernel version, and its entries, those with the strongest evidence first."""
        return shortened(asdict(lookup.kernel(self.live.catalog(), version)), limit)


def server(data: Path) -> MCPServer:
    """Return a server over the index in a data folder. Raises `IndexMissing` if there is none."""
    tools = Tools(data)
    tools.live.catalog()
    made = MCPServer("backissue", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in (tools.search, tools.entry, tools.identifier, tools.kernel):
        made.add_tool(told(tool), annotations=READS)
    return made


def told(tool: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Wrap a tool so that our errors reach the assistant as messages."""

    @wraps(tool)
    def telling(**given: Any) -> dict[str, Any]:
        try:
            return tool(**given)
        except BackissueError as error:
            raise ToolError(str(error)) from error

    return telling


def shortened(record: dict[str, Any], most: int) -> dict[str, Any]:
    """Shorten all lists of a record to `most` items; `left_out` gives the number of dropped items by path."""
    left_out: dict[str, int] = {}

    def cut(value: Any, place: str) -> Any:
        if isinstance(value, dict):
            return {name: cut(each, f"{place}.{name}" if place else name) for name, each in value.items()}
        if isinstance(value, list | tuple):
            if len(value) > most:
                left_out[place] = len(value) - most
            return [cut(each, f"{place}[{number}]") for number, each in enumerate(value[:most])]
        return value

    return {**cut(record, ""), "left_out": left_out}
