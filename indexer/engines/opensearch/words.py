"""Resolve words to queries of the cluster, as `indexer.search` resolves them, with few requests for many terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.analysis import fold, tokens
from indexer.engines.opensearch import ready
from indexer.engines.opensearch.index import ClusterIndex
from indexer.engines.opensearch.requests import ALL, Dsl
from indexer.engines.opensearch.scored import ClusterScored, any_query, described, query_of, scored_by
from indexer.query.tree import Node, Word, leaves
from indexer.search.expansion import MOST_EXPANSIONS, Words, cut_off
from indexer.search.fallback import LONGEST_STRETCH, wanted
from indexer.search.matching import MOST_JOINED
from indexer.search.phrases import forms_by_place
from indexer.search.readings import MOST_PARTS, SHORTEST_HALF, Reader, Reading, parts_of
from indexer.search.resolved import Part, Resolved
from indexer.search.scoring import FIELD_WEIGHTS, PREFIX_WEIGHT, Scored, Scorer
from indexer.search.spelling import MOST_FORMS, STEMMED, WHOLE, Speller
from indexer.search.synonyms import Synonyms
from indexer.storage.cache import LRU
from indexer.storage.schema import NAME_FIELDS, SEARCHED, TEXT_FIELDS

MOST_RESOLVED = 2_000_000  # size of the cache of resolved words, in characters


class ClusterScorer(Scorer):
    """Describe the scores of terms as queries. The cluster computes BM25 without idf; idf is the boost."""

    def __init__(self, index: ClusterIndex) -> None:
        self.index = index
        self.cluster = index

    def of(self, term: str) -> Mapping[str, ClusterScored]:
        """Return the entries that contain a term, by field."""
        return {
            field: scored_by(
                self.cluster.requests, {"term": {field: {"value": ready.term(term), "boost": self.idf(count)}}}
            )
            for field, count in self.cluster.counts_of(term).items()
        }


class ClusterSpeller(Speller):
    """Find the words most similar to a misspelt one."""

    def __init__(self, index: ClusterIndex) -> None:
        super().__init__(index)
        self.cluster = index

    def is_stem(self, term: str) -> bool:
        """Return whether a term is only a stem, and not itself a word of an entry."""
        if any(self.cluster.holders(name, term) for name in WHOLE):
            return False
        for name in STEMMED:
            longer = self.cluster.with_prefix(name, term[:-1], MOST_FORMS)
            forms = [ready.term(each) for each in longer if each != term and self.is_form(each, term)]
            others: Dsl = {
                "bool": {"filter": [{"term": {name: ready.term(term)}}], "must_not": [{"terms": {name: forms}}]}
            }
            if self.cluster.holders(name, term) and not (forms and not self.cluster.requests.count(others)):
                return False
        return True


class ClusterReader(Reader):
    """Find other readings of words that no entry contains."""

    def __init__(self, index: ClusterIndex, speller: ClusterSpeller) -> None:
        super().__init__(index, speller)
        self.cluster = index

    def name(self, written: str) -> Reading | None:
        """Return the known parts of a name."""
        parts = parts_of(written)[:MOST_PARTS]
        lengths = range(1, len(parts) + 1)
        runs = ("_".join(parts[start : start + n]) for n in lengths for start in range(len(parts) - n + 1))
        self.cluster.prefetch(runs)
        return super().name(written)

    def together(self, folded: str) -> Reading | None:
        """Split a joined word into two known words."""
        ends = range(SHORTEST_HALF, len(folded) - SHORTEST_HALF + 1)
        self.cluster.prefetch(half for end in ends for half in (folded[:end], folded[end:]))
        return super().together(folded)

    def have_both(self, first: str, second: str) -> bool:
        """Return whether any entry contains both terms."""
        each = [any_query([{"term": {name: ready.term(term)}} for name in SEARCHED]) for term in (first, second)]
        return self.cluster.requests.count({"bool": {"filter": each}}) > 0


class ClusterWords(Words):
    """Resolve single words, with a bounded cache."""

    def __init__(self, index: ClusterIndex) -> None:
        self.index = index
        self.languages = index.about.languages
        self.cluster = index
        self.scorer = ClusterScorer(index)
        self.synonyms = Synonyms(index.metadata)
        self.speller = ClusterSpeller(index)
        self.reader = ClusterReader(index, self.speller)
        self._resolved: LRU[Resolved] = LRU(MOST_RESOLVED, lambda resolved: sum(map(len, resolved.marks)))

    def everything(self) -> Scored:
        """Return all entries with score zero."""
        return scored_by(self.cluster.requests, ALL)

    def prefetch(self, tree: Node) -> None:
        """Count the entries of all terms of a tree and of their synonyms, with one request."""
        words = [leaf.text for leaf in leaves(tree) if isinstance(leaf, Word) and not leaf.prefix]
        texts = [getattr(leaf, "text", "") for leaf in leaves(tree) if not is_prefix(leaf)]
        found = {term for text in texts for term in terms_in(text, self.languages)}
        others = {other for term in found for other in self.synonyms.others.get(term, ())}
        names = {alias.name for term in found for alias in self.synonyms.aliases.get(term, ())}
        self.prefetch_phrases(
            {*others, *(word for word in words if not word.isalnum())}, (*found, *names, *as_one(words))
        )

    def prefetch_near(self, tree: Node) -> None:
        """Count the entries of all related phrases of a tree, with one request."""
        words = [node.text if isinstance(node, Word) else '"' for node in wanted(tree)]
        near = self.synonyms.nearby
        stretches = (words[at : at + n] for at in range(len(words)) for n in range(1, LONGEST_STRETCH + 1))
        self.prefetch_phrases([other for each in stretches for other in near(" ".join(each).split())], ())

    def prefetch_phrases(self, texts: Iterable[str], terms: Iterable[str]) -> None:
        """Count the entries of some phrases and terms, with one request."""
        phrases = [forms_by_place(text, self.languages) for text in dict.fromkeys(texts)]
        forms = [form for words in phrases for _, alternatives in words for form in alternatives]
        self.cluster.prefetch([*terms, *forms])
        self.cluster.requests.counts([adjacent(words) for words in phrases if words])

    def _prefix(self, prefix: str, *, explained: bool) -> Resolved:
        """Return the entries with any word that begins with a prefix."""
        requests, marks, cut = self.cluster.requests, set[str](), False
        ranges: list[tuple[str, Dsl]] = []
        for name in (*TEXT_FIELDS, *NAME_FIELDS):
            found = self.index.with_prefix(name, prefix, MOST_EXPANSIONS + 1)
            cut = cut or len(found) > MOST_EXPANSIONS
            found = found[:MOST_EXPANSIONS]
            marks.update(found)
            if found:
                ranges.append((name, {"range": {name: {"gte": ready.term(found[0]), "lte": ready.term(found[-1])}}}))
        parts = []
        for (name, query), number in zip(ranges, requests.counts([query for _, query in ranges]), strict=True):
            worth = FIELD_WEIGHTS[name] * PREFIX_WEIGHT * self.scorer.idf(number)
            scored = scored_by(requests, {"constant_score": {"filter": query, "boost": worth}})
            parts.append(Part(f"{prefix}*", name, "begins so", scored))
        notice = cut_off(prefix) if cut else ""
        found_all = scored_by(requests, any_query(described([part.scored for part in parts])))
        return Resolved(found_all, frozenset(marks), parts=tuple(parts) if explained else (), notice=notice)

    def phrase(self, text: str) -> Scored | None:
        """Return the entries in which the words of a phrase are adjacent, in any of their forms; or None."""
        words = forms_by_place(text, self.languages)
        self.cluster.prefetch(form for _, forms in words for form in forms)
        parts = [self._of_forms(forms) for _, forms in words]
        if not words or not all(isinstance(each, ClusterScored) for each in parts):
            return None
        stands = adjacent(words)
        if len(words) > 1 and not self.cluster.requests.count(stands):
            return None
        query: Dsl = {"bool": {"filter": [stands], "must": [query_of(each) for each in parts]}}
        return scored_by(self.cluster.requests, query, stands)


def adjacent(words: Sequence[tuple[int, Sequence[str]]]) -> Dsl:
    """Return the query for texts in which the words of a phrase, each in any of its forms, are adjacent."""
    matched = {"query": ready.phrase(words), "analyzer": "made"}
    return any_query([{"match_phrase": {name: matched}} for name in TEXT_FIELDS])


def as_one(words: Sequence[str]) -> Iterator[str]:
    """Yield adjacent words in joined form: sock map as sock_map and sockmap, LISA 2017 as lisa17."""
    for at in range(len(words)):
        for length in range(1, MOST_JOINED + 1):
            parts = [fold(part) for word in words[at : at + length] for part in word.split("-")]
            yield from ("_".join(parts), "".join(parts), "".join((*parts[:-1], parts[-1][2:])))


def is_prefix(leaf: Node) -> bool:
    return isinstance(leaf, Word) and leaf.prefix


def terms_in(text: str, languages: Sequence[str]) -> set[str]:
    """Return all terms that a text can be looked up as."""
    found = {form for token in tokens(text, languages) for form in (each.text for each in token)}
    return found | {fold(text)}
