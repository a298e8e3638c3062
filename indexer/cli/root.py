"""The `backissue` command: its subcommands in sections, the options that all share, and error handling."""

from __future__ import annotations

import errno
import functools
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.shell_completion import add_completion_class

from indexer import __version__
from indexer.cli.command import GENERAL, Context, option
from indexer.cli.quoting import Bash
from indexer.cli.terminal import say
from indexer.cli.values import Choice
from indexer.errors import BackissueError
from indexer.sources.archive import Archive
from indexer.sources.folders import default_archive, default_data

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED_PIPE = 141  # 128 + SIGPIPE, the exit status that shells report for programs ended by that signal
ARGUMENTS = "backissue.arguments"  # the whole command line, needed to find the archive before options are parsed
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
STATUS = "Exit status: 0 for success, 1 if nothing was found or an error occurred, 2 for wrong usage."
FOLDERS = (
    option(
        "--archive",
        "archive_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_ARCHIVE",
        group=GENERAL,
        help="The archive folder [default: the shipped one].",
    ),
    option(
        "--data",
        "data_folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="BACKISSUE_DATA",
        group=GENERAL,
        help="The folder for the index and originals [default: the user's data folder].",
    ),
    option(
        "--engine",
        type=Choice(("local", "opensearch")),
        envvar="BACKISSUE_ENGINE",
        group=GENERAL,
        help="The search engine: the data folder or a cluster [default: local, unless --engine-url is given].",
    ),
    option(
        "--engine-url",
        envvar="BACKISSUE_ENGINE_URL",
        group=GENERAL,
        metavar="URL[,URL...]",
        help="The URLs of the cluster's nodes.",
    ),
)


class Lazy(click.Group):
    """A group that imports the module of a command only when it is needed."""

    context_class = Context

    @property
    def places(self) -> dict[str, str]:
        """The functions of the commands as module:name, except for version facets."""
        names = [name for section in SECTIONS.values() for name in section if name != VERSIONS]
        return {name: f"indexer.cli.{name}:{name}_command" for name in names}

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
        ctx.meta[ARGUMENTS] = tuple(args)
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


class Ended(click.ClickException):
    """A `BackissueError` as the command line shows it."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the message to standard error."""
        say(self.message, "backissue: ")


def end_at_closed_pipe() -> None:
    """Exit silently after the reader has closed the pipe. Redirect further output to /dev/null."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(CLOSED_PIPE)


def folders(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of archive, data folder and engine to a command, and show its errors as messages."""

    @functools.wraps(command)
    def with_folders(
        archive_folder: Path | None, data_folder: Path | None, engine: str | None, engine_url: str | None, **given: Any
    ) -> Any:
        if engine == "opensearch" and not engine_url:
            raise click.UsageError(
                "--engine opensearch needs the nodes of the cluster. Name them with --engine-url URL[,URL...]."
            )
        with errors_as_sentences():
            done = command(Archive(archive_folder or default_archive(), data_folder or default_data()), **given)
            if sys.stdout:
                sys.stdout.flush()
            return done

    with_options: Callable[..., Any] = with_folders
    for add in reversed(FOLDERS):
        with_options = add(with_options)
    return with_options


@contextmanager
def errors_as_sentences() -> Iterator[None]:
    """Turn errors of backissue and of the file system into messages, and exit silently for a closed pipe."""
    try:
        yield
    except BackissueError as error:
        raise Ended(str(error)) from error
    except BrokenPipeError:
        end_at_closed_pipe()
    except OSError as error:
        if error.errno in FULL:
            raise Ended(
                f"{error.strerror}. The index was not changed. Free some space, or choose another folder with --data."
            ) from error
        if error.filename is None:
            raise
        raise Ended(f"{error.filename}: {error.strerror}. Choose another folder with --data.") from error


def main() -> None:
    """Run the command line. Its output is always UTF-8."""
    # numpy starts threads for linear algebra, which take a third of a short command's CPU time and are never used.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    cli(prog_name="backissue")
