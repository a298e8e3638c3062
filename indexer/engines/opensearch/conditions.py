"""Translate conditions and selected filters into queries of the cluster."""

from __future__ import annotations

from datetime import date

from indexer.catalog.about import About
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.requests import ALL, NONE, Dsl
from indexer.engines.opensearch.scored import any_query, query_of
from indexer.query.fields import DATED, day_of
from indexer.query.parser import gathered
from indexer.query.tree import And, Match, Node, Not, Or
from indexer.search.facets import Selected, fields_wanted
from indexer.search.matching import Matcher
from indexer.storage.schema import SEARCHED

EPOCH = date(1970, 1, 1)


def field_of(about: About, name: str) -> str:
    """Return the index field of a filter; other names are index fields themselves."""
    facet = about.facet.get(name)
    return facet.field if facet else name


def meeting(matcher: Matcher, where: Node) -> Dsl:
    """Return the query for the entries that match a condition exactly."""
    about = matcher.index.about
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
            return with_value(about, where)
    return query_of(matcher.node(where))


def every(conditions: list[Dsl]) -> Dsl:
    """Return the query for entries that match all conditions."""
    return {"bool": {"filter": conditions}} if conditions else ALL


def with_value(about: About, where: Match) -> Dsl:
    """Return the query for the entries with a value. A renamed id becomes the new one."""
    field = field_of(about, where.field)
    wanted = about.redirects.get(where.value, where.value) if field == "id" else where.value
    return {"term": {field: ready.term(wanted) if field in SEARCHED else ready.value(wanted)}}


def dated(where: Match) -> Dsl:
    """Return the query for entries before a day, or on that day and later; no entries for an invalid date."""
    day = day_of(where.value)
    if day is None:
        return NONE
    return {"range": {"day": {"lt" if where.field == "before" else "gte": (day - EPOCH).days}}}


def conditions(about: About, chosen: Selected) -> dict[str, Dsl]:
    """Return the conditions of the selected filters by name."""
    return {name: one_of(*wanted) for name, wanted in fields_wanted(about, chosen).items()}


def having(about: About, chosen: Selected) -> list[Dsl]:
    """Return the conditions of all selected filters."""
    return list(conditions(about, chosen).values())


def one_of(field: str, values: tuple[str, ...]) -> Dsl:
    """Return the query for entries with any of the values."""
    return {"terms": {field: [ready.value(each) for each in values]}}
