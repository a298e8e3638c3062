"""The options that say what a source does not say of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from indexer.cli.command import option
from indexer.cli.completion import newsletters
from indexer.model import Label, label_of


class LabelType(click.ParamType):  # type: ignore[type-arg]
    """The label of an issue as an option's value."""

    name = "label"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Label:
        """Return the label; fails with a sentence for what cannot label an issue."""
        try:
            return label_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


LABEL = LabelType()


def told(command: Any) -> Any:
    """Give a command the options that say what a source does not say of itself."""
    command = option(
        "--date",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help="The day of the issue, where the source has none.",
    )(command)
    command = option(
        "--issue",
        "label",
        type=LABEL,
        metavar="LABEL",
        help="The number or other label of the issue, where the source has none.",
    )(command)
    text = "The newsletter, where the source does not name it."
    return option("--newsletter", metavar="NAME", shell_complete=newsletters, help=text)(command)


def name_of(path: Path) -> str:
    return path.name


def utc(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date else None
