"""Kill index, add and fetch at random moments: the index answers as before or after, and the next run succeeds."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL

from indexer.sources.archive import Archive
from tests.faults.origin import origin
from tests.faults.stage import (
    LONGEST,
    NUMBERS,
    ROOT,
    answers,
    command_line,
    files,
    must,
    original_text,
    put_retold,
    run,
    strays,
    surroundings,
    three_issues,
)

COMMANDS = ("index", "add", "fetch")
MOST_STEPS = 120  # more than any command has; if a step is not reached, the next guess is lower
FIRST_GUESS = 2.0  # seconds


@dataclass
class Killed:
    """The number of kills of each command, the state found, and the steps and seconds of a full run."""

    times: Counter[str] = field(default_factory=Counter)
    old: int = 0
    new: int = 0
    steps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMMANDS, MOST_STEPS))
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COMMANDS, FIRST_GUESS))

    def __str__(self) -> str:
        each = ", ".join(f"{name} {self.times[name]}" for name in COMMANDS)
        return (
            f"Killed commands at {self.times.total()} moments ({each}): afterwards, the index gave the old answers "
            f"{self.old} times and the new ones {self.new} times, and no others. The next run always succeeded and "
            "left no files behind"
        )


def kill(folder: Path, moments: int, seed: int) -> Killed:
    """Kill commands until enough were still running; half by time, half at a writing step."""
    chance, found, archive = random.Random(seed), Killed(), three_issues(folder)  # noqa: S311
    with origin(archive) as texts:
        for number in NUMBERS:
            texts[number] = original_text(number, "first")
        must(run(archive, "index").status == 0, "the first index could not be built")
        turn = 0
        while found.times.total() < moments:
            turn += 1
            name = COMMANDS[turn % len(COMMANDS)]
            args = prepared(archive, name, f"word{turn}", texts.__setitem__, chance)
            one_moment(archive, found, name, args, chance)
    return found


def prepared(
    archive: Archive, name: str, word: str, serve: Callable[[int, str], None], chance: random.Random
) -> list[object]:
    """Prepare a change for a command, and return its arguments."""
    number = chance.choice(NUMBERS)
    if name == "index":
        for original in archive.originals.glob(f"*/{number:02d}.*"):
            original.unlink()
        put_retold(archive, number, word)
        return [name]
    if name == "fetch":
        for each in NUMBERS:
            serve(each, original_text(each, word))
        return [name, "bpf-updates", "--allow-private", "--pause", "0"]
    path = archive.folder.parent / chance.choice(("one.md", "one.txt", "one.markdown"))
    text, told = original_text(number, word), []
    if path.suffix == ".txt":  # options give the facts that a copied text lacks
        text, told = (
            text.partition("\n---\n")[2],
            ["--newsletter", "bpf-updates", "--issue", number, "--date", "2017-05-02"],
        )
    path.write_text(text, encoding="utf-8")
    return [name, path, "--replace", *told]


def one_moment(archive: Archive, found: Killed, name: str, args: list[object], chance: random.Random) -> None:
    """Run a command, kill it, check the state, run it again, and check the result."""
    before, originals, issues = answers(archive), files(archive.originals), files(archive.folder)
    hit = (
        killed_at_a_step(archive, found, name, args, chance)
        if chance.random() < 0.5
        else killed_by_the_clock(archive, found, name, args, chance)
    )
    between, kept = answers(archive), files(archive.originals)
    ended = run(archive, *args)
    must(ended.status == 0, f"after a kill, {args} ended with {ended}")
    after, at_last = answers(archive), files(archive.originals)
    must(between in (before, after), f"after a kill of {args}, the index answered neither as before nor as after")
    must(files(archive.folder) == issues, f"{args} changed the archive")
    for path, held in kept.items():
        if not Path(path).parts[1].startswith("."):
            must(held in (originals.get(path), at_last.get(path)), f"a kill of {args} left {path} neither old nor new")
    must(not strays(archive), f"after a kill and a run of {args} there are {strays(archive)}")
    if hit:
        found.times[name] += 1
        found.old += between == before
        found.new += between != before


def killed_by_the_clock(archive: Archive, found: Killed, name: str, args: list[object], chance: random.Random) -> bool:
    """Kill a command at a random time. Return whether it was still running."""
    start = time.monotonic()
    with subprocess.Popen(
        command_line(archive, *args),
        cwd=ROOT,
        env=surroundings(archive),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(chance.uniform(0, found.seconds[name]))
            found.seconds[name] = time.monotonic() - start
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode == -SIGKILL


def killed_at_a_step(archive: Archive, found: Killed, name: str, args: list[object], chance: random.Random) -> bool:
    """Kill a command before a writing step. Return whether it got that far."""
    step = chance.randint(1, found.steps[name])
    line = command_line(archive, *args, main=("-m", "tests.faults.victim", str(step)))
    done = subprocess.run(line, cwd=ROOT, env=surroundings(archive), capture_output=True, timeout=LONGEST, check=False)
    if done.returncode != -SIGKILL:
        found.steps[name] = step
    return done.returncode == -SIGKILL
