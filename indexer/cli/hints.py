"""The options for facts that a source does not give itself: newsletter, label and date."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from indexer.cli.command import option
from indexer.cli.completion import newsletters
from indexer.cli.values import Day
from indexer.model import Label, label_of


class LabelType(click.ParamType):  # type: ignore[type-arg]
    """The type of an option whose value is the label of an issue."""

    name = "label"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Label:
        """Return the label. Fails with a message if the value is not valid."""
        try:
            return label_of(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


LABEL = LabelType()


def hint_options(command: Any) -> Any:
    """Add --newsletter, --issue and --date to a command."""
    command = option(
        "--date",
        type=Day(),
        metavar="YYYY-MM-DD",
        help="The date of the issue, if the source has none.",
    )(command)
    command = option(
        "--issue",
        "label",
        type=LABEL,
        metavar="LABEL",
        help="The number or other label of the issue, if the source has none.",
    )(command)
    text = "The newsletter, if the source does not name it."
    return option("--newsletter", metavar="NAME", shell_complete=newsletters, help=text)(command)


def utc(date: datetime | None) -> datetime | None:
    return date.replace(tzinfo=UTC) if date else None
