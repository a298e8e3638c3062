"""Infer the language of a newsletter from its most frequent words, or from the declarations of its pages and feeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from indexer.inferring.findings import Finding, Sample, counted
from indexer.languages import ENGLISH, LANGUAGES, recognisable_languages, stop_words

WORD = re.compile(r"[^\W\d_]+")
FEWEST_WORDS = 40
MOST_WORDS = 3_000
SHARE = 0.15  # minimum share of stop words among all words of a text; prose has 0.3 to 0.5
CLEAR = 1.3  # how many times as many stop words the language must have as the next one


def language_of(samples: Sequence[Sample]) -> list[Finding]:
    """Return the finding on the language of most issues, or none if that is English or unknown."""
    spoken = list(filter(None, map(language_in, samples)))
    declared = Counter(language for sample in samples if (language := sample.document.language))
    if spoken:
        language, count = Counter(spoken).most_common(1)[0]
        words = "The most frequent words"
    elif declared:
        language, count = declared.most_common(1)[0]
        words = "The declared language"
    else:
        return []
    tags = [tag for tag, _ in declared.most_common() if tag.partition("-")[0] == language.partition("-")[0]]
    tag = tags[0] if tags else language
    if tag.partition("-")[0] == ENGLISH or 2 * count <= len(samples):
        return []
    named = LANGUAGES[language].name if language in LANGUAGES else language
    why = f"{words} of {counted(count, len(samples))} {'is' if words.endswith('language') else 'are'} {named}."
    return [Finding("language", tag, why, count / len(samples))]


def language_in(sample: Sample) -> str:
    """Return the language with the most stop words in an issue; "" if no language is clearly ahead."""
    words = [word for _, word in zip(range(MOST_WORDS), words_of(sample), strict=False)]
    if len(words) < FEWEST_WORDS:
        return ""
    held = Counter(words)
    scores = {language: sum(held[word] for word in stop_words(language)) for language in recognisable_languages()}
    (language, best), (_, second) = Counter(scores).most_common(2)
    return language if best >= SHARE * len(words) and best >= CLEAR * second else ""


def words_of(sample: Sample) -> Iterator[str]:
    """Yield the words of an issue without those of code, in lower case."""
    texts = (block.text for block in sample.document.blocks if block.kind != "code")
    return (match[0].lower() for text in texts for match in WORD.finditer(text))
