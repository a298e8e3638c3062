"""Evaluate conditions on a local index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from itertools import starmap

import numpy as np

from indexer.query.fields import DATED, day_of
from indexer.query.parser import gathered
from indexer.query.tree import And, Match, Node, Not, Or
from indexer.search.expansion import Words
from indexer.search.facets import having
from indexer.search.matching import Matcher
from indexer.storage.index import Ids, Index, Mask

EPOCH = date(1970, 1, 1)


def field_of(index: Index, name: str) -> str:
    """Return the index field of a filter; other names are index fields themselves."""
    facet = index.about.facet.get(name)
    return facet.field if facet else name


def meeting(words: Words, where: Node) -> Ids:
    """Return the entries that match a condition, ascending."""
    index = words.index
    if isinstance(where, Match) and where.field not in DATED:
        found = index.postings(field_of(index, where.field), held_value(index, where))
        return found.ids if found else np.empty(0, np.intp)
    return index.all if is_all(where) else np.flatnonzero(mask_of(words, where))


def mask_of(words: Words, where: Node) -> Mask:
    """Return the mask of entries that match a condition."""
    match where:
        case And(nodes):
            known = words.index.about.facet
            filters = [node for node in nodes if isinstance(node, Match) and node.field in known]
            others = [mask_of(words, node) for node in nodes if node not in filters]
            return reduce(np.logical_and, others, having(words.index, gathered(filters)))
        case Or(nodes):
            return any_of(words, nodes)
        case Not(node):
            return ~mask_of(words, node)
        case Match(field) if field in DATED:
            return dated(words.index, where)
        case Match():
            return words.index.marked(field_of(words.index, where.field), [held_value(words.index, where)])
    return holding(words.index, Matcher(words, literal=True).node(where).ids)


def any_of(words: Words, nodes: Iterable[Node]) -> Mask:
    """Return the mask of entries that match any of some conditions. The values of a field are marked in one mask."""
    of_fields: dict[str, list[str]] = {}
    others = []
    for node in nodes:
        if isinstance(node, Match) and node.field not in DATED:
            of_fields.setdefault(field_of(words.index, node.field), []).append(held_value(words.index, node))
        else:
            others.append(mask_of(words, node))
    return reduce(np.logical_or, [*starmap(words.index.marked, of_fields.items()), *others], no_entry(words.index))


def dated(index: Index, where: Match) -> Mask:
    """Return the mask of entries before a day, or on that day and later; empty for an invalid date."""
    day = day_of(where.value)
    if day is None:
        return no_entry(index)
    limit = (day - EPOCH).days
    return index.days < limit if where.field == "before" else index.days >= limit


def held_value(index: Index, where: Match) -> str:
    """Return the stored form of a value; a renamed id becomes the new one."""
    redirects: Mapping[str, str] = index.about.redirects if where.field == "id" else {}
    return redirects.get(where.value, where.value)


def no_entry(index: Index) -> Mask:
    return np.zeros(index.size, dtype=bool)


def holding(index: Index, ids: Ids) -> Mask:
    mask = no_entry(index)
    mask[ids] = True
    return mask


def is_all(where: Node) -> bool:
    """Return whether a condition trivially matches every entry; an empty `Or` matches none."""
    return isinstance(where, And) and not where.nodes
