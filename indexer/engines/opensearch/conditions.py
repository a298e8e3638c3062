"""A condition, or chosen filters, to the query of a cluster for the entries that meet them."""

from __future__ import annotations

from datetime import date

from indexer.catalog.about import About
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.asking import ALL, NONE, Dsl
from indexer.engines.opensearch.sought import any_query, query_of
from indexer.query.fields import DATED, day_of
from indexer.query.parser import gathered
from indexer.query.tree import And, Match, Node, Not, Or
from indexer.search.facets import Chosen, fields_wanted
from indexer.search.matching import Matcher
from indexer.storage.schema import SEARCHED

EPOCH = date(1970, 1, 1)


def field_of(about: About, name: str) -> str:
    """Return the field that holds the values of a filter; any other name is that of a field itself."""
    facet = about.facet.get(name)
    return facet.field if facet else name


def meeting(matcher: Matcher, where: Node) -> Dsl:
    """Return the query for the entries that meet a condition, whose values are compared as they are."""
    about = matcher.index.said
    match where:
        case And(nodes):
            filters = [node for node in nodes if isinstance(node, Match) and node.field in about.facet]
            others = [meeting(matcher, node) for node in nodes if node not in filters]
            return every([*having(about, gathered(filters)), *others])
        case Or(nodes):
            return any_query([meeting(matcher, node) for node in nodes])
        case Not(node):
            return {"bool": {"must_not": [meeting(matcher, node)]}}
        case Match(field) if field in DATED:
            return dated(where)
        case Match():
            return held(about, where)
    return query_of(matcher.node(where))


def every(conditions: list[Dsl]) -> Dsl:
    """Return the query for what meets all of some conditions."""
    return {"bool": {"filter": conditions}} if conditions else ALL


def held(about: About, where: Match) -> Dsl:
    """Return the query for the entries that hold a value; an id that changed is the one that it became."""
    field = field_of(about, where.field)
    wanted = about.redirects.get(where.value, where.value) if field == "id" else where.value
    return {"term": {field: ready.term(wanted) if field in SEARCHED else ready.value(wanted)}}


def dated(where: Match) -> Dsl:
    """Return the query for the entries of issues before a day, or of that day and later; none for what is no date."""
    day = day_of(where.value)
    if day is None:
        return NONE
    return {"range": {"day": {"lt" if where.field == "before" else "gte": (day - EPOCH).days}}}


def conditions(about: About, chosen: Chosen) -> dict[str, Dsl]:
    """Return by the name of each filter that is chosen its condition."""
    return {name: one_of(*wanted) for name, wanted in fields_wanted(about, chosen).items()}


def having(about: About, chosen: Chosen) -> list[Dsl]:
    """Return the conditions that all chosen filters set."""
    return list(conditions(about, chosen).values())


def one_of(field: str, values: tuple[str, ...]) -> Dsl:
    """Return the condition that an entry has one of some values."""
    return {"terms": {field: [ready.value(each) for each in values]}}
