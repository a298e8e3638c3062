"""A Model Context Protocol server with tools over the index."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import wraps
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field, ValidationError

from indexer import __version__
from indexer.catalog.answers import hit_record
from indexer.catalog.profiles import VersionsAbout
from indexer.catalog.protocol import Catalog
from indexer.engines.origins import Where
from indexer.errors import BackissueError
from indexer.live import Live
from indexer.query.query import FOLD, LAST_PAGE, LITERAL, MOST_HITS, query_of
from indexer.records import to_record
from indexer.views import lookup
from indexer.views.briefs import issue_about
from indexer.views.examples import names_of_things

INSTRUCTIONS = """\
The back issues of newsletters, divided into entries. Each entry has links to the original: original_url leads to its
text on the issue's page, and source_url to its line in the issue's source. Cite one of them. Answers are short: lists
are cut, and left_out gives the number of omitted items. The tool entry returns a complete entry."""
EVIDENCE = """\
 Each version has its evidence: stated (the entry names it), landed (a name that the entry introduces was first
released in it), merged (the patch is in it), or issue (it was in development on the day of the issue; this is only
likely)."""
QUERY = """\
Words (all must match), "phrases", -word, OR, parentheses, prefix*, and filters such as {examples}. The filters are
{fields}. Without a query, the newest come first."""
HITS = "Maximum number of hits. An answer has space for about 15; left_out counts the others."
MOST_BYTES = 9_500  # of an answer as JSON, a few thousand tokens
MOST_GROUPS = 10
LONGEST_TEXT = 3_000  # characters of one text
# The keys of an entry in a list; `entry` returns all.
IN_LISTS = (
    "id",
    "title",
    "kind",
    "author",
    "date",
    "outcome",
    "series",
    "url",
    "original_url",
    "snippet",
    "folded",
    "similar",
)
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)


class Tools:
    """The tools; each call uses the current index."""

    def __init__(self, where: Where) -> None:
        self.live = Live(where)

    def search(
        self, query: str = "", sort: str = "relevance", limit: int = 10, page: int = 1,
        literal: bool = False, fold: bool = True,  # noqa: FBT001, FBT002  an assistant names each argument
    ) -> dict[str, Any]:  # fmt: skip
        """Search the entries of the newsletters. Notices say how the query was interpreted or corrected."""
        catalog = self.live.catalog()
        fields = catalog.about.fields
        asked_for = query_of(query, {}, fields, sort=sort, limit=limit, page=page, literal=literal, fold=fold)
        found = catalog.search(asked_for, facets=())
        record = {
            "searched": found.searched,
            "total": found.total,
            "results": found.results,
            "pages": found.pages,
            "notices": [*found.filtered, *found.notices],
            "hits": [hit_record(hit) for hit in found.hits],
        }
        return bounded(record, limit)

    def entry(self, id: str) -> dict[str, Any]:  # noqa: A002  the field's own word
        """Return an entry: its text, links, versions with their evidence, names and topics."""
        catalog = self.live.catalog()
        entry = lookup.entry(catalog, id)
        return bounded(to_record(entry) | {"source": issue_about(catalog, entry).edition}, lean=False)

    def identifier(self, name: str, limit: int = 10) -> dict[str, Any]:
        """Return what a name in code is, the version and commit it landed in, and the entries that mention it."""
        return bounded(asdict(lookup.name(self.live.catalog(), name)), limit)

    def versions(self, facet: VersionsAbout) -> Callable[..., dict[str, Any]]:
        """Return the tool of a version facet."""

        def version_tool(version: str, limit: int = 10) -> dict[str, Any]:
            return bounded(asdict(lookup.version(self.live.catalog(), facet.id, version)), limit)

        version_tool.__name__ = facet.id
        version_tool.__doc__ = (
            f"Return what landed in a {facet.noun}, and its entries, those with the strongest evidence first."
        )
        return version_tool

    def series(self, id: str, limit: int = 10) -> dict[str, Any]:  # noqa: A002  the field's own word
        """Return a patch series: its versions, patches and outcome, and the entries that report on it."""
        return bounded(asdict(lookup.series(self.live.catalog(), id)), limit)

    def outcomes(self, query: str = "", limit: int = 10, page: int = 1) -> dict[str, Any]:
        """Return what became of patches: merged (perhaps later reverted), superseded, not merged or unknown."""
        catalog = self.live.catalog()
        asked_for = query_of(query, {"kind": ["patch"]}, catalog.about.fields, limit=limit, page=page)
        found = catalog.search(asked_for, facets=())
        patches = [hit_record(hit) for hit in found.hits]
        return bounded({"total": found.total, "pages": found.pages, "patches": patches}, limit)


class Server(MCPServer):
    """A server that refuses invalid and unknown arguments with a sentence."""

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool. Raises `ToolError` with a message for the assistant."""
        tools = {tool.name: list(tool.input_schema["properties"]) for tool in await self.list_tools()}
        if unknown := [each for each in arguments if name in tools and each not in tools[name]]:
            raise ToolError(f"{name} has no argument {unknown[0][:40]}. Its arguments are {', '.join(tools[name])}.")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(" ".join(map(invalid, error.__cause__.errors()))) from error
            raise


def invalid(error: Mapping[str, Any]) -> str:
    """Return a sentence about an invalid argument, from a description by pydantic."""
    name = error["loc"][0]
    if error["type"] == "missing":
        return f"The argument {name} is missing."
    return f"{name}={str(error['input'])[:40]}: {error['msg'].replace('Input', 'The value', 1)}."


def server(where: Where) -> MCPServer:
    """Return a server over the index in a data folder or a cluster. Raises `IndexMissing` if there is none."""
    tools = Tools(where)
    catalog = tools.live.catalog()
    instructions = INSTRUCTIONS + (EVIDENCE if catalog.about.versions else "")
    made = Server("backissue", version=__version__, instructions=instructions, log_level="WARNING")
    known = arguments(catalog)
    longest = Annotated[int, Field(ge=1, description="Maximum length of each list. left_out counts the rest.")]
    made.add_tool(described(tools.search, known), annotations=READS)
    for tool in (tools.entry, tools.identifier):
        made.add_tool(described(tool, known | {"limit": longest}), annotations=READS)
    for facet in catalog.about.versions.values():
        version = Annotated[str, Field(description=f"A version, such as {', '.join(facet.examples[:1])}.")]
        made.add_tool(described(tools.versions(facet), {"version": version, "limit": longest}), annotations=READS)
    if "series" in catalog.about.fields.names:
        series = Annotated[str, Field(description="The id of a series, from the other tools.")]
        made.add_tool(described(tools.series, {"id": series, "limit": longest}), annotations=READS)
    if "outcome" in catalog.about.fields.names:
        made.add_tool(described(tools.outcomes, known), annotations=READS)
    return made


def arguments(catalog: Catalog) -> dict[str, Any]:
    """Return the types of the arguments by name, with descriptions for this archive."""
    about, things = catalog.about, names_of_things(catalog)
    query = QUERY.format(examples=about.examples.fields, fields=", ".join(about.fields.names))
    return {
        "query": Annotated[str, Field(description=query)],
        "sort": Annotated[str, Field(description=f"The order of the hits: {', '.join(about.fields.sorts)}.")],
        "limit": Annotated[int, Field(ge=1, le=MOST_HITS, description=HITS)],
        "page": Annotated[int, Field(ge=1, le=LAST_PAGE, description="The page of hits, from 1.")],
        "literal": Annotated[bool, Field(description=LITERAL)],
        "fold": Annotated[bool, Field(description=FOLD)],
        "id": Annotated[
            str, Field(description=f"The id of an entry, from the other tools, such as {things['entry']}.")
        ],
        "name": Annotated[str, Field(description=f"An identifier in any spelling, such as {things['identifier']}.")],
    }


def described(tool: Callable[..., dict[str, Any]], arguments: Mapping[str, Any]) -> Callable[..., dict[str, Any]]:
    """Wrap a tool so that its arguments are described and our errors reach the assistant as messages."""

    @wraps(tool)
    def call(**given: Any) -> dict[str, Any]:
        try:
            return tool(**given)
        except BackissueError as error:
            raise ToolError(str(error)) from error

    signature = inspect.signature(tool)
    described = [each.replace(annotation=arguments[each.name]) for each in signature.parameters.values()]
    call.__signature__ = signature.replace(parameters=described, return_annotation=dict[str, Any])  # type: ignore[attr-defined]
    call.__annotations__ = {each.name: each.annotation for each in described} | {"return": dict[str, Any]}
    return call


def bounded(record: dict[str, Any], most: int = 20, *, lean: bool = True) -> dict[str, Any]:
    """Return a record of about `MOST_BYTES` as JSON: shorten its lists, and if that is not enough, drop groups."""
    groups = MOST_GROUPS
    answer = shortened(record, most, groups, lean=lean)
    while len(json.dumps(answer, ensure_ascii=False, indent=2).encode()) > MOST_BYTES and most + groups > 2:
        most, groups = (most * 3 // 4, groups) if most > 1 else (most, groups - 1)
        answer = shortened(record, most, groups, lean=lean)
    return answer


def shortened(record: dict[str, Any], most: int, groups: int, *, lean: bool) -> dict[str, Any]:
    """Shorten the lists of a record to `most` items or `groups` groups; `left_out` counts the rest by path."""
    left_out: dict[str, int] = {}

    def cut(value: Any, place: str) -> Any:
        if isinstance(value, dict):
            record = brief(value) if lean else value
            return {name: cut(each, f"{place}.{name}" if place else name) for name, each in record.items()}
        if isinstance(value, list | tuple):
            kept = value[: groups if value and is_group(value[0]) else most]
            if len(value) > len(kept):
                left_out[place] = len(value) - len(kept)
            return [cut(each, f"{place}[{number}]") for number, each in enumerate(kept)]
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            return f"{value[:LONGEST_TEXT]}…"
        return value

    return {**cut(record, ""), "left_out": left_out}


def is_group(value: Any) -> bool:
    """Return whether an item of a list is a group of entries or names, by kind or evidence."""
    return isinstance(value, dict) and "id" not in value and bool({"kind", "how"} & value.keys())


def brief(value: dict[str, Any]) -> dict[str, Any]:
    """Return the short form of an entry in a list, without empty values; anything else as it is."""
    if not {"id", "title", "kind"} <= value.keys():
        return value
    about = value.get("issue")
    day = {"date": about["date"][:10]} if isinstance(about, dict) else {}
    known = value | day
    if value.get("outcome"):
        names = ("outcome", "commit", "repository", "release", "latest", "reverted")
        known["outcome"] = {name: each for name, each in value["outcome"].items() if name in names and each}
    versions = {name: in_brief(each) for name, each in value.items() if is_versions(each)}
    return {name: known[name] for name in IN_LISTS if known.get(name)} | versions


def is_versions(value: Any) -> bool:
    """Return whether a value is the list of an entry's versions, whose key is the id of its version facet."""
    return (
        isinstance(value, list) and bool(value) and isinstance(value[0], dict) and {"version", "how"} <= value[0].keys()
    )


def in_brief(versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return versions without their evidence."""
    return [{"version": each["version"], "how": each["how"]} for each in versions]
