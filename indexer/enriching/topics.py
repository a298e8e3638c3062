"""Which topics an entry is of, by the words and identifiers that archive/topics.toml gives each."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from indexer.archive.newsletters import Topic

NOTHING_FITS = "other"


def topics_of(text: str, topics: Sequence[Topic]) -> tuple[str, ...]:
    """Return the ids of the topics whose words `text` uses, in the order of the table; `other` where none does."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = tuple(
        topic.id
        for topic in topics
        if topic.pattern and topic.pattern.search(folded) and not (topic.unless and topic.unless.search(folded))
    )
    return found or (NOTHING_FITS,)
