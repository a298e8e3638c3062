"""Find the topics of an entry, from the words and kinds that its profile lists for each topic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from indexer.model import Entry
from indexer.profile.topics import Topic

NOTHING_FITS = "other"
# Not a word. A pattern of the table could take quadratic time on such a run.
TOO_LONG = re.compile(r"\w{200,}")


def topics_of(
    title: str, text: str, tree: str | None, kinds: Iterable[str], topics: Sequence[Topic], parent: Entry | None
) -> tuple[str, ...]:
    """Return the ids of an entry's topics, in the order of the table; `other` if there are none.

    `text` includes the title; `kinds` are those of the identifiers in the entry. A patch without a subject topic,
    such as a test, inherits the topics of its cover letter, `parent`.
    """
    if not topics:
        return ()
    named = set(kinds)
    title, text = folded(title), folded(text)
    found = {
        topic.id
        for topic in topics
        if (tree in topic.trees or named.intersection(topic.kinds) or claims(topic, title, text))
        and not (topic.unless and topic.unless.search(text))
    }
    aspects = {topic.id for topic in topics if topic.aspect}
    if parent is not None and found <= aspects:
        found |= set(parent.topics) - aspects - {NOTHING_FITS}
    return tuple(topic.id for topic in topics if topic.id in found) or (NOTHING_FITS,)


def claims(topic: Topic, title: str, text: str) -> bool:
    return bool((topic.words and topic.words.search(text)) or (topic.title and topic.title.search(title)))


def folded(text: str) -> str:
    return TOO_LONG.sub(" ", unicodedata.normalize("NFKC", text).casefold())
