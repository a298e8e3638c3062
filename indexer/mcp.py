"""A Model Context Protocol server with tools over the index."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
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
from indexer.catalog.profiles import VersionsAbout
from indexer.catalog.protocol import Catalog
from indexer.errors import BackissueError
from indexer.live import Live
from indexer.query.query import LAST_PAGE, LITERAL, MOST_HITS, query_of
from indexer.records import to_record
from indexer.views import lookup
from indexer.views.briefs import issue_about
from indexer.views.examples import names_of_things

INSTRUCTIONS = """\
The back issues of newsletters, divided into entries. Each entry has links to the original: original_url is its text in
the page of the issue, source_url its line in the issue's source; cite one of them."""
EVIDENCE = """\
 A version says how it is known: stated (the entry names it), landed (a name that it introduces was first released
in it), merged (the patch is in it), or issue (it was in development on the day of the issue: no more than likely)."""
QUERY = """\
Words (all have to match), "phrases", -word, OR, parentheses, prefix*, and filters such as {examples}; the filters are
{fields}. Empty for all entries."""
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class Tools:
    """The tools; each call uses the current index."""

    def __init__(self, data: Path) -> None:
        self.live = Live(data)

    def search(
        self, query: str = "", sort: str = "relevance", limit: int = 10, page: int = 1,
        literal: bool = False,  # noqa: FBT001, FBT002  an assistant names each argument
    ) -> dict[str, Any]:  # fmt: skip
        """Search the entries of the newsletters. Notices say how the query was interpreted or corrected."""
        catalog = self.live.catalog()
        asked_for = query_of(query, {}, catalog.about.fields, sort=sort, limit=limit, page=page, literal=literal)
        found = catalog.search(asked_for, facets=())
        return {
            "searched": found.searched,
            "total": found.total,
            "pages": found.pages,
            "notices": list(found.notices),
            "hits": [hit_record(hit) for hit in found.hits],
        }

    def entry(self, id: str) -> dict[str, Any]:  # noqa: A002  the field's own word
        """Return an entry: its text, links, versions with their evidence, names and topics."""
        catalog = self.live.catalog()
        entry = lookup.entry(catalog, id)
        return to_record(entry) | {"source": issue_about(catalog, entry).edition}

    def identifier(self, name: str, limit: int = 10) -> dict[str, Any]:
        """Return what a name in code is, the version and commit it landed in, and the entries that mention it."""
        return shortened(asdict(lookup.name(self.live.catalog(), name)), limit)

    def versions(self, facet: VersionsAbout) -> Callable[..., dict[str, Any]]:
        """Return the tool of a version facet."""

        def told(version: str, limit: int = 10) -> dict[str, Any]:
            return shortened(asdict(lookup.version(self.live.catalog(), facet.id, version)), limit)

        told.__name__ = facet.id
        told.__doc__ = (
            f"Return what landed in a {facet.noun}, and its entries, those with the strongest evidence first."
        )
        return told


def server(data: Path) -> MCPServer:
    """Return a server over the index in a data folder. Raises `IndexMissing` if there is none."""
    tools = Tools(data)
    catalog = tools.live.catalog()
    instructions = INSTRUCTIONS + (EVIDENCE if catalog.about.versions else "")
    made = MCPServer("backissue", version=__version__, instructions=instructions, log_level="WARNING")
    known = arguments(catalog)
    longest = Annotated[int, Field(ge=1, description="The most of each list; left_out says where there are more.")]
    made.add_tool(told(tools.search, known), annotations=READS)
    for tool in (tools.entry, tools.identifier):
        made.add_tool(told(tool, known | {"limit": longest}), annotations=READS)
    for facet in catalog.about.versions.values():
        version = Annotated[str, Field(description=f"Such as {', '.join(facet.examples[:1])}.")]
        made.add_tool(told(tools.versions(facet), {"version": version, "limit": longest}), annotations=READS)
    return made


def arguments(catalog: Catalog) -> dict[str, Any]:
    """Return the types of the arguments by name, described with what the archive declares."""
    about, things = catalog.about, names_of_things(catalog)
    query = QUERY.format(examples=about.examples.fields, fields=", ".join(about.fields.names))
    return {
        "query": Annotated[str, Field(description=query)],
        "sort": Annotated[str, Field(description=f"The order of the hits: {', '.join(about.fields.sorts)}.")],
        "limit": Annotated[int, Field(ge=1, le=MOST_HITS, description="The most hits.")],
        "page": Annotated[int, Field(ge=1, le=LAST_PAGE, description="Which page of hits.")],
        "literal": Annotated[bool, Field(description=LITERAL)],
        "id": Annotated[str, Field(description=f"As the other tools give it, such as {things['entry']}.")],
        "name": Annotated[str, Field(description=f"In any of its forms, such as {things['identifier']}.")],
    }


def told(tool: Callable[..., dict[str, Any]], arguments: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
    """Wrap a tool so that its arguments are described and our errors reach the assistant as messages."""

    @wraps(tool)
    def telling(**given: Any) -> dict[str, Any]:
        try:
            return tool(**given)
        except BackissueError as error:
            raise ToolError(str(error)) from error

    signature = inspect.signature(tool)
    described = [each.replace(annotation=arguments[each.name]) for each in signature.parameters.values()]
    telling.__signature__ = signature.replace(parameters=described, return_annotation=dict[str, Any])  # type: ignore[attr-defined]
    telling.__annotations__ = {each.name: each.annotation for each in described} | {"return": dict[str, Any]}
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
