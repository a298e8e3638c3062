"""The settings and mappings of a generation's indices, and their documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from indexer.engines.opensearch import ready
from indexer.kernel.subjects import FIX_TREES
from indexer.model import Entry, pairs_of
from indexer.query.versions import version_key
from indexer.search.scoring import FIELD_B, K1, MENDING_WEIGHT, NESTED_WEIGHT, OTHER_KIND, B
from indexer.storage.fixes import FIX
from indexer.storage.index import UNDATED
from indexer.storage.schema import ANALYSED, NAME_FIELDS, RECORD, SEARCHED, Document, fields_of

LAYOUT = 5  # increase it when the contents of a generation change
MOST_WINDOW = 100_000  # maximum number of hits that pages can reach
MOST_TOKEN = 1_048_576  # the tokenizer's limit on characters between two blanks
EPOCH = date(1970, 1, 1)
RATIO = "double n = field.docCount; double mean = Math.max(1e-9, (field.sumTotalTermFreq - n) / n);"


class Weighted(Protocol):
    """A kind of entry with its weights."""

    @property
    def weight(self) -> float:
        """The factor of an entry's score."""

    @property
    def change(self) -> float:
        """The factor for searches for what is new."""


class Position(NamedTuple):
    """The position of an entry: the date of its issue, the rank of the issue, the entry's position in the issue."""

    day: int
    place: float
    n: int


def similarity(field: str) -> str:
    """Return the name of a field's similarity: the weight of its length, in hundredths."""
    return f"b{round(100 * FIELD_B.get(field, B))}"


def bm25(b: float) -> dict[str, Any]:
    """Return BM25 as in `indexer.search.scoring`, without idf, which each query adds as a boost.

    The script is constant and contains no user input. Each field contains one additional term.
    """
    length = f"{1 - b} + {b} * (doc.length - 1) / mean" if b else "1"
    script = f"{RATIO if b else ''} return query.boost * doc.freq * {K1 + 1} / (doc.freq + {K1} * ({length}));"
    return {"type": "scripted", "discount_overlaps": False, "script": {"source": script}}


def newest_of(facet: str) -> str:
    """Return the field with the newest version of a facet as a sortable number."""
    return f"{facet}/newest"


def made_terms() -> dict[str, Any]:
    """Return the analyzer of fields with ready-made terms: a blank ends a position, which may have several terms."""
    return {
        "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": MOST_TOKEN}},
        "filter": {
            "beside": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": [f"([^{ready.BESIDE}]+)"],
            },
            "gaps": {"type": "stop", "stopwords": [ready.GAP]},
        },
        "analyzer": {"made": {"type": "custom", "tokenizer": "blanks", "filter": ["beside", "gaps"]}},
    }


def entries_index(shards: int, replicas: str, facets: Sequence[str]) -> dict[str, Any]:
    """Return the settings and mappings of the index of entries. `replicas` is a number or a range such as 0-1.

    `facets` are the ids of the version facets.
    """
    copies = {"auto_expand_replicas": replicas} if "-" in replicas else {"number_of_replicas": int(replicas)}
    numbers = {"day": "integer", **{newest_of(facet): "integer" for facet in facets}, "place": "double", "n": "integer"}
    return {
        "settings": {
            "number_of_shards": shards,
            **copies,
            "refresh_interval": "-1",
            "max_result_window": MOST_WINDOW,
            "similarity": {f"b{round(100 * b)}": bm25(b) for b in {B, *FIELD_B.values()}},
            "analysis": made_terms(),
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"backissue": LAYOUT},
            "_source": {"includes": ["record"]},  # hits and moved shards need nothing else
            "properties": {
                **{name: text_field(name) for name in SEARCHED},
                **{name: {"type": "keyword"} for name in (*fields_of(facets), "group") if name not in SEARCHED},
                **{name: {"type": kind} for name, kind in numbers.items()},
                **{name: {"type": "float"} for name in ("prior", "change")},
                "several": {"type": "boolean"},
                "record": {"type": "object", "enabled": False},
            },
        },
    }


def text_field(name: str) -> dict[str, Any]:
    options = "positions" if name in ANALYSED else "freqs"
    made = {"type": "text", "analyzer": "made", "similarity": similarity(name), "index_options": options}
    return made if FIELD_B.get(name, B) else made | {"norms": False}


def words_index(replicas: str) -> dict[str, Any]:
    """Return the settings and mappings of the index of terms, for corrections and completions.

    It also contains the generation's metadata.
    """
    copies = {"auto_expand_replicas": replicas} if "-" in replicas else {"number_of_replicas": int(replicas)}
    return {
        "settings": {"number_of_shards": 1, **copies, "refresh_interval": "-1", "max_result_window": MOST_WINDOW},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"backissue": LAYOUT},
            "properties": {
                "term": {"type": "keyword"},
                "fields": {"type": "keyword"},
                "held": {"type": "object", "enabled": False},
                "about": {"type": "object", "enabled": False},
            },
        },
    }


def document(
    entry: Entry, made: Document, record: dict[str, Any], issue: Position, kinds: Mapping[str, Weighted]
) -> dict[str, Any]:
    """Return the cluster's document of an entry, from its terms, its record and its position."""
    texts = {name: ready.text_of(made[name]) for name in ANALYSED}
    names = {name: ready.names_of(name, made[name]) for name in NAME_FIELDS}
    values = {
        name: [ready.value(each) for each in made[name]] for name in made if name not in SEARCHED and name != RECORD
    }
    by_date = sum(version.endswith("/issue") for version in values.get(pairs_of(entry.facet), ()))
    return {
        **texts,
        **names,
        **values,
        "group": f"series {values['series'][0]}" if values["series"] else f"entry {values['id'][0]}",
        "day": issue.day,
        **({newest_of(entry.facet): newest([each.version for each in entry.versions])} if entry.facet else {}),
        "place": issue.place,
        "n": issue.n,
        "prior": prior(entry, texts["title"], kinds.get(entry.kind, OTHER_KIND).weight),
        "change": kinds.get(entry.kind, OTHER_KIND).change,
        "several": by_date > 1,
        "record": record,
    }


def prior(entry: Entry, title: str, weight: float) -> float:
    """Return the constant factor of an entry's score, given the weight of its kind."""
    fixing = FIX in title.replace(ready.BESIDE, " ").split(" ") or entry.tree in FIX_TREES
    mending = MENDING_WEIGHT if entry.kind == "patch" and fixing else 1.0
    return weight * (NESTED_WEIGHT if entry.parent else 1.0) * mending


def newest(versions: list[str]) -> int:
    """Return the newest of some versions as a sortable number."""
    return max(
        (major * 1000 + minor for major, minor, *_ in ((*version_key(each), 0, 0) for each in versions)), default=0
    )


def day(iso: str) -> int:
    """Return the date of an issue in days since 1970; 0 if it is undated."""
    return (date.fromisoformat(iso[:10] or UNDATED) - EPOCH).days
