"""Run `backissue outcomes` on generated histories."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from indexer.cli.root import cli
from indexer.kernel.outcomes import read_outcomes
from indexer.model import Outcome
from tests.kernel.history import History, seconds

ANN, BEN, EVE = (f"{name} Example <{name.lower()}@example.org>" for name in ("Ann", "Ben", "Eve"))
MERGE = (
    "Merge branch 'two-things'\n\nBen Example says:\n\n====================\nbpf: two things at once\n\nBoth.\n===\n"
)


def run(data: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["outcomes", *map(str, arguments), "--data", str(data)])


def found(data: Path, *arguments: str | Path) -> dict[str, Outcome]:
    ran = run(data, *arguments)
    assert ran.exit_code == 0, ran.output
    return read_outcomes(data / "outcomes.tsv")


def day(text: str) -> int:
    return seconds(date.fromisoformat(text))


def start(version: str = "v4.12", when: str = "2017-05-20") -> History:
    history = History()
    history.commit("start", when=day("2017-01-01"))
    history.tag(version, day(when))
    return history


def of(rows: dict[str, Outcome], ending: str) -> Outcome:
    (row,) = (row for entry, row in rows.items() if entry.endswith(ending))
    return row
