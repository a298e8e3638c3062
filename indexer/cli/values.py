"""The types of options whose values are numbers, names or dates, with messages that say what to write."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click


class Number(click.ParamType):  # type: ignore[type-arg]
    """A number of at least `least`, and of at most `most` if that is given.

    Without `most`, larger numbers than the size of any list mean this size.
    """

    name = "number"

    def __init__(self, least: int, most: int | None = None, kind: type[int] | type[float] = int) -> None:
        self.least, self.most, self.kind = least, most, kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | float:
        """Return the number. Fails with a message if it is none, or out of range."""
        try:
            number = self.kind(value)
        except ValueError:
            number = self.least - 1
        if not self.least <= number <= (number if self.most is None else self.most):  # "nan" is a float
            what = "whole number" if self.kind is int else "number"
            within = f"from {self.least} to {self.most:,}" if self.most is not None else f"of {self.least} or more"
            self.fail(f"{value} is not a {what} {within}.", param, ctx)
        return min(number, sys.maxsize)


class Choice(click.Choice[str]):
    """One of several names."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return the message for an unknown name."""
        return f"{value} is unknown. Use one of: {', '.join(self.choices)}."


class Day(click.DateTime):
    """A date such as 2018-01-14."""

    def __init__(self, formats: Sequence[str] = ("%Y-%m-%d",)) -> None:
        super().__init__(formats)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the date. Fails with a message if it is not valid."""
        from indexer.formats.dates import plausible

        try:
            day = plausible(super().convert(value, param, ctx))
        except click.BadParameter:
            day = None
        return day or self.fail(f"{value} is not a date such as 2018-01-14.", param, ctx)
