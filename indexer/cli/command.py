"""A command whose options are told apart from words strictly, and whose help is in groups, with examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import click

GENERAL = "General options"
FIELDS = "{fields}"
NUMBER = re.compile(r"^-[a-zA-Z]\d+$")
EXCLUDING = "To exclude a word, use NOT, or write the query in quotes: 'sockmap -fix'."


class Option(click.Option):
    """An option that stands under a heading of its command's help."""

    def __init__(self, *args: Any, group: str = "Options", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group


option = partial(click.option, cls=Option)


class Command(click.Command):
    """A command that takes an unknown argument with a hyphen for a mistake.

    `examples` are command lines without the name of the program, each with what it does. `queries` says that the
    words of the command are a query, in which a hyphen excludes a word.
    """

    def __init__(
        self, *args: Any, examples: Sequence[tuple[str, str]] = (), queries: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.queries = queries

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; an unknown option is a wrong use that is told with the nearest ones."""
        known = {name: param for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts)}
        for given in options_in(args, known):
            if not is_known(given, known):
                raise click.UsageError(self.unknown(given, known), ctx)
        return super().parse_args(ctx, args)

    def unknown(self, given: str, known: dict[str, click.Parameter]) -> str:
        """Return the sentences on an option that the command does not have."""
        name = given.partition("=")[0]
        near = [each for each in known if each.startswith("--") and is_near(name, each)]
        hint = f"Did you mean {' or '.join(sorted(near)[:3])}?" if near else "--help lists the options."
        parts = (f"There is no option {name}.", hint, self.queries and EXCLUDING)
        return " ".join(part for part in parts if part)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings, the general ones last."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record:
                groups.setdefault(getattr(param, "group", GENERAL), []).append(record)
        for name in sorted(groups, key=lambda name: (name == GENERAL, name != "Options")):
            with formatter.section(name):
                formatter.write_dl(groups[name])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples: the command's own, and those that the archive's profiles have for it."""
        if examples := self.examples_for(ctx):
            with formatter.section("Examples"):
                formatter.write_dl([(f"backissue {line}", text) for line, text in examples], col_max=48)

    def examples_for(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Return the examples of the command: those of the archive's profiles, then its own."""
        from indexer.cli.declared import declared

        of_profiles = declared(ctx).examples.commands if self.queries else ()
        return [each for each in (*of_profiles, *self.examples) if each[0].partition(" ")[0] == ctx.info_name]

    def help_for(self, ctx: click.Context) -> str:
        """Return what the command does, with examples of fields that the archive has in place of {fields}."""
        from indexer.cli.declared import declared

        text = self.help or ""
        return text.replace(FIELDS, declared(ctx).examples.fields) if FIELDS in text else text

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        before, self.help = self.help, self.help_for(ctx)
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = before


def command(name: str, cls: type[Command] = Command, **given: Any) -> Callable[[Callable[..., Any]], Command]:
    """Return a decorator that makes a function a command of ours."""
    return click.command(name, cls=cls, **given)


def options_in(args: Sequence[str], known: dict[str, click.Parameter]) -> Iterator[str]:
    """Yield the arguments that stand where an option may: before `--`, and not as the value of another option."""
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
    """Return whether an argument is an option: by its whole name, -n5, or several flags of one letter as -jl.

    A value that is attached to a letter in any other way is refused: -topic would be an option -t of "opic".
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
    """Return whether an option may be meant by another text: the same first letter, or nearly the same letters."""
    if len(given) == 2:
        return option[2] == given[1].lower()
    import difflib  # for mistakes alone

    return bool(difflib.get_close_matches(given.lstrip("-"), [option.lstrip("-")], cutoff=0.6))
