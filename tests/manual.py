"""Generate the manual page and the command reference from the help of the commands: `make man`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from indexer import __version__
from indexer.cli import cli
from indexer.cli.arguments import remember
from indexer.cli.command import Command
from indexer.cli.root import SECTIONS, Lazy
from indexer.cli.root import STATUS as STATUS_SENTENCE
from tests.conftest import ROOT, SHIPPED
from tests.docs.parts import COMMANDS, into_page

PAGE = ROOT / "docs" / "backissue.1"
SHARED = ("--archive", "--data", "--help")
ROOT_CONTEXT = click.Context(cli, info_name="backissue", **cli.context_settings)
# Use the help of the shipped archive, independent of the user's index.
remember(ROOT_CONTEXT, ("--archive", str(SHIPPED), "--data", str(ROOT / "no-data")))
STATUS = "Exit status: "
NAMES = re.compile(r"^(?P<names>--?[\w-]+(?:, --?[\w-]+)*) ?(?P<value>.*)$")
MARKUP = re.compile(r"[|*_<>\[\]]")
SPECIAL = re.compile(r"[\\.'-]|[^\x00-\x7f]")
SIGNS = {"\\": r"\e", "-": r"\-", "'": r"\(aq", ".": r"\&."}


def manual() -> str:
    """Return the page in man's format."""
    commands = {name: cli.get_command(ROOT_CONTEXT, name) for name in sorted(cli.list_commands(ROOT_CONTEXT))}
    known = {name: command for name, command in commands.items() if command}
    return "\n".join(
        [*head(), *common(known), *(line for pair in known.items() for line in section(*pair)), *tail(known)]
    )


def head() -> Iterator[str]:
    about = [text for text in paragraphs(cli.help) if not text.startswith(STATUS)]
    yield f'.TH BACKISSUE 1 "" "backissue {__version__}"'
    yield from (".SH NAME", rf"backissue \- {escaped(first_lower(about[0].partition(',')[0].rstrip('.')))}")
    yield from (".SH SYNOPSIS", r".B backissue", r"\fICOMMAND\fR [\fIOPTION\fR]... [\fIARGUMENT\fR]...")
    yield ".SH DESCRIPTION"
    yield from spaced(about)


def common(commands: dict[str, click.Command]) -> Iterator[str]:
    """Yield the options of all commands."""
    yield ".SH OPTIONS"
    yield "Every command takes these:"
    for option in shared(commands):
        yield from described(option, ROOT_CONTEXT)
    yield from (".PP", "Without a command:")
    for option in options(cli, ROOT_CONTEXT):
        if option.name == "version":
            yield from described(option, ROOT_CONTEXT)
    yield ".SH COMMANDS"


def section(name: str, command: click.Command) -> Iterator[str]:
    """Yield the description of a command and its own options."""
    context = click.Context(command, parent=ROOT_CONTEXT, info_name=name)
    arguments = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield f".SS backissue {escaped(' '.join([name, *arguments]))}"
    yield from spaced(paragraphs(help_of(command, context)))
    for option in options(command, context):
        if option.opts[-1] not in SHARED:
            yield from described(option, context)
    for line, text in examples_of(command, context):
        yield from (".TP", rf"\fBbackissue {escaped(line)}\fR", escaped(f"{text[0].upper()}{text[1:]}."))


def tail(commands: dict[str, click.Command]) -> Iterator[str]:
    settings = {
        str(option.envvar): option.opts[-1]
        for command in commands.values()
        for option in command.params
        if option.envvar
    }
    yield ".SH ENVIRONMENT"
    for name, option in sorted(settings.items()):
        yield from (".TP", f".B {name}", escaped(f"The value of {option}, where that is not given."))
    yield from (".TP", ".B NO_COLOR", "If set, nothing is coloured.")
    yield ".SH EXIT STATUS"
    for part in re.split(r", (?=\d )", STATUS_SENTENCE.removeprefix(STATUS).rstrip(".")):
        number, _, meaning = part.partition(" ")
        yield from (".TP", f".B {number}", escaped(f"{meaning[0].upper()}{meaning[1:]}."))
    yield ""


def reference() -> str:
    """Return the command reference for the manual: by section, with help, options and examples."""
    sections = root().sections(ROOT_CONTEXT).items()
    known = ((section, cli.get_command(ROOT_CONTEXT, name)) for section, names in sections for name in names)
    return "\n".join(["", *(line for section, command in known if command for line in referred(section, command))])


def root() -> Lazy:
    """Return the group of all commands."""
    assert isinstance(cli, Lazy)
    return cli


def help_of(command: click.Command, context: click.Context) -> str | None:
    return command.help_for(context) if isinstance(command, Command) else command.help


def examples_of(command: click.Command, context: click.Context) -> list[tuple[str, str]]:
    return command.examples_for(context) if isinstance(command, Command) else []


def referred(section: str, command: click.Command) -> Iterator[str]:
    """Yield a command as Markdown."""
    name = str(command.name)
    context = click.Context(command, parent=ROOT_CONTEXT, info_name=name)
    if name == SECTIONS[section][0]:
        yield from (f"### {section}", "")
    arguments = [piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    yield from (f"#### backissue {name}", "", f"`{' '.join(['backissue', name, *arguments])}`", "")
    for text in paragraphs(help_of(command, context)):
        yield from (plain(text), "")
    records = [option.get_help_record(context) for option in options(command, context) if option.opts[-1] not in SHARED]
    if any(records):
        yield from ("| option | does |", "|---|---|")
    for record in filter(None, records):
        found = NAMES.match(record[0])
        assert found, record
        names = ", ".join(f"`{each}`" for each in found["names"].split(", "))
        value = f" {plain(found['value'])}" if found["value"] else ""
        yield f"| {names}{value} | {plain(' '.join(record[1].split()))} |"
    yield ""
    examples = examples_of(command, context)
    if examples:
        yield "```"
        yield from (f"backissue {line}  # {text}" for line, text in examples)
        yield from ("```", "")


def plain(text: str) -> str:
    """Escape a text for Markdown, except code in backquotes."""
    parts = text.split("`")
    return "`".join(part if number % 2 else MARKUP.sub(r"\\\g<0>", part) for number, part in enumerate(parts))


def shared(commands: dict[str, click.Command]) -> list[click.Option]:
    """Return the options of all commands, taken from the first."""
    command = next(iter(commands.values()))
    return [o for o in options(command, click.Context(command, parent=ROOT_CONTEXT)) if o.opts[-1] in SHARED]


def options(command: click.Command, context: click.Context) -> list[click.Option]:
    return [option for option in command.get_params(context) if isinstance(option, click.Option)]


def described(option: click.Option, context: click.Context) -> Iterator[str]:
    """Yield an option as in the help."""
    record = option.get_help_record(context)
    if record:
        found = NAMES.match(record[0])
        assert found, record
        value = rf" \fI{escaped(found['value'])}\fR" if found["value"] else ""
        yield from (".TP", rf"\fB{escaped(found['names'])}\fR{value}", escaped(" ".join(record[1].split())))


def paragraphs(text: str | None) -> list[str]:
    return [" ".join(part.split()) for part in inspect.cleandoc(text or "").split("\n\n")]


def spaced(texts: list[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield from ([".PP"] if number else [])
        yield escaped(text)


def escaped(text: str) -> str:
    """Escape a text for man. Hyphens stay hyphens, so that they can be copied."""
    return SPECIAL.sub(lambda match: SIGNS.get(match[0]) or rf"\[u{ord(match[0]):04X}]", text)


def first_lower(text: str) -> str:
    return text[:1].lower() + text[1:]


if __name__ == "__main__":
    PAGE.write_text(manual(), encoding="ascii")
    into_page(COMMANDS, "commands", reference())
    print(f"written: {PAGE.relative_to(ROOT)}, {COMMANDS.relative_to(ROOT)}")
