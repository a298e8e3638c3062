"""The intent of a query: required words, optional words and inferred filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexer.analysis import fold
from indexer.query.tree import Match, Node, Word, both, conjuncts, leaves
from indexer.search.inference import Inference, Inferred
from indexer.storage.index import Index

EVERYWHERE = 0.2  # share of all entries


@dataclass(frozen=True, slots=True)
class Intent:
    """Conditions that an entry must meet, words that add to its score, and the inferred filters.

    `changes` is true if the query asks what is new in a version, in general or on one topic. `wished` filters exclude
    no entry, but entries that match them come first.
    """

    tree: Node
    optional: tuple[Word, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    changes: bool = False
    wished: tuple[Inferred, ...] = ()

    def with_filters(self) -> Node:
        """Return the conditions of the words and of the inferred filters."""
        return both((*conjuncts(self.tree), *(node for each in self.inferred for node in each.nodes)))

    def with_optional_words(self) -> Intent:
        """Return the intent with its optional words among the others."""
        return replace(self, tree=both((*conjuncts(self.tree), *self.optional)), optional=())

    def values(self, field: str) -> tuple[str, ...]:
        """Return the inferred values of a field."""
        return tuple(node.value for each in self.inferred for node in each.nodes if node.field == field)


class Intents:
    """Determines the intent of queries over one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.inference = Inference(index)
        self.common = frozenset(index.metadata["common"])
        self.question = frozenset(index.metadata["asking"]["question"])
        self.slight = self.common | self.question
        self.issue = frozenset(form for word in index.metadata["asking"]["issue"] for form in both_spellings(word))
        self.topics = {
            fold(name): each["id"] for each in index.metadata["topics"] for name in (each["id"], each["label"])
        }

    def of(self, tree: Node) -> Intent:
        """Return the intent of a tree."""
        return self.with_filters(tree, tuple(self.inferred(tree)))

    def with_fewer_filters(self, tree: Node, intent: Intent) -> Iterator[Intent]:
        """Yield intents without each of the inferred filters, then without any; certain filters stay."""
        inferred = tuple(each for each in intent.inferred if each.field != "topic")
        certain = tuple(each for each in inferred if each.certain)
        unsure = [each for each in inferred if not each.certain]
        for left_out in unsure if len(unsure) > 1 else ():
            yield self.with_filters(tree, tuple(each for each in inferred if each != left_out))
        if unsure:
            yield self.with_filters(tree, certain)

    def closer(self, intent: Intent) -> Iterator[Intent]:
        """Yield increasingly weaker intents for the fallback.

        First the intent itself, then with uncertain filters as words, then (if it has a word) with all filters only
        wished for.
        """
        yield intent
        certain = tuple(each for each in intent.inferred if each.certain)
        words = [word for each in intent.inferred if not each.certain for word in each.words]
        if words:
            yield Intent(both((*conjuncts(intent.tree), *words)), intent.optional, certain)
        if intent.inferred and any(True for _ in leaves(intent.tree)):
            yield Intent(intent.tree, wished=intent.inferred)

    def with_filters(self, tree: Node, inferred: tuple[Inferred, ...]) -> Intent:
        """Return the intent of a tree with the given inferred filters."""
        if not inferred and not any(map(self.is_slight, conjuncts(tree))):
            return Intent(tree)
        named = {word.span for each in inferred for word in each.words}
        nodes = [node for node in conjuncts(tree) if not (isinstance(node, Word) and node.span in named)]
        optional: list[Node] = [word for each in inferred for word in each.words if each.field in ("date", "author")]
        dated = any(each.field in ("date", "issue") for each in inferred)
        for words in (self.common, self.question, self.issue if dated else frozenset()):
            left = [node for node in nodes if not is_one_of(node, words)]
            if inferred or any(not isinstance(node, Match) for node in left):
                optional += [node for node in nodes if is_one_of(node, words)] if words is self.question else []
                nodes = left
        changes = any(each.field in self.index.about.versions for each in inferred)
        if changes and nodes and (topic := self.topic(nodes)):
            inferred, optional, nodes = (*inferred, topic), [*optional, *topic.words], []
        changes = changes and all(map(self.is_everywhere, nodes))
        extra = tuple(node for node in optional if isinstance(node, Word))
        return Intent(both([] if changes else nodes), extra, inferred, changes=changes)

    def is_slight(self, node: Node) -> bool:
        """Return whether a node is a common word or one of questions."""
        return is_one_of(node, self.slight)

    def is_everywhere(self, node: Node) -> bool:
        """Return whether a word is in too many entries to be useful, such as BPF in a newsletter on BPF."""
        if not isinstance(node, Word):
            return False
        held = self.index.postings("body", fold(node.text))
        return held is not None and len(held.ids) > EVERYWHERE * self.index.size

    def inferred(self, tree: Node) -> Iterable[Inferred]:
        words: list[Word] = []
        for node in (*conjuncts(tree), None):
            if isinstance(node, Word) and not node.prefix:
                words.append(node)
            else:
                yield from self.inference.inferred(words)
                words = []

    def topic(self, nodes: list[Node]) -> Inferred | None:
        """Return the topic named by all remaining words. A version and a topic ask what is new in it."""
        words = tuple(node for node in nodes if isinstance(node, Word))
        topic = self.topics.get(fold(" ".join(word.text for word in words)))
        return Inferred("topic", topic, (Match("topic", topic),), words) if topic and len(words) == len(nodes) else None


def is_one_of(node: Node, words: frozenset[str]) -> bool:
    if not isinstance(node, Word) or node.prefix:
        return False
    written = node.text.lower().replace("’", "'").strip(".,:;!?")
    return written in words


def both_spellings(word: str) -> tuple[str, ...]:
    """Return a word and its plural, with their accents and without."""
    return tuple(form for each in (word, fold(word)) for form in (each, f"{each}s"))
