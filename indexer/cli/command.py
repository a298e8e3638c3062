"""A click command with strict options, hints for mistyped ones, and help in groups with examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import click

GENERAL = "General options"
NO_BREAK = "\u2011"  # a non-breaking hyphen
FIELDS = "{fields}"
NUMBER = re.compile(r"^-[a-zA-Z]\d+$")
EXCLUDING = "To exclude a word, use NOT, or put the query in quotes, such as 'word {}'."


class Formatter(click.HelpFormatter):
    """A help formatter that does not break lines at hyphens, so that ids and options stay whole."""

    def write(self, string: str) -> None:
        """Write a formatted string, with ordinary hyphens."""
        super().write(string.replace(NO_BREAK, "-"))

    def write_text(self, text: str) -> None:
        """Write a paragraph."""
        super().write_text(text.replace("-", NO_BREAK))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of terms and descriptions. On a narrow terminal, the descriptions get half of the width."""
        col_max = min(col_max, self.width // 2 - 2)
        super().write_dl([(term, text.replace("-", NO_BREAK)) for term, text in rows], col_max, col_spacing)


class Context(click.Context):
    """A context whose help is written by `Formatter`."""

    formatter_class = Formatter


class Option(click.Option):
    """An option with the heading that it is listed under in the help."""

    def __init__(self, *args: Any, group: str = "Options", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


option = partial(click.option, cls=Option)


class Command(click.Command):
    """A command that refuses unknown arguments with a hyphen.

    `examples` are command lines without the program's name, each with a description. `queries` is true if the
    arguments are a query, in which a hyphen excludes a word.
    """

    context_class = Context

    def __init__(
        self, *args: Any, examples: Sequence[tuple[str, str]] = (), queries: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.queries = queries

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises `click.UsageError` with the most similar options if one is unknown."""
        known = {name: param for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        for given in options_in(args, known):
            if not is_known(given, known):
                raise click.UsageError(self.unknown(given, known), ctx)
        try:
            return super().parse_args(ctx, args)
        except click.BadOptionUsage as error:  # raised without a context, and so without the hint to --help
            raise click.UsageError(error.message, ctx) from error

    def unknown(self, given: str, known: dict[str, click.Parameter]) -> str:
        """Return the error message for an unknown option."""
        name = given.partition("=")[0]
        near = [each for each in known if each.startswith("--") and is_near(name, each)]
        hint = f"Did you mean {' or '.join(sorted(near)[:3])}?" if near else "See --help for the options."
        may_exclude = self.queries and not name.startswith("--")
        return f"There is no option {name}. {hint} {EXCLUDING.format(name) if may_exclude else ''}".strip()

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings, with the general options last."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record:
                groups.setdefault(getattr(param, "group", GENERAL), []).append(record)
        for name in sorted(groups, key=lambda name: (name == GENERAL, name != "Options")):
            with formatter.section(name):
                formatter.write_dl(groups[name])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples of the command."""
        if examples := self.examples_for(ctx):
            with formatter.section("Examples"):
                formatter.write_dl(
                    [(f"backissue {line}", text) for line, text in examples], col_max=formatter.width // 2
                )

    def examples_for(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return the examples for the command: first those of the archive's profiles, then its own."""
        from indexer.cli.declared import declared

        of_profiles = declared(ctx).examples.commands if self.queries else ()
        return [each for each in (*of_profiles, *self.examples) if each[0].partition(" ")[0] == ctx.info_name]

    def help_for(self, ctx: click.Context) -> str:
        """Return the help text, with {fields} replaced by fields that the archive has."""
        from indexer.cli.declared import declared

        text = self.help or ""
        return text.replace(FIELDS, declared(ctx).examples.fields) if FIELDS in text else text

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help text."""
        before, self.help = self.help, self.help_for(ctx)
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = before


def command(name: str, cls: type[Command] = Command, **given: Any) -> Callable[[Callable[..., Any]], Command]:
    """Return a decorator that turns a function into a `Command`."""
    return click.command(name, cls=cls, **given)


def options_in(args: Sequence[str], known: dict[str, click.Parameter]) -> Iterator[str]:
    """Yield the arguments that look like options: before `--`, and not the value of another option."""
    left = iter(args)
    for given in left:
        if given == "--":
            return
        if given.startswith("-") and given != "-":
            yield given
            param = known.get(given)
            if isinstance(param, click.Option) and not param.is_flag and not param.count:
                next(left, None)


def is_known(given: str, known: dict[str, click.Parameter]) -> bool:
    """Return whether an argument is a known option: a full name, -n5, or several one-letter flags such as -jl.

    Other values attached to a letter are refused: -topic would be the option -t with the value "opic".
    """
    if given.startswith("--"):
        return given.partition("=")[0] in known
    if given in known:
        return True
    if NUMBER.match(given):
        return given[:2] in known
    flags = [known.get(f"-{letter}") for letter in given[1:]]
    return all(isinstance(flag, click.Option) and flag.is_flag for flag in flags)


def is_near(given: str, option: str) -> bool:
    """Return whether an unknown option may be a misspelling of a known one."""
    if len(given) == 2:
        return option[2] == given[1].lower()
    import difflib  # needed only after a mistake

    return bool(difflib.get_close_matches(given.lstrip("-"), [option.lstrip("-")], cutoff=0.6))
