"""A condition, or chosen filters, to the query of a cluster for the entries that meet them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from indexer.catalog.facets import BY_NAME, PAIRED, PAIRS
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.asking import ALL, NONE, Dsl
from indexer.engines.opensearch.sought import any_query, query_of
from indexer.query.fields import DATED, FILTERS, day_of
from indexer.query.parser import gathered
from indexer.query.tree import And, Match, Node, Not, Or
from indexer.search.facets import Chosen, pairs
from indexer.search.matching import Matcher
from indexer.storage.schema import SEARCHED

EPOCH = date(1970, 1, 1)


def field_of(name: str) -> str:
    """Return the field that holds the values of a filter; any other name is that of a field itself."""
    return BY_NAME[name].field if name in BY_NAME else name


def meeting(matcher: Matcher, where: Node) -> Dsl:
    """Return the query for the entries that meet a condition, whose values are compared as they are."""
    match where:
        case And(nodes):
            filters = [node for node in nodes if isinstance(node, Match) and node.field in FILTERS]
            others = [meeting(matcher, node) for node in nodes if node not in filters]
            return every([*having(gathered(filters)), *others])
        case Or(nodes):
            return any_query([meeting(matcher, node) for node in nodes])
        case Not(node):
            return {"bool": {"must_not": [meeting(matcher, node)]}}
        case Match(field) if field in DATED:
            return dated(where)
        case Match():
            return held(where, matcher.index.said.redirects)
    return query_of(matcher.node(where))


def every(conditions: list[Dsl]) -> Dsl:
    """Return the query for what meets all of some conditions."""
    return {"bool": {"filter": conditions}} if conditions else ALL


def held(where: Match, redirects: Mapping[str, str]) -> Dsl:
    """Return the query for the entries that hold a value; an id that changed is the one that it became."""
    field = field_of(where.field)
    wanted = redirects.get(where.value, where.value) if field == "id" else where.value
    return {"term": {field: ready.term(wanted) if field in SEARCHED else ready.value(wanted)}}


def dated(where: Match) -> Dsl:
    """Return the query for the entries of issues before a day, or of that day and later; none for what is no date."""
    day = day_of(where.value)
    if day is None:
        return NONE
    return {"range": {"day": {"lt" if where.field == "before" else "gte": (day - EPOCH).days}}}


def conditions(chosen: Chosen) -> dict[str, Dsl]:
    """Return by the name of each filter that is chosen its condition; that of two that are paired is one."""
    both = all(chosen.get(name) for name in PAIRED)
    found = {
        (PAIRS if name in PAIRED else name): one_of(BY_NAME[name].field, values)
        for name, values in chosen.items()
        if values and not (both and name in PAIRED)
    }
    if both:
        found[PAIRS] = one_of(PAIRS, pairs(chosen["kernel"], chosen["how"]))
    return found


def having(chosen: Chosen) -> list[Dsl]:
    """Return the conditions that all chosen filters set."""
    return list(conditions(chosen).values())


def one_of(field: str, values: tuple[str, ...]) -> Dsl:
    """Return the condition that an entry has one of some values."""
    return {"terms": {field: [ready.value(each) for each in values]}}
