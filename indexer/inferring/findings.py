"""What is inferred of a newsletter: a key of its table, the value, and the evidence in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.model import Document

SURE, LIKELY = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Sample:
    """One issue of the sample: the name of its file, and the document that it holds."""

    file: str
    document: Document


@dataclass(frozen=True, slots=True)
class Finding:
    """A key of the table with its value, why, and the share of the evidence that speaks for it (0 to 1)."""

    key: str
    value: Any
    why: str
    share: float = 1.0

    def sentence(self) -> str:
        """Return the finding in words, as the command line shows it."""
        sure = "sure" if self.share >= SURE else "likely" if self.share >= LIKELY else "a guess"
        return f"{self.key} ({sure}): {self.why}"


def counted(count: int, whole: int, what: str = "issues") -> str:
    """Return "all 12 issues", or "11 of 12 issues"."""
    if whole == 1:
        return "the one issue"
    return f"all {whole:,} {what}" if count == whole else f"{count:,} of {whole:,} {what}"


def titles_of(samples: Sequence[Sample]) -> list[str]:
    """Return the titles of the issues that have one."""
    return [sample.document.title for sample in samples if sample.document.title]
