"""The syntax tree of a query."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """The range of a node in the query's text: start and end offsets."""

    start: int
    end: int


NOWHERE = Span(-1, -1)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, or a prefix of words if `prefix` is true.

    `meant` is the correction that fits the other words of the query best, or "".
    """

    text: str
    prefix: bool = False
    meant: str = ""
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words."""

    text: str
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Match:
    """A field that must have a value."""

    field: str
    value: str
    span: Span = dataclasses.field(default=NOWHERE, compare=False, repr=False)


class Not(NamedTuple):
    """A condition that must not match."""

    node: Node


class And(NamedTuple):
    """Conditions that must all match; with no nodes, every entry matches."""

    nodes: tuple[Node, ...]


class Or(NamedTuple):
    """Conditions of which at least one must match."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Match | Not | And | Or
ALL = And(())


def both(nodes: Iterable[Node]) -> Node:
    """Return the conjunction of nodes; a single node is returned unchanged."""
    nodes = tuple(nodes)
    return nodes[0] if len(nodes) == 1 else And(nodes)


def conjuncts(tree: Node) -> tuple[Node, ...]:
    """Return the conditions that must all match."""
    return tree.nodes if isinstance(tree, And) else (tree,)


def leaves(tree: Node) -> Iterator[Word | Phrase | Match]:
    """Yield the words, phrases and fields of a tree, except excluded ones, in the order of the text."""
    if isinstance(tree, And | Or):
        for node in tree.nodes:
            yield from leaves(node)
    elif not isinstance(tree, Not):
        yield tree


def count(node: Node) -> int:
    """Return the number of words, phrases and fields in a tree, including excluded ones."""
    if isinstance(node, And | Or):
        return sum(count(inner) for inner in node.nodes)
    return count(node.node) if isinstance(node, Not) else 1
