"""The `backissue` command and the sections of its subcommands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import click
from click.shell_completion import add_completion_class

from indexer import __version__
from indexer.cli.arguments import remember
from indexer.cli.command import Context
from indexer.cli.folders import errors_as_sentences
from indexer.cli.quoting import Bash, check_completion
from indexer.cli.streams import prepare
from indexer.cli.terminal import forget_odd_sizes, say

VERSIONS = "versions"  # placeholder for the commands of the archive's version facets
# Each command is the function NAME_command in the module NAME of this package.
SECTIONS = {
    "Search and read": ("search", "show", "open", "export"),
    "Browse": ("issues", VERSIONS, "id", "series", "stats"),
    "Add issues": ("init", "add", "fetch", "remove", "index"),
    "Check issues": ("parse", "check", "retell", "outcomes"),
    "Serve": ("serve", "mcp"),
}
SERVE = ("serve", "the pages and the API on a local port")
OTHERS = 0o022  # write permission of the group and of others
INTERRUPTED = 130  # 128 + SIGINT, the exit status that shells report for programs ended by Ctrl-C
STATUS = "Exit status: 0 for success, 1 if nothing was found or an error occurred, 2 for wrong usage."


class Lazy(click.Group):
    """A group that imports the module of a command only when it is needed."""

    context_class = Context

    @property
    def places(self) -> dict[str, str]:
        """The functions of the commands as module:name, except for version facets."""
        names = [name for section in SECTIONS.values() for name in section if name != VERSIONS]
        return {name: f"indexer.cli.{name}:{name}_command" for name in names}

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Parse the command line up to the command. The help of the program is printed here."""
        with errors_as_sentences():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, or print its help."""
        with errors_as_sentences():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the sections."""
        return [name for names in self.sections(ctx).values() for name in names]

    def sections(self, ctx: click.Context) -> dict[str, list[str]]:
        """Return the names of the commands by section."""
        from indexer.cli.declared import declared

        found = {}
        for section, names in SECTIONS.items():
            of_facets = list(declared(ctx).versions) if VERSIONS in names else []
            found[section] = [each for name in names for each in (of_facets if name == VERSIONS else [name])]
        return found

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or create that of a version facet."""
        if cmd_name not in self.places:
            return of_facet(ctx, cmd_name)
        module, _, name = self.places[cmd_name].partition(":")
        found: click.Command | None = getattr(__import__(module, fromlist=[name]), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of a command line. An unknown one is an error that suggests the nearest."""
        name = args[0]
        if not ctx.resilient_parsing and self.get_command(ctx, name) is None:
            near = nearest(name, (*self.list_commands(ctx), "--help", "--version"))
            hint = f"Did you mean {' or '.join(near)}?" if near else "See `backissue --help` for the commands."
            ctx.fail(f"There is no command {name}. {hint}")
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments before the command. Options of a command are an error here."""
        remember(ctx, args)
        own = {name for param in self.get_params(ctx) for name in param.opts}
        if args and args[0].startswith("-") and args[0].partition("=")[0] not in own and not ctx.resilient_parsing:
            ctx.fail(f"There is no option {args[0]} before the command. Put the options of a command after its name.")
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, each with the first sentence of its help."""
        width = max(map(len, self.list_commands(ctx)))
        for section, names in self.sections(ctx).items():
            with formatter.section(section):
                commands = ((name, self.get_command(ctx, name)) for name in names)
                rows = [(name.ljust(width), each.get_short_help_str(80)) for name, each in commands if each]
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, those of the archive's profiles first, and the exit status."""
        from indexer.cli.declared import declared

        with formatter.section("Examples"):
            rows = (*declared(ctx).examples.start, SERVE)
            formatter.write_dl([(f"backissue {line}", text) for line, text in rows], col_max=formatter.width // 2)
        formatter.write_paragraph()
        formatter.write_text(STATUS)


def of_facet(ctx: click.Context, name: str) -> click.Command | None:
    """Return the command of a version facet; None if the archive has no facet of that name."""
    from indexer.cli.declared import declared

    facet = declared(ctx).versions.get(name)
    if facet is None:
        return None
    from indexer.cli.versions import versions_command

    return versions_command(facet)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return at most two known names that are similar to an unknown one."""
    import difflib  # needed only after a mistake

    names = {each.lstrip("-"): each for each in known}
    return [names[each] for each in difflib.get_close_matches(name, names, n=2)]


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="backissue")
def cli() -> None:
    """Search the back issues of a newsletter, entry by entry."""


add_completion_class(Bash)


def main() -> None:
    """Run the command line. Its output is always UTF-8, and others cannot write to the files that it creates."""
    os.umask(os.umask(0) | OTHERS)
    forget_odd_sizes()
    # numpy starts threads for linear algebra, which take a third of a short command's CPU time and are never used.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    prepare()
    try:
        with errors_as_sentences():
            check_completion()
            status = cli.main(prog_name="backissue", standalone_mode=False)
    except click.ClickException as error:
        with suppress(OSError):  # there is no other place for errors
            show(error)
        status = error.exit_code
    except click.Abort:
        status = INTERRUPTED
    sys.exit(status if isinstance(status, int) else 0)


def show(error: click.ClickException) -> None:
    """Print an error. One of usage is wrapped to the terminal's width, below the usage of the command."""
    if not isinstance(error, click.UsageError) or isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    if error.ctx:
        click.echo(error.ctx.get_usage(), err=True)
        say(f"Try `{error.ctx.command_path} --help` for help")
        click.echo(err=True)
    say(error.format_message(), "Error: ")
