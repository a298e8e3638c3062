"""Findings about a newsletter: a table key, its value, and the evidence in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.model import Document

SURE, LIKELY = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Sample:
    """One sampled issue: its file name and document."""

    file: str
    document: Document


@dataclass(frozen=True, slots=True)
class Finding:
    """A table key with its value, the reason, and the share of the evidence that supports it (0 to 1)."""

    key: str
    value: Any
    why: str
    share: float = 1.0

    def sentence(self) -> str:
        """Return the finding in words, for the command line."""
        sure = "sure" if self.share >= SURE else "likely" if self.share >= LIKELY else "a guess"
        return f"{self.key} ({sure}): {self.why}"


def number_of(noun: str, count: int) -> str:
    """Return "1 issue", or "12 issues"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def counted(count: int, whole: int, what: str = "issues") -> str:
    """Return "all 12 issues", "11 of 12 issues", or "the only issue"."""
    if whole == 1:
        return f"the only {what.removesuffix('s')}"
    return f"all {whole:,} {what}" if count == whole else f"{count:,} of {whole:,} {what}"


def titles_of(samples: Sequence[Sample]) -> list[str]:
    """Return the titles of the issues, without empty ones."""
    return [sample.document.title for sample in samples if sample.document.title]
