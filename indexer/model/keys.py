"""The keys of issues: a newsletter and a label that is unique in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

Label = int | str  # an int if the label is a plain number, so that JSON has a number, too
LABEL = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
LONGEST_LABEL = 32
LEADING_ZEROS = re.compile(r"0*(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True)
class IssueKey:
    """The key of an issue: its newsletter and its unique label in it (13, 339.5, 2018q3, 2019/01, 2024-05-20)."""

    newsletter: str
    label: Label

    def __str__(self) -> str:
        return f"{self.newsletter}/{self.label}"

    @classmethod
    def parse(cls, text: str) -> IssueKey:
        """Parse a key in the form that `str` returns. Raises `ValueError` for anything else."""
        newsletter, slash, label = text.partition("/")
        if not newsletter or not slash:
            raise ValueError(f"{text!r} is not NEWSLETTER/ISSUE")
        return cls(newsletter, label_of(label))


def label_of(text: str) -> Label:
    """Parse a label: lower case, a plain number as an int. Raises `ValueError` if the text has none."""
    text = text.strip().removeprefix("#").casefold()
    if number := LEADING_ZEROS.fullmatch(text):
        return int(number["number"])
    if len(text) > LONGEST_LABEL or not LABEL.fullmatch(text) or not re.search(r"\d", text):
        raise ValueError(
            f"{text[:LONGEST_LABEL]!r} cannot label an issue. "
            "Use a number, or letters and digits with single dots, hyphens or slashes between them."
        )
    return text


def label_order(label: Label) -> tuple[tuple[int, int | str], ...]:
    """Return the sort key of a label: numbers compare as numbers, so 9 is before 10 and 339.5 after 339."""
    parts = re.findall(r"\d+|[a-z]+", str(label))
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts)
